use serde::Serialize;
use serde_json::{Value as Json, to_value};

use super::*;
use crate::error::{Problem, Recovery};
use crate::message::{Identity, LastRenewal, SessionState, SessionView};
use crate::platform::UnixTime;
use crate::settings::RenewalEngine;

fn json_of(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

fn text_of(message: &impl Serialize) -> String {
    serde_json::to_string(message).unwrap()
}

/// Written and read as serde does.
fn same(reply: &WorkerReply) {
    let written = write_reply(reply);
    assert_eq!(json_of(&written), to_value(reply).unwrap());
    assert_eq!(read_reply(&text_of(reply)).as_ref(), Some(reply));
}

fn problem(recovery: Recovery) -> Problem {
    Problem {
        code: "area.reason".to_owned(),
        sentence: "it went wrong".to_owned(),
        recovery,
    }
}

fn full_view(state: SessionState, engine: RenewalEngine, recovery: Recovery) -> SessionView {
    SessionView {
        state,
        issuer: Some("https://tenant.example/".to_owned()),
        identity: Some(Identity {
            sub: "user-1".to_owned(),
            name: Some("Ada Lovelace".to_owned()),
            email: Some("ada@tenant.example".to_owned()),
        }),
        expires_at: Some(UnixTime(1_700_000_016_400)),
        signing_in: true,
        renewing: false,
        last_renewal: Some(LastRenewal {
            at: UnixTime(1_700_000_000_000),
            engine,
            milliseconds: 52,
        }),
        scope: Some("openid".to_owned()),
        clock_offset_ms: Some(-600_000),
        waiting: 3,
        step_up: true,
        problem: Some(problem(recovery)),
    }
}

/// Without a status: a call that failed.
fn call(status: Option<u16>, wanted_scope: Option<&str>) -> ActivityEntry {
    ActivityEntry {
        id: 7,
        at: UnixTime(1_700_000_000_000),
        event: ActivityEvent::Called {
            call: 3,
            method: "GET".to_owned(),
            url: "https://api.example/v1".to_owned(),
            status,
            renewed: true,
            resent: false,
            wanted_scope: wanted_scope.map(str::to_owned),
            milliseconds: 34,
            problem: status.is_none().then(|| problem(Recovery::FixSettings)),
        },
    }
}

#[test]
fn every_request_is_written_and_read_as_serde_does() {
    for request in [
        PageRequest::View,
        PageRequest::SignIn,
        PageRequest::SignOut,
        PageRequest::Renew,
        PageRequest::Activity { after: 41 },
    ] {
        let written = write_request(&request);
        assert_eq!(json_of(&written), to_value(&request).unwrap());
        assert_eq!(read_request(&written), Some(request.clone()));
        assert_eq!(read_request(&text_of(&request)), Some(request));
    }
}

#[test]
fn every_word_of_a_view_is_written_and_read_as_serde_does() {
    use Recovery::{FixSettings, Report, RetryLater, SignIn};
    use SessionState::{NotConfigured, SignInNeeded, SignedIn, SignedOut};
    let words = [
        (NotConfigured, RenewalEngine::Offscreen, FixSettings),
        (SignedOut, RenewalEngine::WebAuthFlow, RetryLater),
        (SignedIn, RenewalEngine::RefreshToken, Report),
        (SignInNeeded, RenewalEngine::WebAuthFlow, SignIn),
    ];
    for (state, engine, recovery) in words {
        let view = full_view(state, engine, recovery);
        let reply = WorkerReply::View { view: view.clone() };
        same(&reply);
        let broadcast = Broadcast::ViewChanged { view };
        let written = write_broadcast(&broadcast);
        assert_eq!(json_of(&written), to_value(&broadcast).unwrap());
        assert_eq!(read_broadcast(&text_of(&broadcast)), Some(broadcast));
    }
}

#[test]
fn an_empty_view_is_read_whole() {
    let reply = WorkerReply::View {
        view: SessionView::not_configured(None),
    };
    same(&reply);
}

#[test]
fn a_refusal_is_read_whole() {
    let reply = WorkerReply::Refused {
        problem: problem(Recovery::Report),
    };
    same(&reply);
}

#[test]
fn calls_are_read_whole_and_the_rest_of_the_activity_is_left_out() {
    let calls = [call(Some(200), None), call(None, Some("orders:write"))];
    let other = ActivityEntry {
        event: ActivityEvent::SignedOut,
        ..call(None, None)
    };
    let entries = vec![calls[0].clone(), other, calls[1].clone()];
    let reply = text_of(&WorkerReply::Activity { entries });
    assert_eq!(
        read_reply(&reply),
        Some(WorkerReply::Activity {
            entries: calls.to_vec()
        })
    );
}

#[test]
fn every_event_is_written_as_serde_writes_it() {
    let rung = |engine, skipped| Rung {
        engine,
        skipped,
        problem: problem(Recovery::RetryLater),
    };
    let renewed = |engine, problem| ActivityEvent::Renewed {
        engine,
        rungs: vec![
            rung(RenewalEngine::RefreshToken, true),
            rung(RenewalEngine::Offscreen, false),
        ],
        milliseconds: 97,
        problem,
    };
    let events = [
        ActivityEvent::Unauthorized { call: 3 },
        ActivityEvent::Resent { call: 3 },
        call(Some(200), Some("a")).event,
        call(None, None).event,
        renewed(Some(RenewalEngine::WebAuthFlow), None),
        renewed(None, Some(problem(Recovery::SignIn))),
        ActivityEvent::SignedIn { problem: None },
        ActivityEvent::SignedIn {
            problem: Some(problem(Recovery::SignIn)),
        },
        ActivityEvent::SignedOut,
        ActivityEvent::LeftProvider { problem: None },
        ActivityEvent::LeftProvider {
            problem: Some(problem(Recovery::Report)),
        },
    ];
    let entry = |event| ActivityEntry {
        event,
        ..call(None, None)
    };
    let reply = WorkerReply::Activity {
        entries: events.into_iter().map(entry).collect(),
    };
    assert_eq!(json_of(&write_reply(&reply)), to_value(&reply).unwrap());
}

#[test]
fn what_is_no_message_is_not_read() {
    for text in [
        r#"{ "type": "sign_in" }"#,
        r#""hello""#,
        "null",
        "",
        r#"{ "type": "view", "view": { "state": "gone" } }"#,
    ] {
        assert_eq!(read_broadcast(text), None, "{text}");
        assert_eq!(read_reply(text), None, "{text}");
    }
    for text in [
        r#"{ "type": "hello" }"#,
        r#"{ "type": "activity" }"#,
        r#"{ "type": "activity", "after": -1 }"#,
        r#"{ "type": 1 }"#,
        "[]",
    ] {
        assert_eq!(read_request(text), None, "{text}");
    }
}
