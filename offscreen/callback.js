// The callback page of a silent authorization. It hands the authorization response to the offscreen
// document that framed it, and to nobody else: a parent of another origin never gets the message.
const response = location.href;
history.replaceState(null, "", location.pathname);
if (parent !== window) parent.postMessage({ type: "authorization_response", response }, location.origin);
