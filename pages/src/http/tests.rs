//! Tests of requests in a page. They use `data:` URLs, so they need no server.

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::*;

wasm_bindgen_test_configure!(run_in_browser);

const TEN_LETTERS: &str = "data:text/plain,abcdefghij";

/// A response with these headers, as if a server had sent it.
fn response(headers: &[(&str, &str)]) -> Response {
    let response = web_sys::Response::new().unwrap();
    for (name, value) in headers {
        response.headers().set(name, value).unwrap();
    }
    Response {
        response,
        ended: Ended::by(&Canceller::default()),
    }
}

#[wasm_bindgen_test]
async fn an_answer_has_a_status_headers_and_a_body() {
    let answer = Request::new("GET", TEN_LETTERS).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.header("content-type").unwrap(), "text/plain");
    assert!(!answer.is_redirect());
    let all = answer.headers();
    assert!(all.contains(&("content-type".to_owned(), "text/plain".to_owned())));
    assert_eq!(answer.body(100).await.unwrap(), b"abcdefghij");
}

#[wasm_bindgen_test]
async fn of_a_body_no_more_is_read_than_its_limit() {
    for (limit, read) in [(9, &b"abcdefghi"[..]), (10, b"abcdefghij")] {
        let answer = Request::new("GET", TEN_LETTERS).send().await.unwrap();
        assert_eq!(answer.body(limit).await.unwrap(), read);
    }
}

#[wasm_bindgen_test]
async fn a_request_that_is_cancelled_says_so() {
    let canceller = Canceller::default();
    let request = Request::new("GET", TEN_LETTERS).cancelled_by(&canceller);
    canceller.cancel();
    assert_eq!(request.send().await.err(), Some(Failure::Cancelled));
}

#[wasm_bindgen_test]
async fn what_cannot_be_reached_says_no_more_than_that() {
    let nowhere = Request::new("GET", "data:");
    assert_eq!(nowhere.send().await.err(), Some(Failure::Unreachable));
    let refused = Request::new("GET", TEN_LETTERS).header("two words", "");
    assert_eq!(refused.send().await.err(), Some(Failure::Unreachable));
}

#[wasm_bindgen_test]
async fn a_time_limit_ends_a_body_that_does_not_come() {
    // A stream without chunks that does not close, but fails with its signal, as the body of a `fetch` does.
    let mut ended = Ended::by(&Canceller::default());
    ended.limit(Some(20));
    let stream = js_sys::Function::new_with_args(
        "signal",
        "return new Response(new ReadableStream({
            start: (stream) => signal.addEventListener('abort', () => stream.error(signal.reason)),
        }))",
    );
    let response = stream.call1(&JsValue::NULL, &ended.controller.signal());
    let response = Response {
        response: response.unwrap().unchecked_into(),
        ended,
    };
    assert_eq!(response.body(10).await, Err(Failure::TimedOut));
}

#[wasm_bindgen_test]
fn the_servers_time_is_its_date_and_what_a_cache_kept_is_as_old_as_it_says() {
    const DATE: (&str, &str) = ("date", "Tue, 01 Dec 2026 00:00:00 GMT");
    let time = |headers: &[_]| response(headers).server_time();
    assert_eq!(time(&[DATE]), Some(UnixTime(1_796_083_200_000)));
    assert_eq!(
        time(&[DATE, ("age", "90")]),
        Some(UnixTime(1_796_083_290_000))
    );
    assert_eq!(time(&[("date", "yesterday")]), None);
    assert_eq!(time(&[]), None);
}
