use serde_json::{Value as Json, json, to_value};

use super::*;

impl Value for Json {
    fn member(&self, name: &str) -> Option<Self> {
        self.get(name).filter(|member| !member.is_null()).cloned()
    }

    fn text(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn elements(&self) -> Option<Vec<Self>> {
        self.as_array().cloned()
    }
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
        problem: Some(problem(recovery)),
    }
}

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
        },
    }
}

#[test]
fn every_request_is_written_as_serde_writes_it() {
    for request in [
        PageRequest::View,
        PageRequest::SignIn,
        PageRequest::SignOut,
        PageRequest::Renew,
        PageRequest::Activity { after: 41 },
    ] {
        let written = match write_request(&request) {
            (kind, Some(after)) => json!({ "type": kind, "after": after }),
            (kind, None) => json!({ "type": kind }),
        };
        assert_eq!(written, to_value(&request).unwrap());
    }
}

#[test]
fn every_word_of_a_view_is_read_as_serde_writes_it() {
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
        assert_eq!(read_reply(&to_value(&reply).unwrap()), Some(reply));
        let broadcast = Broadcast::ViewChanged { view };
        assert_eq!(
            read_broadcast(&to_value(&broadcast).unwrap()),
            Some(broadcast)
        );
    }
}

#[test]
fn an_empty_view_is_read_whole() {
    let reply = WorkerReply::View {
        view: SessionView::not_configured(None),
    };
    assert_eq!(read_reply(&to_value(&reply).unwrap()), Some(reply));
}

#[test]
fn a_refusal_is_read_whole() {
    let reply = WorkerReply::Refused {
        problem: problem(Recovery::Report),
    };
    assert_eq!(read_reply(&to_value(&reply).unwrap()), Some(reply));
}

#[test]
fn calls_are_read_whole_and_the_rest_of_the_activity_is_left_out() {
    let calls = [call(Some(200), None), call(None, Some("orders:write"))];
    let other = ActivityEntry {
        event: ActivityEvent::SignedOut,
        ..call(None, None)
    };
    let entries = vec![calls[0].clone(), other, calls[1].clone()];
    let reply = to_value(WorkerReply::Activity { entries }).unwrap();
    assert_eq!(
        read_reply(&reply),
        Some(WorkerReply::Activity {
            entries: calls.to_vec()
        })
    );
}

#[test]
fn what_is_not_for_the_popup_is_not_read() {
    assert_eq!(read_broadcast(&json!({ "type": "sign_in" })), None);
    assert_eq!(read_broadcast(&json!("hello")), None);
    assert_eq!(read_reply(&Json::Null), None);
    assert_eq!(
        read_reply(&json!({ "type": "view", "view": { "state": "gone" } })),
        None
    );
}
