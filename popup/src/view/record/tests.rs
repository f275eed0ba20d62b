use super::*;
use crate::view::timing::Phase;

fn draft() -> Draft {
    let header = |name: &str, value: &str| Header {
        name: name.to_owned(),
        value: value.to_owned(),
    };
    Draft {
        method: "POST".to_owned(),
        url: "https://api.example/?q=\"ü\"".to_owned(),
        headers: vec![
            header("X-One", "1\t\\"),
            header("Authorization", "Bearer eyJ"),
            header("cookie", "sid=eyJ"),
        ],
        body: "{\n\"a\": 1}\u{1}".to_owned(),
    }
}

fn entry(outcome: Outcome) -> Entry {
    Entry {
        at: UnixTime(1_700_000_000_000),
        draft: draft().without_secrets(),
        bare_url: "https://api.example/".to_owned(),
        outcome,
    }
}

fn answer(body: Body) -> Answer {
    Answer {
        tone: Tone::Bad,
        status: "404 Not Found".to_owned(),
        measure: "34 ms".to_owned(),
        verdict: "Answered.".to_owned(),
        mended: true,
        spans: vec![
            Span {
                phase: Phase::Wait,
                milliseconds: 1,
            },
            Span {
                phase: Phase::Resend,
                milliseconds: 3,
            },
        ],
        headers: vec![("date".to_owned(), "now".to_owned())],
        body,
        content_type: "text/plain".to_owned(),
        note: "a note".to_owned(),
        owner: "1f".to_owned(),
    }
}

#[test]
fn a_draft_comes_back_without_its_secrets() {
    let text = write_draft(&draft());
    assert!(!text.contains("eyJ"), "{text}");
    assert_eq!(read_draft(&text), draft().without_secrets());
}

#[test]
fn kept_requests_and_history_hold_no_secrets_even_where_they_were_given_some() {
    let kept = Kept {
        name: "me".to_owned(),
        draft: draft(),
    };
    assert!(!write_kept(&[kept]).contains("eyJ"));
    let mut sent = entry(Outcome::Failed);
    sent.draft = draft();
    assert!(!write_history(&[sent]).contains("eyJ"));
}

#[test]
fn kept_requests_come_back() {
    let kept = ["me", "\"orders\""].map(|name| Kept {
        name: name.to_owned(),
        draft: draft().without_secrets(),
    });
    assert_eq!(read_kept(&write_kept(&kept)), kept);
}

#[test]
fn history_comes_back_with_every_outcome() {
    let history = [
        Outcome::UnderWay,
        Outcome::Answered {
            status: 200,
            milliseconds: 34,
        },
        Outcome::Failed,
        Outcome::Cancelled,
        Outcome::Lost(None),
        Outcome::Lost(Some((401, 12))),
    ]
    .map(entry);
    assert_eq!(read_history(&write_history(&history)), history);
}

#[test]
fn answers_come_back_whole() {
    for body in [
        Body::Json("{\"2\":12345678901234567890,\"1\":1.0}".to_owned()),
        Body::Text("a\u{0}b\r\n".to_owned()),
        Body::Image("iVBOR".to_owned()),
    ] {
        let answer = answer(body);
        assert_eq!(read_answer(&write_answer(&answer, "")), Some(answer));
    }
}

#[test]
fn a_body_that_is_too_long_is_left_out_and_said_so() {
    let long = answer(Body::Text("x".repeat(KEPT_BYTES + 1)));
    let back = read_answer(&write_answer(&long, "too long")).unwrap();
    assert_eq!((back.body, back.note.as_str()), (Body::Binary, "too long"));
    assert_eq!(back.status, "404 Not Found");
}

#[test]
fn what_cannot_be_read_was_not_kept() {
    for broken in ["", "{", "[]", "{}", "[7]", "[{\"name\":1}]", "null"] {
        assert_eq!(read_draft(broken).method, "GET");
        assert_eq!(read_kept(broken), []);
        assert_eq!(read_history(broken), []);
        assert_eq!(read_answer(broken), None);
    }
}

#[test]
fn a_method_that_is_not_offered_is_not_taken_up() {
    let text = write_draft(&draft()).replace("POST", "TRACE");
    assert_eq!(read_draft(&text).url, "");
}
