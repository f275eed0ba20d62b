//! Auth0: audience, organization, rotation, its own sign-out, posted answers.

use evertoken::platform::SilentCarrier;
use evertoken::settings::RenewalMethodId;
use serde_json::{Value, json};

use crate::guide::{Guide, example};
use crate::support::{Fault, ProviderBehavior, REDIRECT_URI, WEB_MESSAGE_REDIRECT_URI};

const PAGE: &str = include_str!("../../docs/providers/auth0.md");
const TENANT: &str = "https://your-tenant.eu.auth0.com";

/// A tenant whose metadata name no `end_session_endpoint`.
fn old_tenant(behavior: &mut ProviderBehavior) {
    at(behavior, TENANT);
}

fn custom_domain(behavior: &mut ProviderBehavior) {
    at(behavior, "https://login.example.com");
}

fn new_tenant(behavior: &mut ProviderBehavior) {
    old_tenant(behavior);
    behavior.metadata["end_session_endpoint"] = format!("{TENANT}/oidc/logout").into();
}

fn at(behavior: &mut ProviderBehavior, domain: &str) {
    *behavior = ProviderBehavior {
        refresh_tokens: true,
        rotates: true,
        metadata: json!({
            "authorization_endpoint": format!("{domain}/authorize"),
            "token_endpoint": format!("{domain}/oauth/token"),
            "jwks_uri": format!("{domain}/.well-known/jwks.json"),
            "revocation_endpoint": format!("{domain}/oauth/revoke"),
            "mfa_challenge_endpoint": format!("{domain}/mfa/challenge"),
            "end_session_endpoint": null,
            "code_challenge_methods_supported": ["S256", "plain"],
            "id_token_signing_alg_values_supported": ["HS256", "RS256", "PS256"],
        }),
        ..ProviderBehavior::default()
    };
}

fn with(key: &str, value: &str) -> Value {
    let mut settings = example(PAGE);
    settings["provider"][key] = value.into();
    settings
}

#[test]
fn the_example_works_from_sign_in_to_sign_out() {
    let guide = Guide::follow(&example(PAGE), old_tenant);
    guide.sign_in_and_renew_by_every_way();
    for (index, request) in guide.authorizations().iter().enumerate() {
        request.assert_asks_for_a_code();
        request.assert_says(&[
            ("audience", "https://api.example.com/"),
            ("organization", "org_YOURORGANIZATION"),
            ("scope", "openid profile email offline_access"),
            ("prompt", if index == 0 { "" } else { "none" }),
            ("response_mode", ""),
        ]);
        assert_eq!(request.at, format!("{TENANT}/authorize"));
    }
    let code = "authorization_code";
    let refresh = "refresh_token";
    // Sign-in; a refresh; a refusal before the frame; a refusal before the window.
    let grants = [code, refresh, refresh, code, refresh, code];
    assert_eq!(guide.grants(), grants);
    assert!(
        guide.call().starts_with("access-"),
        "the API has an audience"
    );
    guide.sign_out();
    assert_eq!(guide.world.provider.revocations.borrow().len(), 1);
    let logout = guide.logout();
    assert_eq!(logout.at, format!("{TENANT}/v2/logout"));
    logout.assert_says(&[
        ("client_id", "YOUR_CLIENT_ID"),
        ("returnTo", REDIRECT_URI),
        ("id_token_hint", ""),
    ]);
}

#[test]
fn every_refresh_sends_the_token_that_the_last_one_brought() {
    let guide = Guide::follow(&example(PAGE), old_tenant);
    guide.sign_in();
    for _ in 0..3 {
        guide.renew_by(RenewalMethodId::RefreshToken);
    }
    let mut sent = guide.world.provider.refresh_tokens_sent();
    assert_eq!(sent.len(), 3);
    sent.dedup();
    assert_eq!(sent.len(), 3);
    guide.sign_out();
    let revoked = guide.world.provider.revocations.borrow().clone();
    assert!(!sent.contains(&revoked[0]), "the newest one is revoked");
}

#[test]
fn another_organization_signs_nobody_in() {
    let guide = Guide::follow(&example(PAGE), old_tenant);
    guide
        .world
        .provider
        .fail(Fault::Claim("org_id", json!("org_OTHER")));
    assert_eq!(guide.sign_in_error(), "id_token.organization");
}

#[test]
fn an_organization_by_name_comes_back_in_lower_case() {
    let guide = Guide::follow(&with("organization", "Acme"), old_tenant);
    guide
        .world
        .provider
        .fail(Fault::Claim("org_name", json!("acme")));
    guide.sign_in();
}

#[test]
fn without_an_audience_the_api_gets_the_id_token() {
    let mut settings = example(PAGE);
    settings["provider"]["audience"] = Value::Null;
    let guide = Guide::follow(&settings, old_tenant);
    guide.sign_in();
    assert_eq!(guide.call(), guide.last_id_token());
    assert_eq!(guide.authorizations()[0].get("audience"), None);
}

#[test]
fn a_tenant_with_discovery_of_its_sign_out_is_left_by_the_standard() {
    let guide = Guide::follow(&example(PAGE), new_tenant);
    guide.sign_in();
    let id_token = guide.last_id_token();
    guide.sign_out();
    let logout = guide.logout();
    assert_eq!(logout.at, format!("{TENANT}/oidc/logout"));
    logout.assert_says(&[
        ("client_id", "YOUR_CLIENT_ID"),
        ("post_logout_redirect_uri", REDIRECT_URI),
        ("id_token_hint", &id_token),
        ("returnTo", ""),
    ]);
}

#[test]
fn a_custom_domain_is_an_issuer_like_the_tenants_own() {
    let settings = with("issuer", "https://login.example.com/");
    let guide = Guide::follow(&settings, custom_domain);
    guide.sign_in_and_renew_by_every_way();
    guide.sign_out();
    assert_eq!(guide.logout().at, "https://login.example.com/v2/logout");
}

#[test]
fn posted_answers_go_to_the_page_of_the_extension_that_holds_the_frame() {
    let guide = Guide::follow(&with("response_mode", "web_message"), old_tenant);
    guide.sign_in_and_renew_by_every_way();
    let silent = guide.world.provider.silent.borrow();
    let expected = [
        (SilentCarrier::Offscreen, Some(TENANT.to_owned())),
        // Barred, and then asked again by another way.
        (SilentCarrier::Offscreen, Some(TENANT.to_owned())),
        (SilentCarrier::WebAuthFlow, None),
    ];
    let asked = silent.iter();
    let asked: Vec<_> = asked
        .map(|request| (request.carrier, request.web_message_from.clone()))
        .collect();
    assert_eq!(asked, expected);
    // Sign-in, frame, window: the barred request reached nobody.
    let requests = guide.authorizations();
    let modes: Vec<_> = requests
        .iter()
        .map(|request| (request.get("response_mode"), request.get("redirect_uri")))
        .collect();
    let posted = (Some("web_message"), Some(WEB_MESSAGE_REDIRECT_URI));
    let redirected = (None, Some(REDIRECT_URI));
    assert_eq!(modes, [redirected, posted, redirected]);
}
