//! Error responses of the token endpoint (B26).

use std::time::Duration;

use evertoken::message::SessionState;
use serde_json::{Value, json};

use crate::refusal::{
    accepted, refreshing, refused, refused_at_refresh, renew, sign_in, stored_tokens,
};
use crate::support::{Fault, World};
use crate::token_response::text;

fn answer(status: u16, body: Value) -> impl Fn(&World) {
    move |world| {
        world
            .provider
            .fail(Fault::TokenEndpoint(status, body.clone()))
    }
}

const REFUSED: &str = "token_endpoint.refused";
const DEAD: &str = "token_endpoint.refresh_token_refused";
const CLIENT: &str = "token_endpoint.client_refused";
const BUSY: &str = "token_endpoint.unavailable";
const WALL: &str = "token_endpoint.turned_away";

/// Asserts that the refresh token is not sent again, that the tokens stay unchanged, and that the user is asked to sign in.
fn ends_the_refresh_token(what: &str, forge: impl Fn(&World)) {
    let world = refreshing();
    assert_eq!(sign_in(&world), None, "{what}");
    let tokens = stored_tokens(&world);
    forge(&world);
    assert_eq!(renew(&world), Some(DEAD), "{what}");
    assert_eq!(world.view().state, SessionState::SignInNeeded, "{what}");
    assert!(!world.view().refreshable, "{what}");
    assert_eq!(stored_tokens(&world), tokens, "{what}");
    renew(&world);
    assert_eq!(world.provider.refresh_tokens_sent().len(), 1, "{what}");
}

#[test]
fn b26_errors() {
    for (status, body, code) in [
        (200, json!({"error": "invalid_client"}), CLIENT),
        (400, json!({"error": "unauthorized_client"}), CLIENT),
        (401, json!({"error": "invalid_client"}), CLIENT),
        (400, json!({"error": "temporarily_unavailable"}), BUSY),
        (429, json!({"error": "slow_down"}), BUSY),
        (429, json!({"error": "invalid_grant"}), BUSY),
        (500, json!("<html></html>"), BUSY),
        (503, json!({"error": "invalid_grant"}), BUSY),
    ] {
        let what = format!("{status} {body}");
        refused("code", &what, code, answer(status, body.clone()));
        refused_at_refresh(&what, code, answer(status, body));
    }
    let used_up = answer(400, json!({"error": "invalid_grant"}));
    refused("code", "a code", "token_endpoint.invalid_grant", used_up);
    // Tokens in a response with an error are ignored.
    let beside = || text(|good| good.replacen('{', r#"{"error":"x","#, 1));
    refused("code", "tokens and an error", REFUSED, beside());
    ends_the_refresh_token("tokens and an error", beside());
    accepted("code", "tokens with another status of success", |world| {
        world
            .provider
            .forge_answer("/token", |answer| answer.status = 201);
    });
}

/// Providers refuse a code or a refresh token in many ways.
#[test]
fn b26_refusals_by_any_name() {
    for (status, body) in [
        (400, json!({"error": "invalid_request"})),
        (400, json!({"error": "unheard_of"})),
        (401, json!({"error": "invalid_token"})),
        (403, json!({"error": "token_inactive"})),
        (400, json!({"error": 1})),
        (400, json!({"error": {"code": 400, "message": "refused"}})),
        (
            400,
            json!({"code": 400, "error_code": "refresh_token_not_found"}),
        ),
        (401, json!({"message": "Unauthorized"})),
        (400, json!({})),
        (400, json!("")),
        (401, json!("<html></html>")),
        (200, json!({"error": "bad_refresh_token"})),
        (200, json!({"error": {"message": "refused"}})),
    ] {
        let what = format!("{status} {body}");
        refused("code", &what, REFUSED, answer(status, body.clone()));
        ends_the_refresh_token(&what, answer(status, body));
    }
}

/// The refusal of a server in front of a provider, such as a firewall, does not mean that the refresh token is invalid.
#[test]
fn b26_walls() {
    for (status, body) in [
        (
            403,
            json!({"__type": "ForbiddenException", "message": "blocked"}),
        ),
        (403, json!({"message": "Forbidden"})),
        (404, json!({"detail": "Not Found"})),
        (408, json!({})),
        (403, json!("<html></html>")),
        (302, json!({})),
    ] {
        let what = format!("{status} {body}");
        refused("code", &what, REFUSED, answer(status, body.clone()));
        refused_at_refresh(&what, WALL, answer(status, body));
    }
}

#[test]
fn b26_refresh_token_that_is_refused() {
    let world = refreshing();
    assert_eq!(sign_in(&world), None);
    answer(400, json!({"error": "invalid_grant"}))(&world);
    assert_eq!(renew(&world), Some("token_endpoint.refresh_token_refused"));
    world.advance(Duration::from_secs(60));
    assert_eq!(renew(&world), Some("session.no_refresh_token"));
    assert_eq!(world.provider.refresh_tokens_sent().len(), 1, "sent once");
}
