import start from "./evertoken_popup.js";

start();
