//! The offscreen document, and the port to it.

use evertoken::platform::{SilentCarrier, SilentRequest, UserAgent, UserAgentError};
use evertoken_background::platform::browser::Browser;
use futures_util::future::{Either, select};
use serde_json::json;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{ADDRESS, asked, obliging, redirected, request, silently};
use crate::js::{run, value_of};

#[wasm_bindgen_test]
async fn rule_and_document_are_made_once_and_a_port_for_every_request() {
    obliging();
    let browser = Browser::default();
    assert_eq!(
        silently(&browser, SilentCarrier::Offscreen).await,
        redirected()
    );
    assert_eq!(
        asked(),
        [
            "updateSessionRules",
            "createDocument",
            "sendMessage",
            "postMessage",
            "disconnect"
        ]
    );
    run("told.length = 0");
    assert_eq!(
        silently(&browser, SilentCarrier::Offscreen).await,
        redirected()
    );
    let request = json!({ "url": ADDRESS, "timeout_ms": 8000 });
    let expected = json!([
        ["sendMessage", { "type": "silent_authorization", "attempt": 2 }],
        ["postMessage", request],
        ["disconnect"],
    ]);
    assert_eq!(value_of("told"), expected);
    assert_eq!(value_of("chrome.runtime.onConnect.count()"), json!(0));
}

#[wasm_bindgen_test]
async fn a_document_that_does_not_listen_ends_the_request_at_once() {
    obliging();
    run(r#"chrome.runtime.sendMessage = async () => {
        throw new Error("Could not establish connection. Receiving end does not exist.");
    }"#);
    let answer = silently(&Browser::default(), SilentCarrier::Offscreen).await;
    assert_eq!(answer, Err(UserAgentError::Unavailable));
}

#[wasm_bindgen_test]
async fn a_document_that_somebody_else_made_first_will_do() {
    obliging();
    run(r#"chrome.offscreen.createDocument = async () => {
        open = true;
        throw new Error("Only a single offscreen document may be created.");
    }"#);
    assert_eq!(
        silently(&Browser::default(), SilentCarrier::Offscreen).await,
        redirected()
    );
}

#[wasm_bindgen_test]
async fn without_a_document_nothing_is_asked() {
    obliging();
    run("chrome.offscreen.createDocument = async () => { throw new Error() }");
    let answer = silently(&Browser::default(), SilentCarrier::Offscreen).await;
    assert_eq!(answer, Err(UserAgentError::Unavailable));
    assert!(!asked().contains(&"sendMessage".to_owned()));
}

#[wasm_bindgen_test]
async fn an_answer_without_a_redirect_means_that_none_came_in_time() {
    obliging();
    run("globalThis.answer = (port) => port.onMessage.fire({ response: null })");
    let answer = silently(&Browser::default(), SilentCarrier::Offscreen).await;
    assert_eq!(answer, Err(UserAgentError::Timeout));
}

#[wasm_bindgen_test]
async fn a_document_that_goes_away_ends_the_request() {
    obliging();
    run("globalThis.answer = (port) => port.onDisconnect.fire(port)");
    let answer = silently(&Browser::default(), SilentCarrier::Offscreen).await;
    assert_eq!(answer, Err(UserAgentError::Unavailable));
}

#[wasm_bindgen_test]
async fn a_port_is_closed_when_the_request_is_given_up() {
    obliging();
    // The document never answers; `reached` ends when it has been asked.
    let reached = run("new Promise((resolve) => { globalThis.answer = resolve })");
    let browser = Browser::default();
    let request = browser.authorize_silently(request(SilentCarrier::Offscreen));
    let reached = JsFuture::from(reached.unchecked_into::<js_sys::Promise>());
    let Either::Right((_, unanswered)) = select(request, reached).await else {
        panic!("nothing was to answer");
    };
    drop(unanswered);
    assert_eq!(asked().last().map(String::as_str), Some("disconnect"));
}

#[wasm_bindgen_test]
async fn the_document_is_told_whose_page_may_post_the_answer() {
    obliging();
    let request = SilentRequest {
        web_message_from: Some("https://provider.test".to_owned()),
        ..request(SilentCarrier::Offscreen)
    };
    let answer = Browser::default().authorize_silently(request).await;
    assert_eq!(answer, redirected());
    let told = value_of("told.find(([name]) => name === 'postMessage')[1].web_message_from");
    assert_eq!(told, json!("https://provider.test"));
}
