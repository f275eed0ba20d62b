//! The browser's HTTP cache does not know whose answers it holds: nobody is given another's (ADR 0014).

#![allow(
    clippy::unwrap_used,
    reason = "a world that is not as the test built it fails the test"
)]

mod support;

use evertoken::api::call::HttpCache::{self, Anew, AsAsked, Bypassed};
use evertoken::platform::Record;

use crate::support::World;

fn sign_in(world: &World, user: &str) {
    user.clone_into(&mut world.provider.subject.borrow_mut());
    world.run(world.engine.session().sign_in()).unwrap();
    world.settle();
}

fn sign_out(world: &World) {
    world.run(world.engine.session().sign_out()).unwrap();
    world.settle();
}

/// How the calls that come now may use the cache.
fn uses(world: &World, paths: &[&str]) -> Vec<HttpCache> {
    let before = world.api.caches.borrow().len();
    for path in paths {
        world.call(world.get(path));
    }
    world.settle();
    world.api.caches.borrow()[before..].to_vec()
}

/// Ada called an API, signed out, and Grace signed in.
fn after_another() -> World {
    let world = World::new("code");
    sign_in(&world, "ada");
    uses(&world, &["/v1/me"]);
    sign_out(&world);
    sign_in(&world, "grace");
    world
}

#[test]
fn one_user_keeps_the_cache_whatever_ends_between() {
    let world = World::new("code");
    assert_eq!(uses(&world, &["/v1/me"]), [AsAsked], "before any sign-in");
    sign_in(&world, "ada");
    assert_eq!(uses(&world, &["/v1/me", "/v1/me"]), [AsAsked; 2]);
    world.run(world.engine.session().renew()).unwrap();
    let world = world.restart();
    assert_eq!(uses(&world, &["/v1/me"]), [AsAsked]);
    let world = world.restart_browser();
    assert_eq!(uses(&world, &["/v1/me"]), [AsAsked]);
    sign_in(&world, "ada");
    assert_eq!(uses(&world, &["/v1/me"]), [AsAsked], "signed in again");
    sign_out(&world);
    sign_in(&world, "ada");
    assert_eq!(uses(&world, &["/v1/me"]), [AsAsked], "signed out and in");
}

#[test]
fn who_is_not_signed_in_is_given_nothing_from_the_cache_and_leaves_nothing_there() {
    let world = World::new("code");
    sign_in(&world, "ada");
    sign_out(&world);
    assert_eq!(uses(&world, &["/v1/me", "/v1/me"]), [Bypassed; 2]);
    let world = world.restart();
    assert_eq!(uses(&world, &["/v1/me"]), [Bypassed]);
    let world = world.restart_browser();
    assert_eq!(uses(&world, &["/v1/me"]), [Bypassed]);
}

#[test]
fn another_user_fetches_each_address_anew_once() {
    let world = after_another();
    assert_eq!(uses(&world, &["/v1/me", "/v1/me"]), [Anew, AsAsked]);
    assert_eq!(uses(&world, &["/v1/me?q", "/v1/me#q"]), [Anew, AsAsked]);
    world.run(world.engine.session().renew()).unwrap();
    assert_eq!(uses(&world, &["/v1/me"]), [AsAsked]);
    let world = world.restart();
    assert_eq!(uses(&world, &["/v1/me", "/v1/you"]), [AsAsked, Anew]);
    let world = world.restart_browser();
    assert_eq!(uses(&world, &["/v1/me", "/v1/me"]), [Anew, AsAsked]);
}

#[test]
fn the_first_user_is_not_given_the_seconds_answers_either() {
    let world = after_another();
    assert_eq!(uses(&world, &["/v1/me"]), [Anew]);
    sign_out(&world);
    sign_in(&world, "ada");
    assert_eq!(uses(&world, &["/v1/me", "/v1/me"]), [Anew, AsAsked]);
}

#[test]
fn a_sign_in_that_takes_the_place_of_another_users_session_is_a_change_of_user() {
    let world = World::new("code");
    sign_in(&world, "ada");
    assert_eq!(uses(&world, &["/v1/me"]), [AsAsked]);
    sign_in(&world, "grace");
    assert_eq!(uses(&world, &["/v1/me", "/v1/me"]), [Anew, AsAsked]);
}

#[test]
fn a_provider_that_answers_for_another_user_ends_the_use_of_the_cache() {
    let world = World::signed_in("code");
    "grace".clone_into(&mut world.provider.subject.borrow_mut());
    world.run(world.engine.session().renew()).unwrap_err();
    assert_eq!(uses(&world, &["/v1/me"]), [Bypassed]);
}

#[test]
fn what_leaves_an_older_answer_in_the_cache_is_fetched_anew_again() {
    let world = after_another();
    for status in [206, 304] {
        world.api.always.set(Some(status));
        assert_eq!(uses(&world, &["/v1/me", "/v1/me"]), [Anew; 2], "{status}");
    }
    world.api.always.set(None);
    world.api.redirects_away.set(true);
    assert_eq!(uses(&world, &["/v1/me", "/v1/me"]), [Anew; 2]);
    world.api.redirects_away.set(false);
    let before = world.api.caches.borrow().len();
    for method in ["HEAD", "HEAD", "POST"] {
        world.call(world.get("/v1/me").with_method(method));
    }
    assert_eq!(world.api.caches.borrow()[before..], [Anew, Anew, AsAsked]);
    assert_eq!(uses(&world, &["/v1/me", "/v1/me"]), [Anew, AsAsked]);
}

#[test]
fn an_answer_to_the_former_user_that_comes_late_is_not_the_next_users_own() {
    let world = after_another();
    world.api.gate.hold();
    let late = world.start_call(world.get("/v1/me"));
    sign_in(&world, "ada");
    world.api.gate.release();
    world.settle();
    assert!(late.has_ended());
    assert_eq!(uses(&world, &["/v1/me", "/v1/me"]), [Anew, AsAsked]);
}

#[test]
fn a_record_that_cannot_be_read_or_written_costs_the_use_of_the_cache_and_nothing_else() {
    let world = World::new("code");
    world.store.put_record(Record::Answers, "{");
    sign_in(&world, "ada");
    assert_eq!(uses(&world, &["/v1/me", "/v1/me"]), [Anew, AsAsked]);
    let world = World::new("code");
    world.store.full.set(true);
    sign_in(&world, "ada");
    assert_eq!(uses(&world, &["/v1/me", "/v1/me"]), [Anew, AsAsked]);
}

#[test]
fn the_record_names_nobody() {
    let world = World::signed_in("code");
    let record = world.store.text(Record::Answers).unwrap();
    assert_eq!(record.len(), 43, "a hash: {record}");
    assert!(!record.contains("ada"));
}
