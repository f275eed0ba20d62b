//! The alarm, over a `chrome.alarms` that writes down what it is asked.

use std::time::Duration;

use evertoken::platform::{Alarm, Clock, UnixTime};
use evertoken_background::platform::alarm::ChromeAlarm;
use evertoken_background::platform::clock::BrowserClock;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::js::{run, value_of};

fn noting() {
    run(r#"
        globalThis.told = [];
        (globalThis.chrome ??= {}).alarms = {
            create: async (...details) => { told.push(["create", ...details]) },
            clear: async (...details) => { told.push(["clear", ...details]) },
        };
    "#);
}

/// What Chrome was asked once the tasks that were spawned have run.
async fn told() -> Value {
    BrowserClock.sleep(Duration::ZERO).await;
    value_of("told")
}

#[wasm_bindgen_test]
async fn an_alarm_has_an_instant_and_is_set_and_taken_away_in_order() {
    noting();
    ChromeAlarm::default().set(Some(UnixTime(1_800_000_000_123)));
    ChromeAlarm::default().set(None);
    ChromeAlarm::default().set(Some(UnixTime(1_800_000_000_456)));
    let expected = json!([
        ["create", "evertoken.renewal", { "when": 1_800_000_000_123_u64 }],
        ["clear", "evertoken.renewal"],
        ["create", "evertoken.renewal", { "when": 1_800_000_000_456_u64 }],
    ]);
    assert_eq!(told().await, expected);
}

#[wasm_bindgen_test]
async fn an_alarm_that_chrome_refuses_hurts_nobody() {
    noting();
    run(r#"chrome.alarms.create = async () => { told.push("refused"); throw new Error() }"#);
    ChromeAlarm::default().set(Some(UnixTime(1)));
    assert_eq!(told().await, json!(["refused"]));
}
