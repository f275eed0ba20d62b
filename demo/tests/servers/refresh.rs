//! Refresh tokens (RFC 6749 section 6, RFC 9700 section 2.2.2).

use std::collections::HashSet;

use crate::client::{
    IMPLICIT, OFFLINE, Servers, VERIFIER, answer, bad_request, claims, error, text,
};
use evertoken_demo::provider::{Fault, Policy, ProviderOptions, TokenOutcome};

#[tokio::test]
async fn only_offline_access_in_the_code_flow_brings_a_refresh_token() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let tokens = servers.tokens(&[]).await;
    assert_eq!(tokens.get("refresh_token"), None);
    assert_eq!(tokens["scope"], "openid profile");
    let tokens = servers.tokens(&[OFFLINE]).await;
    assert!(tokens["refresh_token"].is_string());
    assert_eq!(tokens["scope"], "openid profile offline_access");
    let implicit = [&IMPLICIT[..], &[OFFLINE]].concat();
    let implicit = answer(&servers.authorize(&implicit).await);
    assert!(!implicit.contains_key("refresh_token"));
    assert_eq!(implicit["scope"], "openid profile");
}

#[tokio::test]
async fn a_refresh_brings_new_tokens_of_the_same_sign_in_without_a_nonce() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let first = servers.tokens(&[OFFLINE]).await;
    let refresh_token = text(&first, "refresh_token");
    let (status, second) = servers.refresh(&refresh_token).await;
    assert_eq!(status, 200);
    assert_eq!(
        (
            &second["token_type"],
            &second["expires_in"],
            &second["scope"]
        ),
        (&"Bearer".into(), &300.into(), &first["scope"])
    );
    for token in ["access_token", "id_token", "refresh_token"] {
        assert_ne!(first[token], second[token], "{token}");
    }
    let [first, second] = [first, second].map(|tokens| claims(&text(&tokens, "id_token")));
    for claim in ["iss", "sub", "aud", "auth_time"] {
        assert_eq!(first[claim], second[claim], "{claim}");
    }
    assert_eq!(second.get("nonce"), None);
}

#[tokio::test]
async fn every_refresh_of_a_client_that_rotates_presents_another_token() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let mut refresh_token = servers.refresh_token().await;
    for _ in 0..3 {
        let (_, tokens) = servers.refresh(&refresh_token).await;
        refresh_token = text(&tokens, "refresh_token");
    }
    let requests = servers.provider.token_requests();
    let refreshes: Vec<_> = requests
        .iter()
        .filter(|request| request.is_refresh())
        .collect();
    let marks: HashSet<_> = refreshes
        .iter()
        .map(|request| &request.refresh_token)
        .collect();
    assert_eq!((refreshes.len(), marks.len()), (3, 3));
    assert_eq!(
        requests[0].grant_type.as_deref(),
        Some("authorization_code")
    );
    assert_eq!(requests[0].refresh_token, None);
}

#[tokio::test]
async fn a_refresh_token_that_comes_twice_costs_its_whole_family() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let other_family = servers.refresh_token().await;
    let first = servers.refresh_token().await;
    let (_, tokens) = servers.refresh(&first).await;
    let second = text(&tokens, "refresh_token");
    assert_eq!(
        error(servers.refresh(&first).await),
        bad_request("invalid_grant")
    );
    assert_eq!(
        error(servers.refresh(&second).await),
        bad_request("invalid_grant")
    );
    assert_eq!(servers.refresh(&other_family).await.0, 200);
    let requests = servers.provider.token_requests();
    let [.., used, reused, _, _] = &requests[..] else {
        panic!("four refreshes")
    };
    assert_eq!(used.refresh_token, reused.refresh_token);
    assert_eq!(used.outcome, TokenOutcome::Issued);
    assert_eq!(reused.outcome, TokenOutcome::Refused("invalid_grant"));
}

#[tokio::test]
async fn a_code_that_comes_twice_costs_the_tokens_it_brought() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let answer = servers.sign_in(&[OFFLINE]).await;
    let (_, tokens) = servers.exchange(&answer["code"], VERIFIER).await;
    let again = servers.exchange(&answer["code"], VERIFIER).await;
    assert_eq!(error(again), bad_request("invalid_grant"));
    let refreshed = servers.refresh(&text(&tokens, "refresh_token")).await;
    assert_eq!(error(refreshed), bad_request("invalid_grant"));
}

#[tokio::test]
async fn without_rotation_the_same_token_stays_good() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    servers.provider.set_rotation(false);
    let refresh_token = servers.refresh_token().await;
    for _ in 0..2 {
        let (status, tokens) = servers.refresh(&refresh_token).await;
        assert_eq!((status, tokens.get("refresh_token")), (200, None));
    }
}

#[tokio::test]
async fn a_provider_may_leave_the_id_token_out_of_a_refresh() {
    let mut servers = Servers::start(ProviderOptions {
        policy: Policy {
            refresh_id_token: false,
            ..Policy::default()
        },
        ..ProviderOptions::default()
    })
    .await;
    let refresh_token = servers.refresh_token().await;
    let (_, tokens) = servers.refresh(&refresh_token).await;
    assert_eq!(tokens.get("id_token"), None);
    servers.provider.set_refresh_id_token(true);
    let (_, tokens) = servers.refresh(&text(&tokens, "refresh_token")).await;
    assert!(tokens["id_token"].is_string());
}

#[tokio::test]
async fn a_scope_may_be_narrowed_for_a_while_and_never_widened() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let refresh_token = servers.refresh_token().await;
    let client_id = servers.provider.client_id();
    let form = |scope, refresh_token| {
        [
            ("grant_type", "refresh_token"),
            ("client_id", client_id),
            ("scope", scope),
            ("refresh_token", refresh_token),
        ]
    };
    let wider = servers
        .post("token", &form("openid email", &refresh_token))
        .await;
    assert_eq!(error(wider), bad_request("invalid_scope"));
    let (status, narrow) = servers
        .post("token", &form("profile", &refresh_token))
        .await;
    assert_eq!((status, &narrow["scope"]), (200, &"profile".into()));
    assert_eq!(narrow.get("id_token"), None);
    let (_, tokens) = servers.refresh(&text(&narrow, "refresh_token")).await;
    assert_eq!(tokens["scope"], "openid profile offline_access");
}

#[tokio::test]
async fn revoked_unknown_and_missing_refresh_tokens_are_refused() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let refresh_token = servers.refresh_token().await;
    servers.provider.revoke_refresh_tokens();
    assert_eq!(
        error(servers.refresh(&refresh_token).await),
        bad_request("invalid_grant")
    );
    assert_eq!(
        error(servers.refresh("unknown").await),
        bad_request("invalid_grant")
    );
    let client_id = ("client_id", servers.provider.client_id());
    let without = [("grant_type", "refresh_token"), client_id];
    assert_eq!(
        error(servers.post("token", &without).await),
        bad_request("invalid_request")
    );
    assert_eq!(
        error(servers.post("token", &[client_id]).await),
        bad_request("invalid_request")
    );
    assert_eq!(
        error(
            servers
                .post("token", &[("grant_type", "password"), client_id])
                .await
        ),
        bad_request("unsupported_grant_type")
    );
}

#[tokio::test]
async fn a_client_that_is_another_or_shows_a_secret_is_invalid() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let refresh_token = servers.refresh_token().await;
    let client_id = ("client_id", servers.provider.client_id());
    let grant = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &refresh_token),
    ];
    for more in [
        vec![],
        vec![("client_id", "other")],
        vec![client_id, ("client_secret", "a-secret")],
    ] {
        let refused = servers.post("token", &[&grant[..], &more].concat()).await;
        assert_eq!(
            error(refused),
            (401, "invalid_client".to_owned()),
            "{more:?}"
        );
    }
    let form = [&grant[..], &[client_id]].concat();
    let request = servers
        .posting("token", &form)
        .basic_auth("someone", Some("a-secret"));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert!(response.headers().contains_key("www-authenticate"));
    assert_eq!(
        servers.refresh(&refresh_token).await.0,
        200,
        "it was not used up"
    );
}

#[tokio::test]
async fn a_refusal_of_refreshes_leaves_codes_and_the_refresh_token_alone() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let refresh_token = servers.refresh_token().await;
    servers
        .provider
        .set_fault(Fault::RefuseRefresh("temporarily_unavailable"));
    assert_eq!(
        error(servers.refresh(&refresh_token).await),
        bad_request("temporarily_unavailable")
    );
    servers.tokens(&[]).await;
    servers.provider.clear_fault();
    assert_eq!(servers.refresh(&refresh_token).await.0, 200);
}

#[tokio::test]
async fn a_held_answer_has_used_the_refresh_token_up() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let refresh_token = servers.refresh_token().await;
    servers.provider.set_fault(Fault::HoldTokens);
    let seen = servers.provider.wait_for_token_answers(2);
    tokio::select! {
        _ = servers.refresh(&refresh_token) => panic!("the answer was held"),
        seen = seen => seen.unwrap(),
    }
    servers.provider.clear_fault();
    assert_eq!(
        error(servers.refresh(&refresh_token).await),
        bad_request("invalid_grant")
    );
}
