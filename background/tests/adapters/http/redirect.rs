//! A redirect is told and not followed: where it leads is what `chrome.webRequest` reports.

use evertoken::platform::{FormBody, HttpRequest, NetworkError};
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{PROVIDER, get, provider_answers, send};
use crate::js::{run, value_of};

/// `fetch` hands out an opaque redirect and Chrome reports what `reports`, a list of `onBeforeRedirect` details, says. `seen` counts
/// the requests that went out, `listening` the listeners that are left.
fn provider_redirects(reports: &str) {
    run(r#"
        (globalThis.chrome ??= {}).webRequest ??= {};
        // One for all tests: the adapter reads it once.
        globalThis.redirects ??= new Map();
        chrome.webRequest.onBeforeRedirect ??= {
            addListener: (listener, filter) => redirects.set(listener, filter),
            removeListener: (listener) => redirects.delete(listener),
        };
        redirects.clear();
        globalThis.seen = [];
        globalThis.filters = [];
    "#);
    provider_answers(&format!(
        r#"async (request) => {{
            seen.push([request.method, request.url, request.redirect]);
            for (const [listener, filter] of redirects) {{
                filters.push(filter);
                for (const details of {reports}) {{
                    listener({{ requestId: "1", frameId: -1, statusCode: 302, ...details }});
                }}
            }}
            if (request.redirect === "error") throw new TypeError("Failed to fetch");
            const response = new Response();
            Object.defineProperty(response, "type", {{ value: "opaqueredirect" }});
            return response;
        }}"#
    ));
}

#[wasm_bindgen_test]
async fn a_redirect_of_a_get_is_told_and_nothing_is_asked_there() {
    provider_redirects(
        r#"[{ url: "https://provider.test/other", redirectUrl: "https://provider.test/wrong" },
            { url: "https://provider.test/keys?a=b", redirectUrl: "https://other.test/elsewhere" },
            { url: "https://provider.test/keys?a=b", redirectUrl: "https://provider.test/late" }]"#,
    );
    let answer = send(get("https://provider.test/keys?a=b")).await.unwrap();
    let location = answer.location.map(|url| url.to_string());
    assert_eq!(location.as_deref(), Some("https://other.test/elsewhere"));
    assert_eq!(answer.body, b"");
    let request = json!(["GET", "https://provider.test/keys?a=b", "manual"]);
    assert_eq!(value_of("seen"), json!([request, request]));
    let filter = json!([{ "urls": ["https://provider.test/*"], "types": ["xmlhttprequest"] }]);
    assert_eq!(value_of("filters"), filter);
    assert_eq!(value_of("redirects.size"), json!(0));
}

#[wasm_bindgen_test]
async fn a_redirect_that_the_browser_says_nothing_of_leads_nowhere() {
    for reports in [
        "[]",
        r#"[{ url: "https://provider.test/", redirectUrl: "" }]"#,
    ] {
        provider_redirects(reports);
        let answer = send(get(PROVIDER)).await;
        assert_eq!(answer, Err(NetworkError::Unreachable), "{reports}");
        assert_eq!(value_of("redirects.size"), json!(0), "{reports}");
    }
}

#[wasm_bindgen_test]
async fn a_redirect_of_a_form_is_a_failure() {
    provider_redirects(
        r#"[{ url: "https://provider.test/", redirectUrl: "https://provider.test/token" }]"#,
    );
    run("chrome.permissions = { contains: async () => true }");
    let form = FormBody("grant_type=refresh_token&refresh_token=r".to_owned());
    let request = HttpRequest {
        form: Some(form),
        ..get(PROVIDER)
    };
    assert_eq!(send(request).await, Err(NetworkError::Unreachable));
    let request = json!(["POST", "https://provider.test/", "error"]);
    assert_eq!(value_of("seen"), json!([request]));
}

#[wasm_bindgen_test]
async fn what_is_no_redirect_is_asked_for_once() {
    provider_redirects("[]");
    provider_answers("async (request) => { seen.push(request.url); return new Response() }");
    let answer = send(get(PROVIDER)).await.unwrap();
    assert_eq!((answer.status, answer.location), (200, None));
    assert_eq!(value_of("seen"), json!([PROVIDER]));
}
