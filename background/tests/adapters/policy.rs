//! What an administrator fixes, over a `chrome.storage.managed` that keeps it back, as Chrome does while a browser starts.

use evertoken_background::Worker;
use serde_json::Value;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::js::{run, settled, value_of};

/// A browser that tells nothing of policies until `tell` is called, and where the user has saved settings.
fn keeping_policies_back() {
    run(r#"
        globalThis.chrome ??= {};
        chrome.storage ??= { session: {}, local: {}, managed: {} };
        const settings = (host) => ({ provider: { issuer: `https://${host}.example/`, client_id: "page" }, apis: [] });
        globalThis.settings = settings;
        globalThis.onDisk = { "evertoken.settings": JSON.stringify(settings("saved")) };
        const area = (kept) => ({
            get: async (key) => (key === undefined ? { ...kept } : key in kept ? { [key]: kept[key] } : {}),
            set: async (items) => { Object.assign(kept, items) },
            remove: async (key) => { delete kept[key] },
            setAccessLevel: async () => {},
        });
        Object.assign(chrome.storage.session, area({}));
        Object.assign(chrome.storage.local, area(onDisk));
        const told = new Promise((resolve) => { globalThis.tell = resolve });
        chrome.storage.managed.get = () => told;
        const issuers = [];
        let heard = () => {};
        globalThis.announced = (host) => new Promise((resolve) => {
            // In a task of its own, so that the badge is set as well.
            heard = () => { if (issuers.includes(settings(host).provider.issuer)) setTimeout(resolve) };
            heard();
        });
        chrome.runtime = {
            ...chrome.runtime,
            getManifest: () => ({}),
            sendMessage: async ({ view_changed: view }) => { issuers.push(view?.issuer); heard() },
        };
        chrome.alarms = { create: async () => {}, clear: async () => {} };
        chrome.action = { ...chrome.action, setBadgeText: async () => {} };
        chrome.notifications = { ...chrome.notifications, clear: async () => {} };
    "#);
}

/// A worker with these settings baked in, or none.
async fn worker(built_in: JsValue) -> Worker {
    let [session, saved, managed] =
        ["session", "local", "managed"].map(|area| run(&format!("chrome.storage.{area}.get()")));
    Worker::start(
        built_in,
        session.unchecked_into(),
        Some(saved.unchecked_into()),
        Some(managed.unchecked_into()),
    )
    .await
}

async fn ask(worker: &Worker, what: &str) -> Value {
    let request = JsValue::from_str(what);
    let reply = JsFuture::from(worker.answer(request)).await.unwrap();
    serde_json::from_str(&String::from(js_sys::JSON::stringify(&reply).unwrap())).unwrap()
}

async fn issuer(worker: &Worker) -> Value {
    ask(worker, "view").await["view"]["issuer"].clone()
}

#[wasm_bindgen_test]
async fn a_build_with_settings_asks_for_no_policies() {
    keeping_policies_back();
    let worker = worker(run("settings('built-in')")).await;
    assert_eq!(issuer(&worker).await, "https://built-in.example/");
    let sources = ask(&worker, "settings").await["settings"].clone();
    assert!(sources["built_in"].is_string());
    assert_eq!(sources["saved"], Value::Null);
    settled("announced('built-in')").await;
}

#[wasm_bindgen_test]
async fn a_policy_that_comes_late_is_taken_up_when_it_comes() {
    keeping_policies_back();
    let worker = worker(JsValue::UNDEFINED).await;
    assert_eq!(issuer(&worker).await, "https://saved.example/");
    let sources = ask(&worker, "settings").await["settings"].clone();
    assert_eq!(sources["managed"], Value::Null, "an answer all the same");
    run("tell(settings('fixed'))");
    settled("announced('fixed')").await;
    assert_eq!(issuer(&worker).await, "https://fixed.example/");
}

#[wasm_bindgen_test]
async fn what_was_fixed_before_counts_until_chrome_tells() {
    keeping_policies_back();
    run("onDisk['evertoken.policy'] = JSON.stringify(settings('fixed-before'))");
    let worker = worker(JsValue::UNDEFINED).await;
    assert_eq!(issuer(&worker).await, "https://fixed-before.example/");
    run("tell({})");
    settled("announced('saved')").await;
    assert_eq!(issuer(&worker).await, "https://saved.example/");
    assert_eq!(value_of("onDisk['evertoken.policy']"), "");
}

#[wasm_bindgen_test]
async fn what_is_fixed_is_kept_for_the_next_time() {
    keeping_policies_back();
    run("tell(settings('fixed-soon'))");
    let worker = worker(JsValue::UNDEFINED).await;
    assert_eq!(issuer(&worker).await, "https://fixed-soon.example/");
    settled("announced('fixed-soon')").await;
    let kept = value_of("JSON.parse(onDisk['evertoken.policy'] ?? null)");
    assert_eq!(kept["provider"]["issuer"], "https://fixed-soon.example/");
}
