//! Whose token a call bears: that of the user who was signed in when it was made, or none.

#![allow(
    clippy::unwrap_used,
    reason = "a world that is not as the test built it fails the test"
)]

mod support;

use evertoken::session::cached_answers::HttpCache;
use serde_json::json;

use crate::support::{CLIENT_ID, Call, Fault, ISSUER, Outcome, Started, World, payload};

type InFlight = Started<Result<Outcome, &'static str>>;

fn settings(api: &str) -> String {
    let settings = json!({
        "provider": {"issuer": ISSUER, "client_id": CLIENT_ID, "renewal": ["offscreen"]},
        "apis": [{"url": "https://api.test/v1/"}],
    });
    let api: serde_json::Value = serde_json::from_str(api).unwrap();
    let mut settings = settings;
    for (name, value) in api.as_object().unwrap() {
        settings["apis"][0][name] = value.clone();
    }
    settings.to_string()
}

/// Ada is signed in.
fn ada() -> World {
    let world = World::with_settings(&settings("{}"));
    sign_in_as(&world, "ada");
    world
}

fn sign_in_as(world: &World, user: &str) {
    *world.provider.subject.borrow_mut() = user.to_owned();
    world.run(world.engine.session().sign_in()).unwrap();
    world.settle();
}

fn sign_out(world: &World) {
    world.run(world.engine.session().sign_out()).unwrap();
    world.settle();
}

fn post(world: &World) -> Call {
    world.get("/v1/orders").with_method("POST")
}

/// A POST that is on its way to the API while the test goes on.
fn in_flight(world: &World) -> InFlight {
    world.api.gate.hold();
    world.start_call(post(world))
}

/// The users whose tokens the API was sent, in order; empty where there was none.
fn sent_as(world: &World) -> Vec<String> {
    let user = |token: &String| payload(token)["sub"].as_str().unwrap().to_owned();
    let tokens = world.api.tokens();
    let users = tokens.iter().map(|token| token.as_ref().map(user));
    users.map(Option::unwrap_or_default).collect()
}

#[test]
fn a_call_is_not_sent_again_as_the_user_who_signed_in_meanwhile() {
    let world = ada();
    world.api.revoke_all();
    let hers = in_flight(&world);
    sign_in_as(&world, "bob");
    world.api.gate.release();
    world.settle();
    assert_eq!(hers.result().unwrap().status, 401);
    assert_eq!(sent_as(&world), ["ada"]);
    // It says nothing of his token, and costs him no renewal.
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    assert_eq!(sent_as(&world), ["ada", "bob"]);
    assert_eq!(world.provider.authorization_count(), 2);
}

#[test]
fn a_call_from_before_a_sign_out_is_sent_again_as_nobody() {
    for next in ["bob", "ada"] {
        let world = ada();
        world.api.revoke_all();
        let hers = in_flight(&world);
        sign_out(&world);
        sign_in_as(&world, next);
        world.api.gate.release();
        world.settle();
        assert_eq!(hers.result().unwrap().status, 401, "{next}");
        assert_eq!(sent_as(&world), ["ada"], "{next}");
    }
}

#[test]
fn a_call_whose_renewal_is_overtaken_by_a_sign_out_is_not_sent_again() {
    let world = ada();
    world.api.revoke_all();
    world.provider.hold_path("/token");
    let hers = world.start_call(post(&world));
    assert!(!hers.has_ended(), "it waits for the renewal");
    sign_out(&world);
    world.provider.release_path("/token");
    sign_in_as(&world, "bob");
    assert_eq!(hers.result().unwrap().status, 401);
    assert_eq!(sent_as(&world), ["ada"]);
}

#[test]
fn a_call_that_was_not_sent_yet_goes_without_the_token_of_the_next_user() {
    let world = ada();
    world.api.gate.hold();
    // As many as the dispatch window holds, and one more.
    let calls: Vec<_> = (0..65).map(|_| world.start_call(post(&world))).collect();
    assert_eq!(sent_as(&world), ["ada"; 64]);
    sign_in_as(&world, "bob");
    world.api.gate.release();
    world.settle();
    assert!(calls.iter().all(Started::has_ended));
    let mut expected = vec!["ada"; 64];
    expected.push("");
    assert_eq!(sent_as(&world), expected);
    assert_eq!(calls[64].result().unwrap().status, 401);
}

#[test]
fn a_call_that_was_not_sent_yet_gets_no_answer_that_was_stored_for_the_next_user() {
    let world = ada();
    world.api.gate.hold();
    let calls: Vec<_> = (0..65)
        .map(|_| world.start_call(world.get("/v1/me")))
        .collect();
    sign_in_as(&world, "bob");
    world.api.gate.release();
    world.settle();
    assert!(calls.iter().all(Started::has_ended));
    assert_eq!(world.api.caches.borrow()[64], HttpCache::Bypassed);
}

#[test]
fn a_call_goes_on_when_its_own_user_signs_in_again() {
    let world = ada();
    world.api.revoke_all();
    world.provider.fail(Fault::Authorization("login_required"));
    assert_eq!(world.call(post(&world)).status, 401);
    let hers = in_flight(&world);
    world.provider.mend();
    sign_in_as(&world, "ada");
    world.api.gate.release();
    world.settle();
    assert_eq!(hers.result().unwrap().status, 200);
    assert_eq!(sent_as(&world), ["ada", "", "ada"]);
}

#[test]
fn a_call_of_nobody_goes_on_with_whoever_signs_in() {
    let world = World::with_settings(&settings("{}"));
    let call = in_flight(&world);
    sign_in_as(&world, "bob");
    world.api.gate.release();
    world.settle();
    assert_eq!(call.result().unwrap().status, 200);
    assert_eq!(sent_as(&world), ["", "bob"]);
}

#[test]
fn a_call_that_waits_for_its_user_does_not_go_on_with_another() {
    let world = World::with_settings(&settings(r#"{"wait_for_sign_in_s": 30}"#));
    sign_in_as(&world, "ada");
    world.api.revoke_all();
    world.provider.fail(Fault::Authorization("login_required"));
    let hers = world.start_call(world.get("/v1/me"));
    assert!(!hers.has_ended(), "it waits for her");
    world.provider.mend();
    sign_in_as(&world, "bob");
    assert_eq!(hers.result().unwrap().status, 401);
    assert_eq!(sent_as(&world), ["ada"]);
}

#[test]
fn a_call_that_lacks_a_nonce_is_not_sent_again_for_another_user() {
    let settings = json!({
        "provider": {"issuer": ISSUER, "client_id": CLIENT_ID, "renewal": ["offscreen"], "dpop": true},
        "apis": [{"url": "https://api.test/v1/", "token": "access_token"}],
    });
    let world = World::with_settings(&settings.to_string());
    world.provider.change(|behavior| behavior.dpop = true);
    sign_in_as(&world, "ada");
    world.api.dpop_nonce.set(Some("nonce-1"));
    let hers = in_flight(&world);
    sign_in_as(&world, "bob");
    world.api.gate.release();
    world.settle();
    assert_eq!(hers.result().unwrap().status, 401);
    assert_eq!(world.api.statuses(), [401]);
}
