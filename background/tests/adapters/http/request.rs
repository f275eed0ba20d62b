//! What goes out.

use evertoken::platform::{FormBody, HttpRequest};
use evertoken::secret::Secret;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{get, provider_answers, send};
use crate::js::value_of;

/// Answers with what was asked for, written down in `seen`.
const MIRROR: &str = r#"async (request) => {
    const { method, url, cache, credentials, redirect } = request;
    const headers = Object.fromEntries(request.headers);
    globalThis.seen = { method, url, cache, credentials, redirect, headers, body: await request.text() };
    return new Response();
}"#;

#[wasm_bindgen_test]
async fn a_request_without_a_form_is_a_get_without_cookies_cache_and_redirects() {
    provider_answers(MIRROR);
    send(get("https://provider.test/keys?a=b")).await.unwrap();
    let expected = json!({
        "method": "GET", "url": "https://provider.test/keys?a=b", "cache": "no-store",
        "credentials": "omit", "redirect": "manual", "headers": { "accept": "application/json" }, "body": "",
    });
    assert_eq!(value_of("seen"), expected);
}

#[wasm_bindgen_test]
async fn a_form_is_posted_as_it_is() {
    provider_answers(MIRROR);
    let form = Some(FormBody("code=a%2Fb&scope=x+y".to_owned()));
    send(HttpRequest {
        form,
        ..get("https://provider.test/token")
    })
    .await
    .unwrap();
    let expected = json!({
        "method": "POST", "url": "https://provider.test/token", "cache": "no-store",
        "credentials": "omit", "redirect": "error",
        "headers": {
            "accept": "application/json", "content-type": "application/x-www-form-urlencoded",
        },
        "body": "code=a%2Fb&scope=x+y",
    });
    assert_eq!(value_of("seen"), expected);
}

#[wasm_bindgen_test]
async fn a_proof_goes_along_in_its_header() {
    provider_answers(MIRROR);
    let dpop_proof = Some(Secret::new("a.b.c"));
    send(HttpRequest {
        dpop_proof,
        ..get("https://provider.test/token")
    })
    .await
    .unwrap();
    let expected = json!({ "accept": "application/json", "dpop": "a.b.c" });
    assert_eq!(value_of("seen.headers"), expected);
}
