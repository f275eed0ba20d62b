//! News for the extension's pages, and the badge.

use std::time::Duration;

use evertoken::message::{Broadcast, SessionState, SessionView};
use evertoken::platform::{Clock, Pages};
use evertoken_background::platform::clock::BrowserClock;
use evertoken_background::platform::pages::ExtensionPages;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::js::{run, value_of};

/// Pages that listen, and a badge; `told` is what they heard.
fn listening() {
    run(r#"
        globalThis.told = [];
        Object.assign((globalThis.chrome ??= {}), {
            runtime: { sendMessage: async (message) => { told.push(message) } },
            action: { setBadgeText: async (details) => { told.push(details) } },
        });
    "#);
}

/// Announces this state; returns what was heard.
async fn announce(pages: &ExtensionPages, state: SessionState) -> Value {
    run("told.length = 0");
    let view = SessionView {
        state,
        ..SessionView::not_configured(None)
    };
    pages.announce(Broadcast::ViewChanged { view });
    // The fakes answer in microtasks, all of them before any timer.
    BrowserClock.sleep(Duration::ZERO).await;
    value_of("told")
}

fn news(state: &str) -> Value {
    json!({
        "type": "view_changed",
        "view": {
            "state": state, "issuer": null, "identity": null, "expires_at": null,
            "signing_in": false, "renewing": false, "last_renewal": null, "scope": null,
            "clock_offset_ms": null, "problem": null,
        },
    })
}

#[wasm_bindgen_test]
async fn pages_are_told_in_plain_objects() {
    listening();
    let heard = announce(&ExtensionPages::default(), SessionState::SignedOut).await;
    // The badge outlives a worker, so a new one sets it with its first news.
    assert_eq!(heard, json!([news("signed_out"), { "text": "" }]));
}

#[wasm_bindgen_test]
async fn the_badge_shows_that_sign_in_is_needed_and_is_set_only_when_that_changes() {
    listening();
    let pages = ExtensionPages::default();
    for (state, name, badge) in [
        (SessionState::SignedIn, "signed_in", Some("")),
        (SessionState::SignInNeeded, "sign_in_needed", Some("!")),
        (SessionState::SignInNeeded, "sign_in_needed", None),
        (SessionState::SignedIn, "signed_in", Some("")),
        (SessionState::SignedOut, "signed_out", None),
    ] {
        let badge = badge.map(|text| json!({ "text": text }));
        let expected: Vec<Value> = [news(name)].into_iter().chain(badge).collect();
        assert_eq!(announce(&pages, state).await, Value::Array(expected));
    }
}

#[wasm_bindgen_test]
async fn the_badge_is_set_though_no_page_is_open() {
    listening();
    run(r#"chrome.runtime.sendMessage = async () => {
        throw new Error("Could not establish connection. Receiving end does not exist.");
    }"#);
    let heard = announce(&ExtensionPages::default(), SessionState::SignInNeeded).await;
    assert_eq!(heard, json!([{ "text": "!" }]));
}
