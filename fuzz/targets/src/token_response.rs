//! `oauth::token_endpoint`: tokens come only from a valid response, and a new refresh token is never lost.

use evertoken_oidc::http::HttpResponse;
use evertoken_oidc::oauth::token_endpoint::{
    Grant, Scheme, TokenResponse, process_response, replacement,
};
use evertoken_oidc::secret::Secret;
use serde_json::Value;

use crate::input::{Input, seed, was_read};

pub(crate) const WORDS: &[&str] = &[
    r#","access_token":"token""#,
    r#","id_token":"a.b.c""#,
    r#","refresh_token":"next""#,
    r#","refresh_token":"""#,
    r#","token_type":"DPoP""#,
    r#","token_type":"mac""#,
    r#","expires_in":"3600""#,
    r#","expires_in":-1"#,
    r#","expires_in":1e15"#,
    r#","expires_in":0.5"#,
    r#","scope":"openid""#,
    r#","error":"invalid_grant""#,
    r#","error":"use_dpop_nonce""#,
    r#","error":null"#,
    "null",
    "{}",
    "\\ud800",
];

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let good = r#"{"access_token":"token","id_token":"a.b.c","refresh_token":"next","token_type":"Bearer","expires_in":3600,"scope":"openid"}"#;
    [
        seed([0, 0, 0, 0], good),
        seed([0, 0, 1, 1], &good.replace("Bearer", "DPoP")),
        seed(
            [0, 0, 1, 0],
            r#"{"access_token":"token","token_type":"bearer","expires_in":"60"}"#,
        ),
        seed(
            [0, 0, 0, 0],
            r#"{"id_token":"a.b.c","id_token_expires_in":3600}"#,
        ),
        seed(
            [1, 0, 1, 0],
            r#"{"error":"invalid_grant","error_description":"used up"}"#,
        ),
        seed([2, 0, 0, 1], r#"{"error":"use_dpop_nonce"}"#),
        seed([4, 1, 0, 0], "<html>"),
        seed([0, 1, 0, 0], good),
    ]
    .to_vec()
}

/// Input: choices (the status, the media type, the grant, whether a proof was sent), then the body.
pub fn token_response(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let status = input.choice([200, 400, 401, 429, 503, 201, 0]);
    let media_type = input.choice(["application/json", "text/html", ""]);
    let grant = input.choice([Grant::Code, Grant::RefreshToken]);
    let dpop = input.choice([false, true]);
    let response = HttpResponse {
        media_type: media_type.to_owned(),
        ..HttpResponse::new(status, input.rest().to_vec())
    };
    let next = replacement(&response);
    let judged = process_response(&response, grant, dpop);
    if next.is_none() && judged.is_err() {
        return;
    }
    let mut sent = was_read(&response.body);
    // An empty refresh token counts as absent.
    if sent["refresh_token"] == "" {
        sent["refresh_token"].take();
    }
    assert!((200..300).contains(&response.status));
    assert!(sent.get("error").is_none(), "an error and tokens");
    assert_same(next.as_ref(), &sent, "refresh_token");
    if let Ok(tokens) = judged {
        assert_eq!(next, tokens.refresh_token, "the next refresh token is lost");
        assert_good(&tokens, &sent, grant, dpop);
    }
}

fn assert_good(tokens: &TokenResponse, sent: &Value, grant: Grant, dpop: bool) {
    assert_same(tokens.access_token.as_ref(), sent, "access_token");
    assert_same(tokens.id_token.as_ref(), sent, "id_token");
    let refreshed = grant == Grant::RefreshToken && tokens.access_token.is_some();
    assert!(tokens.id_token.is_some() || refreshed, "no id_token");
    assert!(
        dpop || tokens.scheme == Scheme::Bearer,
        "bound to a key that nobody has"
    );
    match sent["token_type"].as_str() {
        Some(token_type) => assert!(token_type.eq_ignore_ascii_case(tokens.scheme.name())),
        None => assert!(tokens.access_token.is_none(), "no token_type"),
    }
    assert_eq!(
        tokens.expires_in_s.is_some(),
        sent.get("expires_in").is_some()
    );
    // A list of scope values is joined.
    let scope = tokens.scope.as_deref();
    assert!(scope.is_none_or(|scope| !scope.trim().is_empty()));
    if let (Some(sent), Some(scope)) = (sent["scope"].as_str(), scope) {
        assert_eq!(sent, scope);
    }
}

/// Asserts that this member is what the response contained, and is not empty.
fn assert_same(secret: Option<&Secret>, sent: &Value, name: &str) {
    assert_eq!(
        sent.get(name).and_then(Value::as_str),
        secret.map(Secret::expose),
        "{name}"
    );
    assert!(
        secret.is_none_or(|secret| !secret.expose().is_empty()),
        "an empty {name}"
    );
}
