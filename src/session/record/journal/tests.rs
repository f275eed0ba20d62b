use serde_json::json;

use super::*;
use crate::platform::UnixTime;
use crate::secret::Secret;
use crate::session::journal::{Attempt, SignOutInProgress};
use crate::session::pacing::Pacing;
use crate::settings::{Build, RenewalMethodId, Settings};

fn provider() -> Provider {
    let json = r#"{"provider":{"issuer":"https://p.test/","client_id":"c"}}"#;
    Settings::parse(json, Build::Release).unwrap().provider
}

fn full() -> Journal {
    Journal {
        sign_out: Some(SignOutInProgress {
            refresh_token: Some(Secret::new("r")),
            generation: 7,
        }),
        pacing: Pacing {
            failing_since: Some(UnixTime(1)),
            failures: 3,
            not_before: Some(UnixTime(9_000)),
            last: Some(UnixTime(3)),
            started: [UnixTime(1), UnixTime(2)].into(),
        },
        renewal: Some(Attempt {
            method: RenewalMethodId::RefreshToken,
            started: UnixTime(8_000),
        }),
        unanswered: Some("hash".to_owned()),
    }
}

#[test]
fn a_journal_is_read_as_it_was_written() {
    for journal in [full(), Journal::default()] {
        let written = write(&journal, &provider());
        assert_eq!(read(written, &provider()), Ok(Some(journal)));
    }
}

#[test]
fn a_journal_of_another_shape_is_corrupt_and_not_half_believed() {
    let good = write(&full(), &provider());
    for (pointer, bad) in [
        ("/version", json!(2)),
        ("/state/leaving/refresh_token", json!(1)),
        ("/state/leaving/generation", json!(-1)),
        ("/state/pacing", json!(null)),
        ("/state/pacing/failures", json!(-1)),
        ("/state/pacing/not_before", json!("soon")),
        ("/state/pacing/last", json!("never")),
        ("/state/pacing/started", json!([1, "2"])),
        ("/state/renewal/method", json!(1)),
        ("/state/renewal/started", json!(null)),
        ("/state/unanswered", json!(true)),
    ] {
        let mut record = good.clone();
        *record.pointer_mut(pointer).unwrap() = bad;
        let read = read(record, &provider());
        assert_eq!(read, Err(StoreError::Corrupt), "{pointer}");
    }
}

#[test]
fn a_renewal_by_a_method_that_this_version_does_not_know_is_dropped_and_the_rest_kept() {
    let mut record = write(&full(), &provider());
    record["state"]["renewal"]["method"] = "magic".into();
    let expected = Journal {
        renewal: None,
        ..full()
    };
    assert_eq!(read(record, &provider()), Ok(Some(expected)));
}
