import start from "./evertoken_options.js";

start();
