//! The extension's background worker, as seen from one of its pages.

use anyhow::{Context as _, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Browser;

impl Browser {
    /// Sends `message` from the page to the worker and returns the reply.
    ///
    /// # Errors
    /// When there is no reply, or it has another type.
    pub async fn worker_message<T: DeserializeOwned>(&self, message: impl Serialize) -> Result<T> {
        let reply = self
            .eval(
                "return await chrome.runtime.sendMessage(args[0])",
                json!([message]),
            )
            .await?;
        Ok(serde_json::from_value(reply)?)
    }

    /// Stops the worker, as the browser does with an idle one, and waits until it is gone. By then a message of a page may
    /// have started another worker. Chromium does not stop a worker that is handling a page's call: see
    /// [`kill_worker`](Self::kill_worker).
    ///
    /// # Errors
    /// When it is not gone within 30 s.
    pub async fn stop_workers(&self) -> Result<()> {
        let running = self.workers().await?;
        let cdp = self.web.cdp();
        cdp.send_raw("ServiceWorker.enable", json!({})).await?;
        self.until("the worker's end", async || {
            // Repeated, because a busy worker ignores the command.
            cdp.send_raw("ServiceWorker.stopAllWorkers", json!({}))
                .await?;
            let left = self.workers().await?;
            let is_gone = left.iter().all(|worker| !running.contains(worker));
            Ok(is_gone.then_some(()))
        })
        .await
    }

    /// Kills the worker at once, as a crash would. Chromium starts another worker if something waits for it: a page's
    /// `fetch` without a response is handed to the new worker, once.
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

    /// Whether the worker is running. The question does not start it.
    ///
    /// # Errors
    /// When the page cannot be asked.
    pub async fn worker_runs(&self) -> Result<bool> {
        Ok(!self.workers().await?.is_empty())
    }

    /// The running workers: one or none. Each start has its own identifier.
    async fn workers(&self) -> Result<Vec<Value>> {
        let identifiers = "
            const contexts = await chrome.runtime.getContexts({ contextTypes: ['BACKGROUND'] });
            return contexts.map(({ contextId }) => contextId);";
        let workers = self.eval(identifiers, json!([])).await?;
        Ok(serde_json::from_value(workers)?)
    }
}
