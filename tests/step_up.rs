//! Step-up authentication (RFC 9470): what an API asks for becomes an offer, and the next sign-in.

#![allow(
    clippy::unwrap_used,
    reason = "a world that is not as the test built it fails the test"
)]

mod support;

use std::time::Duration;

use evertoken::message::{Broadcast, SessionState};
use serde_json::{Value, json};

use crate::support::{CLIENT_ID, Fault, ISSUER, World, payload};

const CHALLENGE: &str =
    r#"Bearer error="insufficient_user_authentication", acr_values="mfa phr", max_age="60""#;

/// Ada is signed in, and the API wants more than that.
fn asked_by(challenge: &'static str, provider: &Value) -> World {
    let mut settings = json!({
        "provider": {"issuer": ISSUER, "client_id": CLIENT_ID, "renewal": ["offscreen"]},
        "apis": [{"url": "https://api.test/v1/"},
            {"url": "https://api.test/patient/", "wait_for_sign_in_s": 30}],
    });
    for (name, value) in provider.as_object().into_iter().flatten() {
        settings["provider"][name] = value.clone();
    }
    let world = World::with_settings(&settings.to_string());
    world.run(world.engine.session().sign_in()).unwrap();
    *world.api.challenge.borrow_mut() = Some(challenge);
    world.api.revoke_all();
    world
}

/// The same, and a call made the offer.
fn offered() -> World {
    let world = asked_by(CHALLENGE, &Value::Null);
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    world.settle();
    assert!(world.view().step_up);
    world
}

fn sign_in(world: &World) -> Option<&'static str> {
    let outcome = world.run(world.engine.session().sign_in());
    world.settle();
    outcome.err().map(|error| error.code().as_str())
}

/// A parameter of the last authorization request.
fn asked_for(world: &World, name: &str) -> Option<String> {
    let authorizations = world.provider.authorizations.borrow();
    let (_, value) = authorizations
        .last()?
        .query_pairs()
        .find(|(one, _)| one == name)?;
    Some(value.into_owned())
}

/// The user has just authenticated, and the id_token says that it was so.
fn authenticates(world: &World, acr: &'static str) {
    let now = world.clock.started().0 / 1000;
    world.provider.forge_claims(move |claims| {
        claims["acr"] = acr.into();
        claims["auth_time"] = now.into();
    });
}

#[test]
fn the_401_is_handed_over_without_a_renewal_and_makes_an_offer() {
    let world = asked_by(CHALLENGE, &Value::Null);
    assert!(!world.view().step_up);
    world.advance(Duration::from_millis(100));
    world.pages.heard.borrow_mut().clear();
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    world.settle();
    assert_eq!(world.api.statuses(), [401]);
    assert_eq!(world.provider.authorization_count(), 1, "the sign-in");
    let view = world.view();
    assert!(view.step_up);
    assert_eq!((view.state, view.problem), (SessionState::SignedIn, None));
    world.advance(Duration::from_millis(100));
    assert!(world.pages.heard.borrow().last().unwrap().step_up);
}

#[test]
fn the_sign_in_that_follows_asks_for_it_and_ends_the_offer() {
    let world = offered();
    authenticates(&world, "phr");
    assert_eq!(sign_in(&world), None);
    assert_eq!(asked_for(&world, "acr_values").as_deref(), Some("mfa phr"));
    assert_eq!(asked_for(&world, "max_age").as_deref(), Some("60"));
    assert_eq!(asked_for(&world, "prompt"), None);
    assert!(!world.view().step_up);
    assert_eq!(sign_in(&world), None);
    assert_eq!(asked_for(&world, "acr_values"), None, "it was for once");
    assert_eq!(asked_for(&world, "max_age"), None);
}

#[test]
fn a_sign_in_of_another_kind_or_too_long_ago_is_refused_and_the_offer_stays() {
    let world = offered();
    authenticates(&world, "pwd");
    assert_eq!(sign_in(&world), Some("id_token.acr"));
    let problem = world.view().problem.unwrap();
    assert_eq!(problem.recovery, evertoken::problem::Recovery::SignIn);
    assert!(world.view().step_up);
    world.advance(Duration::from_secs(121));
    authenticates(&world, "mfa");
    assert_eq!(sign_in(&world), Some("id_token.max_age"));
    assert!(world.view().step_up);
    assert_eq!(
        world.view().state,
        SessionState::SignedIn,
        "the session of before"
    );
}

#[test]
fn an_id_token_that_does_not_say_how_is_taken_and_one_that_does_not_say_when_is_not() {
    let world = offered();
    assert_eq!(sign_in(&world), None, "acr is voluntary");
    let world = offered();
    world.provider.fail(Fault::Claim("auth_time", Value::Null));
    assert_eq!(sign_in(&world), Some("id_token.auth_time"));
}

#[test]
fn the_kind_is_judged_only_where_it_was_asked_for() {
    let world = World::new("code");
    world
        .provider
        .forge_claims(|claims| claims["acr"] = 0.into());
    assert_eq!(sign_in(&world), None);
    let world = offered();
    world
        .provider
        .forge_claims(|claims| claims["acr"] = 0.into());
    assert_eq!(sign_in(&world), Some("id_token.claims"));
}

#[test]
fn the_shorter_of_the_apis_and_the_settings_age_is_asked_for() {
    for (settings, expected) in [(30, "30"), (600, "60")] {
        let world = asked_by(CHALLENGE, &json!({"max_age_s": settings}));
        world.call(world.get("/v1/me"));
        world.settle();
        assert_eq!(sign_in(&world), None);
        assert_eq!(asked_for(&world, "max_age").as_deref(), Some(expected));
    }
}

#[test]
fn an_api_that_says_nothing_more_has_the_user_sign_in_anew() {
    let world = asked_by(
        r#"Bearer error="insufficient_user_authentication""#,
        &Value::Null,
    );
    world.call(world.get("/v1/me"));
    world.settle();
    assert_eq!(sign_in(&world), None);
    assert_eq!(asked_for(&world, "prompt").as_deref(), Some("login"));
    assert!(!world.view().step_up);
}

#[test]
fn the_offer_outlives_the_worker_and_a_renewal_but_not_a_sign_out() {
    let world = offered().restart();
    assert!(world.view().step_up);
    world.run(world.engine.session().renew()).unwrap();
    assert!(world.view().step_up, "a renewal asks the user nothing");
    assert_eq!(asked_for(&world, "acr_values"), None, "nor for a kind");
    world.run(world.engine.session().sign_out()).unwrap();
    assert!(!world.view().step_up);
    assert_eq!(sign_in(&world), None);
    assert_eq!(asked_for(&world, "acr_values"), None);
}

#[test]
fn a_later_offer_takes_the_place_of_an_earlier_one() {
    let world = offered();
    let writes = world.store.writes.get();
    world.call(world.get("/v1/me"));
    world.settle();
    assert_eq!(world.store.writes.get(), writes, "the same is stored once");
    *world.api.challenge.borrow_mut() =
        Some(r#"Bearer error="insufficient_user_authentication", acr_values="hwk""#);
    world.call(world.get("/v1/me"));
    world.settle();
    assert_eq!(sign_in(&world), None);
    assert_eq!(asked_for(&world, "acr_values").as_deref(), Some("hwk"));
    assert_eq!(asked_for(&world, "max_age"), None);
}

#[test]
fn an_offer_made_while_the_window_is_open_is_for_the_next_sign_in() {
    let world = asked_by(CHALLENGE, &Value::Null);
    world.provider.hold_path("/jwks");
    world.advance(Duration::from_secs(601));
    let session = std::rc::Rc::clone(world.engine.session());
    let signing_in = world.start(async move { session.sign_in().await });
    let call = world.start_call(world.get("/patient/me"));
    assert!(!signing_in.has_ended() && !call.has_ended());
    world.provider.release_path("/jwks");
    world.settle();
    signing_in.result().unwrap();
    assert!(world.view().step_up);
    assert!(!call.has_ended(), "this sign-in did not ask for it");
    authenticates(&world, "mfa");
    world
        .provider
        .forge_claims(|claims| claims["auth_time"] = 1_800_000_601.into());
    assert_eq!(sign_in(&world), None);
    assert_eq!(call.result().unwrap().status, 200);
}

#[test]
fn a_call_waits_for_the_step_up_where_its_api_lets_it() {
    let world = asked_by(CHALLENGE, &Value::Null);
    let call = world.start_call(world.get("/patient/me"));
    assert!(!call.has_ended());
    assert_eq!(world.view().waiting, 1);
    world.run(world.engine.session().renew()).unwrap();
    world.settle();
    assert!(!call.has_ended(), "a renewal steps nothing up");
    assert_eq!(sign_in(&world), None);
    assert_eq!(call.result().unwrap().status, 200);
    assert_eq!(world.api.statuses(), [401, 200]);
}

#[test]
fn a_401_of_before_the_step_up_is_sent_again_and_makes_no_new_offer() {
    let world = offered();
    world.api.gate.hold();
    let call = world.start_call(world.get("/v1/me"));
    assert_eq!(sign_in(&world), None);
    world.api.gate.release();
    world.settle();
    assert_eq!(call.result().unwrap().status, 200);
    assert!(!world.view().step_up);
}

#[test]
fn nothing_that_the_api_or_the_provider_wrote_is_told() {
    let world = offered();
    let view = world.view();
    let told = serde_json::to_string(&Broadcast::ViewChanged(view)).unwrap();
    assert!(!told.contains("mfa") && !told.contains("phr"), "{told}");
    authenticates(&world, "pwd");
    sign_in(&world);
    let sentence = world.view().problem.unwrap().sentence;
    assert!(
        !sentence.contains("pwd") && !sentence.contains("mfa"),
        "{sentence}"
    );
}

#[test]
fn a_call_without_a_token_makes_no_offer() {
    let world = World::new("code");
    *world.api.challenge.borrow_mut() = Some(CHALLENGE);
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    world.settle();
    assert!(!world.view().step_up);
    assert!(world.api.tokens().iter().all(Option::is_none));
}

#[test]
fn a_pushed_request_bears_it_too() {
    let world = asked_by(CHALLENGE, &json!({"pushed_authorization_requests": true}));
    world.call(world.get("/v1/me"));
    world.settle();
    let pushed = world
        .provider
        .fetched
        .borrow()
        .iter()
        .filter(|path| *path == "/par")
        .count();
    authenticates(&world, "pwd");
    assert_eq!(sign_in(&world), Some("id_token.acr"));
    let after = world
        .provider
        .fetched
        .borrow()
        .iter()
        .filter(|path| *path == "/par")
        .count();
    assert_eq!(after, pushed + 1);
    assert_eq!(
        asked_for(&world, "acr_values"),
        None,
        "the URL bears a reference only"
    );
    let bearer = world.api.tokens()[0].clone().unwrap();
    assert!(payload(&bearer).get("acr").is_none());
}
