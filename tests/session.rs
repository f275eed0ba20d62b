//! Sign-in, renewal, sign-out: what is believed, what is stored, what is dropped.

mod support;

use std::time::Duration;

use evertoken::message::SessionState;
use evertoken::platform::UserAgentError;
use serde_json::json;

use crate::support::{Fault, World};

/// What fails before there is an answer, and the code of the failure. What answers are refused is in `conformance`.
const FAILURES: [(Fault, &str); 2] = [
    (Fault::Unreachable, "network.unreachable"),
    (
        Fault::UserAgent(UserAgentError::Timeout),
        "user_agent.timeout",
    ),
];

#[test]
fn a_sign_in_that_fails_signs_nobody_in() {
    for (fault, code) in FAILURES {
        let world = World::new("code");
        world.provider.fail(fault.clone());
        let error = world.run(world.engine.session().sign_in()).unwrap_err();
        assert_eq!(error.code(), code);
        assert_eq!(world.view().state, SessionState::SignedOut, "{fault:?}");
        assert_eq!(world.problem().as_deref(), Some(code));
        assert_eq!(world.store.record(), None, "{fault:?}");
    }
}

#[test]
fn a_renewal_that_fails_leaves_the_old_session_as_it_was() {
    for (fault, code) in FAILURES {
        let world = World::signed_in("code");
        let before = (world.store.record(), world.view().expires_at);
        world.provider.fail(fault.clone());
        let error = world.run(world.engine.session().renew()).unwrap_err();
        assert_eq!(error.code(), code);
        assert_eq!(world.view().state, SessionState::SignedIn, "{fault:?}");
        let after = (world.store.record(), world.view().expires_at);
        assert_eq!(after, before, "{fault:?}");
        assert_eq!(world.problem().as_deref(), Some(code));
        world.provider.mend();
        assert_eq!(world.call(world.get("/v1/me")).status, 200, "{fault:?}");
    }
}

/// An answer for each way in which one is refused, and the flow in which it comes.
fn bad_answers() -> Vec<(&'static str, Fault)> {
    let claim = |name, value| ("code", Fault::Claim(name, value));
    let parameter = |flow, name, value| (flow, Fault::Parameter(name, value));
    let token_endpoint = |status, body| ("code", Fault::TokenEndpoint(status, body));
    let mut answers = vec![
        claim("iss", json!("https://provider.test/1")),
        claim("aud", json!("client1")),
        claim("azp", json!("other")),
        claim("nonce", json!("other")),
        claim("exp", json!(1)),
        claim("exp", json!("1900000000")),
        claim("iat", json!(1_800_000_900)),
        claim("nbf", json!(1_800_000_900)),
        claim("at_hash", json!("AAAA")),
        ("implicit", Fault::Claim("at_hash", json!(null))),
        ("code", Fault::Signature),
        parameter("code", "state", "other"),
        parameter("implicit", "state", "other"),
        parameter("code", "iss", "https://other.test/"),
        parameter("code", "response", "jwt"),
        parameter("code", "code", ""),
        parameter("implicit", "token_type", "mac"),
        token_endpoint(200, json!([])),
        token_endpoint(200, json!({"error": "invalid_grant"})),
        token_endpoint(401, json!({"error": "invalid_client"})),
        token_endpoint(503, json!({})),
        ("code", Fault::Authorization("invalid_scope")),
        ("code", Fault::Authorization("server_error")),
        ("code", Fault::Authorization("made_up")),
    ];
    answers.extend(FAILURES.map(|(fault, _)| ("code", fault)));
    answers
}

#[test]
fn no_error_text_holds_what_the_provider_sent() {
    for (flow, fault) in bad_answers() {
        let world = World::new(flow);
        world.provider.fail(fault);
        let error = world.run(world.engine.session().sign_in()).unwrap_err();
        let text = format!("{error} {error:?}");
        for request in world.provider.authorizations.borrow().iter() {
            for (name, value) in request.query_pairs() {
                let secret = matches!(&*name, "state" | "nonce" | "code_challenge");
                assert!(!secret || !text.contains(&*value), "{text}");
            }
        }
        for token in world.provider.issued.borrow().iter() {
            assert!(!text.contains(token.as_str()), "{text}");
        }
    }
}

#[test]
fn another_user_at_the_provider_is_never_merged_into_the_session() {
    let world = World::signed_in("code");
    *world.provider.subject.borrow_mut() = "grace".to_owned();
    let error = world.run(world.engine.session().renew()).unwrap_err();
    assert_eq!(error.code(), "id_token.sub");
    assert_eq!(world.view().state, SessionState::SignInNeeded);
    assert_eq!(
        world.view().identity,
        None,
        "nothing is left of the old user"
    );
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    assert_eq!(world.api.tokens(), [None]);
    world.run(world.engine.session().sign_in()).unwrap();
    assert_eq!(
        world.view().identity.map(|who| who.sub).as_deref(),
        Some("grace")
    );
    assert_eq!(world.view().state, SessionState::SignedIn);
}

#[test]
fn a_worker_that_was_stopped_finds_the_session_again() {
    let world = World::signed_in("code").restart();
    assert_eq!(world.view().state, SessionState::SignedIn);
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    assert_eq!(world.provider.authorization_count(), 1);
}

#[test]
fn a_worker_that_was_stopped_remembers_that_sign_in_is_needed() {
    let world = World::signed_in("code");
    world.api.revoke_all();
    world.provider.fail(Fault::Authorization("login_required"));
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    let world = world.restart();
    assert_eq!(world.view().state, SessionState::SignInNeeded);
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    assert_eq!(world.provider.authorization_count(), 2);
    assert_eq!(
        world.api.tokens().last(),
        Some(&None),
        "the stale token is not sent again"
    );
}

#[test]
fn a_record_that_cannot_be_read_is_as_good_as_none() {
    for text in ["", "{", "{}", r#"{"version":99}"#, "null"] {
        let world = World::signed_in("code");
        world.store.put(text);
        let world = world.restart();
        assert_eq!(world.view().state, SessionState::SignedOut, "{text}");
        world.run(world.engine.session().sign_in()).unwrap();
    }
}

#[test]
fn a_record_of_another_client_is_not_believed() {
    let world = World::signed_in("code");
    let record = world
        .store
        .record()
        .unwrap()
        .replace(r#""client_id":"client""#, r#""client_id":"x""#);
    world.store.put(&record);
    assert_eq!(world.restart().view().state, SessionState::SignedOut);
}

#[test]
fn sign_out_forgets_everything_and_drops_a_renewal_in_flight() {
    let world = World::signed_in("code");
    world.provider.gate.hold();
    let renewal = world.start(world.engine.session().renew());
    world.run(world.engine.session().sign_out()).unwrap();
    world.provider.gate.release();
    world.settle();
    assert!(renewal.result().is_err());
    assert_eq!(world.view().state, SessionState::SignedOut);
    assert_eq!(world.view().identity, None);
    assert_eq!(world.store.record(), None);
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    assert_eq!(world.api.tokens(), [None]);
}

#[test]
fn a_sign_in_that_was_under_way_at_sign_out_signs_nobody_in() {
    let world = World::new("code");
    world.provider.gate.hold();
    let sign_in = world.start(world.engine.session().sign_in());
    world.run(world.engine.session().sign_out()).unwrap();
    world.provider.gate.release();
    world.settle();
    assert!(sign_in.result().is_err());
    assert_eq!(world.view().state, SessionState::SignedOut);
    assert_eq!(world.store.record(), None);
}

#[test]
fn two_clicks_on_sign_in_open_one_window() {
    let world = World::new("code");
    world.provider.gate.hold();
    let first = world.start(world.engine.session().sign_in());
    let second = world.start(world.engine.session().sign_in());
    assert!(world.view().signing_in);
    world.provider.gate.release();
    world.settle();
    assert_eq!((first.result(), second.result()), (Ok(()), Ok(())));
    assert_eq!(world.provider.authorization_count(), 1);
    assert!(!world.view().signing_in);
}

#[test]
fn a_full_store_costs_no_token_and_is_told() {
    let world = World::new("code");
    world.store.full.set(true);
    world.run(world.engine.session().sign_in()).unwrap();
    assert_eq!(world.problem().as_deref(), Some("store.write"));
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
}

#[test]
fn a_renewal_that_hangs_ends_at_its_time_limit_and_keeps_the_session() {
    let world = World::signed_in("code");
    world.provider.gate.hold();
    let renewal = world.start(world.engine.session().renew());
    world.advance(Duration::from_secs(9));
    assert!(!renewal.has_ended());
    world.advance(Duration::from_secs(2));
    assert_eq!(renewal.result().unwrap_err().code(), "network.timeout");
    assert_eq!(world.view().state, SessionState::SignedIn);
}

#[test]
fn login_required_from_one_engine_lets_the_next_try() {
    let world = World::with_settings(
        r#"{"provider": {"issuer": "https://provider.test/", "client_id": "client",
            "renewal": ["refresh_token", "offscreen", "web_auth_flow"]}}"#,
    );
    world.run(world.engine.session().sign_in()).unwrap();
    world.provider.fail(Fault::Authorization("login_required"));
    world.run(world.engine.session().renew()).unwrap_err();
    assert_eq!(
        world.provider.authorization_count(),
        3,
        "sign-in, offscreen, web_auth_flow"
    );
    assert_eq!(world.view().state, SessionState::SignInNeeded);
}

#[test]
fn every_request_has_its_own_state_nonce_and_verifier_and_the_registered_redirect_uri() {
    let world = World::signed_in("code");
    world.run(world.engine.session().renew()).unwrap();
    let requests = world.provider.authorizations.borrow();
    let value = |index: usize, name: &str| {
        let found = requests[index].query_pairs().find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    };
    for name in ["state", "nonce", "code_challenge"] {
        assert!(
            value(0, name).is_some_and(|text| text.len() == 43),
            "{name}"
        );
        assert_ne!(value(0, name), value(1, name), "{name}");
    }
    assert_eq!(value(0, "prompt"), None);
    assert_eq!(value(1, "prompt").as_deref(), Some("none"));
    assert_eq!(
        value(0, "redirect_uri").as_deref(),
        Some(support::REDIRECT_URI)
    );
    assert_eq!(value(0, "code_challenge_method").as_deref(), Some("S256"));
    let exchanged = world.provider.token_requests.borrow();
    assert_eq!(exchanged[0]["redirect_uri"], support::REDIRECT_URI);
}

#[test]
fn the_implicit_flow_asks_for_an_id_token_and_a_token_in_the_registered_order() {
    let world = World::signed_in("implicit");
    let requests = world.provider.authorizations.borrow();
    let asked = requests[0]
        .query_pairs()
        .find(|(key, _)| key == "response_type");
    assert_eq!(
        asked.map(|(_, value)| value.into_owned()).as_deref(),
        Some("id_token token")
    );
    assert!(world.provider.token_requests.borrow().is_empty());
}

#[test]
fn a_code_is_exchanged_once() {
    let world = World::signed_in("code");
    world.run(world.engine.session().renew()).unwrap();
    let exchanged = world.provider.token_requests.borrow();
    assert_eq!(exchanged.len(), 2);
    assert_ne!(exchanged[0]["code"], exchanged[1]["code"]);
}

/// Signs in where the metadata promise `iss` and the answer has what `fault` gives it.
fn sign_in_where_iss_is_promised(flow: &str, fault: Option<Fault>) -> Option<&'static str> {
    let world = World::new(flow);
    world.provider.promises_iss.set(true);
    *world.provider.fault.borrow_mut() = fault;
    let outcome = world.run(world.engine.session().sign_in());
    outcome.err().map(|error| error.code().as_str())
}

#[test]
fn an_issuer_that_is_promised_may_be_missing_only_beside_an_id_token_or_a_refusal() {
    let missing = Some("response.issuer_missing");
    let mismatch = Some("response.issuer_mismatch");
    let good = Fault::Parameter("iss", support::ISSUER);
    let wrong = Fault::Parameter("iss", "https://other.test/");
    let refusal = Fault::Authorization("login_required");
    assert_eq!(sign_in_where_iss_is_promised("code", None), missing);
    assert_eq!(sign_in_where_iss_is_promised("code", Some(good)), None);
    assert_eq!(sign_in_where_iss_is_promised("implicit", None), None);
    assert_eq!(
        sign_in_where_iss_is_promised("implicit", Some(wrong)),
        mismatch
    );
    assert_eq!(
        sign_in_where_iss_is_promised("implicit", Some(refusal)),
        Some("authorization.login_required")
    );
}

#[test]
fn a_renewal_where_nobody_is_signed_in_asks_nothing_and_changes_nothing() {
    let world = World::new("code");
    let error = world.run(world.engine.session().renew()).unwrap_err();
    assert_eq!(error.code(), "session.signed_out");
    assert_eq!(world.view().state, SessionState::SignedOut);
    assert_eq!(world.provider.authorization_count(), 0);
}

#[test]
fn a_renewal_after_sign_out_and_sign_in_is_not_the_dropped_one() {
    let world = World::signed_in("code");
    world.provider.gate.hold();
    let dropped = world.start(world.engine.session().renew());
    world.run(world.engine.session().sign_out()).unwrap();
    let sign_in = world.start(world.engine.session().sign_in());
    let joined_late = world.engine.session().renewal_in_flight();
    assert!(joined_late.is_none(), "nobody joins what was dropped");
    world.provider.gate.release();
    world.settle();
    assert!(dropped.result().is_err());
    assert_eq!(sign_in.result(), Ok(()));
    world.run(world.engine.session().renew()).unwrap();
    assert_eq!(world.view().state, SessionState::SignedIn);
}
