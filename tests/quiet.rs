//! What an update of the extension waits for.

mod support;

use std::rc::Rc;
use std::time::Duration;

use crate::support::{Started, World};

fn wait_for_quiet(world: &World) -> Started<()> {
    let engine = Rc::clone(&world.engine);
    world.start(async move { engine.quiet().await })
}

#[test]
fn where_nothing_is_under_way_it_is_quiet_at_once() {
    let world = World::signed_in("code");
    assert!(wait_for_quiet(&world).has_ended());
}

#[test]
fn a_call_under_way_is_waited_for() {
    let world = World::signed_in("code");
    world.api.gate.hold();
    let calls = [(); 2].map(|()| world.start_call(world.get("/v1/me")));
    let quiet = wait_for_quiet(&world);
    assert!(!quiet.has_ended());
    world.api.gate.release();
    world.settle();
    assert!(calls.iter().all(Started::has_ended));
    assert!(quiet.has_ended());
}

#[test]
fn a_call_that_is_given_up_is_waited_for_no_longer() {
    let world = World::signed_in("code");
    world.api.revoke_all();
    world.provider.gate.hold();
    let call = world.get("/v1/me");
    let abort = call.abort_handle();
    let _call = world.start_call(call);
    let quiet = wait_for_quiet(&world);
    abort.abort();
    world.settle();
    assert!(!quiet.has_ended(), "the renewal goes on");
    world.provider.gate.release();
    world.settle();
    assert!(quiet.has_ended());
}

#[test]
fn a_sign_in_and_what_begins_meanwhile_are_waited_for() {
    let world = World::new("code");
    world.provider.gate.hold();
    let session = Rc::clone(world.engine.session());
    let _sign_in = world.start(session.sign_in());
    let quiet = wait_for_quiet(&world);
    assert!(!quiet.has_ended());
    world.api.gate.hold();
    let _call = world.start_call(world.get("/v1/me"));
    world.provider.gate.release();
    world.settle();
    assert!(!quiet.has_ended(), "the call goes on");
    world.api.gate.release();
    world.settle();
    assert!(quiet.has_ended());
}

#[test]
fn nothing_holds_an_update_up_for_more_than_thirty_seconds() {
    let world = World::signed_in("code");
    world.api.gate.hold();
    let call = world.start_call(world.get("/v1/me"));
    let quiet = wait_for_quiet(&world);
    world.advance(Duration::from_millis(29_999));
    assert!(!quiet.has_ended());
    world.advance(Duration::from_millis(1));
    assert!(quiet.has_ended());
    assert!(!call.has_ended());
}
