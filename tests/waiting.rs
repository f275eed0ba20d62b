//! Calls that hold their 401 until the user has signed in.

#![allow(
    clippy::unwrap_used,
    reason = "a world that is not as the test built it fails the test"
)]

mod support;

use std::time::Duration;

use evertoken::message::SessionState;
use serde_json::json;

use crate::support::{CLIENT_ID, Call, Fault, ISSUER, Outcome, Started, World};

const LIMIT: Duration = Duration::from_secs(30);
/// Longer than pages are left without the news.
const NEWS: Duration = Duration::from_millis(100);

type Waiting = Started<Result<Outcome, &'static str>>;

/// A world whose first API lets calls wait, nobody signed in. The second does not.
fn world() -> World {
    let settings = json!({
        "provider": {"issuer": ISSUER, "client_id": CLIENT_ID, "renewal": ["offscreen"]},
        "apis": [
            {"url": "https://api.test/v1/", "wait_for_sign_in_s": LIMIT.as_secs()},
            {"url": "https://api.test/v2/"},
        ],
    });
    World::with_settings(&settings.to_string())
}

fn sign_in(world: &World) {
    world.run(world.engine.session().sign_in()).unwrap();
    world.settle();
}

/// Ada was signed in; her token is revoked, and the provider no longer knows her.
fn lost() -> World {
    let world = world();
    sign_in(&world);
    lose(&world);
    world
}

fn lose(world: &World) {
    world.api.revoke_all();
    world.provider.fail(Fault::Authorization("login_required"));
}

fn get(world: &World) -> Waiting {
    world.start_call(world.get("/v1/me"))
}

fn status(call: &Waiting) -> u16 {
    call.result().unwrap().status
}

fn waiting(world: &World) -> u32 {
    world.view().waiting
}

#[test]
fn a_call_of_nobody_goes_on_with_the_sign_in() {
    let world = world();
    let call = get(&world);
    assert!(!call.has_ended());
    assert_eq!((world.api.statuses(), waiting(&world)), (vec![401], 1));
    sign_in(&world);
    assert_eq!(status(&call), 200);
    assert_eq!((world.api.statuses(), waiting(&world)), (vec![401, 200], 0));
    let tokens = world.api.tokens();
    assert_eq!(tokens[0], None);
    assert!(tokens[1].is_some());
}

#[test]
fn a_call_whose_own_renewal_finds_that_sign_in_is_needed_waits_for_it() {
    let world = lost();
    let call = get(&world);
    assert!(!call.has_ended());
    assert_eq!(world.view().state, SessionState::SignInNeeded);
    let late = get(&world);
    assert_eq!(waiting(&world), 2);
    world.provider.mend();
    sign_in(&world);
    assert_eq!((status(&call), status(&late)), (200, 200));
    assert_eq!(world.api.statuses(), [401, 401, 200, 200]);
    assert_eq!(
        world.provider.authorization_count(),
        3,
        "no renewal beside the sign-ins"
    );
}

#[test]
fn a_silent_renewal_that_ends_the_need_resumes_what_waits() {
    let world = lost();
    let call = get(&world);
    assert!(!call.has_ended());
    world.provider.mend();
    world.run(world.engine.session().renew()).unwrap();
    world.settle();
    assert_eq!(status(&call), 200);
    assert_eq!(world.view().state, SessionState::SignedIn);
}

#[test]
fn a_renewal_or_sign_in_that_fails_leaves_it_waiting() {
    let world = lost();
    let call = get(&world);
    assert!(world.run(world.engine.session().renew()).is_err());
    assert!(world.run(world.engine.session().sign_in()).is_err());
    world.settle();
    assert!(!call.has_ended());
    assert_eq!(waiting(&world), 1);
}

#[test]
fn the_time_limit_hands_the_401_over() {
    let world = world();
    let call = get(&world);
    world.advance(LIMIT.checked_sub(Duration::from_millis(1)).unwrap());
    assert!(!call.has_ended());
    world.advance(Duration::from_millis(1));
    assert_eq!(status(&call), 401);
    assert_eq!((world.api.statuses(), waiting(&world)), (vec![401], 0));
    sign_in(&world);
    assert_eq!(world.api.statuses(), [401], "it is not sent any more");
}

#[test]
fn sign_out_hands_the_401_over() {
    for world in [world(), lost()] {
        let call = get(&world);
        assert!(!call.has_ended());
        world.run(world.engine.session().sign_out()).unwrap();
        world.settle();
        assert_eq!(status(&call), 401);
        assert_eq!(waiting(&world), 0);
    }
}

#[test]
fn a_caller_that_gives_up_gets_its_own_failure_and_frees_its_place() {
    let world = world();
    let call = world.get("/v1/me");
    let abort = call.abort_handle();
    let call = world.start_call(call);
    assert_eq!(waiting(&world), 1);
    abort.abort();
    world.settle();
    assert_eq!(call.result(), Err("AbortError"));
    assert_eq!(waiting(&world), 0);
    sign_in(&world);
    assert_eq!(world.api.statuses(), [401]);
}

#[test]
fn only_what_may_be_sent_again_much_later_waits() {
    let world = world();
    let ended = |call: Call| world.start_call(call).has_ended();
    let me = || world.get("/v1/me");
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        assert!(ended(me().with_method(method)), "{method}");
        let with_key = me().with_method(method).with_idempotency_key();
        assert!(!ended(with_key), "{method}");
    }
    assert!(!ended(me().with_method("HEAD")));
    let stream = me()
        .with_method("POST")
        .with_idempotency_key()
        .with_stream();
    assert!(ended(stream), "its body is gone");
    assert!(ended(world.get("/v2/me")), "this API's calls do not wait");
    assert_eq!(waiting(&world), 5);
}

#[test]
fn a_401_that_no_sign_in_cures_is_handed_over_at_once() {
    let world = world();
    world.api.redirects_away.set(true);
    assert_eq!(
        status(&get(&world)),
        401,
        "behind a redirect to another origin"
    );
}

#[test]
fn a_fresh_token_that_is_refused_does_not_wait() {
    let world = world();
    sign_in(&world);
    world.api.always.set(Some(401));
    assert_eq!(status(&get(&world)), 401);
    assert_eq!(world.api.statuses(), [401, 401]);
    assert_eq!(
        status(&get(&world)),
        401,
        "nor while its API is left in peace"
    );
}

#[test]
fn a_call_that_was_sent_twice_does_not_wait() {
    let world = world();
    let call = get(&world);
    world.api.always.set(Some(401));
    sign_in(&world);
    assert_eq!(status(&call), 401);
    assert_eq!(world.api.statuses(), [401, 401]);
}

#[test]
fn a_sign_in_that_brings_no_token_to_send_hands_the_401_over() {
    let world = world();
    let call = get(&world);
    world.provider.lifetime.set(Duration::ZERO);
    sign_in(&world);
    assert_eq!(status(&call), 401);
    assert_eq!(world.api.statuses(), [401]);
}

#[test]
fn an_api_that_takes_bound_tokens_only_lets_calls_of_nobody_wait() {
    let settings = json!({
        "provider": {"issuer": ISSUER, "client_id": CLIENT_ID, "renewal": ["offscreen"], "dpop": true},
        "apis": [{"url": "https://api.test/v1/", "token": "access_token", "wait_for_sign_in_s": 9}],
    });
    for challenge in [r#"DPoP algs="ES256""#, r#"DPoP error="use_dpop_nonce""#] {
        let world = World::with_settings(&settings.to_string());
        world.provider.change(|behavior| behavior.dpop = true);
        *world.api.challenge.borrow_mut() = Some(challenge);
        let call = get(&world);
        assert!(!call.has_ended(), "{challenge}");
        sign_in(&world);
        assert_eq!(status(&call), 200, "{challenge}");
    }
}

#[test]
fn the_hundred_and_first_gets_its_401_at_once() {
    let world = world();
    let calls: Vec<_> = (0..100).map(|_| get(&world)).collect();
    assert!(calls.iter().all(|call| !call.has_ended()));
    assert_eq!(waiting(&world), 100);
    assert_eq!(status(&get(&world)), 401);
    sign_in(&world);
    assert!(calls.iter().all(|call| status(call) == 200));
    assert_eq!(world.api.statuses().len(), 201);
}

#[test]
fn who_waits_takes_no_place_from_others() {
    let world = world();
    let calls: Vec<_> = (0..100).map(|_| get(&world)).collect();
    let other = world.start_call(world.get("/v2/me"));
    assert_eq!(status(&other), 401, "of the same origin");
    assert!(calls.iter().all(|call| !call.has_ended()));
}

#[test]
fn a_waiting_call_is_not_answered_as_another_user() {
    let world = lost();
    let hers = get(&world);
    *world.provider.subject.borrow_mut() = "bob".to_owned();
    world.provider.mend();
    sign_in(&world);
    assert_eq!(status(&hers), 401);
    assert_eq!(world.api.statuses(), [401]);
}

#[test]
fn a_call_whose_renewal_finds_another_user_does_not_wait_for_him() {
    let world = world();
    sign_in(&world);
    world.api.revoke_all();
    *world.provider.subject.borrow_mut() = "bob".to_owned();
    assert_eq!(status(&get(&world)), 401);
    assert_eq!(world.problem().as_deref(), Some("id_token.sub"));
}

#[test]
fn pages_hear_once_of_all_that_wait() {
    let world = world();
    world.advance(NEWS);
    world.pages.heard.borrow_mut().clear();
    let heard = || -> Vec<u32> {
        let heard = world.pages.heard.borrow();
        heard.iter().map(|view| view.waiting).collect()
    };
    let calls: Vec<_> = (0..100).map(|_| get(&world)).collect();
    world.advance(NEWS);
    assert_eq!(heard(), [100]);
    drop(calls);
    world.advance(LIMIT);
    world.advance(NEWS);
    assert_eq!(heard(), [100, 0]);
}

#[test]
fn a_new_worker_tells_that_nothing_waits_any_more() {
    let world = world();
    get(&world);
    world.advance(NEWS);
    let world = world.restart();
    world.pages.heard.borrow_mut().clear();
    world.advance(NEWS);
    let heard = world.pages.heard.borrow();
    let numbers: Vec<u32> = heard.iter().map(|view| view.waiting).collect();
    assert_eq!(numbers, [0]);
}

#[test]
fn the_user_is_called_once_for_one_need_and_no_more_when_it_ends() {
    let world = world();
    get(&world);
    assert_eq!(
        *world.pages.calls.borrow(),
        [""; 0],
        "signed out is no need"
    );
    sign_in(&world);
    lose(&world);
    get(&world);
    get(&world);
    assert!(world.run(world.engine.session().renew()).is_err());
    assert_eq!(*world.pages.calls.borrow(), ["called"]);
    let world = world.restart();
    get(&world);
    assert!(world.run(world.engine.session().renew()).is_err());
    assert_eq!(
        *world.pages.calls.borrow(),
        ["called"],
        "nor by a new worker"
    );
    world.provider.mend();
    sign_in(&world);
    assert_eq!(*world.pages.calls.borrow(), ["called", "off"]);
    lose(&world);
    get(&world);
    assert_eq!(*world.pages.calls.borrow(), ["called", "off", "called"]);
    world.run(world.engine.session().sign_out()).unwrap();
    assert_eq!(world.pages.calls.borrow()[3..], ["off"]);
}

#[test]
fn a_user_who_answers_the_call_signs_in_once() {
    let world = lost();
    let call = get(&world);
    world.provider.mend();
    world.run(world.engine.sign_in_prompt_accepted());
    world.settle();
    assert_eq!(status(&call), 200);
    let asked = world.provider.authorization_count();
    world.run(world.engine.sign_in_prompt_accepted());
    assert_eq!(
        world.provider.authorization_count(),
        asked,
        "nothing is needed any more"
    );
}
