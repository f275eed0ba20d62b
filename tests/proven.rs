//! The setup check opens when a first sign-in fails, and never where one has worked.

#![allow(
    clippy::unwrap_used,
    reason = "a world that is not as the test built it fails the test"
)]

mod support;

use evertoken::platform::{Record, UserAgentError};

use serde_json::json;

use crate::support::{Fault, World};

fn fail(world: &World, fault: Fault) {
    world.provider.fail(fault);
    assert!(world.run(world.engine.session().sign_in()).is_err());
    world.settle();
    world.provider.mend();
}

fn settings(issuer: &str, client_id: &str) -> String {
    format!(
        r#"{{"provider": {{"issuer": "{issuer}", "client_id": "{client_id}", "renewal": ["offscreen"]}},
            "apis": [{{"url": "https://api.test/v1/"}}]}}"#
    )
}

#[test]
fn the_first_sign_in_that_fails_opens_the_setup_check_once_whatever_the_reason() {
    for fault in [
        Fault::UserAgent(UserAgentError::Closed),
        Fault::Unreachable,
        Fault::Signature,
        Fault::Authorization("unauthorized_client"),
    ] {
        let world = World::new("code");
        fail(&world, fault.clone());
        assert_eq!(world.pages.setups.get(), 1, "{fault:?}");
        fail(&world, fault);
        assert_eq!(world.pages.setups.get(), 1);
        let world = world.restart();
        fail(&world, Fault::Unreachable);
        assert_eq!(world.pages.setups.get(), 2, "once in a worker's life");
    }
}

#[test]
fn where_a_sign_in_has_worked_nothing_opens_also_after_a_sign_out_and_in_another_browser_run() {
    let world = World::signed_in("code");
    world.settle();
    let record = world.store.text(Record::Proven).unwrap();
    let record: serde_json::Value = serde_json::from_str(&record).unwrap();
    let expected = json!({"version": 1, "issuer": "https://provider.test/", "client_id": "client"});
    assert_eq!(record, expected);
    fail(&world, Fault::Unreachable);
    world.run(world.engine.session().sign_out()).unwrap();
    fail(&world, Fault::Unreachable);
    let world = world.restart_browser();
    fail(&world, Fault::Unreachable);
    assert_eq!(world.pages.setups.get(), 0);
}

#[test]
fn what_worked_with_other_settings_says_nothing() {
    let world = World::signed_in("code");
    world.settle();
    let world = world.reconfigure(&settings("https://provider.test/", "other"));
    fail(&world, Fault::Unreachable);
    assert_eq!(world.pages.setups.get(), 1);
}

#[test]
fn a_session_of_an_older_version_is_proof_enough() {
    let world = World::signed_in("code");
    world.settle();
    world.store.put_record(Record::Proven, "{");
    let world = world.restart();
    fail(&world, Fault::Unreachable);
    assert_eq!(world.pages.setups.get(), 0);
    world.run(world.engine.session().sign_out()).unwrap();
    fail(&world, Fault::Unreachable);
    assert_eq!(world.pages.setups.get(), 1, "now nothing says so");
}

#[test]
fn a_sign_in_that_a_sign_out_ended_opens_nothing() {
    let world = World::new("code");
    world.provider.gate.hold();
    let sign_in = world.start(world.engine.session().sign_in());
    world.run(world.engine.session().sign_out()).unwrap();
    world.provider.gate.release();
    world.settle();
    assert_eq!(sign_in.result().unwrap_err().code(), "session.superseded");
    assert_eq!(world.pages.setups.get(), 0);
}

#[test]
fn a_store_that_cannot_be_read_disturbs_nobody_and_a_full_one_shows_no_problem() {
    let world = World::new("code");
    world.store.unreadable.set(true);
    fail(&world, Fault::Unreachable);
    assert_eq!(world.pages.setups.get(), 0);
    world.store.unreadable.set(false);
    world.run(world.engine.session().sign_in()).unwrap();
    world.settle();
    assert_eq!(world.problem(), None);
    assert!(world.store.text(Record::Proven).is_some());
}
