//! Web authorization flows, shown and not.

use evertoken::platform::{SilentCarrier, UserAgent, UserAgentError};
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
