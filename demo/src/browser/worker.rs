//! The extension's background worker, as seen from one of its pages.

use anyhow::Result;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::Browser;

impl Browser {
    /// Sends `message` from the page to the worker and gives its reply.
    ///
    /// # Errors
    /// When nobody replies, or with something else.
    pub async fn worker_message<T: DeserializeOwned>(&self, message: impl Serialize) -> Result<T> {
        let reply = self
            .eval(
                "return await chrome.runtime.sendMessage(args[0])",
                json!([message]),
            )
            .await?;
        Ok(serde_json::from_value(reply)?)
    }

    /// Stops the worker, as the browser does when it was idle, and waits until it is gone.
    ///
    /// # Errors
    /// When it is not gone within 30 s.
    pub async fn stop_workers(&self) -> Result<()> {
        let cdp = self.web.cdp();
        cdp.send_raw("ServiceWorker.enable", json!({})).await?;
        cdp.send_raw("ServiceWorker.stopAllWorkers", json!({}))
            .await?;
        self.until("the worker's end", async || {
            Ok((!self.worker_runs().await?).then_some(()))
        })
        .await
    }

    /// Whether the worker is running. Asking does not start it.
    ///
    /// # Errors
    /// When the page cannot be asked.
    pub async fn worker_runs(&self) -> Result<bool> {
        let count = "
            const contexts = await chrome.runtime.getContexts({ contextTypes: ['BACKGROUND'] });
            return contexts.length;";
        Ok(self.eval(count, json!([])).await? != 0)
    }
}
