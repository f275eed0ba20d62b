import start from "./evertoken_popup.js";

// The shape of the view that was chosen last, until the code takes over.
const chosen = localStorage.getItem("evertoken.tab");
for (const shape of document.querySelectorAll("main > .view")) {
  shape.hidden = shape.id !== `shape-${chosen ?? "session"}`;
}

if (!chrome.i18n.getMessage("language")) await import("../pages/texts.js");
start();
