//! What the setup check rests on: one way of renewal tried by itself, and the check that opens when the first sign-in
//! fails.

mod support;

use std::time::Duration;

use evertoken::error::Recovery;
use evertoken::message::{ActivityEvent, PageRequest, SessionState, WorkerReply};
use evertoken::platform::{Record, UserAgentError};
use evertoken::settings::RenewalEngine;
use support::{Fault, World};

/// The code of what went wrong when `engine` was tried.
fn tried(world: &World, engine: RenewalEngine) -> Option<String> {
    match world.run(world.engine.answer(PageRequest::TryRenewal { engine })) {
        WorkerReply::Tried { problem, .. } => problem.map(|problem| problem.code),
        other => panic!("the worker answered {other:?}"),
    }
}

fn activity(world: &World) -> Vec<ActivityEvent> {
    match world.run(world.engine.answer(PageRequest::Activity { after: 0 })) {
        WorkerReply::Activity { entries } => entries.into_iter().map(|entry| entry.event).collect(),
        other => panic!("the worker answered {other:?}"),
    }
}

#[test]
fn a_way_of_renewal_that_works_renews() {
    let world = World::signed_in("code");
    let before = world.store.record();
    assert_eq!(tried(&world, RenewalEngine::Offscreen), None);
    assert_ne!(world.store.record(), before);
    assert_eq!(
        world.view().last_renewal.unwrap().engine,
        RenewalEngine::Offscreen
    );
}

#[test]
fn a_way_that_the_settings_do_not_name_can_be_tried() {
    let world = World::signed_in("code");
    assert_eq!(tried(&world, RenewalEngine::WebAuthFlow), None);
    assert_eq!(
        world.view().last_renewal.unwrap().engine,
        RenewalEngine::WebAuthFlow
    );
}

#[test]
fn a_way_that_fails_leaves_the_session_as_it_was() {
    let world = World::signed_in("code");
    let (record, before) = (world.store.record(), activity(&world).len());
    world
        .provider
        .fail(Fault::UserAgent(UserAgentError::FramingRefused));
    let code = tried(&world, RenewalEngine::Offscreen);
    assert_eq!(code.as_deref(), Some("user_agent.framing_refused"));
    assert_eq!(world.store.record(), record);
    let view = world.view();
    assert_eq!((view.state, view.problem), (SessionState::SignedIn, None));
    assert_eq!(view.paused_until, None);
    assert_eq!(activity(&world).len(), before);
}

#[test]
fn where_nobody_is_signed_in_nothing_is_taken() {
    let world = World::new("code");
    assert_eq!(tried(&world, RenewalEngine::Offscreen), None);
    assert_eq!(world.view().state, SessionState::SignedOut);
    assert_eq!(world.store.record(), None);
    assert_eq!(world.store.text(Record::Proven), None);
    let code = tried(&world, RenewalEngine::RefreshToken);
    assert_eq!(code.as_deref(), Some("session.no_refresh_token"));
}

#[test]
fn a_user_who_is_not_known_to_the_provider_is_told_of_and_keeps_the_session() {
    let world = World::signed_in("code");
    world.provider.fail(Fault::Authorization("login_required"));
    let code = tried(&world, RenewalEngine::Offscreen);
    assert_eq!(code.as_deref(), Some("authorization.login_required"));
    assert_eq!(world.view().state, SessionState::SignedIn);
}

#[test]
fn the_first_sign_in_that_fails_opens_the_check_once() {
    let world = World::new("code");
    world.provider.fail(Fault::Authorization("access_denied"));
    world.run(world.engine.session().sign_in()).unwrap_err();
    world.run(world.engine.session().sign_in()).unwrap_err();
    assert_eq!(*world.pages.calls.borrow(), ["setup"]);
}

#[test]
fn once_a_sign_in_has_worked_none_opens_the_check_even_after_a_sign_out() {
    let world = World::signed_in("code");
    world.run(world.engine.session().sign_out()).unwrap();
    let world = world.restart_browser();
    world.provider.fail(Fault::Authorization("access_denied"));
    world.run(world.engine.session().sign_in()).unwrap_err();
    assert!(!world.pages.calls.borrow().contains(&"setup"));
}

#[test]
fn what_is_kept_of_a_sign_in_that_worked_names_no_user() {
    let world = World::signed_in("code");
    let proven = world.store.text(Record::Proven).unwrap();
    assert_eq!(
        proven,
        r#"{"version":1,"issuer":"https://provider.test/","client_id":"client","state":true}"#
    );
}

#[test]
fn the_timeline_outlives_the_worker_and_not_the_browser() {
    let world = World::signed_in("code");
    world.run(world.engine.session().renew()).unwrap();
    let before = activity(&world);
    assert_eq!(before.len(), 2);
    world.settle();
    world.clock.advance(Duration::from_secs(1));
    world.settle();
    let world = world.restart();
    assert_eq!(activity(&world), before);
    world.run(world.engine.session().renew()).unwrap();
    assert_eq!(activity(&world).len(), 3);
    assert_eq!(activity(&world.restart_browser()), []);
}

#[test]
fn a_damaged_timeline_is_an_empty_one_and_no_fault() {
    let world = World::signed_in("code");
    world.store.put_record(Record::Activity, "[");
    let world = world.restart();
    assert_eq!(activity(&world), []);
    assert_eq!(
        world.view().problem.map(|problem| problem.recovery),
        None::<Recovery>
    );
}
