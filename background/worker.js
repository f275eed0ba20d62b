// Listeners only: Chrome wants them registered before any await. Everything else is in wasm.
import initialize, { Worker } from "./evertoken_background.js";
import settings from "../settings.js";

const { local, managed, session } = chrome.storage;
// What a new worker reads first is asked for while its code is compiled. A build with settings reads none.
let ahead = {
  session: session.get(),
  saved: settings ? undefined : local.get("evertoken.settings"),
  managed: settings ? undefined : managed.get().catch(() => {}), // refused where there are no policies
};

let worker;
const ready = initialize()
  .then(() => Worker.start(settings, ahead.session, ahead.saved, ahead.managed))
  .then((started) => (worker = started))
  .finally(() => (ahead = undefined)); // what may have a token in it outlives no sign-out here

addEventListener("install", (event) => {
  // The extension's own files never wait for a cold worker.
  event.addRoutes?.({ condition: { urlPattern: { protocol: "chrome-extension" } }, source: "network" });
  event.waitUntil(skipWaiting());
});

addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.url.startsWith(location.origin + "/") || request.headers.has("authorization")) return;
  const untouched = () => fetch(request);
  const carried = worker ? worker.fetch(request) : ready.then(() => worker.fetch(request) ?? untouched(), untouched);
  if (carried) event.respondWith(carried);
});

chrome.alarms.onAlarm.addListener(() => ready.then(() => worker.alarm()));

chrome.notifications.onClicked.addListener((id) => ready.then(() => worker.notificationClicked(id)));

// A browser that starts may have lost the alarm: every start of the worker sets it anew.
chrome.runtime.onStartup.addListener(() => ready);

chrome.runtime.onInstalled.addListener(({ reason }) => {
  if (reason === "install") ready.then(() => worker.installed());
});

chrome.storage.onChanged.addListener((changes, area) => {
  if (area === "managed") ready.then(() => worker.configure());
});

chrome.permissions.onAdded.addListener(() => ready.then(() => worker.permitted()));

// With this listener Chrome leaves it to us when to put a new version in place.
chrome.runtime.onUpdateAvailable.addListener(() =>
  ready.then(() => worker.quiet()).finally(() => chrome.runtime.reload()),
);

chrome.runtime.onMessage.addListener((message, sender, reply) => {
  if (sender.id !== chrome.runtime.id || sender.origin !== location.origin) return false;
  // A page that was reloaded past the worker, or opened while it was being installed, is not controlled yet.
  clients.claim().catch(() => {});
  ready.then(() => worker.answer(message)).then(reply, () => reply(undefined));
  return true;
});
