//! Storage that fails, is full, was damaged, or was written by an older version: each record costs only itself.

#![allow(
    clippy::unwrap_used,
    reason = "a world that is not as the test built it fails the test"
)]

mod support;

use std::time::Duration;

use evertoken::message::{PageRequest, SessionState};
use evertoken::platform::Record;
use serde_json::{Value, json};

use crate::support::{Fault, World};

const RECORDS: [Record; 3] = [Record::Journal, Record::Remembered, Record::Session];

/// Somebody is signed in, and there is a refresh token in every record that may hold one.
fn world() -> World {
    let world = World::with_settings(
        r#"{"provider": {"issuer": "https://provider.test/", "client_id": "client",
                         "renewal": ["refresh_token", "offscreen"]},
            "apis": [{"url": "https://api.test/v1/"}], "session": {"storage": "local"}}"#,
    );
    world
        .provider
        .change(|behavior| behavior.refresh_tokens = true);
    world.run(world.engine.session().sign_in()).unwrap();
    world.run(world.engine.session().renew()).unwrap();
    world.settle();
    world
}

fn call(world: &World) -> u16 {
    world.call(world.get("/v1/me")).status
}

#[test]
fn a_damaged_record_costs_only_itself() {
    for damaged in RECORDS {
        for text in ["", "{", "null", r#"{"version":1}"#, "\u{0}\u{FFFF}"] {
            let world = world();
            world.store.put_record(damaged, text);
            let world = world.restart();
            assert_eq!(call(&world), 200, "{damaged:?} {text:?}");
            assert_eq!(world.view().state, SessionState::SignedIn);
        }
    }
}

#[test]
fn a_session_of_which_nothing_can_be_read_says_so_and_a_sign_in_mends_it() {
    let world = world();
    for record in RECORDS {
        world.store.put_record(record, "{");
    }
    let world = world.restart();
    assert_eq!(world.view().state, SessionState::SignedOut);
    assert_eq!(world.problem().as_deref(), Some("store.corrupt"));
    assert_eq!(call(&world), 401);
    world.run(world.engine.session().sign_in()).unwrap();
    assert_eq!(call(&world), 200);
    let world = world.restart();
    assert_eq!(world.problem(), None);
    assert_eq!(call(&world), 200);
}

#[test]
fn a_store_that_cannot_be_read_is_told_and_changes_nothing_in_it() {
    let world = world();
    world.store.unreadable.set(true);
    let world = world.restart();
    assert_eq!(world.problem().as_deref(), Some("store.read"));
    world.store.unreadable.set(false);
    let world = world.restart();
    assert_eq!(world.view().state, SessionState::SignedIn);
}

#[test]
fn a_full_store_costs_no_call_and_no_renewal() {
    let world = world();
    world.store.full.set(true);
    world.api.revoke_all();
    assert_eq!(call(&world), 200);
    assert_eq!(world.problem().as_deref(), Some("store.write"));
    world.store.full.set(false);
    world.run(world.engine.session().renew()).unwrap();
    assert_eq!(world.problem(), None);
}

#[test]
fn what_an_api_says_of_a_token_while_a_record_is_written_is_not_forgotten() {
    let world = world();
    world.api.gate.hold();
    world.api.revoke_all();
    let call = world.start_call(world.get("/v1/me"));
    world.provider.fail(Fault::Signature);
    world.provider.hold_path("/token");
    let renewal = world.start(world.engine.session().renew());
    // The replaced refresh token is being written when the 401 comes.
    world.store.gate.hold();
    world.provider.release_path("/token");
    world.settle();
    world.api.gate.release();
    world.settle();
    world.store.gate.release();
    world.settle();
    assert_eq!(renewal.result().unwrap_err().code(), "id_token.signature");
    assert_eq!(call.result().unwrap().status, 401);
    assert_eq!(self::call(&world), 401);
    let tokens: Vec<_> = world.api.tokens().into_iter().flatten().collect();
    assert_eq!(tokens.len(), 1, "the token is not shown again");
}

/// As the first release wrote it.
fn version_1(expires_at: i64) -> Value {
    let token = |value: &str| json!({"value": value, "received_at": 1_800_000_000_000_i64, "expires_at": expires_at});
    json!({
        "version": 1, "issuer": "https://provider.test/", "client_id": "client",
        "state": {
            "generation": 3,
            "tokens": {"id_token": token("old-id"), "access_token": token("old-access")},
            "identity": {"sub": "ada", "name": "Ada", "email": null},
            "sign_in_needed": null, "last_renewal": null, "rejections": {},
        },
    })
}

#[test]
fn a_session_of_the_first_version_goes_on() {
    let world = World::signed_in("code");
    let record = version_1(1_800_003_600_000).to_string();
    let id_token = world.provider.issued.borrow()[0].clone();
    world.store.put(&record.replace("old-id", &id_token));
    let world = world.restart();
    assert_eq!(world.view().state, SessionState::SignedIn);
    assert_eq!(call(&world), 200);
    world.api.revoke_all();
    assert_eq!(call(&world), 200, "and is renewed");
    let stored: Value = serde_json::from_str(&world.store.record().unwrap()).unwrap();
    assert_eq!(stored["version"], 2);
    assert_eq!(stored["state"]["generation"], 4);
}

#[test]
fn what_a_newer_version_wrote_is_not_half_understood() {
    for record in RECORDS {
        let world = world();
        let mut text: Value = serde_json::from_str(&world.store.text(record).unwrap()).unwrap();
        text["version"] = 99.into();
        world.store.put_record(record, &text.to_string());
        let world = world.restart();
        world.run(world.engine.answer(PageRequest::View));
        world.settle();
        assert_eq!(call(&world), 200, "{record:?}");
    }
}

#[test]
fn records_do_not_grow_with_use() {
    let world = world();
    let size = |world: &World| -> usize {
        let texts = RECORDS.map(|record| world.store.text(record).unwrap().len());
        texts.into_iter().sum()
    };
    let mut sizes = Vec::new();
    for _ in 0..60 {
        world.api.revoke_all();
        assert_eq!(call(&world), 200);
        world.settle();
        sizes.push(size(&world));
        world.advance(Duration::from_secs(30));
    }
    let (early, late) = (sizes[12], sizes[59]);
    assert!(late <= early + 8, "{early} bytes grew to {late}");
}

#[test]
fn what_was_done_is_given_up_before_the_session_when_the_storage_is_full() {
    let world = world();
    for _ in 0..20 {
        call(&world);
    }
    world.advance(Duration::from_secs(2));
    let bytes = |record| world.store.text(record).map_or(0, |text| text.len());
    let others = [
        Record::Answers,
        Record::Proven,
        Record::Remembered,
        Record::Session,
    ];
    let others: usize = others.into_iter().map(bytes).sum();
    // Too little for what was done, but enough for a session that is a little longer.
    assert!(bytes(Record::Activity) > 1000);
    world.store.quota.set(Some(others + 500));
    world.run(world.engine.session().renew()).unwrap();
    let world = world.restart();
    world.run(world.engine.session().renew()).unwrap();
    let sent = world.provider.refresh_tokens_sent();
    let [.., first, second] = &sent[..] else {
        panic!("{sent:?}");
    };
    assert_ne!(first, second, "a token that was used is not sent again");
}

#[test]
fn an_api_cannot_fill_the_storage_by_what_it_answers() {
    let world = world();
    world.api.always.set(Some(403));
    let challenge = format!(
        r#"Bearer error="insufficient_scope", scope="{}""#,
        "s".repeat(200_000)
    );
    *world.api.challenge.borrow_mut() = Some(challenge.leak());
    for index in 0..200 {
        world.call(world.get(&format!("/v1/{index}/{}", "p".repeat(20_000))));
    }
    world.advance(Duration::from_secs(2));
    let stored = world.store.text(Record::Activity).unwrap();
    assert!(stored.len() < 700_000, "{} bytes", stored.len());
}
