//! A log of what a server received, in order, to read and to wait for.

use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::sync::watch;
use tokio::time::timeout;

/// How long a test or the tour waits for an expected event.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct RequestLog<T>(watch::Sender<Vec<T>>);

impl<T> Default for RequestLog<T> {
    fn default() -> Self {
        Self(watch::Sender::new(Vec::new()))
    }
}

impl<T: Clone> RequestLog<T> {
    /// Adds `entry` and returns its index.
    pub(crate) fn push(&self, entry: T) -> usize {
        let mut index = 0;
        self.0.send_modify(|entries| {
            index = entries.len();
            entries.push(entry);
        });
        index
    }

    pub(crate) fn change(&self, index: usize, change: impl FnOnce(&mut T)) {
        self.0.send_modify(|entries| {
            if let Some(entry) = entries.get_mut(index) {
                change(entry);
            }
        });
    }

    pub(crate) fn entries(&self) -> Vec<T> {
        self.0.borrow().clone()
    }

    /// Waits until `count` entries satisfy `condition`.
    pub(crate) async fn wait_for(
        &self,
        count: usize,
        what: &str,
        condition: impl Fn(&T) -> bool,
    ) -> Result<()> {
        let mut entries = self.0.subscribe();
        let enough = entries
            .wait_for(|entries| entries.iter().filter(|&entry| condition(entry)).count() >= count);
        timeout(PATIENCE, enough)
            .await
            .with_context(|| format!("{count} {what} did not come"))??;
        Ok(())
    }
}
