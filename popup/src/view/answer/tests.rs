use evertoken::message::Timing;
use evertoken::problem::{Problem, ProblemCode, Recovery};

use super::*;

fn received(status: u16, body: Body) -> Received {
    Received {
        status,
        status_text: String::new(),
        content_type: "application/json; charset=utf-8".to_owned(),
        headers: vec![("date".to_owned(), "now".to_owned())],
        milliseconds: 34,
        bytes: 1_240,
        body,
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
    let shown = answer(received(200, text("hello")), &carried(false, false));
    assert_eq!(shown.status, "200 OK");
    assert_eq!(shown.measure, "34\u{a0}ms · 1.2\u{a0}kB");
    assert_eq!(shown.verdict, "Answered on the first try.");
    assert_eq!(shown.body, text("hello"));
    assert_eq!(shown.headers.len(), 1);
    let spans: Vec<String> = shown.spans.iter().map(Span::words).collect();
    assert_eq!(
        spans,
        [
            "Wait 2\u{a0}ms",
            "First try 28\u{a0}ms",
            "On the way 4\u{a0}ms"
        ]
    );
    assert_eq!(shown.tone, Tone::Good);
    assert!(!shown.mended);
}

#[test]
fn a_call_that_was_renewed_and_resent_says_so() {
    let shown = answer(received(200, text("hello")), &carried(true, true));
    assert_eq!(shown.verdict, "Token renewed, call sent again.");
    assert!(shown.mended);
}

#[test]
fn a_renewal_before_sending_is_told_from_one_after_a_refusal() {
    assert_eq!(
        verdict(200, &carried(true, false)),
        "Token renewed first, then sent."
    );
    assert_eq!(
        verdict(200, &carried(false, true)),
        "Sent again with a newer token."
    );
}

#[test]
fn a_refusal_that_reaches_the_page_is_not_called_an_answer() {
    assert_eq!(
        verdict(401, &carried(true, true)),
        "Sent again with a new token, and refused again."
    );
    assert_eq!(
        verdict(401, &carried(false, false)),
        "Refused, and not sent again."
    );
}

#[test]
fn a_call_that_the_worker_never_saw_went_without_a_token() {
    assert_eq!(
        verdict(200, &WorkerPart::NotOnList),
        "Not on the allow-list: sent without a token."
    );
    assert_eq!(
        verdict(200, &WorkerPart::OwnToken),
        "Sent with your own Authorization header: Evertoken added no token."
    );
    assert_eq!(
        verdict(200, &WorkerPart::Unknown),
        "Could not tell whether a token was sent."
    );
}

#[test]
fn the_servers_own_words_come_before_the_usual_ones() {
    assert_eq!(status(200, "Fine"), "200 Fine");
    assert_eq!(status(404, ""), "404 Not Found");
    assert_eq!(status(299, ""), "299");
}

#[test]
fn a_long_body_is_cut_between_characters() {
    let long = ["a", &"ü".repeat(100)].concat();
    assert_eq!(cut(&long, 100).len(), 99);
    assert_eq!(cut(&long, 1_000), long);
}

#[test]
fn a_body_that_cannot_be_shown_says_why() {
    assert_eq!(note(&received(204, text(""))), "The answer has no body.");
    assert_eq!(
        note(&received(200, Body::Binary)),
        "The body is 1.2\u{a0}kB of application/json, which is not text."
    );
    assert_eq!(
        note(&received(200, Body::Broken)),
        "The connection broke before the body was whole."
    );
    assert_eq!(note(&received(200, Body::Image("iVBOR".to_owned()))), "");
}

#[test]
fn pictures_are_told_from_other_bytes() {
    assert!(is_image("image/png"));
    assert!(is_image("image/jpeg; q=1"));
    assert!(!is_image("image/svg+xml"));
    assert!(!is_image("application/pdf"));
    assert!(!is_image(""));
}

#[test]
fn a_call_that_was_cancelled_is_neither_good_nor_bad() {
    let shown = cancelled(12);
    assert_eq!(
        (shown.status.as_str(), shown.tone),
        ("Cancelled", Tone::Plain)
    );
    assert_eq!(shown.measure, "12\u{a0}ms");
}

#[test]
fn only_types_for_programs_are_binary() {
    assert!(is_binary("image/png"));
    assert!(is_binary("application/octet-stream"));
    assert!(!is_binary("image/svg+xml"));
    assert!(!is_binary("application/json; charset=utf-8"));
    assert!(!is_binary("text/html"));
    assert!(!is_binary(""));
}

#[test]
fn a_scope_that_is_missing_is_named() {
    let account = WorkerPart::Carried(Box::new(CallReport {
        wanted_scope: Some("orders:write".to_owned()),
        ..plain()
    }));
    assert_eq!(
        verdict(403, &account),
        "Answered on the first try. The API wants the scope orders:write."
    );
}

#[test]
fn a_call_without_an_answer_says_why_where_the_worker_knows() {
    let account = WorkerPart::Carried(Box::new(CallReport {
        problem: Some(Problem {
            code: ProblemCode::ApiNotPermitted,
            sentence: "no permission for this address".to_owned(),
            detail: None,
            recovery: Recovery::FixSettings,
        }),
        ..plain()
    }));
    let shown = no_answer(12, &account);
    assert_eq!(shown.tone, Tone::Bad);
    assert_eq!(shown.status, "No answer");
    assert_eq!(
        shown.verdict,
        "Evertoken has no permission for the API's address."
    );
    assert_eq!(shown.note, "Check the settings. (api.not_permitted)");
    for account in [
        WorkerPart::NotOnList,
        WorkerPart::Unknown,
        carried(false, false),
    ] {
        let shown = no_answer(12, &account);
        assert_eq!(shown.verdict, "The call did not get through.");
    }
}
