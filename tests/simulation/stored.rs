//! The content of the records, parsed independently of the engine.

use evertoken::platform::UnixTime;
use serde_json::Value;

/// The parts of the session record that the invariants need.
pub struct Stored {
    pub access_token: Option<String>,
    pub id_token: Option<String>,
    pub refresh_token: Option<String>,
    pub user: Option<String>,
    /// The renewal methods that are skipped, and until when.
    pub unusable: Vec<(String, UnixTime)>,
}

impl Stored {
    /// Parses the session record; `None` if it cannot be read.
    pub fn parse(record: &str) -> Option<Self> {
        let record = serde_json::from_str::<Value>(record).ok()?;
        let state = &record["state"];
        state["generation"].as_u64()?;
        let unusable = state["unusable"].as_object().into_iter().flatten();
        let until = |value: &Value| Some(UnixTime(value["until"].as_i64()?));
        Some(Self {
            access_token: text(&state["tokens"]["access_token"]["value"]),
            id_token: text(&state["tokens"]["id_token"]["value"]),
            refresh_token: text(&state["refresh_token"]),
            user: text(&state["identity"]["sub"]),
            unusable: unusable
                .filter_map(|(name, value)| Some((name.clone(), until(value)?)))
                .collect(),
        })
    }
}

/// The parts of the journal that the invariants need.
#[derive(Default)]
pub struct Noted {
    /// A sign-out is not finished.
    pub leaving: bool,
    /// A renewal is in progress.
    pub renewal: bool,
    /// A refresh token was sent, and got no response.
    pub unanswered: bool,
    pub not_before: Option<UnixTime>,
    pub last_start: Option<UnixTime>,
}

impl Noted {
    /// Parses the journal; `None` if it cannot be read.
    pub fn parse(record: &str) -> Option<Self> {
        let record = serde_json::from_str::<Value>(record).ok()?;
        let state = record["state"].as_object()?;
        let pacing = &record["state"]["pacing"];
        let there = |name| state.get(name).is_some_and(|value| !value.is_null());
        Some(Self {
            leaving: there("leaving"),
            renewal: there("renewal"),
            unanswered: there("unanswered"),
            not_before: pacing["not_before"].as_i64().map(UnixTime),
            last_start: pacing["last"].as_i64().map(UnixTime),
        })
    }
}

/// The user in the record that outlives the browser.
pub fn remembered(record: &str) -> Option<String> {
    let record = serde_json::from_str::<Value>(record).ok()?;
    text(&record["state"]["identity"]["sub"])
}

/// The id of the newest entry of the activity.
pub fn last_of_activity(record: &str) -> u64 {
    // Not parsed as JSON: the record is long, and read at every start.
    let last = record.rsplit_once(r#"{"id":"#);
    let id = last.and_then(|(_, entry)| entry.split(',').next());
    id.map_or(0, |id| id.parse().unwrap())
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
