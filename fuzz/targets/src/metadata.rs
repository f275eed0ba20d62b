//! `oidc::provider_metadata::process_response`: accepted metadata name the expected issuer, and no endpoint over plain
//! http.

use evertoken_oidc::http::HttpResponse;
use evertoken_oidc::oauth::authorization_request::Flow;
use evertoken_oidc::oidc::provider_metadata::{
    EndSession, ProviderMetadata, Requirements, process_response,
};
use serde_json::{Value, json};

use crate::input::{Input, seed, was_read};

const ISSUERS: [&str; 2] = ["https://provider.example/", "http://localhost:8080"];

pub(crate) const WORDS: &[&str] = &[
    r#","issuer":"https://provider.example/""#,
    r#","token_endpoint":"http://provider.example/token""#,
    r#","jwks_uri":"data:,""#,
    r#","end_session_endpoint":"https://provider.example/logout""#,
    r#","mfa_challenge_endpoint":"https://provider.example/mfa/challenge""#,
    r#","pushed_authorization_request_endpoint":"https://provider.example/par""#,
    r#","require_pushed_authorization_requests":true"#,
    r#","code_challenge_methods_supported":["plain"]"#,
    r#","dpop_signing_alg_values_supported":["RS256"]"#,
    r#","id_token_signing_alg_values_supported":["HS256"]"#,
    r#","authorization_response_iss_parameter_supported":true"#,
    "null",
    "[]",
    "http://",
    "javascript:",
    "\\t",
];

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let [full, local] = ISSUERS.map(|issuer| {
        let at = |path: &str| format!("{}/{path}", issuer.trim_end_matches('/'));
        json!({
            "issuer": issuer, "authorization_endpoint": at("authorize"), "token_endpoint": at("token"),
            "jwks_uri": at("keys"), "revocation_endpoint": at("revoke"), "end_session_endpoint": at("logout"),
            "pushed_authorization_request_endpoint": at("par"),
            "code_challenge_methods_supported": ["S256"], "dpop_signing_alg_values_supported": ["ES256"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256"],
            "authorization_response_iss_parameter_supported": true,
        })
        .to_string()
    });
    [
        seed([0; 5], &full),
        seed([0, 0, 1, 0, 0], &full),
        seed([0, 0, 0, 1, 1], &full),
        seed([0, 1, 0, 0, 0], &local),
        seed([1, 0, 0, 0, 0], "Not Found"),
    ]
    .to_vec()
}

/// Input: choices (the status, the issuer, the flow, whether requests are pushed, DPoP), then the body.
pub fn metadata(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let status = input.choice([200, 404, 429, 500]);
    let issuer = input.choice(ISSUERS);
    let flow = input.choice([Flow::Code, Flow::Implicit]);
    let required = Requirements {
        flow,
        issuer,
        pushed_authorization_requests: input.choice([false, true]),
        dpop: input.choice([false, true]) && flow == Flow::Code,
    };
    let response = HttpResponse::new(status, input.rest().to_vec());
    let Ok(accepted) = process_response(&response, &required) else {
        return;
    };
    let sent = was_read(&response.body);
    assert_eq!(status, 200);
    assert_eq!(sent["issuer"], issuer);
    assert_eq!(accepted.issuer, issuer);
    assert_secret_paths(&accepted, issuer);
    assert_enough(&accepted, &required, &sent);
}

fn assert_secret_paths(metadata: &ProviderMetadata, issuer: &str) {
    let endpoints = [
        Some(&metadata.authorization_endpoint),
        Some(&metadata.jwks_uri),
        metadata.token_endpoint.as_ref(),
        metadata.revocation_endpoint.as_ref(),
        metadata.pushed_authorization_request_endpoint.as_ref(),
        metadata.end_session.as_ref().map(EndSession::url),
    ];
    for endpoint in endpoints.into_iter().flatten() {
        let in_clear = endpoint.scheme() == "http" && issuer.starts_with("http:");
        assert!(
            endpoint.scheme() == "https" || in_clear,
            "{endpoint} of {issuer}"
        );
        assert!(endpoint.has_host(), "{endpoint}");
    }
}

/// Asserts that the metadata contain what the flow needs, and that their lists do not exclude a method that is used.
fn assert_enough(metadata: &ProviderMetadata, required: &Requirements<'_>, sent: &Value) {
    let holds = |name: &str, wanted: &str| {
        sent.get(name).is_none_or(|known| {
            let known = known.as_array().expect("a list");
            known.iter().any(|known| known == wanted)
        })
    };
    if required.flow == Flow::Code {
        assert!(metadata.token_endpoint.is_some(), "no token endpoint");
        assert!(holds("code_challenge_methods_supported", "S256"));
    }
    if required.dpop {
        assert!(holds("dpop_signing_alg_values_supported", "ES256"));
    }
    let pushes = required.pushed_authorization_requests || metadata.requires_pushed_requests;
    assert!(!pushes || metadata.pushed_authorization_request_endpoint.is_some());
    let algorithms = metadata.algorithms.as_ref();
    assert!(
        algorithms.is_none_or(|accepted| !accepted.is_empty()),
        "none is accepted"
    );
}
