//! One way of renewal, tried because the user asked for it.

#![allow(
    clippy::unwrap_used,
    reason = "a world that is not as the test built it fails the test"
)]

mod support;

use std::rc::Rc;
use std::time::Duration;

use evertoken::message::{ActivityEvent, PageRequest, SessionState, WorkerReply};
use evertoken::platform::{SilentCarrier, UserAgentError};
use evertoken::settings::RenewalMethodId::{self, Offscreen, RefreshToken, WebAuthFlow};
use serde_json::json;

use crate::support::{Fault, Started, World};

fn world(renewal: &str) -> World {
    let world = World::with_settings(&format!(
        r#"{{"provider": {{"issuer": "https://provider.test/", "client_id": "client", "renewal": {renewal}}},
            "apis": [{{"url": "https://api.test/v1/"}}]}}"#
    ));
    world
        .provider
        .change(|behavior| behavior.refresh_tokens = true);
    world
}

fn signed_in(renewal: &str) -> World {
    let world = world(renewal);
    world.run(world.engine.session().sign_in()).unwrap();
    world.settle();
    world
}

fn start_trial(world: &World, method: RenewalMethodId) -> Started<WorkerReply> {
    let worker = Rc::clone(&world.engine);
    world.start(async move { worker.answer(PageRequest::TryRenewal { method }).await })
}

fn code(reply: &WorkerReply) -> Option<&str> {
    match reply {
        WorkerReply::Tried { problem, .. } => problem.as_ref().map(|problem| problem.code.as_str()),
        other => panic!("{other:?}"),
    }
}

/// What came of it.
fn tried(world: &World, method: RenewalMethodId) -> Option<String> {
    let reply = start_trial(world, method).result();
    code(&reply).map(str::to_owned)
}

fn renewals(world: &World) -> Vec<(Option<RenewalMethodId>, Option<String>)> {
    let reply = world.run(world.engine.answer(PageRequest::Activity { after: 0 }));
    let WorkerReply::Activity(entries) = reply else {
        panic!("{reply:?}");
    };
    let renewal = |event| match event {
        ActivityEvent::Renewed {
            method, problem, ..
        } => Some((method, problem.map(|problem| problem.code.to_string()))),
        _ => None,
    };
    let events = entries.into_iter().map(|entry| entry.event);
    events.filter_map(renewal).collect()
}

fn bearer(world: &World) -> Option<String> {
    world.call(world.get("/v1/me"));
    world.api.tokens().pop().unwrap()
}

#[test]
fn each_way_renews_alone_also_where_the_settings_do_not_name_it() {
    for (ladder, engine) in [
        (r#"["offscreen", "refresh_token"]"#, RefreshToken),
        (r#"["web_auth_flow"]"#, Offscreen),
        (r#"["refresh_token", "offscreen"]"#, WebAuthFlow),
    ] {
        let world = signed_in(ladder);
        let before = bearer(&world);
        assert_eq!(tried(&world, engine), None, "{engine:?}");
        assert_ne!(bearer(&world), before);
        assert_eq!(renewals(&world), [(Some(engine), None)]);
        let last = world.view().last_renewal.map(|last| last.method);
        assert_eq!(last, Some(engine));
        let others = usize::from(engine != RefreshToken);
        assert_eq!(world.provider.silent.borrow().len(), others);
    }
}

#[test]
fn it_says_how_long_it_took_without_the_wait_for_another() {
    let world = signed_in(r#"["offscreen"]"#);
    world.provider.gate.hold();
    let renewal = world.start(world.engine.session().renew());
    let trial = start_trial(&world, Offscreen);
    world.advance(Duration::from_secs(3));
    world.provider.gate.release();
    world.provider.gate.hold();
    world.settle();
    assert!(renewal.has_ended() && !trial.has_ended());
    world.advance(Duration::from_secs(2));
    world.provider.gate.release();
    world.settle();
    let reply = trial.result();
    let WorkerReply::Tried { milliseconds, .. } = &reply else {
        panic!("{reply:?}");
    };
    assert_eq!((code(&reply), *milliseconds), (None, 2000));
}

#[test]
fn never_more_than_one_renewal_is_in_flight_whatever_is_tried_beside_it() {
    let world = signed_in(r#"["offscreen"]"#);
    world.api.revoke_all();
    world.provider.gate.hold();
    let first = start_trial(&world, Offscreen);
    let second = start_trial(&world, WebAuthFlow);
    let renewal = world.start(world.engine.session().renew());
    let call = world.start_call(world.get("/v1/me"));
    let carried = || world.provider.silent.borrow().len();
    assert_eq!(carried(), 1, "the others wait");
    for expected in [2, 2] {
        world.provider.gate.release();
        world.provider.gate.hold();
        world.settle();
        assert_eq!(carried(), expected);
    }
    world.provider.gate.release();
    world.settle();
    assert!(first.has_ended() && second.has_ended() && renewal.has_ended());
    assert_eq!(call.result().unwrap().status, 200);
    assert_eq!(
        renewals(&world).len(),
        2,
        "what the trial brought was enough for the renewal and the call"
    );
}

#[test]
fn a_renewal_that_waited_for_a_failed_trial_is_carried_out() {
    let world = signed_in(r#"["web_auth_flow"]"#);
    let refused = UserAgentError::FramingRefused;
    let fault = Fault::Engine(SilentCarrier::Offscreen, refused);
    world.provider.fail(fault);
    world.api.revoke_all();
    world.provider.gate.hold();
    let trial = start_trial(&world, Offscreen);
    let call = world.start_call(world.get("/v1/me"));
    world.provider.gate.release();
    world.settle();
    assert_eq!(code(&trial.result()), Some("user_agent.framing_refused"));
    assert_eq!(call.result().unwrap().status, 200);
    assert_eq!(renewals(&world), [(Some(WebAuthFlow), None)]);
}

#[test]
fn marks_and_pauses_do_not_count_and_a_success_takes_them_away() {
    let world = signed_in(r#"["offscreen", "web_auth_flow"]"#);
    let refused = UserAgentError::FramingRefused;
    world
        .provider
        .fail(Fault::Engines(refused, UserAgentError::LoadFailed));
    assert!(world.run(world.engine.session().renew()).is_err());
    world.provider.mend();
    world
        .provider
        .fail(Fault::Engine(SilentCarrier::Offscreen, refused));
    world.advance(Duration::from_secs(2));
    assert!(world.run(world.engine.session().renew()).is_ok());
    // Now the iframe is skipped for a day.
    world.provider.fail(Fault::TokenEndpoint(503, json!({})));
    assert!(world.run(world.engine.session().renew()).is_err());
    world.provider.mend();
    assert!(world.view().paused_until.is_some());
    assert_eq!(tried(&world, Offscreen), None);
    assert_eq!(world.view().paused_until, None);
    assert_eq!(world.problem(), None);
    assert!(world.run(world.engine.session().renew()).is_ok());
    let last = world.view().last_renewal.map(|last| last.method);
    assert_eq!(last, Some(Offscreen), "it is skipped no more");
}

#[test]
fn a_failed_trial_changes_nothing_for_the_session() {
    for (fault, expected) in [
        (
            Fault::Authorization("login_required"),
            "authorization.login_required",
        ),
        (
            Fault::UserAgent(UserAgentError::Timeout),
            "user_agent.timeout",
        ),
        (Fault::Claim("sub", json!("eve")), "id_token.sub"),
        (
            Fault::Parameter("state", "other"),
            "response.state_mismatch",
        ),
    ] {
        let world = signed_in(r#"["offscreen"]"#);
        let token = bearer(&world);
        world.provider.fail(fault);
        let before = (world.view(), world.alarm.0.get());
        // More than open the breaker.
        for _ in 0..12 {
            assert_eq!(tried(&world, Offscreen).as_deref(), Some(expected));
        }
        assert_eq!((world.view(), world.alarm.0.get()), before, "{expected}");
        assert_eq!(bearer(&world), token);
        assert_eq!(renewals(&world), []);
        world.provider.mend();
        world.api.revoke_all();
        assert_eq!(world.call(world.get("/v1/me")).status, 200, "{expected}");
    }
}

#[test]
fn where_nobody_is_signed_in_the_provider_is_asked_and_nothing_is_redeemed() {
    let world = world(r#"["refresh_token", "offscreen"]"#);
    let records = || world.store.record();
    for engine in [Offscreen, WebAuthFlow] {
        assert_eq!(tried(&world, engine), None, "{engine:?}");
        world.provider.fail(Fault::Authorization("login_required"));
        let expected = Some("authorization.login_required");
        assert_eq!(tried(&world, engine).as_deref(), expected);
        world.provider.fail(Fault::Parameter("state", "other"));
        let expected = Some("response.state_mismatch");
        assert_eq!(tried(&world, engine).as_deref(), expected);
        world.provider.mend();
    }
    let expected = Some("session.no_refresh_token");
    assert_eq!(tried(&world, RefreshToken).as_deref(), expected);
    assert!(world.provider.token_requests.borrow().is_empty());
    assert_eq!(world.view().state, SessionState::SignedOut);
    assert_eq!((records(), world.problem()), (None, None));
    assert_eq!(renewals(&world), []);
}

#[test]
fn where_sign_in_is_needed_it_stays_so_and_the_refresh_token_is_not_used() {
    let world = signed_in(r#"["offscreen", "refresh_token"]"#);
    let refused = json!({"error": "unauthorized_client"});
    let bars = |bars| world.provider.change(|behavior| behavior.bars = bars);
    bars(Some((
        SilentCarrier::Offscreen,
        UserAgentError::InteractionRequired,
    )));
    world
        .provider
        .fail(Fault::TokenRefusal("refresh_token", 400, refused));
    assert!(world.run(world.engine.session().renew()).is_err());
    bars(None);
    world.provider.mend();
    let needed = world.view();
    assert_eq!(needed.state, SessionState::SignInNeeded);
    assert!(needed.refreshable);
    let asked = world.provider.token_requests.borrow().len();
    assert_eq!(
        tried(&world, Offscreen),
        None,
        "the provider knows her again"
    );
    let expected = Some("session.signed_out");
    assert_eq!(tried(&world, RefreshToken).as_deref(), expected);
    assert_eq!(world.view(), needed);
    assert_eq!(world.provider.token_requests.borrow().len(), asked);
}

#[test]
fn a_sign_out_ends_a_trial_and_what_it_would_bring() {
    let world = signed_in(r#"["offscreen"]"#);
    world.provider.gate.hold();
    let trial = start_trial(&world, Offscreen);
    world.run(world.engine.session().sign_out()).unwrap();
    world.provider.gate.release();
    world.settle();
    assert_eq!(code(&trial.result()), Some("session.superseded"));
    assert_eq!(world.view().state, SessionState::SignedOut);
    assert_eq!(world.store.record(), None);
}

#[test]
fn an_update_waits_for_a_trial() {
    let world = signed_in(r#"["offscreen"]"#);
    world.provider.gate.hold();
    let trial = start_trial(&world, Offscreen);
    let engine = Rc::clone(&world.engine);
    let quiet = world.start(async move { engine.quiet().await });
    assert!(!quiet.has_ended());
    world.provider.gate.release();
    world.settle();
    assert!(trial.has_ended() && quiet.has_ended());
}
