use evertoken::error::Recovery;
use evertoken::message::Identity;

use super::*;

const START: i64 = 1_700_000_000_000;
const URL: &str = "https://api.example/v1/me";

fn entry(id: u64, at: i64, event: ActivityEvent) -> ActivityEntry {
    ActivityEntry {
        id,
        at: UnixTime(START + at),
        event,
    }
}

fn problem(code: &str) -> Problem {
    Problem {
        code: code.to_owned(),
        sentence: "in the worker's words".to_owned(),
        detail: None,
        recovery: Recovery::SignIn,
    }
}

/// A call that ended at `at` after so many milliseconds.
fn call(id: u64, at: i64, status: Option<u16>, milliseconds: u32, timing: Timing) -> ActivityEntry {
    let resent = timing.resent_ms.is_some();
    let event = ActivityEvent::Called {
        call: id,
        method: "GET".to_owned(),
        url: URL.to_owned(),
        status,
        renewed: resent,
        resent,
        wanted_scope: None,
        milliseconds,
        timing,
        problem: None,
    };
    entry(id, at, event)
}

fn plain(id: u64, at: i64) -> ActivityEntry {
    call(id, at, Some(200), 34, Timing::default())
}

fn renewal(id: u64, at: i64, failure: Option<&str>) -> ActivityEntry {
    let rung = |engine, skipped, code| Rung {
        engine,
        skipped,
        problem: problem(code),
    };
    let event = ActivityEvent::Renewed {
        engine: Some(RenewalMethodId::WebAuthFlow),
        rungs: vec![
            rung(
                RenewalMethodId::RefreshToken,
                true,
                "session.no_refresh_token",
            ),
            rung(
                RenewalMethodId::Offscreen,
                false,
                "user_agent.framing_refused",
            ),
        ],
        milliseconds: 52,
        problem: failure.map(problem),
    };
    entry(id, at, event)
}

/// Sent after 3 ms, refused after 13, sent again after 80, answered after 97.
fn mended_timing() -> Timing {
    Timing {
        sent_ms: 3,
        refused_ms: Some(13),
        resent_ms: Some(80),
    }
}

/// A revoked token: refusal, renewal, second sending, answer.
fn mended() -> Timeline {
    told(vec![
        entry(1, 13, ActivityEvent::Unauthorized { call: 4 }),
        renewal(2, 70, None),
        entry(3, 80, ActivityEvent::Resent { call: 4 }),
        call(4, 97, Some(200), 97, mended_timing()),
    ])
}

fn told(entries: Vec<ActivityEntry>) -> Timeline {
    let mut timeline = Timeline::default();
    assert!(timeline.follow(entries));
    timeline
}

fn titles(timeline: &Timeline) -> Vec<String> {
    timeline.rows().iter().map(Row::title).collect()
}

fn ids(timeline: &Timeline) -> Vec<u64> {
    timeline.entries().iter().map(|entry| entry.id).collect()
}

fn parts(row: &Row<'_>) -> Vec<(Part, u32)> {
    let segments = row.bar().unwrap().segments;
    let part = |segment: &Segment| (segment.part, segment.milliseconds);
    segments.iter().map(part).collect()
}

fn value(row: &Row<'_>, name: &str) -> Option<String> {
    let facts = row.facts();
    let fact = facts.into_iter().find(|fact| fact.name == name);
    fact.map(|fact| fact.value)
}

#[test]
fn a_revoked_tokens_call_is_one_row_with_its_refusal_renewal_and_resend() {
    let timeline = mended();
    assert_eq!(titles(&timeline), ["GET /v1/me"]);
    let row = timeline.rows()[0];
    assert_eq!((row.outcome().as_str(), row.tone()), ("200", Tone::Good));
    assert_eq!(row.remark(), "Token renewed, sent again");
    let expected = [
        (Part::Wait, 3),
        (Part::First, 10),
        (Part::Renewal, 67),
        (Part::Resend, 17),
    ];
    assert_eq!(parts(&row), expected);
}

#[test]
fn a_call_that_did_not_wait_is_all_one_part() {
    let timeline = told(vec![plain(1, 0)]);
    assert_eq!(parts(&timeline.rows()[0]), [(Part::First, 34)]);
}

#[test]
fn an_expanded_call_tells_its_numbers_the_engine_and_what_was_tried_before() {
    let timeline = mended();
    let row = timeline.rows()[0];
    for (name, expected) in [
        ("URL", URL),
        ("Answer", "200"),
        ("Waited before the first try", "3\u{a0}ms"),
        ("First try, refused with 401", "10\u{a0}ms"),
        ("Sent again", "17\u{a0}ms"),
        ("Took", "97\u{a0}ms"),
        ("Renewal", "Hidden window, 67\u{a0}ms"),
        (
            "Refresh token",
            "Not tried: The provider gave no refresh token. (session.no_refresh_token)",
        ),
        (
            "Hidden frame",
            "Tried, failed: The provider does not allow its answer in a frame. (user_agent.framing_refused)",
        ),
    ] {
        assert_eq!(value(&row, name).as_deref(), Some(expected), "{name}");
    }
    assert_eq!(value(&row, "Problem"), None);
    assert_eq!(value(&row, "Then waited"), None, "for the renewal");
}

#[test]
fn a_renewal_before_the_first_try_belongs_to_the_call_that_waited_for_it() {
    let timing = Timing {
        sent_ms: 60,
        ..Timing::default()
    };
    let mut waited = call(2, 75, Some(200), 75, timing);
    let timeline = told(vec![renewal(1, 58, None), waited.clone()]);
    assert_eq!(titles(&timeline).len(), 2, "it did not wait for it");
    if let ActivityEvent::Called { renewed, .. } = &mut waited.event {
        *renewed = true;
    }
    let timeline = told(vec![renewal(1, 58, None), waited]);
    let rows = timeline.rows();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].remark(), "Token renewed first");
    assert_eq!(parts(&rows[0]), [(Part::Renewal, 60), (Part::First, 15)]);
    let before = value(&rows[0], "Renewal");
    assert_eq!(before.as_deref(), Some("Hidden window, 60\u{a0}ms"));
}

#[test]
fn a_renewal_that_no_call_waited_for_stands_for_itself() {
    let timeline = told(vec![
        renewal(1, 12, None),
        renewal(2, 81, None),
        call(3, 97, Some(200), 97, mended_timing()),
    ]);
    let by_itself = "Renewed through the hidden window";
    assert_eq!(titles(&timeline), ["GET /v1/me", by_itself, by_itself]);
    let row = timeline.rows()[1];
    assert_eq!(row.milliseconds(), Some(52));
    assert_eq!(row.bar().unwrap().segments.len(), 1);
}

#[test]
fn many_calls_share_one_renewal() {
    let mut entries = vec![renewal(1, 70, None)];
    entries.extend((2..12).map(|id| call(id, 97, Some(200), 97, mended_timing())));
    let timeline = told(entries);
    let rows = timeline.rows();
    assert_eq!(rows.len(), 10);
    assert!(rows.iter().all(|row| value(row, "Renewal").is_some()));
}

#[test]
fn a_renewal_that_failed_has_its_own_row_and_is_told_with_the_call() {
    let timing = Timing {
        resent_ms: None,
        ..mended_timing()
    };
    let timeline = told(vec![
        renewal(1, 70, Some("authorization.login_required")),
        call(2, 72, Some(401), 72, timing),
    ]);
    assert_eq!(titles(&timeline), ["GET /v1/me", "Renewal failed"]);
    let rows = timeline.rows();
    assert!(rows.iter().all(|row| row.tone() == Tone::Bad));
    assert_eq!(
        rows[1].remark(),
        "You are no longer signed in at the provider. (authorization.login_required)"
    );
    assert_eq!(
        value(&rows[0], "Problem").unwrap(),
        "You are no longer signed in at the provider. Sign in to go on. (authorization.login_required)"
    );
    let expected = [(Part::Wait, 3), (Part::First, 10), (Part::Renewal, 59)];
    assert_eq!(parts(&rows[0]), expected);
}

#[test]
fn what_is_no_call_is_told_in_words() {
    let failed = || Some(problem("user_agent.closed"));
    let timeline = told(vec![
        entry(1, 0, ActivityEvent::SignedIn { problem: failed() }),
        entry(2, 1, ActivityEvent::SignedIn { problem: None }),
        entry(3, 2, ActivityEvent::SignedOut),
        entry(4, 3, ActivityEvent::LeftProvider { problem: None }),
        entry(5, 4, ActivityEvent::LeftProvider { problem: failed() }),
    ]);
    let expected = [
        "Not signed out at the provider",
        "Signed out at the provider",
        "Signed out",
        "Signed in",
        "Sign-in failed",
    ];
    assert_eq!(titles(&timeline), expected);
    let rows = timeline.rows();
    let tones: Vec<_> = rows.iter().map(Row::tone).collect();
    assert_eq!(tones[..2], [Tone::Bad, Tone::Plain]);
    assert!(rows.iter().all(|row| row.bar().is_none()));
    assert!(rows[4].remark().contains("window was closed"));
    assert!(rows[2].facts().is_empty() && rows[2].remark().is_empty());
}

#[test]
fn a_call_without_an_answer_says_whether_it_failed_or_was_given_up() {
    let given_up = call(1, 10, None, 10, Timing::default());
    let mut failed = call(2, 20, None, 10, Timing::default());
    if let ActivityEvent::Called {
        problem: why,
        wanted_scope,
        ..
    } = &mut failed.event
    {
        *why = Some(problem("api.unreachable"));
        *wanted_scope = Some("orders:write".to_owned());
    }
    let timeline = told(vec![given_up, failed]);
    let rows = timeline.rows();
    assert_eq!(
        (rows[0].outcome().as_str(), rows[0].tone()),
        ("No answer", Tone::Bad)
    );
    assert!(rows[0].remark().ends_with("(api.unreachable)"));
    let wanted = value(&rows[0], "The API wants this scope");
    assert_eq!(wanted.as_deref(), Some("orders:write"));
    assert_eq!(
        (rows[1].outcome().as_str(), rows[1].tone()),
        ("Given up by the page", Tone::Plain)
    );
}

#[test]
fn news_go_on_from_the_newest_that_is_known() {
    let mut timeline = told(vec![plain(1, 0), plain(2, 10)]);
    assert_eq!(timeline.ask_after(), 1, "so that 2 is told again");
    assert!(timeline.follow(vec![plain(2, 10), plain(3, 20)]));
    assert_eq!(ids(&timeline), [1, 2, 3]);
    assert!(timeline.follow(vec![plain(3, 20)]), "nothing new");
    assert_eq!(ids(&timeline), [1, 2, 3]);
}

#[test]
fn a_worker_that_counts_from_1_again_takes_nothing_away() {
    let mut timeline = told(vec![plain(1, 0), plain(2, 10)]);
    assert!(!timeline.follow(vec![]), "it knows nothing yet");
    assert!(!timeline.follow(vec![plain(2, 90)]), "another entry 2");
    timeline.merge(vec![plain(1, 80), plain(2, 90)]);
    assert_eq!(ids(&timeline), [1, 2, 1, 2]);
    let keys: Vec<_> = timeline.rows().iter().map(Row::key).collect();
    let mut different = keys.clone();
    different.dedup();
    assert_eq!(keys.len(), 4);
    assert_eq!(different, keys);
    assert!(timeline.follow(vec![plain(2, 90), plain(3, 95)]));
    assert_eq!(ids(&timeline), [1, 2, 1, 2, 3]);
}

#[test]
fn a_worker_that_remembers_is_asked_again_without_doubles() {
    let mut timeline = told(vec![plain(1, 0), plain(2, 10)]);
    timeline.merge(vec![plain(1, 0), plain(2, 10), plain(3, 20)]);
    assert_eq!(ids(&timeline), [1, 2, 3]);
}

#[test]
fn the_oldest_fall_out_and_two_hundred_rows_are_shown() {
    let many = (1..=700).map(|id| plain(id, id.cast_signed())).collect();
    let timeline = told(many);
    assert_eq!(timeline.entries().len(), 500);
    let rows = timeline.rows();
    assert_eq!((rows.len(), rows[0].entry.id), (200, 700));
}

#[test]
fn rows_are_found_by_url_method_code_and_status() {
    let mut entries = mended().entries().to_vec();
    entries.push(call(5, 500, Some(404), 9, Timing::default()));
    entries.push(renewal(6, 600, Some("authorization.login_required")));
    let timeline = told(entries);
    let rows = timeline.rows();
    let found = |text: &str, choice| {
        let filter = Filter {
            text: text.to_owned(),
            choice,
        };
        let found = rows.iter().filter(|row| filter.fits(row));
        found.map(|row| row.entry.id).collect::<Vec<_>>()
    };
    assert_eq!(found("", Choice::All), [6, 5, 4]);
    assert_eq!(found(" API.example ", Choice::All), [5, 4]);
    assert_eq!(found("get", Choice::All), [5, 4]);
    assert_eq!(found("login_required", Choice::All), [6]);
    assert_eq!(found("404", Choice::All), [5]);
    assert_eq!(found("nowhere", Choice::All), [0; 0]);
    assert_eq!(found("", Choice::Failed), [6, 5]);
    assert_eq!(found("404", Choice::Failed), [5]);
    assert_eq!(found("", Choice::Renewals), [6, 4]);
}

#[test]
fn the_last_call_is_told_in_one_line() {
    let timeline = told(vec![plain(1, 0), renewal(2, 10, None)]);
    let last = timeline.last_call().unwrap();
    assert_eq!(
        last.told(UnixTime(START + 120_000)),
        "Last call: GET /v1/me, 200, 34\u{a0}ms, 2\u{a0}min\u{a0}ago"
    );
    let failed = told(vec![call(1, 0, None, 34, Timing::default())]);
    assert_eq!(
        failed.last_call().unwrap().told(UnixTime(START)),
        "Last call: GET /v1/me, no answer, 34\u{a0}ms, just\u{a0}now"
    );
    assert_eq!(told(vec![renewal(1, 0, None)]).last_call(), None);
}

#[test]
fn the_file_holds_all_entries_but_no_query_and_no_name() {
    let mut entries = mended().entries().to_vec();
    if let ActivityEvent::Called { url, .. } = &mut entries[3].event {
        *url = "https://api.example/users/user-17?code=secret".to_owned();
    }
    let ada = Identity {
        sub: "user-17".to_owned(),
        name: Some("Ada Lovelace".to_owned()),
        email: None,
    };
    let file = export(&entries, &[ada]);
    assert!(
        !file.contains("secret") && !file.contains("user-17"),
        "{file}"
    );
    assert!(file.contains("https://api.example/users/[user]"), "{file}");
    assert!(file.contains("session.no_refresh_token"), "{file}");
    assert_eq!(file.matches("\"kind\"").count(), 4, "{file}");
}
