//! Cases beyond the reports: the same events in other orders.

use std::time::Duration;

use evertoken::message::SessionState::{SignedIn, SignedOut};
use evertoken::platform::{SilentCarrier, UserAgentError};
use evertoken::renewal_method::RenewalMethodId::{Offscreen, RefreshToken, WebAuthFlow};
use serde_json::json;

use crate::renewal::advance;
use crate::support::{Fault, World};
use crate::{method, renew, signed_in};

const BOTH: &str = r#"["refresh_token", "offscreen"]"#;
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn sign_in(world: &World) -> Result<(), &'static str> {
    let outcome = world.run(world.engine.session().sign_in());
    outcome.map_err(|error| error.code().as_str())
}

fn start_renewal(world: &World) {
    let engine = std::rc::Rc::clone(&world.engine);
    let started = world.start(async move { engine.session().renew().await });
    assert!(!started.has_ended());
}

#[test]
fn x11_a_sign_out_while_a_refresh_is_on_its_way_leaves_nothing_and_hinders_no_sign_in() {
    let world = signed_in(BOTH);
    world.provider.hold_path("/token");
    start_renewal(&world);
    world.run(world.engine.session().sign_out()).unwrap();
    assert_eq!(world.view().state, SignedOut);
    world.provider.release_path("/token");
    world.settle();
    assert_eq!(world.view().state, SignedOut);
    assert_eq!(world.store.record(), None);
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    assert_eq!(world.api.tokens(), [None]);
    assert_eq!(sign_in(&world), Ok(()));
    assert_eq!(renew(&world), Ok(()));
}

#[test]
fn x12_a_sign_out_after_a_lost_answer_ends_the_tries_to_get_it_again() {
    let world = signed_in(r#"["refresh_token"]"#);
    world.provider.fail(Fault::Silent("/token"));
    assert!(renew(&world).is_err());
    let sent = world.provider.fetched.borrow().len();
    world.provider.mend();
    world.run(world.engine.session().sign_out()).unwrap();
    advance(&world, 30 * MINUTE);
    let fetched = world.provider.fetched.borrow()[sent..].to_vec();
    assert!(fetched.iter().all(|path| path == "/revoke"), "{fetched:?}");
    assert_eq!(world.view().state, SignedOut);
}

#[test]
fn x13_a_worker_that_dies_while_a_refresh_is_on_its_way_goes_on_with_the_next_way() {
    let world = signed_in(BOTH);
    world.provider.hold_path("/token");
    start_renewal(&world);
    let world = world.restart();
    world.provider.release_path("/token");
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(method(&world), Some(Offscreen), "the token may be used up");
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(method(&world), Some(RefreshToken), "the next one is good");
}

#[test]
fn x14_a_sign_in_as_somebody_else_while_a_refresh_is_on_its_way_is_the_one_that_counts() {
    let world = signed_in(BOTH);
    world.provider.hold_path("/token");
    start_renewal(&world);
    world.provider.release_path("/token");
    "bob".clone_into(&mut world.provider.subject.borrow_mut());
    assert_eq!(sign_in(&world), Ok(()));
    world.settle();
    assert_eq!(world.view().identity.unwrap().sub, "bob");
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(world.view().identity.unwrap().sub, "bob");
}

#[test]
fn x15_a_clock_that_leaps_and_comes_back_costs_a_renewal_and_no_session() {
    for leap in [DAY, 400 * DAY] {
        let world = signed_in(BOTH);
        world.advance(leap);
        assert_eq!(world.call(world.get("/v1/me")).status, 200, "{leap:?}");
        world.clock.set_back(leap);
        assert_eq!(world.call(world.get("/v1/me")).status, 200, "{leap:?}");
        advance(&world, 3 * 60 * MINUTE);
        assert_eq!(world.view().state, SignedIn, "{leap:?}");
        assert_eq!(world.call(world.get("/v1/me")).status, 200, "{leap:?}");
        let refreshes = world.provider.refresh_tokens_sent().len();
        assert!(refreshes <= 8, "{refreshes} after {leap:?}");
    }
}

#[test]
fn x16_a_clock_that_is_set_back_while_a_refresh_is_on_its_way_loses_nothing() {
    let world = signed_in(BOTH);
    world.advance(60 * MINUTE);
    world.provider.hold_path("/token");
    let call = world.start_call(world.get("/v1/me"));
    world.clock.set_back(DAY);
    world.provider.release_path("/token");
    world.settle();
    assert_eq!(call.result().unwrap().status, 200);
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    assert_eq!(world.view().state, SignedIn);
}

#[test]
fn x17_a_machine_that_wakes_before_its_network_is_signed_in_once_that_is_there() {
    for error in [UserAgentError::Offline, UserAgentError::NameNotResolved] {
        let world = signed_in(BOTH);
        world.advance(DAY);
        world.provider.fail(Fault::Unreachable);
        let world = world.restart();
        assert_eq!(world.call(world.get("/v1/me")).status, 401, "{error:?}");
        world.provider.fail(Fault::Engines(error, error));
        advance(&world, 2 * MINUTE);
        world.provider.mend();
        advance(&world, 6 * MINUTE);
        assert_eq!(world.view().state, SignedIn, "{error:?}");
        assert_eq!(world.call(world.get("/v1/me")).status, 200, "{error:?}");
        assert!(world.view().problem.is_none(), "{error:?}");
    }
}

#[test]
fn x18_a_code_whose_exchange_got_no_answer_is_no_reason_to_wait_with_the_next_sign_in() {
    let world = World::new("code");
    world.provider.fail(Fault::Silent("/token"));
    assert_eq!(sign_in(&world), Err("network.timeout"));
    world.provider.mend();
    assert_eq!(sign_in(&world), Ok(()));
    let codes = world.provider.token_requests.borrow();
    assert_eq!(codes.len(), 1, "{codes:?}");
}

#[test]
fn x19_a_key_that_is_changed_between_two_renewals_is_found_by_each_way() {
    for ladder in [r#"["refresh_token"]"#, r#"["offscreen"]"#] {
        let world = signed_in(ladder);
        world.advance(MINUTE);
        let mut signing = world.provider.signing.borrow_mut();
        let key = crate::support::Signing::public_key(Some("2"));
        (signing.kid, signing.key_set) = (Some("2"), json!({"keys": [key]}));
        drop(signing);
        assert_eq!(renew(&world), Ok(()), "{ladder}");
    }
}

#[test]
fn x20_a_frame_that_fails_differently_each_time_never_hides_the_way_that_works() {
    use UserAgentError::{FramingRefused, LoadFailed, PageShown, Refused, ServerError, Timeout};
    let world = signed_in(r#"["offscreen", "web_auth_flow"]"#);
    for error in [
        Timeout,
        LoadFailed,
        Refused(400),
        ServerError(502),
        PageShown,
        FramingRefused,
    ] {
        let fault = Fault::Engine(SilentCarrier::Offscreen, error);
        world.provider.fail(fault);
        assert_eq!(renew(&world), Ok(()), "{error:?}");
        assert_eq!(method(&world), Some(WebAuthFlow), "{error:?}");
        world.advance(2 * DAY);
    }
}

#[test]
fn x21_a_provider_that_forgets_the_refresh_token_once_is_asked_for_another() {
    let world = signed_in(BOTH);
    world
        .provider
        .fail(Fault::TokenMember("refresh_token", json!(null)));
    assert_eq!(renew(&world), Ok(()));
    // It rotates, and forgot the successor: the old one is used up.
    world.provider.mend();
    assert_eq!((renew(&world), method(&world)), (Ok(()), Some(Offscreen)));
    assert_eq!(
        (renew(&world), method(&world)),
        (Ok(()), Some(RefreshToken))
    );
}

#[test]
fn x22_token_answers_that_come_back_cut_cost_no_session() {
    for cut in [0, 1, 40] {
        let world = signed_in(BOTH);
        let cut_short =
            move |answer: &mut evertoken::platform::HttpResponse| answer.body.truncate(cut);
        world.provider.forge_answer("/token", cut_short);
        assert!(renew(&world).is_err(), "{cut}");
        assert_eq!(world.view().state, SignedIn, "{cut}");
        world.provider.forge_answer("/token", |_| {});
        advance(&world, 5 * MINUTE);
        assert_eq!(renew(&world), Ok(()), "{cut}");
        assert_eq!(world.view().state, SignedIn, "{cut}");
    }
}
