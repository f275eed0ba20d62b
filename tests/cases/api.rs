//! What an API's 401 or 403 means, and whom it concerns.

use std::time::Duration;

use evertoken::message::SessionState::{SignInNeeded, SignedIn};
use evertoken::message::{ActivityEvent, PageRequest, WorkerReply};

use crate::signed_in;
use crate::support::{Fault, World};

const FRAME: &str = r#"["offscreen"]"#;

fn get(world: &World, path: &str) -> u16 {
    world.call(world.get(path)).status
}

#[test]
fn k02_k41_a_401_to_a_call_with_a_token_renews_once_whatever_its_challenge_says() {
    for challenge in [
        "Token",
        r#"Basic realm="x""#,
        "Negotiate",
        r#"Bearer error="expired_token""#,
        r#"Bearer error="token_expired""#,
        r#"Bearer error="Invalid_Token""#,
        r#"Bearer error="invalid token""#,
        r#"Bearer error="Unauthorized""#,
        "Bearer error='invalid_token'",
        r#"Bearer, error="invalid_token""#,
        r#"Bearer error="invalid_token" error_description="x""#,
        "Bearer authorization_uri=https://l.example/x, resource_id=a",
        r#"Negotiate, Basic realm="x", Bearer error="invalid_token""#,
        r#"Bearer error="invalid_token"#,
    ] {
        let world = signed_in(FRAME);
        *world.api.challenge.borrow_mut() = Some(challenge);
        world.api.revoke_all();
        assert_eq!(get(&world, "/v1/me"), 200, "{challenge}");
        assert_eq!(world.api.statuses(), [401, 200], "{challenge}");
        // One that refuses whatever comes costs one renewal.
        world.api.always.set(Some(401));
        assert_eq!(get(&world, "/v1/me"), 401, "{challenge}");
        assert_eq!(get(&world, "/v1/me"), 401, "{challenge}");
        assert_eq!(world.provider.authorization_count(), 3, "{challenge}");
    }
}

#[test]
fn k06_a_place_that_wants_another_right_takes_the_token_from_no_other() {
    for (fault, then) in [
        (Fault::Unreachable, SignedIn),
        (Fault::Authorization("login_required"), SignInNeeded),
    ] {
        let world = signed_in(FRAME);
        *world.api.challenge.borrow_mut() = Some("");
        world.provider.fail(fault.clone());
        world.api.always.set(Some(401));
        assert_eq!(get(&world, "/v1/admin"), 401, "{fault:?}");
        world.api.always.set(None);
        assert_eq!(get(&world, "/v1/me"), 200, "{fault:?}");
        assert_eq!(world.view().state, then, "{fault:?}");
    }
}

#[test]
fn k06_a_place_that_is_polled_costs_ever_fewer_renewals() {
    let mut world = signed_in(FRAME);
    *world.api.challenge.borrow_mut() = Some("");
    for _ in 0..60 {
        world.api.always.set(Some(401));
        assert_eq!(get(&world, "/v1/admin"), 401);
        world.api.always.set(None);
        assert_eq!(get(&world, "/v1/me"), 200);
        world.advance(Duration::from_secs(60));
        // Chrome stops the worker between two polls.
        world = world.restart();
    }
    let renewals = world.provider.authorization_count() - 1;
    assert!(renewals <= 8, "{renewals} in an hour");
}

#[test]
fn k07_a_403_that_says_that_the_token_is_invalid_renews_and_any_other_does_not() {
    for (challenge, statuses) in [
        (Some(r#"Bearer error="invalid_token""#), vec![403, 403]),
        (Some("Bearer"), vec![403]),
        (Some(""), vec![403]),
    ] {
        let world = signed_in(FRAME);
        *world.api.challenge.borrow_mut() = challenge;
        world.api.always.set(Some(403));
        assert_eq!(get(&world, "/v1/me"), 403);
        assert_eq!(world.api.statuses(), statuses, "{challenge:?}");
    }
}

#[test]
fn k37_a_call_that_is_led_to_a_page_for_signing_in_is_told_to_have_ended_there() {
    for (from, told) in [
        (None, None),
        (
            Some("https://api.test/login?back=/v1/me#top"),
            Some("https://api.test/login"),
        ),
        (
            Some("https://login.test/?token=secret"),
            Some("https://login.test/"),
        ),
    ] {
        let world = signed_in(FRAME);
        world.api.redirects_to.set(from);
        assert_eq!(get(&world, "/v1/me"), 200);
        let WorkerReply::Activity(entries) =
            world.run(world.engine.answer(PageRequest::Activity { after: 0 }))
        else {
            panic!("no activity");
        };
        let Some(ActivityEvent::Called(report)) = entries.last().map(|entry| &entry.event) else {
            panic!("{entries:?}");
        };
        assert_eq!(report.redirected_to.as_deref(), told);
    }
}
