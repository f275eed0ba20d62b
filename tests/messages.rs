//! Messages between pages and the worker: their JSON shape, and what is not understood.

#![allow(
    clippy::unwrap_used,
    reason = "a message that cannot be read fails the test"
)]

use evertoken::message::{
    ActivityEntry, ActivityEvent, Broadcast, CallReport, PageRequest, SessionView, Timing,
    WorkerReply,
};
use evertoken::platform::UnixTime;
use evertoken::problem::{Problem, ProblemCode, Recovery};
use evertoken::settings::RenewalMethodId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_value, json, to_value};

/// `message` is written as `json`, and read from it.
fn same<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(message: T, json: Value) {
    assert_eq!(to_value(&message).unwrap(), json);
    assert_eq!(from_value::<T>(json).unwrap(), message);
}

#[test]
fn requests_are_their_names_or_objects_of_one_member() {
    let method = RenewalMethodId::WebAuthFlow;
    for (request, json) in [
        (PageRequest::View, json!("view")),
        (PageRequest::SignIn, json!("sign_in")),
        (PageRequest::UseAnotherAccount, json!("use_another_account")),
        (PageRequest::SignOut, json!("sign_out")),
        (PageRequest::Renew, json!("renew")),
        (PageRequest::Settings, json!("settings")),
        (PageRequest::Apis, json!("apis")),
        (PageRequest::Configure, json!("configure")),
        (
            PageRequest::TryRenewal { method },
            json!({"try_renewal": {"method": "web_auth_flow"}}),
        ),
        (
            PageRequest::Activity { after: 41 },
            json!({"activity": {"after": 41}}),
        ),
        (
            PageRequest::Report {
                mark: "a-1".to_owned(),
            },
            json!({"report": {"mark": "a-1"}}),
        ),
    ] {
        same(request, json);
    }
}

#[test]
fn a_view_is_read_whole_from_a_reply_and_from_a_broadcast() {
    let problem = Problem {
        code: ProblemCode::NetworkOffline,
        sentence: "it went wrong".to_owned(),
        detail: Some("503".to_owned()),
        recovery: Recovery::RetryLater,
    };
    let view = SessionView::not_configured(Some(problem));
    let expected = json!({
        "state": "not_configured", "issuer": null, "identity": null, "expires_at": null, "obtained_at": null,
        "next_renewal_at": null, "paused_until": null, "refreshable": false, "signing_in": false, "renewing": false,
        "last_renewal": null, "scope": null, "clock_offset_ms": null, "waiting": 0, "step_up": false,
        "problem": {
            "code": "network.offline", "sentence": "it went wrong", "detail": "503", "recovery": "retry_later",
        },
    });
    let reply = WorkerReply::View(view.clone());
    same(reply, json!({"view": expected.clone()}));
    let broadcast = Broadcast::ViewChanged(view);
    same(broadcast, json!({"view_changed": expected}));
}

#[test]
fn a_report_is_the_same_in_a_reply_in_a_broadcast_and_without_its_mark() {
    let mut report = CallReport {
        call: 3,
        mark: Some("a-1".to_owned()),
        method: "GET".to_owned(),
        url: "https://api.test/v1".to_owned(),
        status: Some(200),
        redirected_to: Some("https://api.test/login".to_owned()),
        renewed: true,
        resent: true,
        wanted_scope: None,
        milliseconds: 97,
        timing: Timing {
            sent_ms: 2,
            refused_ms: Some(9),
            resent_ms: Some(31),
        },
        problem: None,
    };
    let mut expected = json!({
        "call": 3, "mark": "a-1", "method": "GET", "url": "https://api.test/v1", "status": 200,
        "redirected_to": "https://api.test/login", "renewed": true, "resent": true, "wanted_scope": null, "milliseconds": 97,
        "timing": {"sent_ms": 2, "refused_ms": 9, "resent_ms": 31}, "problem": null,
    });
    let reply = WorkerReply::Report(Some(report.clone()));
    same(reply, json!({"report": expected.clone()}));
    same(WorkerReply::Report(None), json!({"report": null}));
    report.mark = None;
    expected.as_object_mut().unwrap().remove("mark");
    let entries = vec![ActivityEntry {
        id: 7,
        at: UnixTime(1_700_000_000_000),
        event: ActivityEvent::Called(report),
    }];
    let entry = json!({"id": 7, "at": 1_700_000_000_000_i64, "event": {"called": expected}});
    let broadcast = Broadcast::Happened(entries);
    same(broadcast, json!({"happened": [entry]}));
}

#[test]
fn what_is_no_message_is_not_read() {
    for message in [
        json!("sign_in"),
        json!("hello"),
        json!(null),
        json!({"view": {"state": "gone"}}),
    ] {
        assert!(from_value::<Broadcast>(message.clone()).is_err());
        assert!(
            from_value::<WorkerReply>(message.clone()).is_err(),
            "{message}"
        );
    }
    for message in [
        json!("hello"),
        json!({"type": "view"}),
        json!("activity"),
        json!({"activity": {"after": -1}}),
        json!({"view": null, "renew": null}),
        json!(1),
        json!([]),
    ] {
        assert!(
            from_value::<PageRequest>(message.clone()).is_err(),
            "{message}"
        );
    }
}
