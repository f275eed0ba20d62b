//! What the popup stores, as JSON. What cannot be read counts as not stored.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::answer::{Answer, Body};

/// A longer body is not stored (bytes).
const LONGEST_BODY: usize = 1_400_000;

/// The items of a list, without those that cannot be read.
#[must_use]
pub fn list<T: DeserializeOwned>(json: &str) -> Vec<T> {
    let items: Vec<&RawValue> = serde_json::from_str(json).unwrap_or_default();
    let items = items.into_iter();
    items
        .filter_map(|item| serde_json::from_str(item.get()).ok())
        .collect()
}

/// The answer as it may be stored. A body that is too long is left out, and `too_long` says so in its place.
#[must_use]
pub fn storable(answer: &Answer, too_long: &str) -> Answer {
    let mut answer = answer.clone();
    if let Body::Json(body) | Body::Text(body) | Body::Image(body) = &answer.body
        && body.len() > LONGEST_BODY
    {
        answer.body = Body::Binary;
        answer.note = too_long.to_owned();
    }
    answer
}

#[cfg(test)]
mod tests {
    use evertoken::platform::UnixTime;
    use serde::Serialize;

    use super::*;
    use crate::view::answer::{Received, WorkerPart, answer};
    use crate::view::history::{Outcome, SentRequest};
    use crate::view::request::{Header, RequestDraft};
    use crate::view::saved_requests::SavedRequest;
    use crate::view::tone::Tone;

    fn draft() -> RequestDraft {
        let header = |name: &str, value: &str| Header {
            name: name.to_owned(),
            value: value.to_owned(),
        };
        RequestDraft {
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

    fn sent(outcome: Outcome) -> SentRequest {
        SentRequest {
            at: UnixTime(1_700_000_000_000),
            draft: draft().without_secrets(),
            mark: "a-1".to_owned(),
            outcome,
        }
    }

    fn received(body: Body) -> Answer {
        let received = Received {
            status: 404,
            status_text: String::new(),
            content_type: "text/plain".to_owned(),
            headers: vec![("date".to_owned(), "now".to_owned())],
            milliseconds: 34,
            bytes: 7,
            body,
        };
        answer(received, &WorkerPart::NotOnList)
    }

    fn json(value: &impl Serialize) -> String {
        serde_json::to_string(value).unwrap()
    }

    #[test]
    fn a_draft_comes_back_without_its_secrets() {
        let text = json(&draft());
        assert!(!text.contains("eyJ"), "{text}");
        let back: RequestDraft = serde_json::from_str(&text).unwrap();
        assert_eq!(back, draft().without_secrets());
    }

    #[test]
    fn saved_requests_and_history_hold_no_secrets_even_where_they_were_given_some() {
        let saved = SavedRequest {
            name: "me".to_owned(),
            draft: draft(),
        };
        assert!(!json(&[saved]).contains("eyJ"));
        let sent = SentRequest {
            draft: draft(),
            ..sent(Outcome::Failed)
        };
        assert!(!json(&[sent]).contains("eyJ"));
    }

    #[test]
    fn history_comes_back_with_every_outcome() {
        let lost = |status: Option<u16>| Outcome::Lost {
            status,
            milliseconds: status.map(|_| 12),
        };
        let history = [
            Outcome::UnderWay,
            Outcome::Answered {
                status: 200,
                milliseconds: 34,
            },
            Outcome::Failed,
            Outcome::Cancelled,
            lost(None),
            lost(Some(401)),
        ]
        .map(sent);
        assert_eq!(list::<SentRequest>(&json(&history)), history);
    }

    /// As versions before marks wrote it.
    #[test]
    fn what_an_older_version_stored_is_still_read() {
        let request = r#"{"method":"GET","url":"https://a.example/?q=1","body":"","headers":[{"name":"X","value":"1"}]}"#;
        let draft: RequestDraft = serde_json::from_str(request).unwrap();
        assert_eq!(
            (draft.url.as_str(), draft.headers.len()),
            ("https://a.example/?q=1", 1)
        );
        let saved = format!(r#"[{{"name":"me","request":{request}}}]"#);
        let saved: Vec<SavedRequest> = list(&saved);
        assert_eq!((saved[0].name.as_str(), &saved[0].draft), ("me", &draft));
        let sent = |outcome: &str| {
            format!(r#"{{"at":7,"bare_url":"https://a.example/","request":{request},{outcome}}}"#)
        };
        let history = [
            r#""outcome":"under_way""#,
            r#""outcome":"answered","status":200,"milliseconds":34"#,
            r#""outcome":"failed""#,
            r#""outcome":"cancelled""#,
            r#""outcome":"lost""#,
            r#""outcome":"lost","status":401,"milliseconds":12"#,
        ]
        .map(sent);
        let history: Vec<SentRequest> = list(&format!("[{}]", history.join(",")));
        let outcomes: Vec<Outcome> = history.iter().map(|sent| sent.outcome).collect();
        assert_eq!(
            outcomes,
            [
                Outcome::UnderWay,
                Outcome::Answered {
                    status: 200,
                    milliseconds: 34
                },
                Outcome::Failed,
                Outcome::Cancelled,
                Outcome::Lost {
                    status: None,
                    milliseconds: None
                },
                Outcome::Lost {
                    status: Some(401),
                    milliseconds: Some(12)
                },
            ]
        );
        assert!(
            history
                .iter()
                .all(|sent| sent.draft == draft && sent.at == UnixTime(7))
        );
    }

    #[test]
    fn answers_come_back_whole() {
        for body in [
            Body::Json("{\"2\":12345678901234567890,\"1\":1.0}".to_owned()),
            Body::Text("a\u{0}b\r\n".to_owned()),
            Body::Image("iVBOR".to_owned()),
            Body::Broken,
        ] {
            let answer = received(body);
            assert_eq!(storable(&answer, ""), answer);
            let back: Answer = serde_json::from_str(&json(&answer)).unwrap();
            assert_eq!(back, answer);
        }
    }

    #[test]
    fn a_body_that_is_too_long_is_left_out_and_said_so() {
        let long = received(Body::Text("x".repeat(LONGEST_BODY + 1)));
        let stored = storable(&long, "too long");
        assert_eq!(
            (stored.body, stored.note.as_str()),
            (Body::Binary, "too long")
        );
        assert_eq!(
            (stored.status.as_str(), stored.tone),
            ("404 Not Found", Tone::Bad)
        );
    }

    #[test]
    fn what_cannot_be_read_was_not_stored() {
        for broken in ["", "{", "[]", "{}", "[7]", "[{\"name\":1}]", "null"] {
            assert!(serde_json::from_str::<RequestDraft>(broken).is_err());
            assert_eq!(list::<SavedRequest>(broken), []);
            assert_eq!(list::<SentRequest>(broken), []);
            assert!(serde_json::from_str::<Answer>(broken).is_err());
        }
        let one = json(&SavedRequest {
            name: "me".to_owned(),
            draft: draft(),
        });
        assert_eq!(list::<SavedRequest>(&format!("[7,{one},null]")).len(), 1);
    }

    #[test]
    fn a_method_that_is_not_offered_is_not_taken_up() {
        let text = json(&draft()).replace("POST", "TRACE");
        assert!(serde_json::from_str::<RequestDraft>(&text).is_err());
    }
}
