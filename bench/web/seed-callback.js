// The article's callback page.
import { WebAuth } from "auth0-js";
import { options } from "./seed-options.js";

new WebAuth(options()).parseHash({ hash: location.hash }, (error, data) => parent.postMessage(error ?? data, location.origin));
