// Carries silent authorization requests: for each, the worker asks for a port, sends the request over it
// and gets the authorization response back. A port that is opened here has two ends, and only two: no other
// page can listen in (architecture, invariant 1). One iframe per port.
chrome.runtime.onMessage.addListener((message, sender) => {
  if (message?.type !== "silent_authorization" || sender.id !== chrome.runtime.id || sender.tab) return;
  const port = chrome.runtime.connect({ name: `silent_authorization ${message.attempt}` });
  let end = () => {};
  port.onDisconnect.addListener(() => end());
  port.onMessage.addListener(({ url, timeout_ms }) => {
    end();
    end = authorize(url, timeout_ms, (answer) => port.postMessage(answer));
  });
});

function authorize(url, timeoutMs, answer) {
  const frame = document.createElement("iframe");
  const end = () => {
    clearTimeout(timer);
    removeEventListener("message", receive);
    frame.remove();
  };
  const receive = (event) => {
    if (event.origin !== location.origin || event.source !== frame.contentWindow) return;
    if (event.data?.type !== "authorization_response" || typeof event.data.response !== "string") return;
    end();
    answer({ response: event.data.response }); // whose state the worker judges
  };
  const timer = setTimeout(() => {
    end();
    answer({ error: "timeout" });
  }, timeoutMs);
  addEventListener("message", receive); // before the frame starts: the answer may come at once
  frame.src = url;
  document.body.append(frame);
  return end;
}
