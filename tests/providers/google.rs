//! Google: the implicit flow, endpoints on other origins, no sign-out, nothing to revoke.

use serde_json::json;

use crate::guide::{Guide, example};
use crate::support::{Fault, ProviderBehavior, REDIRECT_URI};

const PAGE: &str = include_str!("../../docs/providers/google.md");

fn google(behavior: &mut ProviderBehavior) {
    *behavior = ProviderBehavior {
        metadata: json!({
            "authorization_endpoint": "https://accounts.google.com/o/oauth2/v2/auth",
            "token_endpoint": "https://oauth2.googleapis.com/token",
            "jwks_uri": "https://www.googleapis.com/oauth2/v3/certs",
            "revocation_endpoint": "https://oauth2.googleapis.com/revoke",
            "end_session_endpoint": null,
            "pushed_authorization_request_endpoint": null,
            "response_types_supported": ["code", "token", "id_token", "token id_token"],
            "code_challenge_methods_supported": ["plain", "S256"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }),
        ..ProviderBehavior::default()
    };
}

#[test]
fn the_example_works_from_sign_in_to_sign_out() {
    let guide = Guide::follow(&example(PAGE), google);
    guide.sign_in_and_renew_by_every_way();
    assert_eq!(guide.call(), guide.last_id_token());
    for (index, request) in guide.authorizations().iter().enumerate() {
        request.assert_says(&[
            ("response_type", "token id_token"),
            ("redirect_uri", REDIRECT_URI),
            ("scope", "openid profile email"),
            ("prompt", if index == 0 { "" } else { "none" }),
            ("code_challenge", ""),
        ]);
        assert!(request.get("nonce").is_some_and(|nonce| nonce.len() == 43));
        let authorization = "https://accounts.google.com/o/oauth2/v2/auth";
        assert_eq!(request.at, authorization);
    }
    assert!(guide.grants().is_empty(), "no secret is ever missed");
    guide.sign_out();
    assert!(guide.world.provider.revocations.borrow().is_empty());
    assert!(guide.world.provider.logouts.borrow().is_empty());
}

#[test]
fn every_origin_that_is_fetched_from_is_named_in_the_settings() {
    let guide = Guide::follow(&example(PAGE), google);
    guide.sign_in_and_renew_by_every_way();
    guide.sign_out();
    let issuer = format!("{}/", guide.settings.provider.issuer);
    let mut named = guide.settings.provider.endpoint_origins.clone();
    named.push(issuer);
    for url in guide.world.provider.fetched_urls.borrow().iter() {
        let origin = format!("{}/", url.origin().ascii_serialization());
        assert!(named.contains(&origin), "{url}");
    }
}

#[test]
fn a_sign_out_that_google_does_not_offer_is_a_local_one() {
    let mut settings = example(PAGE);
    settings["session"] = json!({"sign_out": "provider"});
    let guide = Guide::follow(&settings, google);
    guide.sign_in();
    guide.sign_out();
    assert!(guide.world.provider.logouts.borrow().is_empty());
}

#[test]
fn the_code_flow_misses_a_secret() {
    let mut settings = example(PAGE);
    settings["provider"]["flow"] = "code".into();
    let guide = Guide::follow(&settings, google);
    let refusal =
        json!({"error": "invalid_request", "error_description": "client_secret is missing."});
    guide
        .world
        .provider
        .fail(Fault::TokenEndpoint(400, refusal));
    assert_eq!(guide.sign_in_error(), "token_endpoint.refused");
}

#[test]
fn an_issuer_without_its_scheme_and_a_missing_hash_are_refused() {
    let faults = [
        (
            Fault::Claim("iss", json!("accounts.google.com")),
            "id_token.iss",
        ),
        (Fault::Claim("at_hash", json!(null)), "id_token.at_hash"),
    ];
    for (fault, code) in faults {
        let guide = Guide::follow(&example(PAGE), google);
        guide.world.provider.fail(fault);
        assert_eq!(guide.sign_in_error(), code);
    }
}
