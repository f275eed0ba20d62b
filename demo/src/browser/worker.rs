//! The extension's background worker, as seen from one of its pages.

use anyhow::{Context as _, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

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

    /// Stops the worker, as the browser does when it was idle, and waits until it is gone. Chromium does not stop one
    /// that is carrying a page's call: see [`kill_worker`](Self::kill_worker).
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

    /// Ends the worker in the middle of whatever it does, as a crash would. Chromium starts another at once where
    /// something waits for it: a page's `fetch` that has no answer yet is handed to that one, once.
    ///
    /// # Errors
    /// When none is running.
    pub async fn kill_worker(&self) -> Result<()> {
        let cdp = self.web.cdp();
        let targets = cdp.send_raw("Target.getTargets", json!({})).await?;
        let origin = format!("chrome-extension://{}/", self.extension_id);
        let is_worker = |target: &&Value| {
            let url = target["url"].as_str().unwrap_or_default();
            target["type"] == "service_worker" && url.starts_with(&origin)
        };
        let targets = targets["targetInfos"].as_array();
        let worker = targets.and_then(|targets| targets.iter().find(is_worker));
        let worker = worker.context("no worker is running")?;
        let target = json!({ "targetId": worker["targetId"] });
        cdp.send_raw("Target.closeTarget", target).await?;
        Ok(())
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
