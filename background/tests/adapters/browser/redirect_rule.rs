//! The rule that ends a silent authorization at the callback page.

use evertoken::platform::{SilentCarrier, UserAgentError};
use evertoken_background::platform::browser::Browser;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{REDIRECT, asked, obliging, redirected, silently};
use crate::js::{run, value_of};

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
    silently(&Browser::default(), SilentCarrier::Offscreen)
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
    silently(&Browser::default(), SilentCarrier::Offscreen)
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
    let answer = silently(&browser, SilentCarrier::Offscreen).await;
    assert_eq!(answer, Err(UserAgentError::Unavailable));
    run("chrome.declarativeNetRequest.updateSessionRules = set");
    assert_eq!(
        silently(&browser, SilentCarrier::Offscreen).await,
        redirected()
    );
    assert_eq!(asked()[0], "updateSessionRules");
}
