// Listeners only: Chrome wants them registered before any await. Everything else is in wasm.
import initialize, { Worker } from "./evertoken_background.js";
import settings from "../settings.js";

let worker;
const ready = initialize()
  .then(() => Worker.start(settings))
  .then((started) => (worker = started));

addEventListener("install", (event) => {
  // The extension's own files never wait for a cold worker.
  event.addRoutes?.({ condition: { urlPattern: { protocol: "chrome-extension" } }, source: "network" });
  event.waitUntil(skipWaiting());
});

addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.url.startsWith(location.origin + "/") || request.headers.has("authorization")) return;
  if (!worker) event.respondWith(ready.then(() => worker.fetch(request), () => fetch(request)));
  else if (worker.covers(request.url)) event.respondWith(worker.fetch(request));
});

chrome.alarms.onAlarm.addListener(() => ready.then(() => worker.alarm()));

// A browser that starts may have lost the alarm: every start of the worker sets it anew.
chrome.runtime.onStartup.addListener(() => ready);

chrome.runtime.onMessage.addListener((message, sender, reply) => {
  if (sender.id !== chrome.runtime.id || sender.origin !== location.origin) return false;
  // A page that opened while the worker was being installed is not controlled yet.
  clients.claim().catch(() => {});
  ready.then(() => worker.answer(message)).then(reply, () => reply(undefined));
  return true;
});
