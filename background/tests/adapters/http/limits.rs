//! How large and how late an answer may be.

use std::time::Duration;

use evertoken::platform::{HttpRequest, HttpResponse, NetworkError};
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{PROVIDER, get, provider_answers, send};
use crate::js::{run, value_of};

async fn send_within(timeout: Duration) -> Result<HttpResponse, NetworkError> {
    let request = get(PROVIDER);
    send(HttpRequest { timeout, ..request }).await
}

#[wasm_bindgen_test]
async fn an_answer_at_the_limit_is_read_and_one_above_it_is_refused() {
    let at_most = |max_bytes| {
        send(HttpRequest {
            max_bytes,
            ..get("data:,0123456789")
        })
    };
    assert_eq!(
        at_most(10).await.map(|answer| answer.body),
        Ok(b"0123456789".to_vec())
    );
    assert_eq!(at_most(9).await, Err(NetworkError::TooLarge));
}

#[wasm_bindgen_test]
async fn the_limit_holds_for_all_pieces_together_and_the_rest_is_not_read() {
    provider_answers(
        r#"async () => {
            globalThis.pieces = 0;
            return new Response(new ReadableStream({
                pull(body) { pieces += 1; body.enqueue(new Uint8Array(400)) },
                cancel() { pieces = "cancelled" },
            }));
        }"#,
    );
    assert_eq!(send(get(PROVIDER)).await, Err(NetworkError::TooLarge));
    assert_eq!(value_of("pieces"), json!("cancelled"));
}

#[wasm_bindgen_test]
async fn a_server_that_does_not_answer_in_time_is_given_up() {
    provider_answers(
        r#"({ signal }) => new Promise((_, reject) => {
            signal.addEventListener("abort", () => reject(signal.reason));
        })"#,
    );
    let outcome = send_within(Duration::from_millis(10)).await;
    assert_eq!(outcome, Err(NetworkError::Timeout));
}

#[wasm_bindgen_test]
async fn the_time_limit_holds_for_the_body_too() {
    provider_answers(
        r#"async ({ signal }) => new Response(new ReadableStream({
            start(body) {
                body.enqueue(new Uint8Array(1));
                signal.addEventListener("abort", () => body.error(signal.reason));
            },
        }))"#,
    );
    let outcome = send_within(Duration::from_millis(10)).await;
    assert_eq!(outcome, Err(NetworkError::Timeout));
}

#[wasm_bindgen_test]
async fn the_time_limit_is_the_requests() {
    run(r#"
        const timeout = AbortSignal.timeout;
        AbortSignal.timeout = (milliseconds) => {
            globalThis.limit = milliseconds;
            return timeout.call(AbortSignal, milliseconds);
        };
    "#);
    provider_answers("async () => new Response()");
    send_within(Duration::from_millis(4567)).await.unwrap();
    assert_eq!(value_of("limit"), json!(4567));
}
