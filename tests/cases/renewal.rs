//! A renewal that fails: the next way is tried, and nobody is stuck.

use std::time::Duration;

use evertoken::message::SessionState::{SignInNeeded, SignedIn};
use evertoken::message::{ActivityEvent, PageRequest, WorkerReply};
use evertoken::platform::{Clock as _, SilentCarrier, UserAgentError};
use evertoken::problem::Recovery;
use evertoken::renewal_method::RenewalMethodId;
use evertoken::renewal_method::RenewalMethodId::{Offscreen, RefreshToken, WebAuthFlow};
use serde_json::{Value, json};

use crate::support::{Fault, World};
use crate::{method, renew, signed_in};

const HOUR: Duration = Duration::from_secs(60 * 60);
const MINUTE: Duration = Duration::from_secs(60);
const BOTH: &str = r#"["refresh_token", "offscreen"]"#;
const ALL: &str = r#"["refresh_token", "offscreen", "web_auth_flow"]"#;

/// The provider refuses the refresh token so.
fn refuse_refresh(world: &World, status: u16, body: Value) {
    let refusal = Fault::TokenRefusal("refresh_token", status, body);
    world.provider.fail(refusal);
}

fn carrier(carrier: SilentCarrier, error: UserAgentError) -> Fault {
    Fault::Engine(carrier, error)
}

/// Time passes, and the alarm rings whenever it is due.
pub(crate) fn advance(world: &World, time: Duration) {
    let end = world.clock.now().plus(time);
    loop {
        let now = world.clock.now();
        let rings = world.alarm.0.get().filter(|at| *at <= end);
        let until = rings.unwrap_or(end);
        let left = until.milliseconds_since(now).max(0).unsigned_abs();
        world.advance(Duration::from_millis(left));
        if rings.is_none() {
            return;
        }
        world.run(world.engine.alarm_rang());
    }
}

#[test]
fn k01_k13_a_dead_refresh_token_by_any_name_leads_to_the_next_way_or_to_a_sign_in() {
    for (status, body) in [
        (
            400,
            json!({"code": 400, "error_code": "refresh_token_not_found", "msg": "…"}),
        ),
        (401, json!({"message": "Unauthorized"})),
        (400, json!({"error": {"code": 400, "message": "…"}})),
        (401, json!({})),
        (401, json!({"error": "invalid_token"})),
        (401, json!({"error": "token_inactive"})),
        (
            400,
            json!({"error": "invalid_request", "error_description": "invalid refresh token"}),
        ),
        (400, json!({"error": "expired_token"})),
        (403, json!({"error": "mfa_required"})),
        (200, json!({"error": "bad_refresh_token"})),
        (400, json!("")),
    ] {
        let world = signed_in(BOTH);
        refuse_refresh(&world, status, body.clone());
        assert_eq!(renew(&world), Ok(()), "{status} {body}");
        assert_eq!(method(&world), Some(Offscreen), "{status} {body}");
        let alone = signed_in(r#"["refresh_token"]"#);
        refuse_refresh(&alone, status, body.clone());
        assert!(renew(&alone).is_err(), "{status} {body}");
        assert_eq!(alone.view().state, SignInNeeded, "{status} {body}");
        advance(&alone, 4 * HOUR);
        let sent = alone.provider.refresh_tokens_sent().len();
        assert_eq!(sent, 1, "{status} {body}: it is not sent again");
    }
}

#[test]
fn k04_a_later_sign_in_elsewhere_costs_the_user_nothing() {
    let world = signed_in(BOTH);
    world.provider.forge_claims(|claims| {
        if claims.get("nonce").is_none() {
            claims["auth_time"] = 1_800_000_100.into();
        }
    });
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(method(&world), Some(Offscreen));
}

#[test]
fn k08_k10_a_provider_that_never_answers_a_renewal_leads_to_a_sign_in() {
    use UserAgentError::{LoadFailed, Refused, Timeout};
    for error in [Timeout, LoadFailed, Refused(400)] {
        let world = signed_in(r#"["offscreen", "web_auth_flow"]"#);
        world.provider.fail(Fault::Engines(error, error));
        advance(&world, HOUR - 5 * MINUTE);
        assert_eq!(
            world.view().state,
            SignedIn,
            "{error:?}: the token still serves"
        );
        advance(&world, 25 * MINUTE);
        assert_eq!(world.view().state, SignInNeeded, "{error:?}");
        // Whoever waits is signed in again all the same, once the provider is well.
        world.provider.mend();
        advance(&world, 10 * MINUTE);
        assert_eq!(world.view().state, SignedIn, "{error:?}");
    }
}

#[test]
fn patience_lasts_ten_minutes_from_the_first_failure() {
    let world = signed_in(r#"["offscreen"]"#);
    world.api.revoke_all();
    world.provider.fail(carrier(
        SilentCarrier::Offscreen,
        UserAgentError::ServerError(500),
    ));
    let call = || world.call(world.get("/v1/me")).status;
    assert_eq!(call(), 401);
    advance(&world, 9 * MINUTE);
    assert_eq!(call(), 401);
    assert_eq!(world.view().state, SignedIn);
    advance(&world, 6 * MINUTE);
    assert_eq!(call(), 401);
    assert_eq!(world.view().state, SignInNeeded);
}

#[test]
fn who_is_offline_is_not_asked_to_sign_in() {
    let world = signed_in(ALL);
    world.provider.fail(Fault::Unreachable);
    advance(&world, 12 * HOUR);
    assert_eq!(world.view().state, SignedIn);
    world.provider.mend();
    advance(&world, 10 * MINUTE);
    assert!(world.view().problem.is_none());
}

#[test]
fn k09_an_answer_without_state_is_not_believed_and_the_next_way_is_tried() {
    let nothing = Fault::NoParameter("state");
    let world = signed_in(r#"["offscreen", "refresh_token"]"#);
    world.provider.fail(nothing.clone());
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(method(&world), Some(RefreshToken));
    // Where there is no other way, the user is asked once the token is of no more use.
    let alone = signed_in(r#"["offscreen", "web_auth_flow"]"#);
    alone.provider.fail(nothing);
    assert_eq!(renew(&alone), Err("response.state_mismatch"));
    assert_eq!(
        alone.provider.authorization_count(),
        3,
        "sign-in, and both ways"
    );
    advance(&alone, 2 * HOUR);
    assert_eq!(alone.view().state, SignInNeeded);
}

#[test]
fn f1_a_frame_that_worked_and_is_refused_now_means_signed_out_there() {
    let world = signed_in(r#"["offscreen"]"#);
    assert_eq!(renew(&world), Ok(()));
    let refused = carrier(SilentCarrier::Offscreen, UserAgentError::FramingRefused);
    world.provider.fail(refused.clone());
    assert_eq!(renew(&world), Err("user_agent.page_shown"));
    assert_eq!(world.view().state, SignInNeeded);

    let never = signed_in(r#"["offscreen"]"#);
    never.provider.fail(refused);
    assert_eq!(renew(&never), Err("user_agent.framing_refused"));
    let problem = never.view().problem.unwrap();
    assert_eq!(problem.recovery, Recovery::FixSettings);
}

#[test]
fn f1_a_refused_refresh_token_beside_a_faulty_silent_way_asks_at_once_where_calls_are_refused() {
    let world = signed_in(ALL);
    world.api.revoke_all();
    world.provider.revoke_refresh_tokens();
    let fault = UserAgentError::ServerError(500);
    world.provider.fail(Fault::Engines(fault, fault));
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    let view = world.view();
    assert_eq!(view.state, SignInNeeded);
    assert_eq!(
        view.problem.unwrap().code,
        "token_endpoint.refresh_token_refused"
    );
    world.provider.mend();
    assert_eq!(world.run(world.engine.session().sign_in()), Ok(()));
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
}

#[test]
fn k68_a_lost_answer_to_a_refresh_is_asked_for_again_within_the_providers_grace() {
    let world = signed_in(r#"["refresh_token"]"#);
    world.advance(Duration::from_secs(3500));
    world.provider.fail(Fault::Silent("/token"));
    assert!(renew(&world).is_err());
    let now = world.clock.now();
    let wait = world.alarm.0.get().unwrap().milliseconds_since(now);
    assert!(wait <= 20_000, "{wait} ms");
    world.provider.mend();
    // Chrome's alarms ring after half a minute at the soonest: the worker does not wait for them.
    world.advance(Duration::from_secs(2));
    assert_eq!(method(&world), Some(RefreshToken));
}

#[test]
fn k69_a_wall_in_front_of_the_provider_costs_nothing() {
    for (status, body) in [
        (
            403,
            json!({"__type": "ForbiddenException", "message": "Request not allowed due to WAF block."}),
        ),
        (403, json!({"message": "Forbidden"})),
        (404, json!({"detail": "Not Found"})),
        (408, json!({})),
        (403, json!("<html></html>")),
    ] {
        let world = signed_in(BOTH);
        refuse_refresh(&world, status, body.clone());
        assert_eq!(renew(&world), Ok(()), "{status} {body}");
        let alone = signed_in(r#"["refresh_token"]"#);
        refuse_refresh(&alone, status, body);
        assert!(renew(&alone).is_err());
        let view = alone.view();
        assert_eq!(view.problem.unwrap().recovery, Recovery::RetryLater);
        assert!(view.refreshable && view.state == SignedIn);
        alone.provider.mend();
        advance(&alone, 10 * MINUTE);
        assert_eq!(renew(&alone), Ok(()));
    }
}

/// The methods that the last renewal skipped.
fn skipped(world: &World) -> Vec<RenewalMethodId> {
    let reply = world.run(world.engine.answer(PageRequest::Activity { after: 0 }));
    let WorkerReply::Activity(entries) = reply else {
        panic!("{reply:?}")
    };
    let last = entries
        .into_iter()
        .rev()
        .find_map(|entry| match entry.event {
            ActivityEvent::Renewed { failed, .. } => Some(failed),
            _ => None,
        });
    let skipped = last.unwrap().into_iter().filter(|one| one.skipped);
    skipped.map(|one| one.method).collect()
}

#[test]
fn a_way_that_did_not_work_lately_is_tried_where_all_others_fail() {
    let world = signed_in(r#"["offscreen", "web_auth_flow"]"#);
    let refused = carrier(SilentCarrier::Offscreen, UserAgentError::FramingRefused);
    world.provider.fail(refused);
    assert_eq!(renew(&world), Ok(()));
    // For a day the frame is not asked, as long as the window answers.
    world.provider.mend();
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(method(&world), Some(WebAuthFlow));
    assert_eq!(skipped(&world), [Offscreen]);
    let fault = carrier(SilentCarrier::WebAuthFlow, UserAgentError::ServerError(502));
    world.provider.fail(fault);
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(method(&world), Some(Offscreen));
}

#[test]
fn k57_an_id_token_ends_at_its_exp_though_the_provider_dated_it_back() {
    let world = World::new("code");
    let started = world.clock.now().0 / 1000;
    world.provider.forge_claims(|claims| {
        for name in ["iat", "exp"] {
            claims[name] = (claims[name].as_i64().unwrap() - 300).into();
        }
    });
    world.run(world.engine.session().sign_in()).unwrap();
    let end = world.view().expires_at.unwrap().0 / 1000;
    assert_eq!(end, started + 3300);
}
