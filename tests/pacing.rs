//! Renewals that fail, or that help nothing: how often the provider is asked.

#![allow(
    clippy::unwrap_used,
    reason = "a world that is not as the test built it fails the test"
)]

mod support;

use std::time::Duration;

use evertoken::message::SessionState;
use evertoken::platform::{SilentCarrier, UserAgentError};
use serde_json::json;

use crate::support::{Fault, World};

fn call(world: &World) -> u16 {
    world.call(world.get("/v1/me")).status
}

#[test]
fn a_provider_that_is_down_is_not_asked_by_every_call() {
    let world = World::signed_in("code");
    world.api.revoke_all();
    world
        .provider
        .fail(Fault::Authorization("temporarily_unavailable"));
    for _ in 0..20 {
        assert_eq!(call(&world), 401);
    }
    assert_eq!(
        world.provider.authorization_count(),
        2,
        "sign-in, and one attempt"
    );
    assert_eq!(world.view().state, SessionState::SignedIn);
    world.advance(Duration::from_secs(2));
    assert_eq!(call(&world), 401);
    assert_eq!(world.provider.authorization_count(), 3);
    world.provider.mend();
    world.advance(Duration::from_secs(4));
    assert_eq!(call(&world), 200);
}

#[test]
fn the_user_need_not_wait_for_a_pause_to_end() {
    let world = World::signed_in("code");
    world
        .provider
        .fail(Fault::Authorization("temporarily_unavailable"));
    assert!(world.run(world.engine.session().renew()).is_err());
    world.provider.mend();
    assert!(world.run(world.engine.session().renew()).is_ok());
}

#[test]
fn a_provider_that_names_a_time_is_left_alone_until_then() {
    let world = World::signed_in("code");
    world.api.revoke_all();
    world.provider.fail(Fault::TokenEndpoint(503, json!({})));
    world
        .provider
        .retry_after
        .set(Some(Duration::from_secs(90)));
    assert_eq!(call(&world), 401);
    world.provider.mend();
    world.provider.retry_after.set(None);
    world.advance(Duration::from_secs(89));
    assert_eq!(call(&world), 401);
    assert_eq!(world.provider.authorization_count(), 2);
    world.advance(Duration::from_secs(1));
    assert_eq!(call(&world), 200);
}

#[test]
fn an_api_that_refuses_everything_opens_the_breaker() {
    let world = World::with_settings(
        r#"{"provider": {"issuer": "https://provider.test/", "client_id": "client"},
            "apis": [{"url": "https://api.test/v1/"}]}"#,
    );
    world.run(world.engine.session().sign_in()).unwrap();
    for _ in 0..50 {
        world.api.revoke_all();
        call(&world);
        world.advance(Duration::from_millis(500));
    }
    let renewals = world.provider.authorization_count() - 1;
    assert_eq!(renewals, 10);
    world.advance(Duration::from_secs(31));
    assert_eq!(call(&world), 200);
}

#[test]
fn calls_share_the_renewal_that_opens_the_breaker() {
    let world = World::signed_in("code");
    for _ in 0..9 {
        world.api.revoke_all();
        assert_eq!(call(&world), 200);
    }
    world.api.revoke_all();
    world.api.gate.hold();
    let calls: Vec<_> = (0..10)
        .map(|_| world.start_call(world.get("/v1/me")))
        .collect();
    world.provider.gate.hold();
    world.api.gate.release();
    world.settle();
    world.provider.gate.release();
    world.settle();
    let statuses = calls.iter().map(|call| call.result().unwrap().status);
    assert_eq!(statuses.collect::<Vec<_>>(), [200; 10]);
    world.api.revoke_all();
    assert_eq!(call(&world), 401, "the breaker is open");
}

#[test]
fn a_renewal_that_brings_nothing_new_is_a_failure_and_no_loop() {
    for (lifetime, token) in [(0, "id_token"), (3600, "access_token")] {
        let world = World::with_settings(&format!(
            r#"{{"provider": {{"issuer": "https://provider.test/", "client_id": "client",
                "renewal": ["offscreen"]}},
                "apis": [{{"url": "https://api.test/v1/", "token": "{token}"}}]}}"#
        ));
        world.run(world.engine.session().sign_in()).unwrap();
        world.api.revoke_all();
        world.provider.lifetime.set(Duration::from_secs(lifetime));
        world.provider.repeats_tokens.set(lifetime > 0);
        for _ in 0..5 {
            assert_eq!(call(&world), 401);
        }
        assert_eq!(world.provider.authorization_count(), 2);
        assert_eq!(world.problem().as_deref(), Some("session.nothing_new"));
        assert_eq!(world.view().state, SessionState::SignedIn);
    }
}

#[test]
fn a_permission_that_is_given_back_ends_the_problem_and_the_wait() {
    let world = World::signed_in("code");
    world.api.revoke_all();
    let refused = UserAgentError::NotPermitted;
    world
        .provider
        .fail(Fault::Engine(SilentCarrier::Offscreen, refused));
    // More than open the breaker.
    for _ in 0..12 {
        assert_eq!(call(&world), 401);
    }
    assert_eq!(world.problem().as_deref(), Some("user_agent.not_permitted"));
    world.provider.mend();
    assert_eq!(call(&world), 401, "the breaker is open");
    world.engine.permission_added();
    assert_eq!(world.problem(), None);
    assert_eq!(call(&world), 200);
}

#[test]
fn a_permission_that_is_given_mends_nothing_else() {
    let world = World::signed_in("code");
    world.api.revoke_all();
    world
        .provider
        .fail(Fault::Authorization("temporarily_unavailable"));
    assert_eq!(call(&world), 401);
    let problem = world.problem();
    world.engine.permission_added();
    assert_eq!(world.problem(), problem);
    assert_eq!(call(&world), 401);
    assert_eq!(
        world.provider.authorization_count(),
        2,
        "the pause still holds"
    );
}
