// Carries silent authorization requests: one port from the worker per request, one iframe per port.
// The authorization response goes back by the same port and by nothing else (architecture, invariant 1).
chrome.runtime.onConnect.addListener((port) => {
  const { sender } = port;
  if (port.name !== "silent_authorization" || sender.id !== chrome.runtime.id || sender.tab) return;
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
