//! [`Alarm`] by `chrome.alarms`, which wakes a stopped worker.

use std::time::Duration;

use evertoken::platform::{Alarm, Clock, UnixTime};
use evertoken_webext::alarms;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::clock::BrowserClock;

/// The alarm's name, so that what an older version set is replaced.
const NAME: &str = "evertoken.renewal";

/// The extension's one alarm.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChromeAlarm;

impl Alarm for ChromeAlarm {
    fn set(&self, at: Option<UnixTime>) {
        // Timers keep their order. A worker that has just begun sends its first call before it asks for anything.
        let turn = BrowserClock.sleep(Duration::ZERO);
        spawn_local(async move {
            turn.await;
            let asked = match at {
                Some(at) => alarms::create(NAME, at.as_seconds() * 1000.0),
                None => alarms::clear(NAME),
            };
            // An alarm that Chrome refuses costs a renewal ahead of time, and no more: a 401 renews as well.
            if let Ok(asked) = asked {
                drop(JsFuture::from(asked).await);
            }
        });
    }
}
