//! Time.

use std::time::Duration;

use evertoken::platform::{Clock, UnixTime};
use evertoken_background::platform::clock::BrowserClock;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::js::{run, value_of};

#[wasm_bindgen_test]
fn now_is_what_the_date_says() {
    let date = || UnixTime(value_of("Date.now()").as_i64().unwrap());
    let before = date();
    let now = BrowserClock.now();
    assert!((before..=date()).contains(&now), "{now:?}");
}

#[wasm_bindgen_test]
async fn a_sleep_ends_and_not_before_its_time() {
    let elapsed = || run("performance.now()").as_f64().unwrap();
    let start = elapsed();
    BrowserClock.sleep(Duration::from_millis(30)).await;
    // Timers count whole milliseconds.
    assert!(elapsed() - start >= 29.0);
}

#[wasm_bindgen_test]
async fn a_sleep_of_nothing_ends() {
    BrowserClock.sleep(Duration::ZERO).await;
}
