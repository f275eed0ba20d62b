use serde_json::json;

use super::*;
use crate::message::Identity;
use crate::settings::{Build, Settings};

fn provider() -> Provider {
    let json = r#"{"provider":{"issuer":"https://p.test/","client_id":"c"}}"#;
    Settings::parse(json, Build::Release).unwrap().provider
}

fn signed_in() -> State {
    State {
        generation: 7,
        refresh_token: Some(Secret::new("r")),
        identity: Some(Identity {
            sub: "user-1".to_owned(),
            name: Some("Ada".to_owned()),
            email: None,
        }),
        original: Some(FirstIdToken {
            subject: "user-1".to_owned(),
            audiences: vec!["c".to_owned()],
            authorized_party: None,
            authenticated_at: None,
            nonce: Secret::new("n"),
            preferred_username: None,
        }),
        scope: Some("openid".to_owned()),
        ..State::default()
    }
}

#[test]
fn what_is_remembered_is_who_was_signed_in() {
    let written = write(&signed_in(), &provider(), Storage::Session).unwrap();
    let expected = State {
        identity: signed_in().identity,
        ..State::default()
    };
    assert!(expected.is_remembered());
    assert_eq!(read(written, &provider()), Ok(Some(expected)));
}

#[test]
fn the_refresh_token_is_remembered_only_where_the_settings_say_so() {
    let written = write(&signed_in(), &provider(), Storage::Local).unwrap();
    let read = read(written, &provider()).unwrap().unwrap();
    assert_eq!(read.refresh_token, Some(Secret::new("r")));
    assert_eq!(read.original, signed_in().original);
    assert!(read.tokens.is_none());
}

#[test]
fn nothing_is_remembered_of_nobody() {
    assert_eq!(write(&State::default(), &provider(), Storage::Local), None);
}

#[test]
fn a_memory_of_another_shape_is_corrupt() {
    let good = write(&signed_in(), &provider(), Storage::Local).unwrap();
    for (pointer, bad) in [
        ("/version", json!(9)),
        ("/state/identity", json!(null)),
        ("/state/identity/sub", json!(1)),
        ("/state/refresh_token", json!(1)),
        ("/state/original/nonce", json!(null)),
    ] {
        let mut record = good.clone();
        *record.pointer_mut(pointer).unwrap() = bad;
        let read = read(record, &provider());
        assert_eq!(read, Err(StoreError::Corrupt), "{pointer}");
    }
}
