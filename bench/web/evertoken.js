// A page of the extension: plain `fetch`, and the worker does the rest.
import { statusOf, takePart } from "./bench.js";

takePart(
  async () => {},
  async (url, init) => statusOf(await fetch(url, init)),
);
