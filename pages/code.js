// Keeps the worker's code compiled as long as this document is open. The browser forgets compiled code when nobody in
// the extension's process has the module any more, and a worker that starts anew compiles all that it calls once
// more: most of what its first call waits for (ADR 0011).
export const code = WebAssembly.compileStreaming(fetch(new URL("../background/evertoken_background_bg.wasm", import.meta.url)));

code.then(
  () => performance.mark("code"), // so that it can be seen when
  () => {}, // then that worker compiles it again
);
