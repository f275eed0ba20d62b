//! An answer as it is read; in a browser.

use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::call::tests::js;

fn answer(response: &str) -> PageAnswer {
    let url = Url::parse("https://api.test/v1/").unwrap();
    PageAnswer::new(js(response).unchecked_into(), &url, true)
}

#[wasm_bindgen_test]
fn an_answer_has_a_status_and_perhaps_a_challenge() {
    let plain = answer("new Response(null, { status: 403 })");
    assert_eq!(
        (plain.status(), plain.header("www-authenticate")),
        (403, None)
    );
    assert_eq!(plain.header("dpop-nonce"), None);
    let nonce = answer(r#"new Response(null, { headers: { "DPoP-Nonce": "n-1" } })"#);
    assert_eq!(nonce.header("dpop-nonce").as_deref(), Some("n-1"));
    let challenge = answer(
        r#"new Response(null, { status: 401, headers: { "WWW-Authenticate": "Bearer error=\"invalid_token\"" } })"#,
    );
    assert_eq!(challenge.status(), 401);
    assert_eq!(
        challenge.header("www-authenticate").as_deref(),
        Some(r#"Bearer error="invalid_token""#)
    );
}

#[wasm_bindgen_test]
fn the_body_of_a_discarded_answer_is_cancelled() {
    let answer =
        answer("new Response(new ReadableStream({ cancel() { globalThis.cancelled = true } }))");
    answer.discard();
    assert_eq!(js("globalThis.cancelled"), true);
}

#[wasm_bindgen_test]
async fn a_body_is_looked_into_and_the_page_still_gets_all_of_it() {
    for (body, limit, seen) in [
        ("new Response('12345')", 5, Some(&b"12345"[..])),
        ("new Response('12345')", 4, None),
        ("new Response(null)", 4, Some(b"")),
        (
            "new Response(new Blob(['123', '45']).stream())",
            9,
            Some(b"12345"),
        ),
    ] {
        let answer = answer(body);
        assert_eq!(answer.body(limit).await.as_deref(), seen, "{body}");
        let text = JsFuture::from(answer.response.text().unwrap()).await;
        let whole = if seen == Some(b"") { "" } else { "12345" };
        assert_eq!(text.unwrap(), whole, "{body}");
    }
}

#[wasm_bindgen_test]
async fn no_more_of_a_long_body_is_read_than_is_looked_into() {
    let answer = answer(
        "globalThis.pulled = 0; new Response(new ReadableStream({
            pull(stream) { pulled++; stream.enqueue(new Uint8Array(10)) },
        }))",
    );
    assert_eq!(answer.body(25).await, None);
    let pulled = js("pulled").as_f64().unwrap();
    assert!(pulled <= 5.0, "{pulled} times 10 bytes were read");
}
