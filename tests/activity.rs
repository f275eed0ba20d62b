//! The activity outlives the worker: written beside the calls, read by the next worker, worth nothing when damaged.

#![allow(
    clippy::unwrap_used,
    reason = "a world that is not as the test built it fails the test"
)]

mod support;

use std::time::Duration;

use evertoken::message::{ActivityEntry, PageRequest, WorkerReply};
use evertoken::platform::Record;
use serde_json::{Value, json};

use crate::support::World;

const SECOND: Duration = Duration::from_secs(1);

fn activity(world: &World) -> Vec<ActivityEntry> {
    let reply = world.run(world.engine.answer(PageRequest::Activity { after: 0 }));
    match reply {
        WorkerReply::Activity { entries } => entries,
        other => panic!("{other:?}"),
    }
}

fn call(world: &World) {
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
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
    world.store.hold();
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
    let entry = json!({"id": 7, "at": 0, "event": {"kind": "signed_out"}});
    let one = |version: Value| json!({"version": version, "entries": [entry]}).to_string();
    for text in [
        "",
        "{",
        "[]",
        r#"{"version":1}"#,
        &one(2.into()),
        &one("1".into()),
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
    let unknown = json!({"id": 8, "at": 0, "event": {"kind": "of_tomorrow"}});
    let text = json!({"version": 1, "entries": [unknown, entry, entry]}).to_string();
    world.store.put_record(Record::Activity, &text);
    let ids: Vec<u64> = activity(&world.restart())
        .iter()
        .map(|entry| entry.id)
        .collect();
    assert_eq!(ids, [7], "what is known of it is shown");
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
