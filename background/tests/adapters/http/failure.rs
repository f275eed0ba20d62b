//! Why there is no answer.

use evertoken::platform::{FormBody, HttpRequest, NetworkError};
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{PROVIDER, get, provider_answers, send};
use crate::js::{run, value_of};

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
