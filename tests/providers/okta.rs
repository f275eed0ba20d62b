//! Okta: an issuer with a path, rotation, the token named by the API's entry.

use evertoken::settings::RenewalMethodId;
use serde_json::json;

use crate::guide::{Guide, example};
use crate::support::{ProviderBehavior, REDIRECT_URI};

const PAGE: &str = include_str!("../../docs/providers/okta.md");
const SERVER: &str = "https://your-org.okta.com/oauth2/default";

fn okta(behavior: &mut ProviderBehavior) {
    *behavior = ProviderBehavior {
        refresh_tokens: true,
        rotates: true,
        refresh_brings_id_token: true,
        metadata: json!({
            "authorization_endpoint": format!("{SERVER}/v1/authorize"),
            "token_endpoint": format!("{SERVER}/v1/token"),
            "jwks_uri": format!("{SERVER}/v1/keys"),
            "revocation_endpoint": format!("{SERVER}/v1/revoke"),
            "end_session_endpoint": format!("{SERVER}/v1/logout"),
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }),
        granted_scope: Some("openid profile email offline_access"),
        ..ProviderBehavior::default()
    };
}

fn okta_without_id_token_in_refresh(behavior: &mut ProviderBehavior) {
    okta(behavior);
    behavior.refresh_brings_id_token = false;
}

#[test]
fn the_example_works_from_sign_in_to_sign_out() {
    let guide = Guide::follow(&example(PAGE), okta);
    guide.sign_in_and_renew_by_every_way();
    assert!(guide.call().starts_with("access-"));
    for request in guide.authorizations() {
        request.assert_asks_for_a_code();
        request.assert_says(&[
            ("scope", "openid profile email offline_access"),
            ("audience", ""),
        ]);
        assert_eq!(request.at, format!("{SERVER}/v1/authorize"));
    }
    let fetched = guide.world.provider.fetched_urls.borrow().clone();
    let metadata = format!("{SERVER}/.well-known/openid-configuration");
    assert_eq!(fetched[0].as_str(), metadata);
    let id_token = guide.last_id_token();
    guide.sign_out();
    assert_eq!(guide.world.provider.revocations.borrow().len(), 1);
    let logout = guide.logout();
    assert_eq!(logout.at, format!("{SERVER}/v1/logout"));
    logout.assert_says(&[
        ("id_token_hint", &id_token),
        ("post_logout_redirect_uri", REDIRECT_URI),
        ("client_id", "YOUR_CLIENT_ID"),
    ]);
}

#[test]
fn a_refresh_without_an_id_token_serves_an_api_that_gets_the_access_token() {
    let guide = Guide::follow(&example(PAGE), okta_without_id_token_in_refresh);
    guide.sign_in();
    guide.renew_by(RenewalMethodId::RefreshToken);
}

#[test]
fn a_refresh_without_an_id_token_leads_to_the_next_way_where_an_api_gets_it() {
    let mut settings = example(PAGE);
    settings["apis"][0]["token"] = "id_token".into();
    let guide = Guide::follow(&settings, okta_without_id_token_in_refresh);
    guide.sign_in();
    guide.renew_by(RenewalMethodId::Offscreen);
}
