//! The activity outlives the worker: written beside the calls, read by the next worker, worth nothing when damaged.

#![allow(
    clippy::unwrap_used,
    reason = "a world that is not as the test built it fails the test"
)]

mod support;

use std::time::Duration;

use evertoken::message::{ActivityEntry, CallReport, PageRequest, WorkerReply};
use evertoken::platform::Record;
use serde_json::{Value, json};

use crate::support::World;

const SECOND: Duration = Duration::from_secs(1);
const MOMENT: Duration = Duration::from_millis(100);

fn activity(world: &World) -> Vec<ActivityEntry> {
    let reply = world.run(world.engine.answer(PageRequest::Activity { after: 0 }));
    match reply {
        WorkerReply::Activity(entries) => entries,
        other => panic!("{other:?}"),
    }
}

fn call(world: &World) {
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
}

fn report(world: &World, mark: &str) -> Option<CallReport> {
    let mark = mark.to_owned();
    match world.run(world.engine.answer(PageRequest::Report { mark })) {
        WorkerReply::Report(report) => report,
        other => panic!("{other:?}"),
    }
}

/// What pages heard of since the last look, by message.
fn happened(world: &World) -> Vec<Vec<ActivityEntry>> {
    world.pages.happened.take()
}

#[test]
fn the_next_worker_shows_what_happened_in_the_last_and_counts_on() {
    let world = World::signed_in("code");
    call(&world);
    world.api.revoke_all();
    call(&world);
    let before = activity(&world);
    assert!(before.len() > 3, "{before:?}");
    world.advance(SECOND);
    let world = world.restart();
    assert_eq!(activity(&world), before);
    call(&world);
    let after = activity(&world);
    let (old, new) = after.split_at(before.len());
    assert_eq!(old, before);
    assert_eq!(new[0].id, before.last().unwrap().id + 1);
    let calls: Vec<u64> = after
        .iter()
        .filter_map(|entry| entry.event.call())
        .collect();
    assert_eq!(
        (calls[0], *calls.last().unwrap()),
        (1, 3),
        "as do the calls"
    );
}

#[test]
fn it_is_written_once_a_second_and_delays_nobody() {
    let world = World::signed_in("code");
    world.settle();
    let before = world.store.writes.get();
    world.store.gate.hold();
    for _ in 0..50 {
        call(&world);
    }
    world.advance(SECOND);
    for _ in 0..50 {
        call(&world);
    }
    assert_eq!(world.store.writes.get(), before + 1);
    world.advance(SECOND);
    assert_eq!(world.store.writes.get(), before + 2);
    world.advance(10 * SECOND);
    assert_eq!(world.store.writes.get(), before + 2, "nothing happened");
}

#[test]
fn the_last_two_hundred_entries_are_stored() {
    let world = World::signed_in("code");
    for _ in 0..250 {
        call(&world);
    }
    world.advance(SECOND);
    let all = activity(&world);
    let world = world.restart();
    assert_eq!(activity(&world), all[all.len() - 200..]);
}

#[test]
fn a_damaged_record_is_as_good_as_none_and_nobody_is_told() {
    let entry = json!({"id": 7, "at": 0, "event": "signed_out"});
    let one = |version: Value| json!({"version": version, "entries": [entry]}).to_string();
    for text in [
        "",
        "{",
        "[]",
        r#"{"version":2}"#,
        &one(1.into()),
        &one("2".into()),
    ] {
        let world = World::signed_in("code");
        world.store.put_record(Record::Activity, text);
        let world = world.restart();
        assert_eq!(
            (activity(&world), world.problem()),
            (Vec::new(), None),
            "{text}"
        );
        call(&world);
        assert_eq!(activity(&world)[0].id, 1);
    }
    let world = World::signed_in("code");
    let text = json!({"version": 2, "entries": [entry, entry]}).to_string();
    world.store.put_record(Record::Activity, &text);
    let entries = activity(&world.restart());
    let ids: Vec<u64> = entries.iter().map(|entry| entry.id).collect();
    assert_eq!(ids, [7], "each is shown once");
}

#[test]
fn a_store_that_fails_costs_what_the_next_worker_would_show_and_no_more() {
    let world = World::signed_in("code");
    world.store.full.set(true);
    call(&world);
    world.advance(SECOND);
    assert_eq!(world.problem(), None);
    let world = world.restart();
    assert!(activity(&world).is_empty());
    world.store.full.set(false);
    world.store.unreadable.set(true);
    call(&world);
    world.advance(SECOND);
    assert!(world.store.text(Record::Activity).is_some());
}

#[test]
fn it_ends_with_the_browser_and_holds_no_token() {
    let world = World::signed_in("code");
    call(&world);
    world.advance(SECOND);
    let record = world.store.text(Record::Activity).unwrap();
    for token in world.provider.issued.borrow().iter() {
        assert!(!record.contains(token));
    }
    assert!(record.contains("https://api.test/v1/me"));
    assert!(activity(&world.restart_browser()).is_empty());
}

#[test]
fn another_engine_goes_on_from_the_very_last_entry() {
    let world = World::signed_in("code");
    call(&world);
    let before = activity(&world);
    let settings = r#"{"provider": {"issuer": "https://provider.test/", "client_id": "client"}}"#;
    let world = world.reconfigure(settings);
    assert_eq!(activity(&world), before);
}

#[test]
fn pages_hear_of_what_happens_once_within_a_tenth_of_a_second() {
    let world = World::signed_in("code");
    world.advance(MOMENT);
    happened(&world);
    let before = activity(&world).len();
    for _ in 0..50 {
        call(&world);
    }
    assert!(happened(&world).is_empty(), "nobody waits for it");
    world.advance(MOMENT);
    assert_eq!(happened(&world), [&activity(&world)[before..]]);
    world.advance(SECOND);
    assert!(happened(&world).is_empty(), "nothing happened");
    call(&world);
    world.advance(MOMENT);
    assert_eq!(happened(&world), [&activity(&world)[before + 50..]]);
}

#[test]
fn a_storm_of_calls_is_one_message_with_the_newest_two_hundred() {
    let world = World::signed_in("code");
    world.advance(MOMENT);
    happened(&world);
    for _ in 0..1_000 {
        call(&world);
    }
    world.advance(MOMENT);
    let all = activity(&world);
    assert_eq!(happened(&world), [&all[all.len() - 200..]]);
}

#[test]
fn what_pages_hear_of_in_the_next_worker_has_the_ids_that_follow() {
    let world = World::signed_in("code");
    call(&world);
    world.advance(SECOND);
    let last = activity(&world).last().unwrap().id;
    happened(&world);
    let world = world.restart();
    call(&world);
    world.advance(MOMENT);
    let happened = happened(&world);
    let ids: Vec<u64> = happened.iter().flatten().map(|entry| entry.id).collect();
    assert_eq!(ids, [last + 1], "and nothing twice");
}

#[test]
fn a_marked_call_is_found_by_its_mark_as_soon_as_it_is_answered() {
    let world = World::signed_in("code");
    assert_eq!(report(&world, "a-1"), None);
    world.api.revoke_all();
    let url = "/v1/me?secret=1#evertoken-call=a-1";
    assert_eq!(world.call(world.get(url)).status, 200);
    call(&world);
    let report_of = report(&world, "a-1").unwrap();
    assert_eq!(report_of.url, "https://api.test/v1/me");
    assert_eq!(report_of.status, Some(200));
    assert!(report_of.renewed && report_of.resent);
    assert_eq!(report(&world, "a-2"), None);
    world.advance(SECOND);
    let stored = world.store.text(Record::Activity).unwrap();
    assert!(!stored.contains('#') && !stored.contains("secret"));
    assert_eq!(report(&world.restart(), "a-1"), Some(report_of));
}

#[test]
fn a_call_without_an_answer_has_a_report_as_well() {
    let world = World::signed_in("code");
    let unreachable = Some(evertoken::api::call_error::CallError::Unreachable);
    world.api.unanswered.set(unreachable);
    let call = world.start_call(world.get("/v1/me#evertoken-call=b"));
    assert!(call.result().is_err());
    let report = report(&world, "b").unwrap();
    assert_eq!(report.status, None);
    assert_eq!(report.problem.unwrap().code, "api.unreachable");
}

#[test]
fn other_fragments_are_no_marks_and_go_nowhere() {
    let world = World::signed_in("code");
    let long = format!("#evertoken-call={}", "x".repeat(65));
    for fragment in ["#token=1", "#evertoken-call=a/b", "#evertoken-call", &long] {
        let url = format!("/v1/me{fragment}");
        assert_eq!(world.call(world.get(&url)).status, 200, "{fragment}");
    }
    world.advance(SECOND);
    let stored = world.store.text(Record::Activity).unwrap();
    assert!(
        !stored.contains("mark") && !stored.contains('#'),
        "{stored}"
    );
}
