//! The provider's endpoints: `data:` URLs, a closed port, and answers that a script gives in place of `fetch`.
//!
//! What needs a server is left to the browser tests: cookies, cache, redirects, certificates, and
//! time limits on a real connection.

use std::time::Duration;

use evertoken::platform::{
    FormBody, HttpClient, HttpRequest, HttpResponse, NetworkError, UnixTime,
};
use evertoken::secret::Secret;
use evertoken_background::platform::http::FetchClient;
use serde_json::json;
use url::Url;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::js::{run, value_of};

const PROVIDER: &str = "https://provider.test/";

fn get(url: &str) -> HttpRequest {
    HttpRequest {
        url: Url::parse(url).unwrap(),
        form: None,
        max_bytes: 1000,
        timeout: Duration::from_secs(10),
        dpop_proof: None,
    }
}

async fn send(request: HttpRequest) -> Result<HttpResponse, NetworkError> {
    FetchClient.send(request).await
}

/// `answer`, a function of the `Request`, stands in for the provider; all other requests go out.
fn provider_answers(answer: &str) {
    run(&format!(
        r#"
        globalThis.realFetch ??= fetch;
        globalThis.answer = {answer};
        globalThis.fetch = (request) =>
            request.url?.startsWith("{PROVIDER}") ? answer(request) : realFetch(request);
        "#
    ));
}

#[wasm_bindgen_test]
async fn an_answer_is_its_status_its_media_type_and_its_bytes() {
    let answer = send(get("data:Text/HTML;charset=utf-8;base64,AP8KDQA=")).await;
    let media_type = "text/html".to_owned();
    let body = vec![0, 255, 10, 13, 0];
    assert_eq!(
        answer,
        Ok(HttpResponse {
            status: 200,
            media_type,
            body,
            server_time: None,
            dpop_nonce: None,
            retry_after: None,
        })
    );
}

#[wasm_bindgen_test]
async fn a_media_type_is_lower_case_without_parameters_and_empty_when_absent() {
    for (header, media_type) in [
        (
            r#"{ "content-type": "application/json" }"#,
            "application/json",
        ),
        (
            r#"{ "content-type": "Application/JSON ; charset=UTF-8" }"#,
            "application/json",
        ),
        (r#"{ "content-type": "" }"#, ""),
        ("{}", ""),
    ] {
        let response = format!("new Response(new Uint8Array(1), {{ headers: {header} }})");
        provider_answers(&format!("async () => {response}"));
        let answer = send(get(PROVIDER)).await.unwrap();
        assert_eq!(answer.media_type, media_type, "{header}");
    }
}

#[wasm_bindgen_test]
async fn an_error_status_is_an_answer() {
    provider_answers(r#"async () => new Response("no", { status: 400 })"#);
    let answer = send(get(PROVIDER)).await.unwrap();
    assert_eq!((answer.status, answer.body), (400, b"no".to_vec()));
}

#[wasm_bindgen_test]
async fn an_answer_without_a_body_has_an_empty_one() {
    provider_answers("async () => new Response(null, { status: 204 })");
    let answer = send(get(PROVIDER)).await.unwrap();
    assert_eq!((answer.status, answer.body), (204, Vec::new()));
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
async fn a_closed_port_cannot_be_reached() {
    assert_eq!(
        send(get("http://127.0.0.1:65535/")).await,
        Err(NetworkError::Unreachable)
    );
}

#[wasm_bindgen_test]
async fn what_is_no_address_for_fetch_cannot_be_reached() {
    for url in [
        "mailto:ada@provider.test",
        "https://user:password@provider.test/",
    ] {
        assert_eq!(
            send(get(url)).await,
            Err(NetworkError::Unreachable),
            "{url}"
        );
    }
}

#[wasm_bindgen_test]
async fn a_server_that_does_not_answer_in_time_is_given_up() {
    provider_answers(
        r#"({ signal }) => new Promise((_, reject) => {
            signal.addEventListener("abort", () => reject(signal.reason));
        })"#,
    );
    let timeout = Duration::from_millis(10);
    let request = HttpRequest {
        timeout,
        ..get(PROVIDER)
    };
    assert_eq!(send(request).await, Err(NetworkError::Timeout));
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
    let timeout = Duration::from_millis(10);
    let request = HttpRequest {
        timeout,
        ..get(PROVIDER)
    };
    assert_eq!(send(request).await, Err(NetworkError::Timeout));
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
    let timeout = Duration::from_millis(4567);
    let request = HttpRequest {
        timeout,
        ..get(PROVIDER)
    };
    send(request).await.unwrap();
    assert_eq!(value_of("limit"), json!(4567));
}

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
        "credentials": "omit", "redirect": "error", "headers": { "accept": "application/json" }, "body": "",
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

#[wasm_bindgen_test]
async fn a_nonce_for_proofs_is_told() {
    provider_answers(
        r#"async () => new Response("", { status: 400, headers: { "DPoP-Nonce": "n-1" } })"#,
    );
    let answer = send(get(PROVIDER)).await.unwrap();
    assert_eq!(answer.dpop_nonce.as_deref(), Some("n-1"));
}

#[wasm_bindgen_test]
async fn the_servers_clock_is_its_date_plus_the_age_of_the_answer() {
    const DATE: &str = r#""Date": "Fri, 15 Jan 2027 08:00:00 GMT""#;
    let at = |seconds: i64| Some(UnixTime((1_800_000_000 + seconds) * 1000));
    for (headers, expected) in [
        (DATE.to_owned(), at(0)),
        (format!(r#"{DATE}, "Age": "90""#), at(90)),
        (format!(r#"{DATE}, "Age": "0""#), at(0)),
        (format!(r#"{DATE}, "Age": "-1""#), at(0)),
        (format!(r#"{DATE}, "Age": "soon""#), at(0)),
        (r#""Date": "yesterday""#.to_owned(), None),
        (r#""Date": """#.to_owned(), None),
        (r#""Age": "90""#.to_owned(), None),
    ] {
        provider_answers(&format!(
            "async () => new Response(null, {{ headers: {{ {headers} }} }})"
        ));
        let answer = send(get(PROVIDER)).await.unwrap();
        assert_eq!(answer.server_time, expected, "{headers}");
    }
}

#[wasm_bindgen_test]
async fn when_to_ask_again_is_told_in_seconds_or_by_the_servers_clock() {
    const DATE: &str = r#""Date": "Fri, 15 Jan 2027 08:00:00 GMT""#;
    for (headers, expected) in [
        (r#""Retry-After": "120""#, Some(120)),
        (r#""Retry-After": "0""#, Some(0)),
        (r#""Retry-After": "-5""#, None),
        (
            r#""Retry-After": "Fri, 15 Jan 2027 08:01:30 GMT", "#,
            Some(90),
        ),
        (
            r#""Retry-After": "Fri, 15 Jan 2027 07:00:00 GMT", "#,
            Some(0),
        ),
        (r#""Retry-After": "soon", "#, Some(0)),
    ] {
        let date = if headers.ends_with(", ") { DATE } else { "" };
        provider_answers(&format!(
            "async () => new Response(null, {{ status: 503, headers: {{ {headers}{date} }} }})"
        ));
        let answer = send(get(PROVIDER)).await.unwrap();
        assert_eq!(
            answer.retry_after,
            expected.map(Duration::from_secs),
            "{headers}"
        );
    }
}

/// Chrome's answer to the question for host permission, and `asked`, how it was put.
fn permitted(answer: &str) {
    run(&format!(
        r#"
        globalThis.asked = [];
        (globalThis.chrome ??= {{}}).permissions =
            {{ contains: async (permissions) => {{ asked.push(permissions); {answer} }} }};
        "#
    ));
}

#[wasm_bindgen_test]
async fn a_failure_without_host_permission_is_told_as_that() {
    provider_answers("async () => { throw new TypeError('Failed to fetch') }");
    online(true);
    for (answer, error) in [
        ("return true", NetworkError::Unreachable),
        ("return false", NetworkError::NotPermitted),
        ("throw new Error()", NetworkError::Unreachable),
    ] {
        permitted(answer);
        assert_eq!(
            send(get("https://provider.test/keys?a=b")).await,
            Err(error)
        );
        let origins = json!([{ "origins": ["https://provider.test/*"] }]);
        assert_eq!(value_of("asked"), origins);
    }
}

/// What the browser says of the network from now on.
fn online(is: bool) {
    run(&format!(
        "Object.defineProperty(navigator, 'onLine', {{ value: {is}, configurable: true }})"
    ));
}

#[wasm_bindgen_test]
async fn a_failure_without_a_network_is_told_as_that_except_for_this_machine() {
    provider_answers("async () => { throw new TypeError('Failed to fetch') }");
    permitted("return true");
    online(false);
    for (url, error) in [
        ("https://provider.test/keys", NetworkError::Offline),
        ("https://localhost:8443/keys", NetworkError::Unreachable),
        ("https://127.0.0.1:8443/keys", NetworkError::Unreachable),
        ("https://[::1]:8443/keys", NetworkError::Unreachable),
    ] {
        assert_eq!(send(get(url)).await, Err(error), "{url}");
    }
    online(true);
}

#[wasm_bindgen_test]
async fn permissions_are_asked_about_only_when_that_could_be_the_reason() {
    permitted("return false");
    provider_answers("async () => new Response()");
    assert!(send(get(PROVIDER)).await.is_ok());
    provider_answers("async () => { throw new DOMException('', 'TimeoutError') }");
    assert_eq!(send(get(PROVIDER)).await, Err(NetworkError::Timeout));
    assert_eq!(value_of("asked"), json!([]));
    permitted("return true");
}

#[wasm_bindgen_test]
async fn a_form_is_not_sent_where_its_answer_would_be_kept_back() {
    provider_answers("async () => { sent += 1; return new Response() }");
    let form = FormBody("grant_type=refresh_token&refresh_token=r".to_owned());
    for (answer, expected) in [
        ("return false", Err(NetworkError::NotPermitted)),
        ("return true", Ok(200)),
        ("throw new Error()", Ok(200)),
    ] {
        run("globalThis.sent = 0");
        permitted(answer);
        let request = HttpRequest {
            form: Some(form.clone()),
            ..get(PROVIDER)
        };
        let outcome = send(request).await.map(|answer| answer.status);
        assert_eq!(outcome, expected, "{answer}");
        assert_eq!(
            value_of("sent"),
            json!(i32::from(expected.is_ok())),
            "{answer}"
        );
    }
    permitted("return true");
}
