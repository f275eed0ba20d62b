import "../pages/evertoken.js";
import start from "./evertoken_options.js";

// While the code is compiled, the browser looks for its texts.
const code = WebAssembly.compileStreaming(fetch("evertoken_options_bg.wasm"));
if (!chrome.i18n.getMessage("language")) await import("../pages/texts.js");
start({ module_or_path: code });
