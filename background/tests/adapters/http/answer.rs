//! What is read of an answer.

use std::time::Duration;

use evertoken::platform::{HttpResponse, UnixTime};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{PROVIDER, get, provider_answers, send};

const DATE: &str = r#""Date": "Fri, 15 Jan 2027 08:00:00 GMT""#;

#[wasm_bindgen_test]
async fn an_answer_is_its_status_its_media_type_and_its_bytes() {
    let answer = send(get("data:Text/HTML;charset=utf-8;base64,AP8KDQA=")).await;
    let media_type = "text/html".to_owned();
    let body = vec![0, 255, 10, 13, 0];
    assert_eq!(
        answer,
        Ok(HttpResponse {
            media_type,
            ..HttpResponse::new(200, body)
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
async fn a_nonce_for_proofs_is_told() {
    provider_answers(
        r#"async () => new Response("", { status: 400, headers: { "DPoP-Nonce": "n-1" } })"#,
    );
    let answer = send(get(PROVIDER)).await.unwrap();
    assert_eq!(answer.dpop_nonce.as_deref(), Some("n-1"));
}

#[wasm_bindgen_test]
async fn the_servers_clock_is_its_date_plus_the_age_of_the_answer() {
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
