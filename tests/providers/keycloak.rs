//! Keycloak: `iss` in responses, refresh tokens without `offline_access`, RP-initiated logout.

use evertoken::settings::RenewalMethodId;
use serde_json::json;

use crate::guide::{Guide, example};
use crate::support::{Fault, ProviderBehavior, REDIRECT_URI};

const PAGE: &str = include_str!("../../docs/providers/keycloak.md");
const PROTOCOL: &str = "https://keycloak.example.com/realms/demo/protocol/openid-connect";

fn keycloak(behavior: &mut ProviderBehavior) {
    *behavior = ProviderBehavior {
        refresh_tokens: true,
        rotates: false,
        sends_iss: true,
        metadata: json!({
            "authorization_endpoint": format!("{PROTOCOL}/auth"),
            "token_endpoint": format!("{PROTOCOL}/token"),
            "jwks_uri": format!("{PROTOCOL}/certs"),
            "revocation_endpoint": format!("{PROTOCOL}/revoke"),
            "end_session_endpoint": format!("{PROTOCOL}/logout"),
            "authorization_response_iss_parameter_supported": true,
            "code_challenge_methods_supported": ["plain", "S256"],
            "id_token_signing_alg_values_supported": ["PS384", "RS384", "EdDSA", "ES256", "RS256", "HS512"],
        }),
        ..ProviderBehavior::default()
    };
}

/// "Revoke Refresh Token".
fn with_single_use(behavior: &mut ProviderBehavior) {
    keycloak(behavior);
    behavior.rotates = true;
}

/// "Exclude Issuer From Authentication Response".
fn without_iss(behavior: &mut ProviderBehavior) {
    keycloak(behavior);
    behavior.sends_iss = false;
}

#[test]
fn the_example_works_from_sign_in_to_sign_out() {
    for behavior in [keycloak, with_single_use] {
        let guide = Guide::follow(&example(PAGE), behavior);
        guide.sign_in_and_renew_by_every_way();
        assert!(guide.call().starts_with("access-"));
        for request in guide.authorizations() {
            request.assert_asks_for_a_code();
            request.assert_says(&[("scope", "openid profile email"), ("audience", "")]);
            assert_eq!(request.at, format!("{PROTOCOL}/auth"));
        }
        let id_token = guide.last_id_token();
        guide.sign_out();
        assert_eq!(guide.world.provider.revocations.borrow().len(), 1);
        let logout = guide.logout();
        assert_eq!(logout.at, format!("{PROTOCOL}/logout"));
        logout.assert_says(&[
            ("client_id", "evertoken"),
            ("id_token_hint", &id_token),
            ("post_logout_redirect_uri", REDIRECT_URI),
        ]);
    }
}

#[test]
fn a_refresh_token_that_is_not_rotated_is_used_again() {
    let guide = Guide::follow(&example(PAGE), keycloak);
    guide.sign_in();
    guide.renew_by(RenewalMethodId::RefreshToken);
    guide.renew_by(RenewalMethodId::RefreshToken);
    let sent = guide.world.provider.refresh_tokens_sent();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0], sent[1]);
}

#[test]
fn an_issuer_that_the_metadata_promise_must_come() {
    let guide = Guide::follow(&example(PAGE), without_iss);
    assert_eq!(guide.sign_in_error(), "response.issuer_missing");
}

#[test]
fn an_origin_that_is_not_listed_shows_as_a_refused_token_request() {
    let guide = Guide::follow(&example(PAGE), keycloak);
    let refusal = Fault::TokenEndpoint(403, json!("Invalid origin"));
    guide.world.provider.fail(refusal);
    assert_eq!(guide.sign_in_error(), "token_endpoint.refused");
}
