//! A call as it is taken apart and put together again; in a browser.

use std::pin::pin;
use std::rc::Rc;

use evertoken::oauth::token_endpoint::Scheme;
use evertoken::secret::Secret;
use futures_util::FutureExt;
use js_sys::Reflect;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use evertoken::api::call::ApiAnswer as _;

use super::*;

wasm_bindgen_test_configure!(run_in_service_worker);

const ADDRESS: &str = "https://api.test/v1/things?q=1";

/// A page's call, made as pages make it: `new Request(ADDRESS, init)`.
fn call(init: &str) -> PageCall {
    let request = format!("new Request({ADDRESS:?}, {init})");
    let request: Request = js(&request).unchecked_into();
    let url = Url::parse(&request.url()).unwrap();
    PageCall::new(request, url)
}

impl PageCall {
    /// The request that `fetch` makes of what is sent (Fetch, `fetch()`, step 2).
    async fn with(&self, credential: Option<&Credential>) -> Result<Request, JsValue> {
        let init = self.outgoing(credential, HttpCache::AsAsked).await?;
        Request::new_with_str_and_init(&self.request.url(), &init)
    }
}

pub(super) fn js(script: &str) -> JsValue {
    js_sys::eval(script).unwrap()
}

fn bearer() -> Credential {
    Credential {
        generation: 1,
        token: Rc::new(Secret::new("t0ken")),
        scheme: Scheme::Bearer,
        proof: None,
    }
}

async fn text(request: &Request) -> String {
    let text = JsFuture::from(request.text().unwrap()).await.unwrap();
    text.as_string().unwrap()
}

#[wasm_bindgen_test]
fn an_idempotency_key_is_known_in_any_case_of_its_name() {
    for name in ["Idempotency-Key", "idempotency-key"] {
        let init = format!(r#"{{ method: "POST", headers: {{ "{name}": "1" }} }}"#);
        assert!(call(&init).has_idempotency_key(), "{name}");
    }
    assert!(!call(r#"{ method: "POST" }"#).has_idempotency_key());
}

const STREAM: &str = r#"{ method: "POST", duplex: "half", body: new Blob(["streamed"]).stream() }"#;

#[wasm_bindgen_test]
fn a_call_without_a_body_has_none() {
    for init in [
        "{}",
        r#"{ method: "POST" }"#,
        r#"{ method: "DELETE", body: null }"#,
    ] {
        assert_eq!(call(init).body, Body::None, "{init}");
    }
}

#[wasm_bindgen_test]
fn a_body_that_a_clone_shares_is_kept() {
    for (method, body) in [
        ("POST", r#""text""#),
        ("PUT", r#""text""#),
        ("PATCH", r#""""#),
        ("POST", r#"new Blob(["blob"])"#),
        ("POST", "new FormData()"),
        ("POST", r#"new URLSearchParams("a=b")"#),
        ("PUT", "new Uint8Array(8)"),
    ] {
        let init = format!("{{ method: {method:?}, body: {body} }}");
        assert_eq!(call(&init).body, Body::Kept, "{init}");
    }
}

#[wasm_bindgen_test]
fn a_body_is_kept_in_every_mode_that_a_page_can_ask_for() {
    for mode in ["cors", "same-origin", "no-cors"] {
        let init = format!(r#"{{ method: "POST", body: "text", mode: "{mode}" }}"#);
        assert_eq!(call(&init).body, Body::Kept, "{mode}");
    }
}

#[wasm_bindgen_test]
fn a_stream_is_a_stream() {
    assert_eq!(call(STREAM).body, Body::Stream);
    let put = STREAM.replace("POST", "PUT");
    assert_eq!(call(&put).body, Body::Stream);
}

#[wasm_bindgen_test]
async fn calls_without_a_body_and_with_a_small_one_are_replayable_and_streams_are_not() {
    assert!(call("{}").is_replayable().await);
    assert!(
        call(r#"{ method: "POST", body: "text" }"#)
            .is_replayable()
            .await
    );
    assert!(!call(STREAM).is_replayable().await);
}

#[wasm_bindgen_test]
async fn a_body_of_16_mib_is_replayable_and_one_byte_more_is_not() {
    let of = |bytes: u32| {
        call(&format!(
            r#"{{ method: "PUT", body: new Uint8Array({bytes}) }}"#
        ))
    };
    assert!(of(16 * 1024 * 1024).is_replayable().await);
    assert!(!of(16 * 1024 * 1024 + 1).is_replayable().await);
}

#[wasm_bindgen_test]
async fn a_kept_body_can_be_sent_twice_and_measured_between() {
    let call = call(r#"{ method: "POST", body: "text" }"#);
    assert_eq!(
        text(&call.with(Some(&bearer())).await.unwrap()).await,
        "text"
    );
    assert!(call.is_replayable().await);
    assert_eq!(
        text(&call.with(Some(&bearer())).await.unwrap()).await,
        "text"
    );
}

#[wasm_bindgen_test]
async fn a_stream_is_sent_once() {
    let call = call(STREAM);
    assert_eq!(
        text(&call.with(Some(&bearer())).await.unwrap()).await,
        "streamed"
    );
    assert!(call.with(Some(&bearer())).await.is_err());
}

#[wasm_bindgen_test]
async fn the_token_stands_beside_the_pages_own_headers() {
    let call = call(
        r#"{ method: "POST", body: "{}", headers: {
            "content-type": "application/json", "idempotency-key": "k", "x-own": "1, 2" } }"#,
    );
    let headers = call.with(Some(&bearer())).await.unwrap().headers();
    for (name, value) in [
        ("authorization", "Bearer t0ken"),
        ("content-type", "application/json"),
        ("idempotency-key", "k"),
        ("x-own", "1, 2"),
    ] {
        assert_eq!(headers.get(name).unwrap().as_deref(), Some(value), "{name}");
    }
}

#[wasm_bindgen_test]
async fn a_bound_token_goes_with_its_proof_in_place_of_the_pages_own() {
    let call = call(r#"{ headers: { "dpop": "the page's" } }"#);
    let bound = Credential {
        scheme: Scheme::Dpop,
        proof: Some(Secret::new("pr.oo.f")),
        ..bearer()
    };
    let headers = call.with(Some(&bound)).await.unwrap().headers();
    assert_eq!(
        headers.get("authorization"),
        Ok(Some("DPoP t0ken".to_owned()))
    );
    assert_eq!(headers.get("dpop"), Ok(Some("pr.oo.f".to_owned())));
}

#[wasm_bindgen_test]
async fn a_form_keeps_its_boundary() {
    let call = call(r#"{ method: "POST", body: new FormData() }"#);
    let sent = call
        .with(Some(&bearer()))
        .await
        .unwrap()
        .headers()
        .get("content-type")
        .unwrap();
    assert_eq!(sent, call.request.headers().get("content-type").unwrap());
    assert!(sent.is_some_and(|value| value.starts_with("multipart/form-data; boundary=")));
}

#[wasm_bindgen_test]
async fn without_a_token_there_is_no_authorization_header() {
    let sent = call("{}").with(None).await.unwrap();
    assert_eq!(sent.headers().get("authorization").unwrap(), None);
}

#[wasm_bindgen_test]
async fn everything_else_of_a_call_is_kept() {
    let call = call(
        r#"{ method: "DELETE", mode: "same-origin", credentials: "include", cache: "no-cache",
            redirect: "manual", integrity: "sha256-AAAA", keepalive: true }"#,
    );
    let sent = call.with(Some(&bearer())).await.unwrap();
    for (name, value) in [
        ("url", ADDRESS),
        ("method", "DELETE"),
        ("mode", "same-origin"),
        ("credentials", "include"),
        ("cache", "no-cache"),
        ("redirect", "manual"),
        ("integrity", "sha256-AAAA"),
    ] {
        let sent = Reflect::get(&sent, &name.into()).unwrap();
        assert_eq!(sent.as_string().as_deref(), Some(value), "{name}");
    }
    assert_eq!(Reflect::get(&sent, &"keepalive".into()), Ok(true.into()));
}

const ABORTABLE: &str = "{ signal: (globalThis.controller = new AbortController()).signal }";

#[wasm_bindgen_test]
async fn a_caller_that_aborts_aborts_what_is_sent() {
    let sent = call(ABORTABLE).with(Some(&bearer())).await.unwrap();
    assert!(!sent.signal().aborted());
    js("controller.abort()");
    assert!(sent.signal().aborted());
}

#[wasm_bindgen_test]
async fn a_call_is_given_up_when_its_caller_aborts_and_for_the_same_reason() {
    let call = call(ABORTABLE);
    let mut given_up = pin!(call.given_up());
    assert_eq!((&mut given_up).now_or_never(), None);
    js(r#"controller.abort("enough")"#);
    assert_eq!(given_up.await, "enough");
}

#[wasm_bindgen_test]
async fn a_call_that_was_aborted_before_is_given_up_at_once() {
    let call = call(ABORTABLE);
    js("controller.abort()");
    let reason = call.given_up().now_or_never().unwrap();
    assert_eq!(
        Reflect::get(&reason, &"name".into()),
        Ok("AbortError".into())
    );
}

#[wasm_bindgen_test]
async fn a_call_that_nobody_can_abort_is_never_given_up() {
    assert_eq!(call("{}").given_up().now_or_never(), None);
}

/// `fetch` answers `response`, until the next call of this.
fn fetch_answers(response: &str) {
    js(&format!("globalThis.fetch = async () => {response}"));
}

#[wasm_bindgen_test]
async fn an_answer_over_a_redirect_tells_whether_it_left_the_calls_origin() {
    for (redirected, url, crossed) in [
        (false, "", false), // made by a worker
        (false, ADDRESS, false),
        (true, "https://api.test/v2/", false),
        (true, "https://api.test:8443/v1/things", true),
        (true, "http://api.test/v1/things", true),
        (true, "https://other.test/", true),
    ] {
        // A script cannot make a response that was redirected.
        fetch_answers(&format!(
            r#"Object.defineProperties(new Response(), {{
                redirected: {{ value: {redirected} }}, url: {{ value: "{url}" }} }})"#
        ));
        let answer = call("{}")
            .send(Some(bearer()), HttpCache::AsAsked)
            .await
            .unwrap();
        assert_eq!(answer.crossed_origins(), crossed, "{url}");
        let to = redirected.then(|| url.to_owned());
        assert_eq!(answer.redirected_to(), to, "{url}");
    }
}

#[wasm_bindgen_test]
async fn a_failure_is_handed_on_as_it_came() {
    fetch_answers(r#"{ throw globalThis.failure = new TypeError("Failed to fetch") }"#);
    let failure = call("{}")
        .send(Some(bearer()), HttpCache::AsAsked)
        .await
        .err()
        .unwrap();
    assert!(js_sys::Object::is(&failure, &js("failure")));
}

#[wasm_bindgen_test]
async fn a_stream_hears_that_nobody_reads_on() {
    let call = call(
        r#"{ method: "POST", duplex: "half",
            body: new ReadableStream({ cancel() { globalThis.unread = true } }) }"#,
    );
    let sent = call.with(Some(&bearer())).await.unwrap();
    Reflect::set(&js("globalThis"), &"sent".into(), &sent).unwrap();
    js("void sent.body.cancel()");
    assert_eq!(js("globalThis.unread"), true);
}

#[wasm_bindgen_test]
async fn a_call_that_failed_is_looked_into_and_one_that_was_given_up_is_not() {
    for (contains, expected) in [
        ("return true", CallError::Unreachable),
        ("return false", CallError::NotPermitted),
        ("throw new Error()", CallError::Unreachable),
    ] {
        js(&format!(
            "(globalThis.chrome ??= {{}}).permissions =
                {{ contains: async ({{ origins }}) => {{ globalThis.origins = origins; {contains} }} }};"
        ));
        assert_eq!(call("{}").why_unanswered().await, Some(expected));
        assert_eq!(js("origins.join()"), "https://api.test/*");
    }
    let given_up = call("{ signal: AbortSignal.abort() }");
    assert_eq!(given_up.why_unanswered().await, None);
}

#[wasm_bindgen_test]
async fn a_no_cors_call_leaves_that_mode_with_a_token_and_keeps_it_without() {
    let call = call(r#"{ method: "POST", body: "text", mode: "no-cors" }"#);
    let with = call.with(Some(&bearer())).await.unwrap();
    assert_eq!(with.mode(), RequestMode::Cors);
    let sent = with.headers().get("authorization").unwrap();
    assert_eq!(sent.as_deref(), Some("Bearer t0ken"));
    let without = call.with(None).await.unwrap();
    assert_eq!(without.mode(), RequestMode::NoCors);
}
