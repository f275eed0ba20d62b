//! Signing out: here at once, at the provider as far as it answers.

#![allow(
    clippy::unwrap_used,
    reason = "a world that is not as the test built it fails the test"
)]

mod support;

use std::time::Duration;

use evertoken::message::{ActivityEvent, PageRequest, SessionState, WorkerReply};
use evertoken::platform::UserAgentError;
use serde_json::json;

use crate::support::{CLIENT_ID, Fault, REDIRECT_URI, World};

fn world(sign_out: &str) -> World {
    let world = World::with_settings(&format!(
        r#"{{"provider": {{"issuer": "https://provider.test/", "client_id": "client"}},
            "apis": [{{"url": "https://api.test/v1/"}}], "session": {{"sign_out": "{sign_out}"}}}}"#
    ));
    world
        .provider
        .change(|behavior| behavior.refresh_tokens = true);
    world.run(world.engine.session().sign_in()).unwrap();
    world
}

/// Why the provider could not be told; `None` when it was.
fn left(world: &World) -> Option<Option<String>> {
    let reply = world.run(world.engine.answer(PageRequest::Activity { after: 0 }));
    let WorkerReply::Activity(entries) = reply else {
        panic!("no activity")
    };
    entries
        .into_iter()
        .rev()
        .find_map(|entry| match entry.event {
            ActivityEvent::LeftProvider { problem } => {
                Some(problem.map(|problem| problem.code.to_string()))
            }
            _ => None,
        })
}

#[test]
fn sign_out_revokes_the_refresh_token_and_forgets_everything() {
    let world = world("local");
    world.run(world.engine.session().sign_out()).unwrap();
    assert_eq!(world.provider.revocations.borrow().len(), 1);
    assert_eq!(world.store.record(), None);
    assert_eq!(world.view().state, SessionState::SignedOut);
    assert!(
        world.provider.logouts.borrow().is_empty(),
        "nobody asked for that"
    );
    assert_eq!(left(&world), Some(None));
    assert_eq!(world.alarm.0.get(), None);
}

#[test]
fn sign_out_ends_the_providers_session_where_the_settings_ask_for_it() {
    let world = world("provider");
    world.run(world.engine.session().sign_out()).unwrap();
    let logouts = world.provider.logouts.borrow();
    let url = &logouts[0];
    assert!(url.as_str().starts_with("https://provider.test/logout?"));
    let value = |name: &str| {
        let found = url.query_pairs().find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    };
    assert_eq!(value("client_id").as_deref(), Some(CLIENT_ID));
    assert_eq!(
        value("post_logout_redirect_uri").as_deref(),
        Some(REDIRECT_URI)
    );
    assert_eq!(
        value("id_token_hint"),
        Some(world.provider.issued.borrow()[0].clone())
    );
    assert_eq!(value("state").map(|state| state.len()), Some(43));
}

#[test]
fn an_auth0_tenant_without_an_end_session_endpoint_is_left_by_its_own() {
    let world = world("provider");
    let metadata = json!({"end_session_endpoint": null, "mfa_challenge_endpoint": "https://provider.test/mfa/challenge"});
    world
        .provider
        .change(|behavior| behavior.metadata = metadata);
    let world = world.restart();
    world.run(world.engine.session().sign_out()).unwrap();
    let logouts = world.provider.logouts.borrow();
    let query = "client_id=client&returnTo=https%3A%2F%2Fextension.chromiumapp.org%2F";
    assert_eq!(
        logouts[0].as_str(),
        format!("https://provider.test/v2/logout?{query}")
    );
}

#[test]
fn sign_out_ends_whatever_the_provider_does() {
    for fault in [
        Fault::Unreachable,
        Fault::Silent("/revoke"),
        Fault::Path("/revoke", 500, json!({})),
        Fault::UserAgent(UserAgentError::Closed),
        Fault::UserAgent(UserAgentError::LoadFailed),
    ] {
        let world = world("provider");
        world.provider.fail(fault.clone());
        world.run(world.engine.session().sign_out()).unwrap();
        assert_eq!(world.view().state, SessionState::SignedOut, "{fault:?}");
        assert_eq!(
            world.problem(),
            None,
            "{fault:?}: the session here has ended all the same"
        );
        assert_eq!(world.store.record(), None, "{fault:?}");
    }
}

#[test]
fn a_sign_out_page_that_never_comes_back_is_given_up() {
    let world = world("provider");
    world.provider.fail(Fault::Silent("/logout"));
    let sign_out = {
        let engine = std::rc::Rc::clone(&world.engine);
        world.start(async move { engine.session().sign_out().await })
    };
    assert_eq!(world.view().state, SessionState::SignedOut, "at once");
    assert!(!sign_out.has_ended());
    world.advance(Duration::from_secs(121));
    assert_eq!(sign_out.result(), Ok(()));
    assert_eq!(left(&world), Some(Some("user_agent.timeout".to_owned())));
}

#[test]
fn a_sign_in_right_after_sign_out_is_not_disturbed_by_the_leaving() {
    let world = world("provider");
    world.provider.fail(Fault::Silent("/logout"));
    let engine = std::rc::Rc::clone(&world.engine);
    let sign_out = world.start(async move { engine.session().sign_out().await });
    world.provider.mend();
    world.run(world.engine.session().sign_in()).unwrap();
    world.advance(Duration::from_secs(121));
    assert!(sign_out.has_ended());
    assert_eq!(world.view().state, SessionState::SignedIn);
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
}

#[test]
fn what_was_in_flight_is_stopped_by_sign_out() {
    let world = world("local");
    world.provider.hold_path("/token");
    let renewal = world.start(world.engine.session().renew());
    world.run(world.engine.session().sign_out()).unwrap();
    world.settle();
    assert_eq!(renewal.result().unwrap_err().code(), "session.superseded");
    world.provider.release_path("/token");
    world.settle();
    assert_eq!(world.store.record(), None);
    assert_eq!(world.view().state, SessionState::SignedOut);
}

#[test]
fn signing_out_twice_tells_the_provider_once() {
    let world = world("provider");
    world.run(world.engine.session().sign_out()).unwrap();
    world.run(world.engine.session().sign_out()).unwrap();
    assert_eq!(world.provider.revocations.borrow().len(), 1);
    assert_eq!(world.provider.logouts.borrow().len(), 1);
}

#[test]
fn a_provider_that_cannot_be_left_is_told_where_the_settings_ask_for_it() {
    let world = world("provider");
    let metadata = json!({"end_session_endpoint": null});
    world
        .provider
        .change(|behavior| behavior.metadata = metadata);
    let world = world.restart();
    world.run(world.engine.session().sign_out()).unwrap();
    assert_eq!(world.view().state, SessionState::SignedOut);
    let reason = Some(Some("session.no_end_session".to_owned()));
    assert_eq!(left(&world), reason);
}
