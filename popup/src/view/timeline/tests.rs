use evertoken::message::{ActivityEvent, Timing};
use evertoken::platform::UnixTime;
use evertoken::problem::{ProblemCode, Recovery};

use super::*;
use crate::view::call_time::tests::written;
use crate::view::tone::Tone;

const START: i64 = 1_700_000_000_000;
const URL: &str = "https://api.example/v1/me";

fn entry(id: u64, at: i64, event: ActivityEvent) -> ActivityEntry {
    ActivityEntry {
        id,
        at: UnixTime(START + at),
        event,
    }
}

fn problem(code: ProblemCode) -> Problem {
    Problem {
        code,
        sentence: "in the worker's words".to_owned(),
        detail: None,
        recovery: Recovery::SignIn,
    }
}

/// A call that ended at `at` after so many milliseconds.
fn call(id: u64, at: i64, status: Option<u16>, milliseconds: u32, timing: Timing) -> ActivityEntry {
    let resent = timing.resent_ms.is_some();
    let report = CallReport {
        call: id,
        method: "GET".to_owned(),
        url: URL.to_owned(),
        status,
        renewed: resent,
        resent,
        milliseconds,
        timing,
        ..CallReport::default()
    };
    entry(id, at, ActivityEvent::Called(report))
}

fn plain(id: u64, at: i64) -> ActivityEntry {
    call(id, at, Some(200), 34, Timing::default())
}

/// A renewal by web auth flow, after the refresh token was skipped and the hidden frame had failed.
fn renewal(id: u64, at: i64, failure: Option<ProblemCode>) -> ActivityEntry {
    let skipped = FailedMethod {
        method: RenewalMethodId::RefreshToken,
        skipped: true,
        problem: problem(ProblemCode::SessionNoRefreshToken),
    };
    let failed = FailedMethod {
        method: RenewalMethodId::Offscreen,
        skipped: false,
        problem: problem(ProblemCode::UserAgentFramingRefused),
    };
    let event = ActivityEvent::Renewed {
        method: Some(RenewalMethodId::WebAuthFlow),
        failed: vec![skipped, failed],
        milliseconds: 52,
        problem: failure.map(problem),
    };
    entry(id, at, event)
}

/// Sent after 3 ms, refused after 13, sent again after 80.
const MENDED: Timing = Timing {
    sent_ms: 3,
    refused_ms: Some(13),
    resent_ms: Some(80),
};

/// A revoked token: refusal, renewal, second sending, answer.
fn mended() -> Timeline {
    timeline_of(vec![
        entry(1, 13, ActivityEvent::Unauthorized { call: 4 }),
        renewal(2, 70, None),
        entry(3, 80, ActivityEvent::Resent { call: 4 }),
        call(4, 97, Some(200), 97, MENDED),
    ])
}

fn timeline_of(entries: Vec<ActivityEntry>) -> Timeline {
    let mut timeline = Timeline::default();
    timeline.add(entries);
    timeline
}

fn titles(timeline: &Timeline) -> Vec<String> {
    timeline.rows().iter().map(Row::title).collect()
}

fn ids(timeline: &Timeline) -> Vec<u64> {
    timeline.entries().iter().map(|entry| entry.id).collect()
}

fn parts(row: &Row<'_>) -> String {
    written(&row.bar().unwrap().1)
}

/// The report that an entry holds.
fn report(entry: &mut ActivityEntry) -> &mut CallReport {
    match &mut entry.event {
        ActivityEvent::Called(report) => report,
        other => panic!("no call: {other:?}"),
    }
}

fn value(row: &Row<'_>, name: &str) -> Option<String> {
    let mut details = row.details().into_iter();
    details
        .find(|detail| detail.0 == name)
        .map(|detail| detail.1)
}

#[test]
fn a_revoked_tokens_call_is_one_row_with_its_refusal_renewal_and_resend() {
    let timeline = mended();
    assert_eq!(titles(&timeline), ["GET /v1/me"]);
    let row = timeline.rows()[0];
    assert_eq!((row.outcome().as_str(), row.tone()), ("200", Tone::Good));
    assert_eq!(row.remark(), "Token renewed, sent again");
    assert_eq!(parts(&row), "wait 3, first 10, renewal 67, resend 17");
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
    let timeline = timeline_of(vec![renewal(1, 58, None), waited.clone()]);
    assert_eq!(titles(&timeline).len(), 2, "it did not wait for it");
    report(&mut waited).renewed = true;
    let timeline = timeline_of(vec![renewal(1, 58, None), waited]);
    let rows = timeline.rows();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].remark(), "Token renewed first");
    assert_eq!(parts(&rows[0]), "renewal 60, first 15");
    let before = value(&rows[0], "Renewal");
    assert_eq!(before.as_deref(), Some("Hidden window, 60\u{a0}ms"));
}

#[test]
fn a_renewal_that_no_call_waited_for_stands_for_itself() {
    let timeline = timeline_of(vec![
        renewal(1, 12, None),
        renewal(2, 81, None),
        call(3, 97, Some(200), 97, MENDED),
    ]);
    let by_itself = "Renewed through the hidden window";
    assert_eq!(titles(&timeline), ["GET /v1/me", by_itself, by_itself]);
    let row = timeline.rows()[1];
    assert_eq!(row.milliseconds(), Some(52));
    assert_eq!(row.bar().unwrap().1.len(), 1);
}

#[test]
fn many_calls_share_one_renewal() {
    let mut entries = vec![renewal(1, 70, None)];
    entries.extend((2..12).map(|id| call(id, 97, Some(200), 97, MENDED)));
    let timeline = timeline_of(entries);
    let rows = timeline.rows();
    assert_eq!(rows.len(), 10);
    assert!(rows.iter().all(|row| value(row, "Renewal").is_some()));
}

#[test]
fn a_renewal_that_failed_has_its_own_row_and_is_told_with_the_call() {
    let timing = Timing {
        resent_ms: None,
        ..MENDED
    };
    let timeline = timeline_of(vec![
        renewal(1, 70, Some(ProblemCode::AuthorizationLoginRequired)),
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
    assert_eq!(parts(&rows[0]), "wait 3, first 10, renewal 59");
}

#[test]
fn what_is_no_call_is_told_in_words() {
    let failed = || Some(problem(ProblemCode::UserAgentClosed));
    let signed_in = |problem| ActivityEvent::SignedIn { problem };
    let left = |problem| ActivityEvent::LeftProvider { problem };
    let (bad, plain) = (Tone::Bad, Tone::Plain);
    for (event, title, tone) in [
        (signed_in(None), "Signed in", plain),
        (signed_in(failed()), "Sign-in failed", bad),
        (ActivityEvent::SignedOut, "Signed out", plain),
        (left(None), "Signed out at the provider", plain),
        (left(failed()), "Not signed out at the provider", bad),
    ] {
        let timeline = timeline_of(vec![entry(1, 0, event)]);
        let row = timeline.rows()[0];
        assert_eq!((row.title().as_str(), row.tone()), (title, tone));
        assert!(row.bar().is_none());
        assert_eq!(row.remark().contains("window was closed"), tone == bad);
        assert_eq!(row.details().len(), usize::from(tone == bad));
    }
}

#[test]
fn a_call_without_an_answer_says_whether_it_failed_or_was_given_up() {
    let given_up = call(1, 10, None, 10, Timing::default());
    let mut failed = call(2, 20, None, 10, Timing::default());
    report(&mut failed).problem = Some(problem(ProblemCode::ApiUnreachable));
    report(&mut failed).wanted_scope = Some("orders:write".to_owned());
    let timeline = timeline_of(vec![given_up, failed]);
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
fn k37_a_call_whose_answer_came_from_elsewhere_says_so() {
    let login = "https://login.test/sign-in";
    let mut led_away = call(1, 10, Some(200), 10, Timing::default());
    report(&mut led_away).redirected_to = Some(login.to_owned());
    let timeline = timeline_of(vec![led_away, plain(2, 20)]);
    let rows = timeline.rows();
    assert_eq!(rows[1].remark(), format!("A redirect led to {login}"));
    let from = value(&rows[1], "Answer came from");
    assert_eq!(from.as_deref(), Some(login));
    assert_eq!(rows[0].remark(), "");
    assert_eq!(value(&rows[0], "Answer came from"), None);
}

#[test]
fn entries_are_added_once_and_in_their_order() {
    let known = || vec![plain(1, 0), plain(2, 10)];
    let mut overlapping = timeline_of(known());
    overlapping.add(vec![plain(2, 10), plain(3, 20)]);
    // What was announced while the worker's first answer was on its way.
    let mut announced_first = timeline_of(vec![plain(3, 20)]);
    announced_first.add(known());
    for timeline in [overlapping, announced_first] {
        assert_eq!(ids(&timeline), [1, 2, 3]);
    }
    // A worker that died before it stored its last entries.
    let mut given_again = timeline_of(known());
    given_again.add(vec![plain(2, 90)]);
    assert_eq!(ids(&given_again), [1, 2, 2]);
    let mut keys: Vec<_> = given_again.rows().iter().map(Row::key).collect();
    keys.dedup();
    assert_eq!(keys.len(), 3);
}

#[test]
fn a_gap_before_what_was_announced_is_noticed() {
    let known = timeline_of(vec![plain(1, 0), plain(2, 10)]);
    assert_eq!(known.newest(), 2);
    for (timeline, announced, gap) in [
        (&known, vec![plain(3, 20)], false),
        (&known, vec![plain(4, 30)], true),
        (&known, vec![plain(2, 90)], false),
        (&known, vec![], false),
        (&Timeline::default(), vec![plain(1, 0)], false),
        (&Timeline::default(), vec![plain(2, 0)], true),
    ] {
        assert_eq!(timeline.misses_some_before(&announced), gap);
    }
}

#[test]
fn the_oldest_fall_out_and_two_hundred_rows_are_shown() {
    let many = (1..=700).map(|id| plain(id, id.cast_signed())).collect();
    let timeline = timeline_of(many);
    assert_eq!(timeline.entries().len(), 500);
    let rows = timeline.rows();
    assert_eq!((rows.len(), rows[0].entry.id), (200, 700));
}

#[test]
fn rows_are_found_by_url_method_code_and_status() {
    let mut entries = mended().entries().to_vec();
    let required = ProblemCode::AuthorizationLoginRequired;
    entries.push(call(5, 500, Some(404), 9, Timing::default()));
    entries.push(renewal(6, 600, Some(required)));
    let timeline = timeline_of(entries);
    let rows = timeline.rows();
    for (text, choice, expected) in [
        ("", Choice::All, &[6, 5, 4][..]),
        (" API.example ", Choice::All, &[5, 4]),
        ("get", Choice::All, &[5, 4]),
        ("login_required", Choice::All, &[6]),
        ("404", Choice::All, &[5]),
        ("nowhere", Choice::All, &[]),
        ("", Choice::Failed, &[6, 5]),
        ("404", Choice::Failed, &[5]),
        ("", Choice::Renewals, &[6, 4]),
    ] {
        let text = text.to_owned();
        let filter = Filter { text, choice };
        let found = rows.iter().filter(|row| filter.fits(row));
        let found: Vec<u64> = found.map(|row| row.entry.id).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
}

#[test]
fn the_last_call_is_told_in_one_line() {
    let timeline = timeline_of(vec![plain(1, 0), renewal(2, 10, None)]);
    assert_eq!(
        timeline.last_call(UnixTime(START + 120_000)),
        "Last call: GET /v1/me, 200, 34\u{a0}ms, 2\u{a0}min\u{a0}ago"
    );
    let failed = timeline_of(vec![call(1, 0, None, 34, Timing::default())]);
    assert_eq!(
        failed.last_call(UnixTime(START)),
        "Last call: GET /v1/me, no answer, 34\u{a0}ms, just\u{a0}now"
    );
    let none = timeline_of(vec![renewal(1, 0, None)]);
    assert_eq!(none.last_call(UnixTime(START)), "");
}

#[test]
fn a_bar_grows_with_every_doubling_and_ends() {
    let lengths = [0, 1, 10, 34, 97, 1_000, 8_192, 60_000].map(length);
    assert_eq!(lengths, [4, 4, 25, 38, 50, 75, 100, 100]);
    assert!(lengths.is_sorted());
}

#[test]
fn the_file_holds_all_entries_but_no_query_no_id_and_no_mark() {
    let mut entries = mended().entries().to_vec();
    let called = report(&mut entries[3]);
    called.url = "https://api.example/users/user-17?code=secret".to_owned();
    called.mark = Some("a-1".to_owned());
    let file = export(&entries, "no secrets".to_owned());
    let file = serde_json::to_string(&file).unwrap();
    for left_out in ["code=secret", "user-17", "a-1"] {
        assert!(!file.contains(left_out), "{file}");
    }
    assert!(file.contains("https://api.example/users/…"), "{file}");
    assert!(file.contains("session.no_refresh_token"), "{file}");
    assert!(file.contains("no secrets"), "{file}");
    assert_eq!(file.matches("\"event\"").count(), 4, "{file}");
}
