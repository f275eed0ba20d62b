use serde_json::{Value as Json, json};
use url::Url;

use super::*;
use crate::message::{Identity, LastRenewal};
use crate::oauth::step_up::StepUp;
use crate::oauth::token_endpoint::Scheme;
use crate::oidc::continuity::FirstIdToken;
use crate::platform::UnixTime;
use crate::problem::{Problem, ProblemCode, Recovery};
use crate::secret::Secret;
use crate::session::cached_answers::CachedAnswers;
use crate::session::rejections::Rejections;
use crate::session::ruled_out::{RuledOut, Unusable};
use crate::session::tokens::{Token, Tokens};
use crate::settings::{Build, RenewalMethodId, Settings};

fn provider() -> Provider {
    let json = r#"{"provider":{"issuer":"https://p.test/","client_id":"c"}}"#;
    Settings::parse(json, Build::Release).unwrap().provider
}

fn problem(recovery: Recovery) -> Problem {
    Problem {
        code: ProblemCode::NetworkOffline,
        sentence: "it \"went\" wrong".to_owned(),
        detail: None,
        recovery,
    }
}

fn full() -> State {
    let mut rejections = Rejections::default();
    rejections.add_stale(0, None);
    rejections.add_fresh(12, Some(3), UnixTime(9));
    let mut cached = CachedAnswers::of_others();
    cached.add_own(&Url::parse("https://api.test/v1/").unwrap());
    let mut unusable = RuledOut::default();
    unusable.insert(
        RenewalMethodId::WebAuthFlow,
        Unusable {
            problem: problem(Recovery::RetryLater),
            until: UnixTime(10),
        },
    );
    let token = |value: &str, expires_at, scheme| Token {
        value: Secret::new(value),
        received_at: UnixTime(1_700_000_000_123),
        expires_at,
        scheme,
    };
    State {
        generation: 7,
        tokens: Some(Tokens {
            id_token: Some(token(
                "i",
                Some(UnixTime(1_700_000_600_000)),
                Scheme::Bearer,
            )),
            access_token: Some(token("a", None, Scheme::Dpop)),
        }),
        refresh_token: Some(Secret::new("r")),
        identity: Some(Identity {
            sub: "user-1".to_owned(),
            name: Some("Ada".to_owned()),
            email: None,
        }),
        original: Some(FirstIdToken {
            subject: "user-1".to_owned(),
            audiences: vec!["c".to_owned(), "d".to_owned()],
            authorized_party: Some("c".to_owned()),
            authenticated_at: Some(1_700_000_000.25),
            nonce: Secret::new("n"),
            preferred_username: Some("ada".to_owned()),
        }),
        scope: Some("openid".to_owned()),
        step_up: Some(StepUp::new(Some("mfa phr"), Some(60))),
        sign_in_needed: Some(problem(Recovery::SignIn)),
        still_trying: true,
        worked: vec![RenewalMethodId::Offscreen],
        last_renewal: Some(LastRenewal {
            at: UnixTime(1_700_000_000_000),
            method: RenewalMethodId::Offscreen,
            milliseconds: 52,
        }),
        cached,
        rejections,
        unusable,
    }
}

fn record_of(state: &State) -> Json {
    json!({"version": 2, "issuer": "https://p.test/", "client_id": "c", "state": state})
}

#[test]
fn a_record_is_read_as_it_was_written_also_where_an_earlier_version_stored_it_as_a_text() {
    for state in [full(), State::default()] {
        let written = write(&state, &provider());
        assert_eq!(written, record_of(&state));
        let text = Json::String(written.to_string());
        for record in [written, text] {
            assert_eq!(read(record, &provider()), Ok(Some(state.clone())));
        }
    }
}

#[test]
fn what_an_older_version_did_not_know_may_be_missing() {
    let mut record = record_of(&full());
    record["version"] = 1.into();
    let state = record["state"].as_object_mut().unwrap();
    for name in [
        "refresh_token",
        "original",
        "scope",
        "step_up",
        "still_trying",
        "unusable",
        "worked",
    ] {
        state.remove(name);
    }
    for token in ["id_token", "access_token"] {
        let token = state["tokens"][token].as_object_mut().unwrap();
        token.remove("scheme");
    }
    let expected: State = serde_json::from_value(record["state"].clone()).unwrap();
    assert_eq!(read(record, &provider()), Ok(Some(expected)));
}

#[test]
fn a_record_of_another_shape_is_corrupt_and_another_providers_is_none() {
    let good = record_of(&full());
    for (pointer, bad) in [
        ("/version", json!(0)),
        ("/version", json!(3)),
        ("/version", json!("1")),
        ("/state", json!(null)),
        ("/state/generation", json!(-1)),
        ("/state/tokens", json!([])),
        ("/state/tokens/id_token/value", json!(1)),
        ("/state/tokens/id_token/scheme", json!("basic")),
        ("/state/tokens/access_token/received_at", json!(0.5)),
        ("/state/refresh_token", json!(1)),
        ("/state/identity/sub", json!(null)),
        ("/state/original/audiences", json!(["c", 1])),
        ("/state/original/authenticated_at", json!("1")),
        ("/state/step_up", json!("mfa")),
        ("/state/step_up/acr_values", json!(1)),
        ("/state/step_up/max_age_s", json!(-1)),
        ("/state/sign_in_needed/recovery", json!("pray")),
        ("/state/last_renewal/method", json!(1)),
        ("/state/rejections", json!(null)),
        ("/state/rejections/fresh", json!({"0": 1})),
        ("/state/rejections", json!({"stale": [1]})),
        ("/state/unusable", json!({"offscreen": {}})),
    ] {
        let mut record = good.clone();
        *record.pointer_mut(pointer).unwrap() = bad;
        let read = read(record, &provider());
        assert_eq!(read, Err(StoreError::Corrupt), "{pointer}");
    }
    assert_eq!(read(json!(""), &provider()), Err(StoreError::Corrupt));
    assert_eq!(read(json!([]), &provider()), Err(StoreError::Corrupt));
    for (name, other) in [("issuer", "https://q.test/"), ("client_id", "d")] {
        let mut record = good.clone();
        record[name] = other.into();
        assert_eq!(read(record, &provider()), Ok(None), "{name}");
    }
}

#[test]
fn a_renewal_of_an_earlier_version_is_taken_over() {
    let mut record = record_of(&full());
    let renewal = record["state"]["last_renewal"].as_object_mut().unwrap();
    let method = renewal.remove("method").unwrap();
    renewal.insert("engine".to_owned(), method);
    assert_eq!(read(record.clone(), &provider()), Ok(Some(full())));
    record["state"]["last_renewal"]["engine"] = "magic".into();
    let without = State {
        last_renewal: None,
        ..full()
    };
    assert_eq!(read(record, &provider()), Ok(Some(without)));
}

#[test]
fn what_names_a_method_that_this_version_does_not_know_is_dropped_and_the_rest_kept() {
    let mut record = record_of(&full());
    record["state"]["last_renewal"]["method"] = "magic".into();
    record["state"]["unusable"]["magic"] = json!({});
    let expected = State {
        last_renewal: None,
        ..full()
    };
    assert_eq!(read(record, &provider()), Ok(Some(expected)));
}
