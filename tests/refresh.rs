//! Renewal by the refresh token: rotation, what a refresh may change, and what drops the token.

#![allow(
    clippy::unwrap_used,
    reason = "a world that is not as the test built it fails the test"
)]

mod support;

use std::time::Duration;

use evertoken::message::{ActivityEvent, PageRequest, SessionState, WorkerReply};
use evertoken::settings::RenewalMethodId;
use serde_json::{Value, json};

use crate::support::{Fault, World};

/// Somebody is signed in, with a refresh token; the iframe is the second rung.
fn world() -> World {
    let world = unsigned();
    world.run(world.engine.session().sign_in()).unwrap();
    world
}

fn unsigned() -> World {
    let world = World::with_settings(
        r#"{"provider": {"issuer": "https://provider.test/", "client_id": "client",
            "renewal": ["refresh_token", "offscreen"]}, "apis": [{"url": "https://api.test/v1/"}]}"#,
    );
    world
        .provider
        .change(|behavior| behavior.refresh_tokens = true);
    world
}

fn renew(world: &World) -> Result<(), &'static str> {
    let outcome = world.run(world.engine.session().renew());
    outcome.map_err(|error| error.code().as_str())
}

fn method(world: &World) -> Option<RenewalMethodId> {
    world.view().last_renewal.map(|last| last.method)
}

fn stored(world: &World, name: &str) -> Value {
    let record: Value = serde_json::from_str(&world.store.record().unwrap()).unwrap();
    record["state"][name].clone()
}

#[test]
fn a_refresh_needs_no_authorization_and_stores_the_token_that_replaces_the_one_it_used() {
    let world = world();
    let first = stored(&world, "refresh_token");
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(method(&world), Some(RenewalMethodId::RefreshToken));
    assert_eq!(world.provider.authorization_count(), 1);
    let second = stored(&world, "refresh_token");
    assert_ne!(first, second);
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(
        json!(world.provider.refresh_tokens_sent()),
        json!([first, second])
    );
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
}

#[test]
fn a_provider_that_does_not_rotate_gets_the_same_token_again() {
    let world = world();
    world.provider.change(|behavior| behavior.rotates = false);
    assert_eq!((renew(&world), renew(&world)), (Ok(()), Ok(())));
    let sent = world.provider.refresh_tokens_sent();
    assert_eq!(sent[0], sent[1]);
}

#[test]
fn the_replacement_is_stored_before_anything_that_came_with_it_is_used() {
    let world = world();
    let first = stored(&world, "refresh_token");
    let generation = stored(&world, "generation");
    world.provider.hold_path("/token");
    let renewal = world.start(world.engine.session().renew());
    // The keys must be fetched anew before the id_token can be judged, and they do not come.
    world.clock.advance(Duration::from_secs(700));
    world.provider.fail(Fault::Path("/jwks", 404, json!({})));
    world.provider.release_path("/token");
    world.settle();
    assert!(renewal.result().is_err());
    assert_ne!(stored(&world, "refresh_token"), first);
    assert_eq!(stored(&world, "generation"), generation);
    world.provider.mend();
    world.advance(Duration::from_secs(40));
    assert_eq!(renew(&world), Ok(()));
    let sent = world.provider.refresh_tokens_sent();
    assert_ne!(sent[0], sent[1], "what was used is not sent again");
}

#[test]
fn a_refresh_token_that_is_refused_is_dropped_and_the_next_rung_renews() {
    let world = world();
    world.provider.revoke_refresh_tokens();
    world
        .provider
        .change(|behavior| behavior.refresh_tokens = false);
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(method(&world), Some(RenewalMethodId::Offscreen));
    assert_eq!(stored(&world, "refresh_token"), Value::Null);
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(world.provider.refresh_tokens_sent().len(), 1);
}

#[test]
fn a_silent_authorization_brings_a_refresh_token_back() {
    let world = world();
    world.provider.revoke_refresh_tokens();
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(method(&world), Some(RenewalMethodId::Offscreen));
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(method(&world), Some(RenewalMethodId::RefreshToken));
}

#[test]
fn a_refused_refresh_token_asks_for_a_sign_in_where_the_provider_says_so_too() {
    let world = world();
    world.provider.revoke_refresh_tokens();
    world.provider.fail(Fault::Authorization("login_required"));
    assert_eq!(renew(&world), Err("authorization.login_required"));
    assert_eq!(world.view().state, SessionState::SignInNeeded);
}

#[test]
fn a_provider_in_trouble_costs_no_refresh_token() {
    use RenewalMethodId::{Offscreen, RefreshToken};
    for (fault, then) in [
        (Fault::TokenEndpoint(503, json!({})), RefreshToken),
        (Fault::TokenEndpoint(429, json!({})), RefreshToken),
        (
            Fault::TokenEndpoint(400, json!({"error": "temporarily_unavailable"})),
            RefreshToken,
        ),
        (
            Fault::TokenEndpoint(200, json!("<html>Welcome to this network</html>")),
            RefreshToken,
        ),
        // Whether it arrived, and was replaced, nobody knows: the other way comes first.
        (Fault::Silent("/token"), Offscreen),
        (Fault::Unreachable, Offscreen),
    ] {
        let world = world();
        let before = stored(&world, "refresh_token");
        world.provider.fail(fault.clone());
        assert!(renew(&world).is_err(), "{fault:?}");
        assert_eq!(stored(&world, "refresh_token"), before, "{fault:?}");
        assert_eq!(world.view().state, SessionState::SignedIn, "{fault:?}");
        world.provider.mend();
        assert_eq!(renew(&world), Ok(()), "{fault:?}");
        assert_eq!(method(&world), Some(then), "{fault:?}");
        assert_eq!(renew(&world), Ok(()), "{fault:?}");
        assert_eq!(method(&world), Some(RefreshToken), "{fault:?}");
    }
}

#[test]
fn a_client_that_may_not_refresh_falls_back_and_does_not_ask_again() {
    let world = world();
    let refusal = json!({"error": "unauthorized_client"});
    world
        .provider
        .fail(Fault::TokenRefusal("refresh_token", 400, refusal));
    assert_eq!((renew(&world), renew(&world)), (Ok(()), Ok(())));
    assert_eq!(method(&world), Some(RenewalMethodId::Offscreen));
    assert_eq!(world.provider.refresh_tokens_sent().len(), 1);
}

#[test]
fn a_refresh_that_wants_the_user_first_falls_back_and_asks_where_nothing_else_is_left() {
    let world = world();
    let refusal = json!({"error": "interaction_required"});
    world
        .provider
        .fail(Fault::TokenRefusal("refresh_token", 400, refusal));
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(method(&world), Some(RenewalMethodId::Offscreen));
    let alone = World::with_settings(
        r#"{"provider": {"issuer": "https://provider.test/", "client_id": "client",
            "renewal": ["refresh_token"]}}"#,
    );
    alone
        .provider
        .change(|behavior| behavior.refresh_tokens = true);
    alone.run(alone.engine.session().sign_in()).unwrap();
    let refusal = json!({"error": "interaction_required"});
    alone.provider.fail(Fault::TokenEndpoint(400, refusal));
    assert_eq!(renew(&alone), Err("token_endpoint.interaction_required"));
    assert_eq!(alone.view().state, SessionState::SignInNeeded);
    assert_eq!(stored(&alone, "refresh_token"), Value::Null);
}

#[test]
fn a_wall_in_front_of_the_provider_costs_no_refresh_token_and_the_next_way_is_tried() {
    let world = world();
    let page = json!("Request not allowed");
    world
        .provider
        .fail(Fault::TokenRefusal("refresh_token", 403, page));
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(method(&world), Some(RenewalMethodId::Offscreen));
    assert_ne!(stored(&world, "refresh_token"), Value::Null);
}

#[test]
fn a_refresh_without_an_id_token_serves_only_apis_that_want_none() {
    let world = world();
    world
        .provider
        .change(|behavior| behavior.refresh_brings_id_token = false);
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(
        method(&world),
        Some(RenewalMethodId::Offscreen),
        "the API wants the id_token"
    );
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(
        world.provider.refresh_tokens_sent().len(),
        1,
        "it is not asked again"
    );

    let world = World::with_settings(
        r#"{"provider": {"issuer": "https://provider.test/", "client_id": "client"},
            "apis": [{"url": "https://api.test/v1/", "token": "access_token"}]}"#,
    );
    world.provider.change(|behavior| {
        behavior.refresh_tokens = true;
        behavior.refresh_brings_id_token = false;
    });
    world.run(world.engine.session().sign_in()).unwrap();
    let before = world.view().identity;
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(method(&world), Some(RenewalMethodId::RefreshToken));
    assert_eq!(world.view().identity, before);
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
}

#[test]
fn a_refreshed_id_token_must_go_on_with_the_original() {
    // What a refresh may not change, a new authorization may: `true`.
    for (claim, value, code, may_be_new) in [
        (
            "iss",
            json!("https://provider.test/1"),
            "id_token.iss",
            false,
        ),
        ("aud", json!("client1"), "id_token.aud", false),
        ("azp", json!("client"), "id_token.azp", true),
        (
            "auth_time",
            json!(1_800_000_001),
            "id_token.auth_time",
            true,
        ),
        ("nonce", json!("another"), "id_token.nonce", false),
        ("sub", json!(null), "id_token.claims", false),
    ] {
        let world = world();
        let before = (stored(&world, "tokens"), stored(&world, "identity"));
        world.provider.fail(Fault::Claim(claim, value));
        let outcome = renew(&world);
        assert_eq!(world.view().state, SessionState::SignedIn, "{claim}");
        assert_eq!(
            world.provider.authorization_count(),
            2,
            "{claim}: asked anew"
        );
        if may_be_new {
            assert_eq!(
                (outcome, method(&world)),
                (Ok(()), Some(RenewalMethodId::Offscreen))
            );
        } else {
            assert_eq!(outcome, Err(code));
            let now = (stored(&world, "tokens"), stored(&world, "identity"));
            assert_eq!(now, before, "{claim}");
        }
        assert_eq!(first_failure(&world), code, "{claim}");
    }
}

/// Why the first method of the last renewal brought nothing.
fn first_failure(world: &World) -> String {
    let reply = world.run(world.engine.answer(PageRequest::Activity { after: 0 }));
    let WorkerReply::Activity(entries) = reply else {
        panic!("{reply:?}")
    };
    match &entries.last().unwrap().event {
        ActivityEvent::Renewed { failed, .. } => failed[0].problem.code.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn another_user_in_a_refresh_ends_the_session() {
    let world = world();
    *world.provider.subject.borrow_mut() = "grace".to_owned();
    assert_eq!(renew(&world), Err("id_token.sub"));
    assert_eq!(world.view().state, SessionState::SignInNeeded);
    for name in ["tokens", "refresh_token", "identity", "original"] {
        assert_eq!(stored(&world, name), Value::Null, "{name}");
    }
}

#[test]
fn a_refresh_token_that_no_rung_would_use_is_not_kept() {
    let world = World::new("code");
    world
        .provider
        .change(|behavior| behavior.refresh_tokens = true);
    world.run(world.engine.session().sign_in()).unwrap();
    assert_eq!(stored(&world, "refresh_token"), Value::Null);
}

#[test]
fn a_rung_that_is_skipped_is_told_with_its_reason() {
    let world = unsigned();
    world
        .provider
        .change(|behavior| behavior.refresh_tokens = false);
    world.run(world.engine.session().sign_in()).unwrap();
    assert_eq!(renew(&world), Ok(()));
    let reply = world.run(world.engine.answer(PageRequest::Activity { after: 0 }));
    let WorkerReply::Activity(entries) = reply else {
        panic!("no activity")
    };
    let failed = entries.into_iter().find_map(|entry| match entry.event {
        ActivityEvent::Renewed { failed, .. } => Some(failed),
        _ => None,
    });
    let failed = failed.unwrap();
    assert_eq!(failed.len(), 1);
    assert!(failed[0].skipped && failed[0].method == RenewalMethodId::RefreshToken);
    assert_eq!(failed[0].problem.code, "session.no_refresh_token");
}

#[test]
fn many_who_want_a_renewal_at_once_send_the_refresh_token_once() {
    let world = world();
    world.api.revoke_all();
    world.provider.hold_path("/token");
    let calls: Vec<_> = (0..10)
        .map(|_| world.start_call(world.get("/v1/me")))
        .collect();
    let by_hand = world.start(world.engine.session().renew());
    let engine = std::rc::Rc::clone(&world.engine);
    let alarm = world.start(async move { engine.alarm_rang().await });
    world.provider.release_path("/token");
    world.settle();
    assert!(
        calls
            .iter()
            .all(|call| call.result().unwrap().status == 200)
    );
    assert!(by_hand.result().is_ok() && alarm.has_ended());
    assert_eq!(world.provider.refresh_tokens_sent().len(), 1);
}

#[test]
fn a_stopped_worker_goes_on_with_the_refresh_token() {
    let world = world().restart();
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(method(&world), Some(RenewalMethodId::RefreshToken));
}
