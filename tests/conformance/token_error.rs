//! How the token endpoint may refuse (B26).

use std::time::Duration;

use serde_json::{Value, json};

use crate::refusal::{refreshing, refused, refused_at_refresh, renew, sign_in};
use crate::support::{Fault, World};
use crate::token_response::{MALFORMED, refused_everywhere, text};

fn answer(status: u16, body: Value) -> impl Fn(&World) {
    move |world| {
        world
            .provider
            .fail(Fault::TokenEndpoint(status, body.clone()))
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn b26_errors() {
    for (status, body, code) in [
        (
            200,
            json!({"error": "invalid_client"}),
            "token_endpoint.client_refused",
        ),
        (
            400,
            json!({"error": "unauthorized_client"}),
            "token_endpoint.client_refused",
        ),
        (
            401,
            json!({"error": "invalid_client"}),
            "token_endpoint.client_refused",
        ),
        (
            400,
            json!({"error": "invalid_request"}),
            "token_endpoint.refused",
        ),
        (
            400,
            json!({"error": "unheard_of"}),
            "token_endpoint.refused",
        ),
        (
            400,
            json!({"error": "temporarily_unavailable"}),
            "token_endpoint.unavailable",
        ),
        (400, json!({"error": 1}), MALFORMED),
        (400, json!({}), MALFORMED),
        (400, json!("<html></html>"), "token_endpoint.refused"),
        (302, json!({}), MALFORMED),
        (
            429,
            json!({"error": "slow_down"}),
            "token_endpoint.unavailable",
        ),
        (500, json!("<html></html>"), "token_endpoint.unavailable"),
        (
            503,
            json!({"error": "invalid_grant"}),
            "token_endpoint.unavailable",
        ),
    ] {
        let what = format!("{status} {body}");
        refused("code", &what, code, answer(status, body.clone()));
        refused_at_refresh(&what, code, answer(status, body));
    }
    let used_up = json!({"error": "invalid_grant"});
    refused(
        "code",
        "a code",
        "token_endpoint.invalid_grant",
        answer(400, used_up.clone()),
    );
    // Tokens beside an error are not taken.
    refused_everywhere(
        "tokens and an error",
        "token_endpoint.refused",
        text(|good| good.replacen('{', r#"{"error":"x","#, 1)),
    );
    refused_everywhere("tokens with another status", MALFORMED, |world| {
        world
            .provider
            .forge_answer("/token", |answer| answer.status = 201);
    });
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
