use evertoken::message::Timing;
use evertoken::problem::{Problem, ProblemCode, Recovery};

use super::*;

fn answered(status: u16, worker: WorkerPart) -> Answer {
    Answer {
        status: Some(status),
        content_type: "application/json; charset=utf-8".to_owned(),
        milliseconds: 34,
        bytes: 1_240,
        body: text("hello"),
        worker,
        ..Answer::default()
    }
}

fn carried(renewed: bool, resent: bool) -> WorkerPart {
    WorkerPart::Carried(Box::new(CallReport {
        renewed,
        resent,
        ..plain()
    }))
}

fn plain() -> CallReport {
    CallReport {
        status: Some(200),
        milliseconds: 30,
        timing: Timing {
            sent_ms: 2,
            ..Timing::default()
        },
        ..CallReport::default()
    }
}

fn text(body: &str) -> Body {
    Body::Text(body.to_owned())
}

#[test]
fn a_call_that_was_answered_at_once_says_so() {
    let shown = answered(200, carried(false, false));
    assert_eq!(
        (shown.status(), shown.tone()),
        ("200".to_owned(), Tone::Good)
    );
    assert_eq!(shown.measure(), "34\u{a0}ms · 1.2\u{a0}kB");
    let spans: Vec<String> = shown.spans().iter().map(Span::words).collect();
    assert_eq!(
        spans,
        [
            "Wait 2\u{a0}ms",
            "First try 28\u{a0}ms",
            "On the way 4\u{a0}ms"
        ]
    );
    let with_words = Answer {
        status_text: "Fine".to_owned(),
        ..shown
    };
    assert_eq!(with_words.status(), "200 Fine");
}

#[test]
fn what_the_worker_did_is_said_in_words() {
    let [first, mended] = [(false, false), (true, true)];
    let [before, newer] = [(true, false), (false, true)];
    for (status, (renewed, resent), words) in [
        (200, first, "Answered on the first try."),
        (200, mended, "Token renewed, call sent again."),
        (200, before, "Token renewed first, then sent."),
        (200, newer, "Sent again with a newer token."),
        (
            401,
            mended,
            "Sent again with a new token, and refused again.",
        ),
        (401, first, "Refused, and not sent again."),
    ] {
        let answer = answered(status, carried(renewed, resent));
        assert_eq!(answer.verdict(), words);
        assert_eq!(answer.mended(), status == 200 && (renewed || resent));
    }
}

#[test]
fn a_call_that_the_worker_left_alone_says_why() {
    let own = "Sent with your own Authorization header: Evertoken added no token.";
    let off = "Not on the allow-list: sent without a token.";
    let unknown = "Could not tell whether a token was sent.";
    for (worker, words) in [
        (WorkerPart::NotOnList, off),
        (WorkerPart::OwnToken, own),
        (WorkerPart::Unknown, unknown),
    ] {
        assert_eq!(answered(200, worker).verdict(), words);
    }
}

#[test]
fn a_scope_that_is_missing_is_named() {
    let worker = WorkerPart::Carried(Box::new(CallReport {
        wanted_scope: Some("orders:write".to_owned()),
        ..plain()
    }));
    assert_eq!(
        answered(403, worker).verdict(),
        "Answered on the first try. The API wants the scope orders:write."
    );
}

#[test]
fn a_body_that_cannot_be_shown_says_why() {
    for (body, words) in [
        (text(" "), "The answer has no body."),
        (
            Body::Binary,
            "The body is 1.2\u{a0}kB of application/json, which is not text.",
        ),
        (
            Body::Broken,
            "The connection broke before the body was whole.",
        ),
        (
            Body::NotStored,
            "The body was too large to be kept when the popup closed.",
        ),
        (Body::Image("iVBOR".to_owned()), ""),
        (text("hello"), ""),
    ] {
        let answer = Answer {
            body,
            ..answered(200, WorkerPart::Unknown)
        };
        assert_eq!(answer.note(), words);
    }
}

#[test]
fn a_call_without_an_answer_says_why_where_the_worker_knows() {
    let problem = Problem {
        code: ProblemCode::ApiNotPermitted,
        sentence: "no permission for this address".to_owned(),
        detail: None,
        recovery: Recovery::FixSettings,
    };
    let known = WorkerPart::Carried(Box::new(CallReport {
        problem: Some(problem),
        ..plain()
    }));
    let (unknown, help) = (
        "The call did not get through.",
        text_of("console_no_way_help"),
    );
    for (worker, verdict, note) in [
        (
            known,
            "Evertoken has no permission for the API's address.",
            "Check the settings. (api.not_permitted)",
        ),
        (WorkerPart::NotOnList, unknown, &help),
        (carried(false, false), unknown, &help),
    ] {
        let failed = Answer {
            worker,
            milliseconds: 12,
            ..Answer::default()
        };
        assert_eq!(
            (failed.status(), failed.tone()),
            ("No answer".to_owned(), Tone::Bad)
        );
        assert_eq!(
            (failed.verdict().as_str(), failed.note().as_str()),
            (verdict, note)
        );
        assert!(failed.spans().is_empty());
        let cancelled = Answer {
            cancelled: true,
            ..failed
        };
        assert_eq!(
            (cancelled.status(), cancelled.tone()),
            ("Cancelled".to_owned(), Tone::Plain)
        );
        assert_eq!(
            (cancelled.measure().as_str(), cancelled.note().as_str()),
            ("12\u{a0}ms", "")
        );
    }
}

fn text_of(key: &str) -> String {
    evertoken_pages::text::text(key)
}

#[test]
fn answers_are_stored_whole_but_for_a_body_that_is_too_long() {
    for body in [
        Body::Json("{\"2\":12345678901234567890,\"1\":1.0}".to_owned()),
        text("a\u{0}b\r\n"),
        Body::Broken,
    ] {
        let answer = Answer {
            body,
            headers: vec![("date".to_owned(), "now".to_owned())],
            ..answered(200, carried(true, true))
        };
        let stored = serde_json::to_string(&answer.storable()).unwrap();
        assert_eq!(serde_json::from_str::<Answer>(&stored).unwrap(), answer);
    }
    let long = Answer {
        body: text(&"x".repeat(LONGEST_STORED + 1)),
        ..answered(404, WorkerPart::Unknown)
    };
    let stored = long.storable();
    assert_eq!((stored.body, stored.status), (Body::NotStored, Some(404)));
}
