//! [`Spawner`] by the worker's microtask queue.

use evertoken::platform::{LocalFuture, Spawner};

/// Runs tasks on the worker's own thread.
#[derive(Clone, Copy, Debug, Default)]
pub struct Microtasks;

impl Spawner for Microtasks {
    fn spawn(&self, task: LocalFuture<()>) {
        wasm_bindgen_futures::spawn_local(task);
    }
}
