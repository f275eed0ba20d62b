//! [`Alarm`] by `chrome.alarms`, which wakes a stopped worker.

use std::time::Duration;

use evertoken::platform::{Alarm, Clock, UnixTime};
use evertoken::session_id::SessionId;
use evertoken_webext::alarms;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::clock::BrowserClock;

/// The alarm's name. It stays the same in all versions, so that an update replaces the alarm.
const NAME: &str = "evertoken.renewal";

/// The alarm of one session.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChromeAlarm(pub SessionId);

impl Alarm for ChromeAlarm {
    fn set(&self, at: Option<UnixTime>) {
        // A timer of no delay keeps the order of the calls, and lets a worker that has just started send the first API
        // call before it talks to Chrome.
        let turn = BrowserClock.sleep(Duration::ZERO);
        let name = self.0.key(NAME);
        spawn_local(async move {
            turn.await;
            let asked = match at {
                Some(at) => alarms::create(&name, at.as_seconds() * 1000.0),
                None => alarms::clear(&name),
            };
            // Without the alarm there is no renewal ahead of time; the next 401 renews.
            if let Ok(asked) = asked {
                drop(JsFuture::from(asked).await);
            }
        });
    }
}
