//! Entra ID: endpoints beside the issuer's path, answers in the fragment, no `at_hash`, no revocation.

use evertoken::settings::RenewalMethodId;
use serde_json::{Value, json};

use crate::guide::{Guide, example};
use crate::support::{Fault, ProviderBehavior, REDIRECT_URI};

const PAGE: &str = include_str!("../../docs/providers/entra-id.md");
const TENANT: &str = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555";

fn entra(behavior: &mut ProviderBehavior) {
    *behavior = ProviderBehavior {
        refresh_tokens: true,
        rotates: true,
        metadata: json!({
            "authorization_endpoint": format!("{TENANT}/oauth2/v2.0/authorize"),
            "token_endpoint": format!("{TENANT}/oauth2/v2.0/token"),
            "jwks_uri": format!("{TENANT}/discovery/v2.0/keys"),
            "end_session_endpoint": format!("{TENANT}/oauth2/v2.0/logout"),
            "id_token_signing_alg_values_supported": ["RS256"],
            "revocation_endpoint": null,
            "pushed_authorization_request_endpoint": null,
            "authorization_response_iss_parameter_supported": null,
        }),
        ..ProviderBehavior::default()
    };
}

/// The metadata of `common` name no tenant.
fn common(behavior: &mut ProviderBehavior) {
    entra(behavior);
    behavior.metadata["issuer"] = "https://login.microsoftonline.com/{tenantid}/v2.0".into();
}

fn follow() -> Guide {
    let guide = Guide::follow(&example(PAGE), entra);
    guide
        .world
        .provider
        .fail(Fault::Claim("at_hash", Value::Null));
    guide
}

#[test]
fn the_example_works_from_sign_in_to_sign_out() {
    let guide = follow();
    guide.sign_in_and_renew_by_every_way();
    assert!(guide.call().starts_with("access-"));
    for request in guide.authorizations() {
        request.assert_asks_for_a_code();
        request.assert_says(&[
            ("response_mode", "fragment"),
            (
                "scope",
                "openid profile email offline_access api://YOUR_API_ID/access",
            ),
            ("audience", ""),
        ]);
        assert_eq!(request.at, format!("{TENANT}/oauth2/v2.0/authorize"));
    }
    let id_token = guide.last_id_token();
    guide.sign_out();
    assert!(guide.world.provider.revocations.borrow().is_empty());
    let logout = guide.logout();
    assert_eq!(logout.at, format!("{TENANT}/oauth2/v2.0/logout"));
    logout.assert_says(&[
        ("post_logout_redirect_uri", REDIRECT_URI),
        ("id_token_hint", &id_token),
    ]);
}

#[test]
fn a_refresh_token_that_ended_after_a_day_is_replaced_by_the_frame() {
    let guide = follow();
    guide.sign_in();
    guide.renew_by(RenewalMethodId::Offscreen);
    guide.renew_by(RenewalMethodId::RefreshToken);
    let sent = guide.world.provider.refresh_tokens_sent();
    assert_eq!(sent.len(), 2);
    assert_ne!(sent[0], sent[1]);
}

#[test]
fn an_issuer_that_names_no_tenant_is_refused() {
    let mut settings = example(PAGE);
    settings["provider"]["issuer"] = "https://login.microsoftonline.com/common/v2.0".into();
    let guide = Guide::follow(&settings, common);
    assert_eq!(guide.sign_in_error(), "metadata.issuer_mismatch");
}

#[test]
fn a_redirect_uri_of_another_platform_shows_as_a_refused_token_request() {
    let guide = follow();
    let answer = json!({"error": "invalid_request", "error_codes": [9_002_326]});
    guide.world.provider.fail(Fault::TokenEndpoint(400, answer));
    assert_eq!(guide.sign_in_error(), "token_endpoint.refused");
}
