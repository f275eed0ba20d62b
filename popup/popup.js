import "../pages/evertoken.js";
import start from "./evertoken_popup.js";

// While the code is compiled, the browser looks for its texts and reads the rest of the page.
const code = WebAssembly.compileStreaming(fetch("evertoken_popup_bg.wasm"));
const read = new Promise((resolve) => {
  if (document.readyState !== "loading") resolve();
  else addEventListener("DOMContentLoaded", resolve, { once: true });
});
if (!chrome.i18n.getMessage("language")) await import("../pages/texts.js");
await read;

// The shape of the view that was chosen last, until the code takes over.
const chosen = localStorage.getItem("evertoken.tab");
for (const shape of document.querySelectorAll("main > .view")) {
  shape.hidden = shape.id !== `shape-${chosen ?? "session"}`;
}

start({ module_or_path: code });
