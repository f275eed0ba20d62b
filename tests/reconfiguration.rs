//! Other settings: another engine takes the old one's place, and the session goes on only where it is still its own.

#![allow(
    clippy::unwrap_used,
    reason = "a world that is not as the test built it fails the test"
)]

mod support;

use std::time::Duration;

use evertoken::message::SessionState;
use evertoken::platform::Record;

use crate::support::{Fault, World};

const RECORDS: [Record; 3] = [Record::Journal, Record::Remembered, Record::Session];

fn settings(client_id: &str, session: &str) -> String {
    format!(
        r#"{{"provider": {{"issuer": "https://provider.test/", "client_id": "{client_id}",
            "renewal": ["refresh_token", "offscreen"], "dpop": true}},
            "apis": [{{"url": "https://api.test/v1/"}}], "session": {session}}}"#
    )
}

const LOCAL: &str = r#"{"storage": "local"}"#;

/// Somebody is signed in, with a refresh token in two records.
fn world() -> World {
    let world = World::with_settings(&settings("client", LOCAL));
    world
        .provider
        .change(|behavior| (behavior.refresh_tokens, behavior.dpop) = (true, true));
    world.run(world.engine.session().sign_in()).unwrap();
    world.settle();
    world
}

/// The refresh token that the session's record holds.
fn refresh_token(world: &World) -> String {
    let record: serde_json::Value = serde_json::from_str(&world.store.record().unwrap()).unwrap();
    let token = &record["state"]["refresh_token"];
    token.as_str().unwrap().to_owned()
}

fn holds(world: &World, text: &str) -> Vec<Record> {
    let holds = |record: &Record| {
        let found = world.store.text(*record);
        found.is_some_and(|found| found.contains(text))
    };
    RECORDS.into_iter().filter(holds).collect()
}

#[test]
fn the_same_provider_and_client_keep_the_session() {
    for session in [LOCAL, r#"{"storage": "local", "clock_tolerance_s": 5}"#] {
        let world = world();
        let before = world.view();
        let world = world.reconfigure(&settings("client", session));
        assert_eq!(world.view(), before);
        assert_eq!(world.call(world.get("/v1/me")).status, 200);
        assert_eq!(world.provider.authorization_count(), 1);
        assert!(world.provider.revocations.borrow().is_empty());
    }
}

#[test]
fn another_client_gets_nothing_of_the_session_and_its_refresh_token_is_revoked_once() {
    let world = world();
    let token = refresh_token(&world);
    assert_eq!(holds(&world, &token), [Record::Remembered, Record::Session]);
    let world = world.reconfigure(&settings("other", LOCAL));
    assert_eq!(world.view().state, SessionState::SignedOut);
    assert_eq!(
        *world.provider.revocations.borrow(),
        std::slice::from_ref(&token)
    );
    assert_eq!(holds(&world, &token), []);
    assert_eq!(holds(&world, "ada"), []);
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    assert_eq!(world.api.tokens(), [None]);
    world.run(world.engine.session().sign_in()).unwrap();
    assert_eq!(
        world.proof_key.made.get(),
        2,
        "the key ended with the session"
    );
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    let back = world.reconfigure(&settings("client", LOCAL));
    assert_eq!(back.view().state, SessionState::SignedOut);
}

#[test]
fn a_provider_that_cannot_be_told_keeps_nobody_from_leaving_it() {
    let world = world();
    world.provider.fail(Fault::Unreachable);
    let world = world.reconfigure(&settings("other", LOCAL));
    assert_eq!(world.view().state, SessionState::SignedOut);
    assert_eq!((holds(&world, "ada"), world.problem()), (Vec::new(), None));
}

#[test]
fn where_the_refresh_token_is_kept_changes_with_the_setting() {
    let world = world();
    let token = refresh_token(&world);
    let world = world.reconfigure(&settings("client", r#"{"storage": "session"}"#));
    assert_eq!(holds(&world, &token), [Record::Session]);
    assert_eq!(holds(&world, "ada"), [Record::Remembered, Record::Session]);
    let world = world.reconfigure(&settings("client", LOCAL));
    assert_eq!(holds(&world, &token), [Record::Remembered, Record::Session]);
}

#[test]
fn what_the_old_engine_was_in_the_middle_of_changes_nothing() {
    let mut world = world();
    let token = refresh_token(&world);
    world.provider.hold_path("/token");
    let old = std::rc::Rc::clone(&world.engine);
    let renewal = world.start(old.session().renew());
    world.api.gate.hold();
    let call = world.start_call(world.get("/v1/me"));
    world = world.reconfigure(&settings(
        "client",
        r#"{"storage": "local", "clock_tolerance_s": 5}"#,
    ));
    assert_eq!(renewal.result().unwrap_err().code(), "session.superseded");
    // The new one tells of itself.
    world.advance(Duration::from_millis(200));
    world.pages.heard.borrow_mut().clear();
    let alarm = world.alarm.0.get();
    world.provider.release_path("/token");
    world.api.gate.release();
    world.advance(Duration::from_secs(2));
    assert!(call.has_ended());
    assert_eq!(refresh_token(&world), token);
    for work in [old.session().renew(), old.session().sign_in()] {
        let ended = world.run(work).map_err(|error| error.code().as_str());
        assert_eq!(ended, Err("session.superseded"));
    }
    world.run(old.alarm_rang());
    assert_eq!(
        world
            .run(old.interceptor().intercept(world.get("/v1/me")))
            .unwrap()
            .status,
        401
    );
    assert_eq!(
        world.api.tokens().pop(),
        Some(None),
        "nothing is sent with a token"
    );
    assert_eq!(world.alarm.0.get(), alarm);
    assert!(world.pages.heard.borrow().is_empty(), "and nobody is told");
    // What was sent and got no answer is doubted, as after a worker's death.
    world.api.revoke_all();
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    assert_eq!(world.provider.refresh_tokens_sent().len(), 1);
}

#[test]
fn other_settings_that_a_stopped_worker_finds_are_the_same_to_it() {
    let world = world();
    let token = refresh_token(&world);
    // As a worker of these settings left it.
    let other = world
        .store
        .record()
        .unwrap()
        .replace(r#""client_id":"client""#, r#""client_id":"older""#);
    world.store.put(&other);
    let world = world.restart();
    world.settle();
    assert_eq!(*world.provider.revocations.borrow(), [token]);
    assert_eq!(world.view().state, SessionState::SignedOut);
}
