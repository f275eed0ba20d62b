//! Web authorization flows, shown and not.

use evertoken::platform::{RedirectUrl, SilentCarrier, UserAgent, UserAgentError};
use evertoken_background::platform::browser::Browser;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{ADDRESS, address, obliging, redirected, silently};
use crate::js::{run, value_of};

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
    let answer = silently(&Browser::default(), SilentCarrier::WebAuthFlow).await;
    assert_eq!(answer, redirected());
    let details = json!({
        "url": ADDRESS, "interactive": false, "timeoutMsForNonInteractive": 8000,
        // A page may go on by a script.
        "abortOnLoadForNonInteractive": false,
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

/// What a flow ends with whose page Chrome could not load, when the window's requests went like this.
async fn unloaded(script: &str) -> Result<RedirectUrl, UserAgentError> {
    obliging();
    run(r#"
        const request = (more) => ({ requestId: "1", frameId: 0, tabId: 7, url: "ADDRESS", ...more });
        globalThis.start = (more) => webRequests.onBeforeRequest.fire(request(more));
        globalThis.headers = (statusCode, more) =>
            webRequests.onHeadersReceived.fire(request({ statusCode, ...more }));
        globalThis.fail = (error, more) => webRequests.onErrorOccurred.fire(request({ error, ...more }));
        globalThis.next = { requestId: "2", url: "https://provider.test/login" };
        globalThis.hidden = { tabId: -1 };
    "#
    .replace("ADDRESS", ADDRESS)
    .as_str());
    run(&format!(
        r#"chrome.identity.launchWebAuthFlow = async () => {{
            {script};
            throw new Error("Authorization page could not be loaded.");
        }}"#
    ));
    Browser::default().authorize_interactively(address()).await
}

#[wasm_bindgen_test]
async fn f12_why_a_page_of_the_window_could_not_be_loaded_is_told() {
    use UserAgentError::{LoadFailed, NameNotResolved, Offline, Refused, ServerError};
    for (script, error) in [
        ("start(); headers(400)", Refused(400)),
        ("start(); headers(500)", ServerError(500)),
        (
            "start(); headers(302); start({ url: \"https://p.test/x\" }); headers(403)",
            Refused(403),
        ),
        // After the user has signed in there.
        (
            "start(); headers(200); start(next); headers(400, next)",
            Refused(400),
        ),
        ("start(hidden); headers(500, hidden)", ServerError(500)),
        (
            "start(); fail(\"net::ERR_NAME_NOT_RESOLVED\")",
            NameNotResolved,
        ),
        ("start(); fail(\"net::ERR_INTERNET_DISCONNECTED\")", Offline),
        // The window is closed while the page still comes.
        (
            "start(); headers(403); fail(\"net::ERR_ABORTED\")",
            Refused(403),
        ),
        // The browser's report is late.
        ("start(); setTimeout(() => headers(404), 50)", Refused(404)),
        // The browser asked the user for a name and a password, and the page came.
        ("start(); headers(401); headers(200)", LoadFailed),
        (
            "start(); headers(403); start(next); headers(200, next)",
            LoadFailed,
        ),
        // Another window's, and another hidden one's.
        ("headers(400); start(next); headers(400, next)", LoadFailed),
        (
            "start(hidden); headers(400, { ...hidden, ...next })",
            LoadFailed,
        ),
        ("start(); headers(400, { ...next, tabId: 8 })", LoadFailed),
        ("", LoadFailed),
    ] {
        assert_eq!(unloaded(script).await, Err(error), "{script}");
    }
}

#[wasm_bindgen_test]
async fn nothing_is_observed_once_a_flow_has_ended() {
    let watched = "Object.values(webRequests).map((event) => event.count())";
    unloaded("start(); headers(400)").await.unwrap_err();
    assert_eq!(value_of(watched), json!([0, 0, 0, 0]));
    obliging();
    Browser::default()
        .authorize_interactively(address())
        .await
        .unwrap();
    assert_eq!(value_of(watched), json!([0, 0, 0, 0]));
}

#[wasm_bindgen_test]
async fn a_flow_that_ends_without_a_redirect_has_failed() {
    obliging();
    run("chrome.identity.launchWebAuthFlow = async () => undefined");
    let answer = Browser::default().authorize_interactively(address()).await;
    assert_eq!(answer, Err(UserAgentError::LoadFailed));
}

fn launched(interactive: bool) -> Value {
    let mut details = json!({ "url": ADDRESS, "interactive": interactive });
    if !interactive {
        details["timeoutMsForNonInteractive"] = 5000.into();
    }
    json!(["launchWebAuthFlow", details])
}

#[wasm_bindgen_test]
async fn a_sign_out_that_asks_nothing_shows_nothing() {
    obliging();
    let answer = Browser::default().end_session(address()).await;
    assert_eq!(answer, redirected());
    assert_eq!(value_of("told"), json!([launched(false)]));
}

#[wasm_bindgen_test]
async fn a_sign_out_page_that_asks_is_shown() {
    obliging();
    run(r#"
        const flow = chrome.identity.launchWebAuthFlow;
        chrome.identity.launchWebAuthFlow = async (details) => {
            const redirect = await flow(details);
            if (!details.interactive) throw new Error("User interaction required.");
            return redirect;
        };
    "#);
    let answer = Browser::default().end_session(address()).await;
    assert_eq!(answer, redirected());
    assert_eq!(value_of("told"), json!([launched(false), launched(true)]));
}

#[wasm_bindgen_test]
async fn a_sign_out_page_that_cannot_be_loaded_is_not_shown() {
    obliging();
    run(r#"
        chrome.identity.launchWebAuthFlow = async ({ interactive }) => {
            told.push(interactive);
            throw new Error("Authorization page could not be loaded.");
        };
    "#);
    let answer = Browser::default().end_session(address()).await;
    assert_eq!(answer, Err(UserAgentError::LoadFailed));
    assert_eq!(value_of("told"), json!([false]));
}
