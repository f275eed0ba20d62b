//! Clocks that differ, and the schedule of renewals.

#![allow(
    clippy::unwrap_used,
    reason = "a world that is not as the test built it fails the test"
)]

mod support;

use std::time::Duration;

use evertoken::message::SessionState;
use evertoken::platform::Clock;

use crate::support::{Fault, World};

#[test]
fn a_machine_whose_clock_is_ten_minutes_off_signs_in_and_is_told_by_how_much() {
    for flow in ["code", "implicit"] {
        for offset in [600, -600, 86_400] {
            let world = World::new(flow);
            world
                .provider
                .change(|behavior| behavior.clock_offset_s = offset);
            world.run(world.engine.session().sign_in()).unwrap();
            assert_eq!(world.view().clock_offset_ms, Some(offset * 1000));
            let expires_at = world.view().expires_at.unwrap();
            let lifetime = expires_at.milliseconds_since(world.clock.now());
            assert_eq!(lifetime, 3_600_000, "an hour by the local clock");
            world.api.revoke_all();
            assert_eq!(world.call(world.get("/v1/me")).status, 200);
        }
    }
}

#[test]
fn clocks_that_agree_are_not_mentioned() {
    let world = World::signed_in("code");
    assert_eq!(world.view().clock_offset_ms, None);
    world
        .provider
        .change(|behavior| behavior.clock_offset_s = 8);
    world.run(world.engine.session().renew()).unwrap();
    assert_eq!(world.view().clock_offset_ms, None);
}

#[test]
fn an_expired_id_token_stays_expired_by_the_providers_own_clock() {
    let world = World::new("code");
    world
        .provider
        .change(|behavior| behavior.clock_offset_s = 600);
    let just_past = world.clock.now().0 / 1000 + 600 - 61;
    world.provider.fail(Fault::Claim("exp", just_past.into()));
    let error = world.run(world.engine.session().sign_in()).unwrap_err();
    assert_eq!(error.code(), "id_token.exp");
}

/// Milliseconds until the alarm rings.
fn alarm_in(world: &World) -> Option<i64> {
    let at = world.alarm.0.get();
    at.map(|at| at.milliseconds_since(world.clock.now()))
}

#[test]
fn the_alarm_is_set_when_tokens_come_and_when_a_worker_starts() {
    let world = World::new("code");
    assert_eq!(alarm_in(&world), None);
    world.run(world.engine.session().sign_in()).unwrap();
    let first = 360_000..=3_540_000;
    assert!(alarm_in(&world).is_some_and(|left| first.contains(&left)));
    let before = world.alarm.0.take();
    let world = world.restart();
    assert_eq!(world.alarm.0.get(), before);
    world.run(world.engine.session().renew()).unwrap();
    let later = 2_820_000..=3_540_000;
    assert!(alarm_in(&world).is_some_and(|left| later.contains(&left)));
}

#[test]
fn a_token_that_came_later_than_it_is_now_is_renewed_at_once() {
    let world = World::signed_in("code");
    world.clock.set_back(Duration::from_secs(86_400));
    let world = world.restart();
    assert_eq!(alarm_in(&world), Some(0));
    world.run(world.engine.alarm_rang());
    assert_eq!(world.provider.authorization_count(), 2);
    assert!(alarm_in(&world).is_some_and(|left| left > 0));
}

#[test]
fn the_alarm_renews_what_is_due_and_nothing_else() {
    let world = World::signed_in("code");
    world.run(world.engine.alarm_rang());
    assert_eq!(world.provider.authorization_count(), 1, "too early");
    world.advance(Duration::from_millis(
        alarm_in(&world).unwrap().try_into().unwrap(),
    ));
    world.run(world.engine.alarm_rang());
    assert_eq!(world.provider.authorization_count(), 2);
    world.run(world.engine.alarm_rang());
    assert_eq!(
        world.provider.authorization_count(),
        2,
        "it was renewed just now"
    );
}

#[test]
fn a_renewal_that_failed_for_a_passing_reason_is_due_again_in_a_minute() {
    let world = World::signed_in("code");
    world.provider.fail(Fault::Unreachable);
    world.advance(Duration::from_secs(3540));
    world.run(world.engine.alarm_rang());
    assert_eq!(alarm_in(&world), Some(60_000));
    assert_eq!(world.view().state, SessionState::SignedIn);
    world.provider.mend();
    world.advance(Duration::from_secs(60));
    world.run(world.engine.alarm_rang());
    assert!(alarm_in(&world).is_some_and(|left| left > 2_000_000));
}

#[test]
fn there_is_no_alarm_while_only_the_user_can_help() {
    let world = World::signed_in("code");
    world.provider.fail(Fault::Authorization("login_required"));
    world.run(world.engine.session().renew()).unwrap_err();
    assert_eq!(alarm_in(&world), None);
    world.advance(Duration::from_secs(4000));
    world.run(world.engine.alarm_rang());
    assert_eq!(
        world.provider.authorization_count(),
        2,
        "nobody is asked again"
    );
}
