//! A worker that was stopped, a browser that was closed: what the next one finds, and finishes.

#![allow(
    clippy::unwrap_used,
    reason = "a world that is not as the test built it fails the test"
)]

mod support;

use std::rc::Rc;
use std::time::Duration;

use evertoken::message::{ActivityEvent, PageRequest, SessionState, WorkerReply};
use evertoken::platform::{Clock, Record};
use evertoken::problem::ProblemCode;
use evertoken::settings::RenewalMethodId;
use serde_json::json;

use crate::support::{Fault, World};

/// Somebody is signed in, with a refresh token. `storage` is the setting.
fn world(renewal: &str, storage: &str) -> World {
    let world = World::with_settings(&format!(
        r#"{{"provider": {{"issuer": "https://provider.test/", "client_id": "client", "renewal": {renewal}}},
            "apis": [{{"url": "https://api.test/v1/"}}], "session": {{"storage": "{storage}"}}}}"#
    ));
    world
        .provider
        .change(|behavior| behavior.refresh_tokens = true);
    world.run(world.engine.session().sign_in()).unwrap();
    world.settle();
    world
}

fn call(world: &World) -> u16 {
    world.call(world.get("/v1/me")).status
}

fn activity(world: &World) -> Vec<ActivityEvent> {
    let reply = world.run(world.engine.answer(PageRequest::Activity { after: 0 }));
    let WorkerReply::Activity(entries) = reply else {
        panic!("{reply:?}");
    };
    entries.into_iter().map(|entry| entry.event).collect()
}

fn view(world: &World) {
    world.run(world.engine.answer(PageRequest::View));
    world.settle();
}

#[test]
fn a_renewal_that_was_interrupted_is_told_and_the_next_call_renews() {
    let world = world(r#"["offscreen"]"#, "session");
    world.provider.gate.hold();
    let renewal = world.start(world.engine.session().renew());
    let world = world.restart();
    assert!(!renewal.has_ended());
    let told = activity(&world).into_iter().find_map(|event| match event {
        ActivityEvent::Renewed {
            method, problem, ..
        } => Some((method, problem.map(|problem| problem.code))),
        _ => None,
    });
    let interrupted = Some(ProblemCode::SessionInterrupted);
    assert_eq!(told, Some((Some(RenewalMethodId::Offscreen), interrupted)));
    world.provider.gate.release();
    world.api.revoke_all();
    assert_eq!(call(&world), 200);
    let world = world.restart();
    assert!(activity(&world).is_empty(), "it is told once");
}

#[test]
fn a_refresh_token_without_an_answer_is_used_again_only_where_nothing_else_works() {
    let world = world(r#"["refresh_token", "offscreen"]"#, "session");
    world.provider.hold_path("/token");
    drop(world.start(world.engine.session().renew()));
    assert_eq!(world.provider.refresh_tokens_sent().len(), 1);
    let world = world.restart();
    world.provider.release_path("/token");
    world.api.revoke_all();
    assert_eq!(call(&world), 200);
    let engine = world.view().last_renewal.map(|last| last.method);
    assert_eq!(engine, Some(RenewalMethodId::Offscreen));
    assert_eq!(
        world.provider.refresh_tokens_sent().len(),
        1,
        "a second use would have ended the grant"
    );
}

#[test]
fn a_provider_without_rotation_takes_a_refresh_token_that_got_no_answer() {
    let world = world(r#"["refresh_token", "offscreen"]"#, "session");
    world.provider.change(|behavior| behavior.rotates = false);
    world.provider.hold_path("/token");
    drop(world.start(world.engine.session().renew()));
    let world = world.restart();
    world.provider.release_path("/token");
    world.provider.fail(Fault::Authorization("login_required"));
    assert!(world.run(world.engine.session().renew()).is_ok());
    let engine = world.view().last_renewal.map(|last| last.method);
    assert_eq!(engine, Some(RenewalMethodId::RefreshToken));
}

#[test]
fn a_pause_outlives_the_worker() {
    let world = world(r#"["offscreen"]"#, "session");
    world.api.revoke_all();
    world.provider.fail(Fault::TokenEndpoint(503, json!({})));
    let wish = Duration::from_secs(90);
    world.provider.retry_after.set(Some(wish));
    assert_eq!(call(&world), 401);
    world.settle();
    let asked = world.provider.authorization_count();
    world.provider.mend();
    world.provider.retry_after.set(None);
    let world = world.restart();
    assert_eq!(call(&world), 401);
    assert_eq!(world.provider.authorization_count(), asked);
    let alarm = world.alarm.0.get().unwrap();
    assert!(
        alarm >= world.clock.now().plus(wish),
        "nor does the alarm ask"
    );
    world.advance(wish);
    assert_eq!(call(&world), 200);
}

#[test]
fn a_sign_out_that_was_interrupted_is_finished() {
    let world = world(r#"["refresh_token"]"#, "local");
    let records = [Record::Session, Record::Remembered];
    let before = records.map(|record| world.store.text(record).unwrap());
    let record: serde_json::Value = serde_json::from_str(&before[0]).unwrap();
    let refresh_token = record["state"]["refresh_token"].clone();
    world.provider.hold_path("/revoke");
    let engine = Rc::clone(&world.engine);
    drop(world.start(async move { engine.session().sign_out().await }));
    // As if the worker had been stopped right after the journal said so.
    world.provider.revocations.borrow_mut().clear();
    for (record, text) in records.into_iter().zip(&before) {
        assert_eq!(world.store.text(record), None);
        world.store.put_record(record, text);
    }
    let world = world.restart();
    world.provider.release_path("/revoke");
    world.settle();
    assert_eq!(world.view().state, SessionState::SignedOut);
    assert_eq!(*world.provider.revocations.borrow(), [refresh_token]);
    for record in records {
        assert_eq!(world.store.text(record), None);
    }
    view(&world);
    assert_eq!(world.provider.authorization_count(), 1, "no silent sign-in");
    let world = world.restart();
    assert_eq!(world.provider.revocations.borrow().len(), 1, "once");
}

#[test]
fn who_signs_in_while_a_sign_out_is_being_finished_stays_signed_in() {
    let world = world(r#"["refresh_token"]"#, "local");
    world.provider.hold_path("/revoke");
    let engine = Rc::clone(&world.engine);
    drop(world.start(async move { engine.session().sign_out().await }));
    world.run(world.engine.session().sign_in()).unwrap();
    let world = world.restart();
    assert_eq!(world.view().state, SessionState::SignedIn);
    world.provider.release_path("/revoke");
    world.settle();
    assert_eq!(world.view().state, SessionState::SignedIn);
    assert_eq!(call(&world), 200);
    assert!(world.store.text(Record::Remembered).is_some());
}

#[test]
fn a_closed_browser_ends_no_session_that_the_provider_still_has() {
    for (flow, storage, engine) in [
        (r#"["offscreen"]"#, "session", RenewalMethodId::Offscreen),
        (
            r#"["refresh_token", "offscreen"]"#,
            "session",
            RenewalMethodId::Offscreen,
        ),
        (
            r#"["refresh_token", "offscreen"]"#,
            "local",
            RenewalMethodId::RefreshToken,
        ),
    ] {
        let world = world(flow, storage).restart_browser();
        assert_eq!(world.alarm.0.get(), None, "nothing by itself");
        assert_eq!(world.provider.authorization_count(), 1);
        let call = world.call(world.get("/v1/me"));
        assert_eq!(call.status, 200, "{flow} {storage}");
        assert_eq!(world.api.statuses(), [200], "sent once, with a token");
        let renewed = activity(&world).into_iter().find_map(|event| match event {
            ActivityEvent::Renewed { method, .. } => method,
            _ => None,
        });
        assert_eq!(renewed, Some(engine), "{flow} {storage}");
        let view = world.view();
        assert_eq!(view.state, SessionState::SignedIn);
        assert_eq!(
            view.identity.map(|identity| identity.sub).as_deref(),
            Some("ada")
        );
        assert!(world.alarm.0.get().is_some());
    }
}

#[test]
fn a_page_that_opens_brings_the_session_back_as_well() {
    let world = world(r#"["offscreen"]"#, "session").restart_browser();
    view(&world);
    assert_eq!(world.view().state, SessionState::SignedIn);
    view(&world);
    assert_eq!(world.provider.authorization_count(), 2);
}

#[test]
fn a_session_that_the_provider_has_ended_too_asks_for_one_sign_in_and_no_more() {
    let world = world(r#"["offscreen"]"#, "session").restart_browser();
    world.provider.fail(Fault::Authorization("login_required"));
    for _ in 0..3 {
        view(&world);
        assert_eq!(call(&world), 401);
    }
    assert_eq!(world.view().state, SessionState::SignInNeeded);
    assert_eq!(world.provider.authorization_count(), 2);
    let world = world.restart();
    view(&world);
    assert_eq!(world.view().state, SessionState::SignInNeeded);
    assert_eq!(world.provider.authorization_count(), 2);
}

#[test]
fn another_user_at_the_provider_is_not_signed_in_silently() {
    let world = world(r#"["offscreen"]"#, "session").restart_browser();
    *world.provider.subject.borrow_mut() = "eve".to_owned();
    assert_eq!(call(&world), 401);
    assert_eq!(world.problem().as_deref(), Some("id_token.sub"));
    assert_eq!(world.store.text(Record::Remembered), None);
    assert_eq!(world.api.tokens(), [None]);
}

#[test]
fn a_browser_that_starts_offline_keeps_what_it_remembers() {
    let world = world(r#"["refresh_token"]"#, "local").restart_browser();
    world.provider.fail(Fault::Unreachable);
    assert_eq!(call(&world), 401);
    assert_eq!(world.view().state, SessionState::SignedOut);
    world.provider.mend();
    world.advance(Duration::from_secs(2));
    assert_eq!(call(&world), 200);
}

#[test]
fn nothing_is_remembered_after_a_sign_out() {
    let world = world(r#"["refresh_token"]"#, "local");
    world.run(world.engine.session().sign_out()).unwrap();
    assert_eq!(world.store.text(Record::Remembered), None);
    let world = world.restart_browser();
    view(&world);
    assert_eq!(call(&world), 401);
    assert_eq!(world.provider.authorization_count(), 1);
}

#[test]
fn only_the_setting_keeps_a_refresh_token_beyond_the_browser() {
    for (storage, kept) in [("session", false), ("local", true)] {
        let world = world(r#"["refresh_token"]"#, storage);
        world.run(world.engine.session().renew()).unwrap();
        let remembered = world.store.text(Record::Remembered).unwrap();
        assert_eq!(remembered.contains("refresh-"), kept, "{storage}");
        let id_token = world
            .provider
            .issued
            .borrow()
            .iter()
            .any(|token| remembered.contains(token));
        assert!(!id_token, "no other token is kept");
    }
}
