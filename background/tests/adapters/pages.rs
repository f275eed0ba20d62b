//! News for the extension's pages, the badge, and the call to the user.

use std::time::Duration;

use evertoken::message::{ActivityEntry, ActivityEvent, Broadcast, SessionState, SessionView};
use evertoken::platform::{Clock, Pages, UnixTime};
use evertoken_background::platform::clock::BrowserClock;
use evertoken_background::platform::pages::{ExtensionPages, NOTIFICATION, welcome};
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
            i18n: { getMessage: (key) => key },
            notifications: {
                create: async (id, options) => { told.push([id, options]) },
                clear: async (id) => { told.push([id]) },
            },
        });
    "#);
}

/// Announces this state; returns what was heard.
async fn announce(pages: &ExtensionPages, state: SessionState) -> Value {
    announce_waiting(pages, state, 0).await
}

/// The same while so many calls wait.
async fn announce_waiting(pages: &ExtensionPages, state: SessionState, waiting: u32) -> Value {
    let view = SessionView {
        state,
        waiting,
        ..SessionView::not_configured(None)
    };
    heard(|| pages.announce(Broadcast::ViewChanged(view))).await
}

/// What was heard of this.
async fn heard(work: impl FnOnce()) -> Value {
    run("told.length = 0");
    work();
    // The fakes answer in microtasks, all of them before any timer.
    BrowserClock.sleep(Duration::ZERO).await;
    value_of("told")
}

fn news(state: &str) -> Value {
    json!({
        "view_changed": {
            "state": state, "issuer": null, "identity": null, "expires_at": null,
            "obtained_at": null, "next_renewal_at": null, "paused_until": null, "refreshable": false,
            "signing_in": false, "renewing": false, "last_renewal": null, "scope": null,
            "clock_offset_ms": null, "waiting": 0, "step_up": false, "problem": null,
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
async fn what_happened_is_announced_and_leaves_the_badge_as_it_is() {
    listening();
    let pages = ExtensionPages::default();
    let entries = vec![ActivityEntry {
        id: 7,
        at: UnixTime(1_700_000_000_000),
        event: ActivityEvent::SignedOut,
    }];
    let heard = heard(|| pages.announce(Broadcast::Happened(entries))).await;
    let entry = json!({ "id": 7, "at": 1_700_000_000_000_i64, "event": "signed_out" });
    assert_eq!(heard, json!([{ "happened": [entry] }]));
}

#[wasm_bindgen_test]
async fn the_badge_counts_the_calls_that_wait() {
    use SessionState::{SignInNeeded, SignedIn, SignedOut};
    listening();
    let pages = ExtensionPages::default();
    for (state, waiting, badge) in [
        (SignedOut, 1, "1"),
        (SignInNeeded, 100, "100"),
        (SignInNeeded, 0, "!"),
        (SignedIn, 2, "2"),
        (SignedIn, 0, ""),
    ] {
        let heard = announce_waiting(&pages, state, waiting).await;
        assert_eq!(heard[1], json!({ "text": badge }), "{state:?} {waiting}");
    }
}

#[wasm_bindgen_test]
async fn the_user_is_called_by_one_notification_that_replaces_itself() {
    listening();
    let pages = ExtensionPages::default();
    let called = heard(|| pages.call_user()).await;
    assert_eq!(called[0][0], NOTIFICATION);
    let options = &called[0][1];
    assert_eq!(options["type"], "basic");
    assert_eq!(options["iconUrl"], "/icons/icon-128.png");
    for text in ["title", "message"] {
        assert!(options[text].as_str().is_some_and(|text| !text.is_empty()));
    }
    assert_eq!(heard(|| pages.call_user()).await, called);
    assert_eq!(heard(|| pages.call_off()).await, json!([[NOTIFICATION]]));
}

#[wasm_bindgen_test]
async fn a_browser_without_notifications_goes_without() {
    listening();
    run("delete chrome.notifications");
    let pages = ExtensionPages::default();
    let heard = heard(|| {
        pages.call_user();
        pages.call_off();
    });
    assert_eq!(heard.await, json!([]));
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

/// A browser with these pages of the extension in tabs.
fn with_tabs(contexts: &str) -> ExtensionPages {
    listening();
    run(&format!(
        r#"
        Object.assign(chrome.runtime, {{
            getURL: (path) => "chrome-extension://id/" + path,
            getContexts: async (filter) => {{ told.push(filter); return {contexts} }},
        }});
        chrome.tabs = {{
            create: async (properties) => {{ told.push(["create", properties]) }},
            update: async (tab, properties) => {{ told.push([tab, properties]) }},
        }};
        chrome.windows = {{ update: async (window, info) => {{ told.push([window, info]) }} }};
    "#
    ));
    ExtensionPages::default()
}

fn asked() -> Value {
    json!({ "contextTypes": ["TAB"] })
}

#[wasm_bindgen_test]
async fn the_setup_check_opens_in_a_tab() {
    let pages = with_tabs("[]");
    let opened = json!(["create", { "url": "chrome-extension://id/options/options.html#check" }]);
    let heard = heard(|| pages.open_setup()).await;
    assert_eq!(heard, json!([asked(), opened]));
}

#[wasm_bindgen_test]
async fn an_options_page_that_is_open_is_shown_and_loses_nothing() {
    let url = "chrome-extension://id/options/options.html";
    let there = json!({ "active": true });
    let elsewhere = json!({ "active": true, "url": format!("{url}#check") });
    for (place, shown) in [
        ("", &elsewhere),
        ("#welcome", &elsewhere),
        ("#check", &there),
    ] {
        let pages = with_tabs(&format!(
            r#"[{{ documentUrl: "{url}l", tabId: 1, windowId: 2 }},
                {{ documentUrl: "{url}{place}", tabId: 7, windowId: 3 }}]"#
        ));
        let heard = heard(|| pages.open_setup()).await;
        let expected = json!([asked(), [7, shown], [3, { "focused": true }]]);
        assert_eq!(heard, expected, "{place}");
    }
}

#[wasm_bindgen_test]
async fn a_welcome_takes_no_focus_from_an_options_page_that_is_open() {
    let url = "chrome-extension://id/options/options.html";
    for (contexts, shown) in [
        (
            "[]".to_owned(),
            vec![json!(["create", { "url": format!("{url}#welcome") }])],
        ),
        (
            format!(r#"[{{ documentUrl: "{url}#check", tabId: 7, windowId: 3 }}]"#),
            vec![
                json!([7, { "active": true }]),
                json!([3, { "focused": true }]),
            ],
        ),
    ] {
        with_tabs(&contexts);
        run("told.length = 0");
        welcome().await;
        let expected: Vec<Value> = [asked()].into_iter().chain(shown).collect();
        assert_eq!(value_of("told"), Value::Array(expected), "{contexts}");
    }
}

#[wasm_bindgen_test]
async fn a_browser_that_opens_no_tab_goes_without() {
    let pages = with_tabs("[]");
    run(r#"chrome.tabs.create = async () => { throw new Error("No current window") }"#);
    assert_eq!(heard(|| pages.open_setup()).await, json!([asked()]));
}
