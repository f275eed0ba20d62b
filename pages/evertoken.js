// For every page of the extension that calls APIs, before its other scripts:
//   <script src="../pages/evertoken.js"></script>
//
// A page that was reloaded past its service worker (Shift+reload), or opened while the worker was being installed, is
// not controlled: its calls would go out without a token. The worker takes such a page over as soon as the page asks
// it for something. Until then calls by `fetch` and `XMLHttpRequest` wait; then they are the browser's own again.
//
// A page that stays open longer than the worker also keeps the worker's code, so that the next one starts sooner.
(() => {
  const { serviceWorker } = navigator;
  // After what the page itself has to do, and after the worker, which then need not wait for it.
  serviceWorker.ready.then(() => requestIdleCallback(() => import("../pages/code.js")));

  if (serviceWorker.controller) return;

  /** A worker that has not come after this many milliseconds is broken, and calls fail as without a network. */
  const PATIENCE = 10_000;

  let asked;
  const controlled = () =>
    (asked ??= new Promise((resolve, reject) => {
      serviceWorker.addEventListener("controllerchange", resolve, { once: true });
      setTimeout(() => reject(new TypeError("Failed to fetch")), PATIENCE);
      // Fails while the worker is being installed, and then its activation takes the page over.
      chrome.runtime.sendMessage("view").catch(() => {});
    }).finally(() => (asked = undefined)));
  controlled().catch(() => {});

  /** The page's own files are the browser's business alone. */
  const waits = (url) => !serviceWorker.controller && /^https?:/.test(url);

  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    if (serviceWorker.controller) return fetch(input, init);
    // Made at once: what the caller changes later in a form or in headers is not part of the call.
    const request = new Request(input, init);
    if (waits(request.url) && !request.signal.aborted) {
      // Given up while it waits, it fails as the browser has it.
      const givenUp = new Promise((resolve) => request.signal.addEventListener("abort", resolve, { once: true }));
      await Promise.race([controlled(), givenUp]);
    }
    return fetch(request);
  };

  const { open, send, abort } = XMLHttpRequest.prototype;
  /** What is known of a request since it was opened; its turn is there while it waits. */
  const opened = new WeakMap();
  const end = (request, ...events) => events.forEach((name) => request.dispatchEvent(new ProgressEvent(name)));

  Object.assign(XMLHttpRequest.prototype, {
    open(method, url, ...rest) {
      open.call(this, method, url, ...rest);
      opened.set(this, { url: new URL(url, document.baseURI).href, synchronous: rest.length > 0 && !rest[0] });
    },
    send(body) {
      const call = opened.get(this);
      if (!call || !waits(call.url)) return send.call(this, body);
      if (call.synchronous) throw new DOMException("the worker does not control this page yet", "NetworkError");
      if (call.turn) throw new DOMException("the request is sent already", "InvalidStateError");
      const turn = (call.turn = {});
      const then = (act) => () => {
        // Opened anew or aborted meanwhile, it is another call, or none.
        if (opened.get(this)?.turn !== turn) return;
        call.turn = undefined;
        act();
      };
      controlled().then(then(() => send.call(this, body)), then(() => end(this, "error", "loadend")));
    },
    abort() {
      const call = opened.get(this);
      const waiting = call?.turn;
      if (waiting) call.turn = undefined;
      abort.call(this);
      if (waiting) end(this, "abort", "loadend");
    },
  });
})();
