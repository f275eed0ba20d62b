//! The browser as the provider sees it, over a `chrome.*` that writes down what it is asked.

use std::time::Duration;

use evertoken::platform::{RedirectUrl, SilentEngine, UserAgent, UserAgentError};
use evertoken_background::platform::browser::Browser;
use futures_util::future::{Either, select};
use serde_json::{Value, json};
use url::Url;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::js::{run, value_of};

type Answer = Result<RedirectUrl, UserAgentError>;

const ADDRESS: &str = "https://provider.test/authorize?state=2";
const REDIRECT: &str = "https://abc.chromiumapp.org/?code=1&state=2";

/// Everything works: web authorization flows end with [`REDIRECT`], and so does the offscreen document.
fn obliging() {
    run(&format!(
        r#"
        globalThis.told = [];
        globalThis.open = false;
        globalThis.answer = (port) => port.onMessage.fire({{ response: "{REDIRECT}" }});
        const event = () => {{
            const listeners = [];
            return {{
                addListener: (listener) => listeners.push(listener),
                removeListener: (listener) => listeners.splice(listeners.indexOf(listener), 1),
                count: () => listeners.length,
                fire: (argument) => listeners.forEach((listener) => listener(argument)),
            }};
        }};
        const noting = (name, answer) => async (argument) => {{
            told.push([name, argument]);
            return answer?.();
        }};
        Object.assign((globalThis.chrome ??= {{}}), {{
            identity: {{
                getRedirectURL: () => "https://abc.chromiumapp.org/",
                launchWebAuthFlow: noting("launchWebAuthFlow", () => "{REDIRECT}"),
            }},
            declarativeNetRequest: {{ updateSessionRules: noting("updateSessionRules") }},
            offscreen: {{ createDocument: noting("createDocument", () => {{ open = true }}) }},
            runtime: {{
                getURL: (path) => "chrome-extension://abc/" + path,
                getContexts: async () => (open ? [{{}}] : []),
                // One for all tests: the adapter reads it once.
                onConnect: (globalThis.connections ??= event()),
                async sendMessage(message) {{
                    told.push(["sendMessage", message]);
                    const port = {{
                        name: `silent_authorization ${{message.attempt}}`,
                        sender: {{ url: "chrome-extension://abc/offscreen/offscreen.html" }},
                        onMessage: event(),
                        onDisconnect: event(),
                        disconnect: () => told.push(["disconnect"]),
                        postMessage(message) {{
                            told.push(["postMessage", message]);
                            queueMicrotask(() => answer(port));
                        }},
                    }};
                    // Others connect as well: an older attempt, and a page that is not the document.
                    const others = [{{ name: "silent_authorization 0" }},
                        {{ sender: {{ url: "chrome-extension://abc/popup/popup.html" }} }}];
                    for (const other of others) chrome.runtime.onConnect.fire({{ ...port, ...other,
                        postMessage: () => told.push(["leak"]), disconnect() {{}} }});
                    chrome.runtime.onConnect.fire(port);
                }},
            }},
        }});
        "#
    ));
}

/// What Chrome was asked, by name.
fn asked() -> Vec<String> {
    let told = value_of("told.map(([name]) => name)");
    serde_json::from_value(told).unwrap()
}

fn address() -> Url {
    Url::parse(ADDRESS).unwrap()
}

async fn silently(browser: &Browser, engine: SilentEngine) -> Answer {
    browser
        .authorize_silently(engine, address(), Duration::from_secs(8))
        .await
}

fn redirected() -> Answer {
    Ok(RedirectUrl(REDIRECT.to_owned()))
}

#[wasm_bindgen_test]
fn the_redirect_uri_is_the_browsers_own() {
    obliging();
    assert_eq!(
        Browser::default().redirect_uri(),
        "https://abc.chromiumapp.org/"
    );
}

#[wasm_bindgen_test]
async fn an_interactive_flow_shows_the_provider_and_ends_with_its_redirect() {
    obliging();
    let answer = Browser::default().authorize_interactively(address()).await;
    assert_eq!(answer, redirected());
    let details = json!({ "url": ADDRESS, "interactive": true });
    assert_eq!(value_of("told"), json!([["launchWebAuthFlow", details]]));
}

#[wasm_bindgen_test]
async fn a_silent_flow_shows_nothing_and_has_a_time_limit() {
    obliging();
    let answer = silently(&Browser::default(), SilentEngine::WebAuthFlow).await;
    assert_eq!(answer, redirected());
    let details = json!({
        "url": ADDRESS, "interactive": false, "timeoutMsForNonInteractive": 8000,
    });
    assert_eq!(value_of("told"), json!([["launchWebAuthFlow", details]]));
}

#[wasm_bindgen_test]
async fn why_a_flow_failed_is_read_from_chromes_message() {
    obliging();
    for (message, error) in [
        ("The user did not approve access.", UserAgentError::Closed),
        (
            "User interaction required.",
            UserAgentError::InteractionRequired,
        ),
        (
            "User interaction required. Try setting `abortOnLoadForNonInteractive` and \
             `timeoutMsForNonInteractive` if multiple navigations are required, or if code is used \
             for redirects in the authorization page after it's loaded.",
            UserAgentError::InteractionRequired,
        ),
        (
            "Authorization page could not be loaded.",
            UserAgentError::LoadFailed,
        ),
        (
            "Authorization page load timed out.",
            UserAgentError::Timeout,
        ),
        (
            "Did not redirect to the right URL.",
            UserAgentError::Unavailable,
        ),
        ("", UserAgentError::Unavailable),
    ] {
        let message_in_js = json!(message);
        run(&format!(
            "chrome.identity.launchWebAuthFlow = async () => {{ throw new Error({message_in_js}) }}"
        ));
        let answer = Browser::default().authorize_interactively(address()).await;
        assert_eq!(answer, Err(error), "{message}");
    }
}

#[wasm_bindgen_test]
async fn a_flow_that_ends_without_a_redirect_has_failed() {
    obliging();
    run("chrome.identity.launchWebAuthFlow = async () => undefined");
    let answer = Browser::default().authorize_interactively(address()).await;
    assert_eq!(answer, Err(UserAgentError::LoadFailed));
}

#[wasm_bindgen_test]
async fn rule_and_document_are_made_once_and_a_port_for_every_request() {
    obliging();
    let browser = Browser::default();
    assert_eq!(
        silently(&browser, SilentEngine::Offscreen).await,
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
        silently(&browser, SilentEngine::Offscreen).await,
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
    let answer = silently(&Browser::default(), SilentEngine::Offscreen).await;
    assert_eq!(answer, Err(UserAgentError::Unavailable));
}

/// The rule, applied to an address as Chrome applies it.
fn where_the_rule_sends(address: &str) -> Value {
    value_of(&format!(
        r#"(() => {{
            const {{ condition, action }} = told[0][1].addRules[0];
            const substitution = action.redirect.regexSubstitution.replace("\\1", "$1");
            const filter = new RegExp(condition.regexFilter);
            return filter.test("{address}") ? "{address}".replace(filter, substitution) : null;
        }})()"#
    ))
}

#[wasm_bindgen_test]
async fn the_rule_sends_the_redirect_uri_with_its_query_to_the_callback_page() {
    obliging();
    silently(&Browser::default(), SilentEngine::Offscreen)
        .await
        .unwrap();
    assert_eq!(
        where_the_rule_sends(REDIRECT),
        json!("chrome-extension://abc/offscreen/callback.html?code=1&state=2")
    );
    for other in [
        "https://abcxchromiumapp.org/?code=1",
        "https://abc.chromiumappxorg/?code=1",
        "https://other.test/?to=https://abc.chromiumapp.org/",
        "http://abc.chromiumapp.org/?code=1",
    ] {
        assert_eq!(where_the_rule_sends(other), Value::Null, "{other}");
    }
}

#[wasm_bindgen_test]
async fn the_rule_holds_only_for_frames_outside_tabs() {
    obliging();
    silently(&Browser::default(), SilentEngine::Offscreen)
        .await
        .unwrap();
    let condition = value_of("told[0][1].addRules[0].condition");
    assert_eq!(condition["resourceTypes"], json!(["sub_frame"]));
    assert_eq!(condition["tabIds"], json!([-1]));
}

#[wasm_bindgen_test]
async fn a_rule_that_was_refused_is_set_with_the_next_request() {
    obliging();
    let browser = Browser::default();
    run("globalThis.set = chrome.declarativeNetRequest.updateSessionRules");
    run("chrome.declarativeNetRequest.updateSessionRules = async () => { throw new Error() }");
    let answer = silently(&browser, SilentEngine::Offscreen).await;
    assert_eq!(answer, Err(UserAgentError::Unavailable));
    run("chrome.declarativeNetRequest.updateSessionRules = set");
    assert_eq!(
        silently(&browser, SilentEngine::Offscreen).await,
        redirected()
    );
    assert_eq!(asked()[0], "updateSessionRules");
}

#[wasm_bindgen_test]
async fn a_document_that_somebody_else_made_first_will_do() {
    obliging();
    run(r#"chrome.offscreen.createDocument = async () => {
        open = true;
        throw new Error("Only a single offscreen document may be created.");
    }"#);
    assert_eq!(
        silently(&Browser::default(), SilentEngine::Offscreen).await,
        redirected()
    );
}

#[wasm_bindgen_test]
async fn without_a_document_nothing_is_asked() {
    obliging();
    run("chrome.offscreen.createDocument = async () => { throw new Error() }");
    let answer = silently(&Browser::default(), SilentEngine::Offscreen).await;
    assert_eq!(answer, Err(UserAgentError::Unavailable));
    assert!(!asked().contains(&"sendMessage".to_owned()));
}

#[wasm_bindgen_test]
async fn an_answer_without_a_redirect_means_that_none_came_in_time() {
    obliging();
    run("globalThis.answer = (port) => port.onMessage.fire({ response: null })");
    let answer = silently(&Browser::default(), SilentEngine::Offscreen).await;
    assert_eq!(answer, Err(UserAgentError::Timeout));
}

#[wasm_bindgen_test]
async fn a_document_that_goes_away_ends_the_request() {
    obliging();
    run("globalThis.answer = (port) => port.onDisconnect.fire(port)");
    let answer = silently(&Browser::default(), SilentEngine::Offscreen).await;
    assert_eq!(answer, Err(UserAgentError::Unavailable));
}

#[wasm_bindgen_test]
async fn a_port_is_closed_when_the_request_is_given_up() {
    obliging();
    // The document never answers; `reached` ends when it has been asked.
    let reached = run("new Promise((resolve) => { globalThis.answer = resolve })");
    let browser = Browser::default();
    let request =
        browser.authorize_silently(SilentEngine::Offscreen, address(), Duration::from_secs(8));
    let reached = JsFuture::from(reached.unchecked_into::<js_sys::Promise>());
    let Either::Right((_, unanswered)) = select(request, reached).await else {
        panic!("nothing was to answer");
    };
    drop(unanswered);
    assert_eq!(asked().last().map(String::as_str), Some("disconnect"));
}
