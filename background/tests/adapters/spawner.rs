//! Tasks that nobody waits for.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use evertoken::platform::{Clock, Spawner};
use evertoken_background::platform::clock::BrowserClock;
use evertoken_background::platform::spawner::Microtasks;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn a_task_starts_later_and_runs_to_its_end_though_nobody_waits() {
    let steps = Rc::new(Cell::new(0));
    let task = {
        let steps = Rc::clone(&steps);
        async move {
            steps.set(1);
            BrowserClock.sleep(Duration::from_millis(1)).await;
            steps.set(2);
        }
    };
    Microtasks.spawn(Box::pin(task));
    assert_eq!(steps.get(), 0);
    BrowserClock.sleep(Duration::ZERO).await;
    assert_ne!(steps.get(), 0);
    while steps.get() < 2 {
        BrowserClock.sleep(Duration::from_millis(1)).await;
    }
}
