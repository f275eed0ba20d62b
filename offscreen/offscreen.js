// Carries silent authorization requests: for each, the worker asks for a port, sends the request over it
// and gets the authorization response back. A port that is opened here has two ends, and only two: no other
// page can listen in (architecture, invariant 1). One iframe per port.
chrome.runtime.onMessage.addListener((message, sender) => {
  if (message?.type !== "silent_authorization" || sender.id !== chrome.runtime.id || sender.tab) return;
  const port = chrome.runtime.connect({ name: `silent_authorization ${message.attempt}` });
  let end = () => {};
  port.onDisconnect.addListener(() => {
    end();
    // This document outlives the worker, and keeps its code. Only now: what comes next is the call that waited.
    requestIdleCallback(() => import("../pages/code.js"));
  });
  port.onMessage.addListener((request) => {
    end();
    end = authorize(request, (answer) => port.postMessage(answer));
  });
});

function authorize({ url, timeout_ms, web_message_from }, answer) {
  const frame = document.createElement("iframe");
  const end = () => {
    clearTimeout(timer);
    removeEventListener("message", receive);
    frame.remove();
  };
  const receive = (event) => {
    if (event.source !== frame.contentWindow) return;
    const response = responseOf(event, web_message_from);
    if (!response) return;
    end();
    answer({ response }); // whose state the worker judges
  };
  const timer = setTimeout(() => {
    end();
    answer({ error: "timeout" });
  }, timeout_ms);
  addEventListener("message", receive); // before the frame starts: the answer may come at once
  frame.src = url;
  document.body.append(frame);
  return end;
}

// The response as a redirect URL: from the callback page as it is, from the provider's own page
// (response_mode=web_message) as the callback page would have it.
function responseOf({ origin, data }, webMessageFrom) {
  if (data?.type !== "authorization_response") return undefined;
  const { response } = data;
  if (origin === location.origin) return typeof response === "string" ? response : undefined;
  if (!webMessageFrom || origin !== webMessageFrom || !isPlainObject(response)) return undefined;
  const isScalar = ([, value]) => typeof value === "string" || typeof value === "number"; // expires_in
  const parameters = new URLSearchParams(Object.entries(response).filter(isScalar));
  return `${chrome.runtime.getURL("offscreen/callback.html")}#${parameters}`;
}

// What was posted is a copy, so a plain object is one with this very prototype.
function isPlainObject(value) {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
