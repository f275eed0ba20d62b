//! Codes and refresh tokens: what they grant, and when they stop being valid.

use evertoken_provider_core::{Rotation, TokenKind};

use crate::client::{
    OFFLINE, code, exchange, exchange_with, form, provider, refresh, text, tokens,
};

const INVALID_GRANT: Result<serde_json::Value, &str> = Err("invalid_grant");

#[test]
fn a_wrong_verifier_costs_the_code() {
    let mut provider = provider();
    let code = code(&mut provider, &[]);
    assert_eq!(
        exchange_with(&mut provider, &code, "another", &[]),
        INVALID_GRANT
    );
    assert_eq!(exchange(&mut provider, &code, &[]), INVALID_GRANT);
}

#[test]
fn a_code_is_good_for_a_minute() {
    let mut provider = provider();
    let code = code(&mut provider, &[]);
    provider.behavior.clock_offset_ms = 61_000;
    assert_eq!(exchange(&mut provider, &code, &[]), INVALID_GRANT);
}

#[test]
fn a_code_that_comes_twice_costs_the_tokens_it_brought() {
    let mut provider = provider();
    let code = code(&mut provider, &[OFFLINE]);
    let tokens = exchange(&mut provider, &code, &[]).unwrap();
    assert_eq!(exchange(&mut provider, &code, &[]), INVALID_GRANT);
    assert!(provider.has_seen_a_code_twice());
    let access_token = text(&tokens, "access_token");
    assert!(
        provider
            .valid_token(&access_token, Some(TokenKind::AccessToken))
            .is_err()
    );
    assert_eq!(
        refresh(&mut provider, &text(&tokens, "refresh_token"), &[]),
        INVALID_GRANT
    );
}

#[test]
fn a_refresh_token_that_comes_twice_costs_its_whole_grant_and_no_other() {
    let mut provider = provider();
    let other = text(&tokens(&mut provider), "refresh_token");
    let first = text(&tokens(&mut provider), "refresh_token");
    let second = text(
        &refresh(&mut provider, &first, &[]).unwrap(),
        "refresh_token",
    );
    assert_eq!(refresh(&mut provider, &first, &[]), INVALID_GRANT);
    assert!(!provider.accepts_refresh_token(&second));
    assert_eq!(refresh(&mut provider, &second, &[]), INVALID_GRANT);
    assert!(refresh(&mut provider, &other, &[]).is_ok());
}

#[test]
fn a_used_refresh_token_is_good_again_within_its_grace() {
    let mut provider = provider();
    provider.behavior.rotation = Rotation::Grace(60_000);
    let first = text(&tokens(&mut provider), "refresh_token");
    for _ in 0..2 {
        assert!(refresh(&mut provider, &first, &[]).is_ok());
        provider.now_ms += 59_000;
    }
    assert_eq!(refresh(&mut provider, &first, &[]), INVALID_GRANT);
}

#[test]
fn a_scope_may_be_narrowed_for_a_while_and_never_widened() {
    let mut provider = provider();
    let refresh_token = text(&tokens(&mut provider), "refresh_token");
    let mut narrow = |scope, token: &str| {
        let pairs = [
            ("grant_type", "refresh_token"),
            ("scope", scope),
            ("refresh_token", token),
        ];
        provider.exchange(&form(&pairs, &[]))
    };
    assert_eq!(narrow("openid email", &refresh_token), Err("invalid_scope"));
    let tokens = narrow("offline_access", &refresh_token).unwrap();
    assert_eq!(
        (&tokens["scope"], tokens.get("id_token")),
        (&"offline_access".into(), None)
    );
    let tokens = refresh(&mut provider, &text(&tokens, "refresh_token"), &[]).unwrap();
    assert_eq!(tokens["scope"], OFFLINE.1);
}

#[test]
fn what_is_revoked_is_worth_nothing_and_takes_its_access_tokens_along() {
    let mut provider = provider();
    let tokens = tokens(&mut provider);
    let [refresh_token, access_token] =
        ["refresh_token", "access_token"].map(|it| text(&tokens, it));
    let mut revoke = |token: &str| provider.revoke(&form(&[("token", token)], &[]));
    assert_eq!(revoke("unknown"), Ok(false));
    assert_eq!(revoke(""), Err("invalid_request"));
    assert_eq!(revoke(&refresh_token), Ok(true));
    assert!(
        provider
            .valid_token(&access_token, Some(TokenKind::AccessToken))
            .is_err()
    );
    assert_eq!(refresh(&mut provider, &refresh_token, &[]), INVALID_GRANT);
}

#[test]
fn a_token_is_good_for_its_kind_and_its_time_until_it_is_revoked() {
    let mut provider = provider();
    let id_token = text(&tokens(&mut provider), "id_token");
    assert!(
        provider
            .valid_token(&id_token, Some(TokenKind::AccessToken))
            .is_err()
    );
    assert!(
        provider
            .valid_token(&id_token, Some(TokenKind::IdToken))
            .is_ok()
    );
    provider.now_ms += provider.behavior.token_lifetime_ms;
    assert!(
        provider
            .valid_token(&id_token, Some(TokenKind::IdToken))
            .is_err()
    );
    assert_eq!(
        provider.hinted_subject(&id_token),
        Some("ada"),
        "as a hint it is good for ever"
    );
    provider.revoke_all_tokens();
    let newer = text(&tokens(&mut provider), "id_token");
    assert!(
        provider
            .valid_token(&newer, Some(TokenKind::IdToken))
            .is_ok()
    );
    provider.revoke_all_tokens();
    assert!(
        provider
            .valid_token(&newer, Some(TokenKind::IdToken))
            .is_err()
    );
}

#[test]
fn a_client_that_is_another_or_shows_a_secret_is_invalid_and_costs_nothing() {
    let mut provider = provider();
    let refresh_token = text(&tokens(&mut provider), "refresh_token");
    let grant = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.as_str()),
    ];
    for more in [
        ("client_id", ""),
        ("client_id", "other"),
        ("client_secret", "a-secret"),
    ] {
        let refused = provider.exchange(&form(&[&grant[..], &[more]].concat(), &[]));
        assert_eq!(refused, Err("invalid_client"), "{more:?}");
    }
    let mut basic = form(&grant, &[]);
    basic.has_authorization = true;
    assert_eq!(provider.exchange(&basic), Err("invalid_client"));
    provider.behavior.confidential = true;
    assert_eq!(provider.exchange(&form(&grant, &[])), Err("invalid_client"));
    provider.behavior.confidential = false;
    let without = form(&[("grant_type", "refresh_token")], &[]);
    assert_eq!(provider.exchange(&without), Err("invalid_request"));
    let password = form(&[("grant_type", "password")], &[]);
    assert_eq!(provider.exchange(&password), Err("unsupported_grant_type"));
    assert!(provider.exchange(&form(&grant, &[])).is_ok());
}
