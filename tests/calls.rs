//! The path of a call, from the page to the API and back, with everything but the browser real.

mod support;

use std::time::Duration;

use evertoken::api::call_error::CallError;
use evertoken::message::{ActivityEvent, PageRequest, SessionState, WorkerReply};

use crate::support::{Fault, World};

#[test]
fn a_call_bears_the_id_token_of_the_session() {
    let world = World::signed_in("code");
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    let issued = world.provider.issued.borrow().clone();
    assert_eq!(world.api.tokens(), [Some(issued[0].clone())]);
}

#[test]
fn a_call_outside_the_allow_list_bears_no_token() {
    let world = World::signed_in("code");
    for path in [
        "/",
        "/v1x",
        "/v",
        "/V1/",
        "/v1/../admin",
        "/v1/%2e%2e/admin",
        "/v1/%2e%2e%2fadmin",
    ] {
        assert_eq!(world.call(world.get(path)).status, 401, "{path}");
    }
    assert!(world.api.tokens().iter().all(Option::is_none));
    assert_eq!(world.provider.authorization_count(), 1, "only the sign-in");
}

#[test]
fn a_revoked_token_is_renewed_once_and_the_call_sent_again_once() {
    for flow in ["code", "implicit"] {
        let world = World::signed_in(flow);
        world.api.revoke_all();
        assert_eq!(world.call(world.get("/v1/me")).status, 200);
        assert_eq!(world.api.statuses(), [401, 200]);
        assert_eq!(
            world.provider.authorization_count(),
            2,
            "sign-in and one renewal"
        );
        assert_eq!(world.view().state, SessionState::SignedIn);
    }
}

#[test]
fn calls_at_once_on_a_revoked_token_share_one_renewal() {
    let world = World::signed_in("code");
    world.api.revoke_all();
    world.provider.gate.hold();
    let calls: Vec<_> = (0..10)
        .map(|_| world.start_call(world.get("/v1/me")))
        .collect();
    assert!(calls.iter().all(|call| !call.has_ended()));
    world.provider.gate.release();
    world.settle();
    assert!(
        calls
            .iter()
            .all(|call| call.result().unwrap().status == 200)
    );
    assert_eq!(world.provider.authorization_count(), 2);
}

#[test]
fn refusals_that_arrive_at_once_share_one_renewal() {
    let world = World::signed_in("code");
    world.api.revoke_all();
    world.api.gate.hold();
    let calls: Vec<_> = (0..10)
        .map(|_| world.start_call(world.get("/v1/me")))
        .collect();
    assert_eq!(world.api.statuses(), [401; 10], "all are under way");
    world.provider.gate.hold();
    world.api.gate.release();
    world.settle();
    world.provider.gate.release();
    world.settle();
    assert!(
        calls
            .iter()
            .all(|call| call.result().unwrap().status == 200)
    );
    assert_eq!(world.provider.authorization_count(), 2);
    assert_eq!(world.api.statuses().len(), 20);
}

#[test]
fn an_expired_token_is_renewed_before_it_is_sent() {
    let world = World::signed_in("code");
    world.advance(Duration::from_secs(3595));
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    assert_eq!(world.api.statuses(), [200]);
    assert_eq!(world.provider.authorization_count(), 2);
}

#[test]
fn a_second_401_is_handed_over_and_starts_no_renewal_for_thirty_seconds() {
    let world = World::signed_in("code");
    world.api.always.set(Some(401));
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    assert_eq!(world.api.statuses(), [401, 401]);
    assert_eq!(world.provider.authorization_count(), 2);
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    assert_eq!(
        world.api.statuses().len(),
        3,
        "sent once, with the token that is there"
    );
    assert_eq!(world.provider.authorization_count(), 2);
    world.advance(Duration::from_secs(31));
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    assert_eq!(world.provider.authorization_count(), 3);
}

#[test]
fn when_the_user_must_sign_in_the_401_is_handed_over_and_nothing_more_is_asked() {
    let world = World::signed_in("code");
    world.api.revoke_all();
    world.provider.fail(Fault::Authorization("login_required"));
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    assert_eq!(world.view().state, SessionState::SignInNeeded);
    assert_eq!(
        world.problem().as_deref(),
        Some("authorization.login_required")
    );
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    assert_eq!(
        world.provider.authorization_count(),
        2,
        "sign-in and one renewal"
    );
    let tokens = world.api.tokens();
    assert!(tokens[0].is_some());
    assert_eq!(
        tokens[1..],
        [None],
        "a token that is known to be stale is not sent again"
    );
}

#[test]
fn a_call_whose_body_is_gone_gets_its_401_and_the_next_one_a_new_token() {
    let world = World::signed_in("code");
    world.api.revoke_all();
    assert_eq!(world.call(world.get("/v1/me").with_stream()).status, 401);
    world.settle();
    assert_eq!(world.provider.authorization_count(), 2);
    assert_eq!(world.call(world.get("/v1/me").with_stream()).status, 200);
}

#[test]
fn a_401_behind_a_redirect_to_another_origin_starts_no_renewal() {
    let world = World::signed_in("code");
    world.api.revoke_all();
    world.api.redirects_away.set(true);
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    assert_eq!(world.provider.authorization_count(), 1);
}

#[test]
fn a_missing_scope_starts_no_renewal_and_is_told() {
    let world = World::signed_in("code");
    world.api.always.set(Some(403));
    *world.api.challenge.borrow_mut() = Some(r#"Bearer error="insufficient_scope", scope="admin""#);
    assert_eq!(world.call(world.get("/v1/me")).status, 403);
    assert_eq!(world.provider.authorization_count(), 1);
    let WorkerReply::Activity(entries) =
        world.run(world.engine.answer(PageRequest::Activity { after: 0 }))
    else {
        panic!("no activity")
    };
    let Some(ActivityEvent::Called(report)) = entries.last().map(|last| &last.event) else {
        panic!("no call")
    };
    assert_eq!(report.wanted_scope.as_deref(), Some("admin"));
}

#[test]
fn a_caller_that_gives_up_ends_alone_and_is_not_sent_again() {
    let world = World::signed_in("code");
    world.api.revoke_all();
    world.provider.gate.hold();
    let patient = world.start_call(world.get("/v1/patient"));
    let call = world.get("/v1/gone");
    let abort = call.abort_handle();
    let gone = world.start_call(call);
    abort.abort();
    world.settle();
    assert_eq!(gone.result(), Err("AbortError"));
    world.provider.gate.release();
    world.settle();
    assert_eq!(patient.result().unwrap().status, 200);
    let again = world
        .api
        .seen
        .borrow()
        .iter()
        .filter(|seen| seen.path == "/v1/gone")
        .count();
    assert!(again <= 1, "sent {again} times");
}

#[test]
fn a_renewal_goes_on_when_its_only_caller_gives_up() {
    let world = World::signed_in("code");
    world.api.revoke_all();
    world.provider.gate.hold();
    let call = world.get("/v1/gone");
    let abort = call.abort_handle();
    let gone = world.start_call(call);
    abort.abort();
    world.settle();
    assert_eq!(gone.result(), Err("AbortError"));
    world.provider.gate.release();
    world.settle();
    assert_eq!(world.provider.authorization_count(), 2);
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    assert_eq!(world.provider.authorization_count(), 2);
}

#[test]
fn nobody_signed_in_means_no_token_and_no_renewal() {
    let world = World::new("code");
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    assert_eq!(world.api.tokens(), [None]);
    assert_eq!(world.provider.authorization_count(), 0);
}

#[test]
fn a_thousand_calls_at_once_on_a_revoked_token_send_sixty_four_in_vain() {
    let world = World::signed_in("code");
    world.api.revoke_all();
    world.api.gate.hold();
    let path = |call: u32| format!("/v1/{call}");
    let calls: Vec<_> = (0..1000)
        .map(|call| world.start_call(world.get(&path(call))))
        .collect();
    assert_eq!(world.api.seen.borrow().len(), 64);
    world.api.gate.release();
    world.settle();
    let all_well = calls
        .iter()
        .all(|call| call.result().unwrap().status == 200);
    assert!(all_well);
    assert_eq!(world.api.seen.borrow().len(), 1064);
    assert_eq!(world.provider.authorization_count(), 2);
}

#[test]
fn a_call_that_is_given_up_in_the_queue_is_not_sent() {
    let world = World::signed_in("code");
    world.api.gate.hold();
    let calls: Vec<_> = (0..64)
        .map(|_| world.start_call(world.get("/v1/slow")))
        .collect();
    let waiting = world.get("/v1/waiting");
    let abort = waiting.abort_handle();
    let waiting = world.start_call(waiting);
    abort.abort();
    world.settle();
    assert_eq!(waiting.result(), Err("AbortError"));
    world.api.gate.release();
    world.settle();
    assert!(calls.iter().all(|call| call.result().is_ok()));
    assert_eq!(world.api.seen.borrow().len(), 64);
}

/// The code of the problem that the activity tells of the last call.
fn last_problem(world: &World) -> Option<String> {
    let WorkerReply::Activity(entries) =
        world.run(world.engine.answer(PageRequest::Activity { after: 0 }))
    else {
        panic!("no activity");
    };
    match entries.last().map(|last| &last.event) {
        Some(ActivityEvent::Called(report)) => {
            let problem = report.problem.as_ref();
            problem.map(|problem| problem.code.to_string())
        }
        other => panic!("the last event is {other:?}"),
    }
}

#[test]
fn a_call_without_an_answer_is_told_with_its_reason_and_renews_nothing() {
    for (error, code) in [
        (CallError::NotPermitted, "api.not_permitted"),
        (CallError::Unreachable, "api.unreachable"),
    ] {
        let world = World::signed_in("code");
        world.api.unanswered.set(Some(error));
        let call = world.start_call(world.get("/v1/me"));
        assert_eq!(call.result(), Err("TypeError"));
        assert_eq!(last_problem(&world).as_deref(), Some(code));
        assert_eq!(world.provider.authorization_count(), 1, "only the sign-in");
        assert_eq!(world.problem(), None, "it is the call's, not the session's");
        world.api.unanswered.set(None);
        assert_eq!(world.call(world.get("/v1/me")).status, 200);
        assert_eq!(last_problem(&world), None);
    }
}

#[test]
fn a_call_that_its_caller_gave_up_has_no_problem() {
    let world = World::signed_in("code");
    world.api.revoke_all();
    world.provider.gate.hold();
    let call = world.get("/v1/me");
    let abort = call.abort_handle();
    let call = world.start_call(call);
    world.api.unanswered.set(Some(CallError::Unreachable));
    abort.abort();
    world.settle();
    assert_eq!(call.result(), Err("AbortError"));
    assert_eq!(last_problem(&world), None);
}
