use serde::Serialize;
use serde_json::{Value as Json, to_value};

use super::*;
use crate::error::{Problem, Recovery};
use crate::message::{
    ActivityEntry, ActivityEvent, Identity, LastRenewal, Rung, SessionState, SessionView, Timing,
};
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
        detail: Some("503".to_owned()),
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
        obtained_at: Some(UnixTime(1_700_000_000_000)),
        next_renewal_at: Some(UnixTime(1_700_000_010_000)),
        paused_until: Some(UnixTime(1_700_000_002_000)),
        refreshable: true,
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
            timing: Timing {
                sent_ms: 2,
                refused_ms: status.map(|_| 9),
                resent_ms: status.map(|_| 31),
            },
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
        PageRequest::Settings,
        PageRequest::Configure,
        PageRequest::TryRenewal {
            engine: RenewalEngine::WebAuthFlow,
        },
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
fn sources_of_settings_and_tried_renewals_are_read_whole() {
    let some = || Some(r#"{"provider":{}}"#.to_owned());
    let sources = SettingsSources {
        built_in: some(),
        managed: None,
        saved: some(),
    };
    same(&WorkerReply::Settings { sources });
    for problem in [None, Some(problem(Recovery::RetryLater))] {
        same(&WorkerReply::Tried {
            milliseconds: 97,
            problem,
        });
    }
}

#[test]
fn an_event_from_tomorrow_is_left_out() {
    let reply = text_of(&WorkerReply::Activity {
        entries: vec![call(Some(200), None)],
    });
    let news = reply.replace("\"called\"", "\"teleported\"");
    let entries = Vec::new();
    assert_eq!(read_reply(&news), Some(WorkerReply::Activity { entries }));
}

#[test]
fn every_event_is_written_and_read_as_serde_does() {
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
    same(&reply);
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
