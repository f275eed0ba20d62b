//! Holds requests until they are released, for tests of what happens meanwhile.

use anyhow::{Context as _, Result};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::request_log::PATIENCE;

#[derive(Default)]
struct State {
    held: bool,
    parked: usize,
}

pub(crate) struct HeldRequests(watch::Sender<State>);

impl Default for HeldRequests {
    fn default() -> Self {
        Self(watch::Sender::new(State::default()))
    }
}

impl HeldRequests {
    pub(crate) fn hold(&self) {
        self.0.send_modify(|state| state.held = true);
    }

    pub(crate) fn release(&self) {
        self.0.send_modify(|state| state.held = false);
    }

    /// Returns at once, or waits while requests are held.
    pub(crate) async fn wait(&self) {
        let parked = self.0.send_if_modified(|state| {
            if state.held {
                state.parked += 1;
            }
            state.held
        });
        if parked {
            let _leave = Leave(&self.0);
            // An error means that the server is gone.
            let _ = self.0.subscribe().wait_for(|state| !state.held).await;
        }
    }

    /// Waits until exactly `count` requests are held.
    pub(crate) async fn parked(&self, count: usize) -> Result<()> {
        let mut state = self.0.subscribe();
        let enough = state.wait_for(|state| state.parked == count);
        timeout(PATIENCE, enough)
            .await
            .with_context(|| format!("{count} requests never parked"))??;
        Ok(())
    }
}

/// Decrements the number of held requests on drop, also if the client aborted the request and the server dropped it.
struct Leave<'a>(&'a watch::Sender<State>);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|state| state.parked -= 1);
    }
}
