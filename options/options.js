import start from "./evertoken_options.js";

if (!chrome.i18n.getMessage("language")) await import("../pages/texts.js");
start();
