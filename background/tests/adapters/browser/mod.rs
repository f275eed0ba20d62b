//! The browser as the provider sees it, over a `chrome.*` that writes down what it is asked.

mod causes;
mod offscreen;
mod redirect_rule;
mod web_auth_flow;

use std::time::Duration;

use evertoken::platform::{RedirectUrl, SilentCarrier, SilentRequest, UserAgent, UserAgentError};
use evertoken_background::platform::browser::Browser;
use serde_json::json;
use url::Url;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::js::{run, value_of};

type Answer = Result<RedirectUrl, UserAgentError>;

const ADDRESS: &str = "https://provider.test/authorize?state=2";
const REDIRECT: &str = "https://abc.chromiumapp.org/?code=1&state=2";

/// Everything works and is permitted: web authorization flows end with [`REDIRECT`], and so does the offscreen
/// document.
fn obliging() {
    run(&format!(
        r#"
        globalThis.told = [];
        globalThis.open = false;
        globalThis.permitted = true;
        globalThis.origins_asked = null;
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
            permissions: {{ contains: async ({{ origins }}) => {{ origins_asked = origins; return permitted }} }},
            // One for all tests, like `onConnect`.
            webRequest: (globalThis.webRequests ??=
                {{ onBeforeRequest: event(), onCompleted: event(), onErrorOccurred: event(), onHeadersReceived: event() }}),
            offscreen: {{ createDocument: noting("createDocument", () => {{ open = true }}) }},
            runtime: {{
                getURL: (path) => "chrome-extension://abc/" + path,
                getContexts: async () => (open ? [{{ documentId: "D1" }}] : []),
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

fn request(carrier: SilentCarrier) -> SilentRequest {
    SilentRequest {
        carrier,
        url: address(),
        timeout: Duration::from_secs(8),
        web_message_from: None,
    }
}

async fn silently(browser: &Browser, carrier: SilentCarrier) -> Answer {
    browser.authorize_silently(request(carrier)).await
}

fn redirected() -> Answer {
    Ok(RedirectUrl(REDIRECT.to_owned()))
}

#[wasm_bindgen_test]
fn the_redirect_uri_is_the_browsers_own_and_posted_answers_have_the_extensions() {
    obliging();
    assert_eq!(
        Browser::default().redirect_uri(),
        "https://abc.chromiumapp.org/"
    );
    assert_eq!(
        Browser::default().web_message_redirect_uri(),
        "chrome-extension://abc/offscreen/callback.html"
    );
}

#[wasm_bindgen_test]
async fn without_host_permission_for_the_provider_no_silent_carrier_asks_it() {
    obliging();
    run("permitted = false");
    let (provider, redirect) = ("https://provider.test/*", "https://abc.chromiumapp.org/*");
    let posted = SilentRequest {
        web_message_from: Some("https://provider.test".to_owned()),
        ..request(SilentCarrier::Offscreen)
    };
    for (request, origins) in [
        (
            request(SilentCarrier::Offscreen),
            json!([redirect, provider]),
        ),
        (posted, json!([provider])),
        (request(SilentCarrier::WebAuthFlow), json!([provider])),
    ] {
        run("origins_asked = null");
        let answer = Browser::default().authorize_silently(request).await;
        assert_eq!(answer, Err(UserAgentError::NotPermitted), "{origins}");
        assert_eq!(value_of("origins_asked"), origins);
    }
    for carrying in ["launchWebAuthFlow", "sendMessage"] {
        assert!(!asked().contains(&carrying.to_owned()), "{carrying}");
    }
}

#[wasm_bindgen_test]
async fn a_sign_in_that_is_shown_needs_no_host_permission() {
    obliging();
    run("permitted = false");
    let answer = Browser::default().authorize_interactively(address()).await;
    assert_eq!(answer, redirected());
}

#[wasm_bindgen_test]
async fn a_permission_that_chrome_cannot_tell_forbids_nothing() {
    obliging();
    run("chrome.permissions.contains = async () => { throw new Error() }");
    let answer = silently(&Browser::default(), SilentCarrier::WebAuthFlow).await;
    assert_eq!(answer, redirected());
}
