//! `offscreen.js`: what it takes for an answer, and from whom.

use std::time::Duration;

use evertoken::platform::Clock;
use evertoken_background::platform::clock::BrowserClock;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::js::{run, value_of};

const SCRIPT: &str = include_str!("../../../offscreen/offscreen.js");

/// Runs the script in a document of its own and sends it a request; `told` is what it does,
/// `post(origin, data, source)` what arrives at its window.
fn asked(request: &Value) {
    let script = json!(SCRIPT);
    run(&format!(
        r#"
        (() => {{
            // Its own: a request that this test leaves open tells no later test that its time is up.
            const told = globalThis.told = [];
            const event = () => ({{ addListener(listener) {{ this.fire = listener }} }});
            const port = {{ onMessage: event(), onDisconnect: event(),
                postMessage: (answer) => told.push(answer) }};
            const runtime = {{ id: "abc", onMessage: event(), getURL: (path) => "chrome-extension://abc/" + path,
                connect: ({{ name }}) => {{ told.push(name); return port }} }};
            const frame = {{ contentWindow: {{}}, remove: () => told.push("removed") }};
            const document = {{ createElement: () => frame, body: {{ append: () => told.push(frame.src) }} }};
            let listeners = [];
            const add = (_, listener) => listeners.push(listener);
            const remove = (_, listener) => {{ listeners = listeners.filter((other) => other !== listener) }};
            const idle = () => told.push("keeps the worker's code");
            new Function("chrome", "document", "location", "addEventListener", "removeEventListener",
                "requestIdleCallback", {script})(
                {{ runtime }}, document, {{ origin: "chrome-extension://abc" }}, add, remove, idle);
            globalThis.post = (origin, data, source = frame.contentWindow) =>
                listeners.forEach((listener) => listener({{ origin, data, source }}));
            globalThis.listening = () => listeners.length;
            globalThis.disconnect = () => port.onDisconnect.fire();
            runtime.onMessage.fire({{ type: "silent_authorization", attempt: 3 }}, {{ id: "abc" }});
            port.onMessage.fire({request});
        }})();
        "#
    ));
    assert_eq!(
        value_of("told.splice(0)"),
        json!(["silent_authorization 3", "https://provider.test/"])
    );
}

fn redirecting() -> Value {
    json!({ "url": "https://provider.test/", "timeout_ms": 5000 })
}

fn posting() -> Value {
    json!({
        "url": "https://provider.test/", "timeout_ms": 5000,
        "web_message_from": "https://provider.test",
    })
}

/// A response as the provider's page posts it.
fn posted(response: &str) -> String {
    format!(
        r#"post("https://provider.test", {{ type: "authorization_response", response: {response} }})"#
    )
}

#[wasm_bindgen_test]
fn the_callback_pages_answer_is_handed_on_as_it_is() {
    asked(&redirecting());
    let response = "chrome-extension://abc/offscreen/callback.html?code=1";
    run(&format!(
        r#"post("chrome-extension://abc", {{ type: "authorization_response", response: "{response}" }})"#
    ));
    assert_eq!(
        value_of("told"),
        json!(["removed", { "response": response }])
    );
    assert_eq!(value_of("listening()"), json!(0));
}

#[wasm_bindgen_test]
fn a_posted_answer_becomes_the_fragment_of_the_callback_page() {
    asked(&posting());
    run(&posted(r#"{ code: "a b&c", state: "ü#" }"#));
    let response = "chrome-extension://abc/offscreen/callback.html#code=a+b%26c&state=%C3%BC%23";
    assert_eq!(
        value_of("told"),
        json!(["removed", { "response": response }])
    );
    assert_eq!(value_of("listening()"), json!(0));
}

#[wasm_bindgen_test]
fn of_a_posted_answer_only_texts_and_numbers_are_kept() {
    asked(&posting());
    run(&posted(
        r#"{ state: "s", expires_in: 60, nested: { code: "1" }, list: ["1"], none: null, yes: true }"#,
    ));
    let response = "chrome-extension://abc/offscreen/callback.html#state=s&expires_in=60";
    assert_eq!(value_of("told[1].response"), json!(response));
}

#[wasm_bindgen_test]
fn whatever_else_arrives_is_ignored() {
    asked(&posting());
    let good = r#"{ type: "authorization_response", response: { code: "1" } }"#;
    for message in [
        // From somebody else.
        format!(r#"post("https://other.test", {good})"#),
        format!(r#"post("https://provider.test:444", {good})"#),
        format!(r#"post("http://provider.test", {good})"#),
        format!(r#"post("null", {good})"#),
        format!(r#"post("https://provider.test", {good}, {{}})"#),
        format!(r#"post("https://provider.test", {good}, null)"#),
        format!(r#"post("chrome-extension://abc", {good})"#),
        r#"post("chrome-extension://abc", { type: "authorization_response", response: "c" }, {})"#
            .to_owned(),
        // From the provider, but no answer.
        r#"post("https://provider.test", null)"#.to_owned(),
        r#"post("https://provider.test", "authorization_response")"#.to_owned(),
        r#"post("https://provider.test", { type: "other", response: { code: "1" } })"#.to_owned(),
        r#"post("https://provider.test", { response: { code: "1" } })"#.to_owned(),
        posted("null"),
        posted("undefined"),
        posted(r#""chrome-extension://abc/offscreen/callback.html#code=1""#),
        posted(r#"["code", "1"]"#),
        posted("new Map([['code', '1']])"),
    ] {
        run(&message);
        assert_eq!(value_of("told"), json!([]), "{message}");
    }
    run(&posted(r#"{ code: "1" }"#));
    assert_eq!(
        value_of("told.length"),
        json!(2),
        "the good one still counts"
    );
}

#[wasm_bindgen_test]
fn nobody_posts_an_answer_that_was_to_come_by_redirect() {
    asked(&redirecting());
    run(&posted(r#"{ code: "1" }"#));
    run(r#"post(undefined, { type: "authorization_response", response: { code: "1" } })"#);
    assert_eq!(value_of("told"), json!([]));
}

#[wasm_bindgen_test]
fn a_closed_port_takes_the_frame_and_the_listener_away() {
    asked(&posting());
    run("disconnect()");
    assert_eq!(
        value_of("told"),
        json!(["removed", "keeps the worker's code"])
    );
    assert_eq!(value_of("listening()"), json!(0));
}

#[wasm_bindgen_test]
async fn without_an_answer_the_time_limit_ends_it() {
    let mut request = posting();
    request["timeout_ms"] = 10.into();
    asked(&request);
    BrowserClock.sleep(Duration::from_millis(40)).await;
    assert_eq!(value_of("told"), json!(["removed", { "error": "timeout" }]));
}
