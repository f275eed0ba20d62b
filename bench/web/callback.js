// The callback page of `silent.js`.
if (parent !== window) parent.postMessage(location.href, location.origin);
