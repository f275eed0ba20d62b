//! Changes the extension as its user does in `chrome://extensions`: its access to sites, and its reload.

use anyhow::Result;
use serde_json::{Value, json};

use super::Browser;

/// A script that calls a function of `chrome.developerPrivate`, the API behind `chrome://extensions`, and returns its
/// promise.
const DEVELOPER_PRIVATE: &str = "
    const [name, ...parameters] = args;
    await chrome.developerPrivate[name](...parameters);";

impl Browser {
    /// Removes the extension's access to all sites except those of these match patterns.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn allow_only(&self, patterns: &[&str]) -> Result<()> {
        let access = json!({ "extensionId": self.extension_id, "hostAccess": "ON_SPECIFIC_SITES" });
        self.as_user("updateExtensionConfiguration", json!([access]))
            .await?;
        for pattern in patterns {
            self.allow(pattern).await?;
        }
        Ok(())
    }

    /// Grants the extension access to the sites of a match pattern that its manifest requests.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn allow(&self, pattern: &str) -> Result<()> {
        self.as_user("addHostPermission", json!([self.extension_id, pattern]))
            .await
    }

    /// The match pattern of the extension's own redirect URI.
    #[must_use]
    pub fn redirect_pattern(&self) -> String {
        format!("https://{}.chromiumapp.org/*", self.extension_id)
    }

    /// Reloads the extension, as an update does: its pages close, and the window then shows a blank page.
    ///
    /// # Errors
    /// When the page stays open for 30 s.
    pub async fn reload_extension(&mut self) -> Result<()> {
        // Only a developer may load an unpacked extension a second time.
        let developer = json!([{ "inDeveloperMode": true }]);
        self.as_user("updateProfileConfiguration", developer)
            .await?;
        // Without a window the browser would end.
        let blank = self.web.new_tab().await?;
        let page = std::mem::replace(&mut self.page, blank);
        // With a timeout, because otherwise the page may be gone before the driver returns.
        let reload = "setTimeout(() => chrome.runtime.reload())";
        let _ = self.eval(reload, json!([])).await;
        self.leave_window(&page).await
    }

    /// Calls this function of `chrome.developerPrivate` in `chrome://extensions`.
    async fn as_user(&self, function: &str, mut parameters: Value) -> Result<()> {
        let page = self.web.window().await?;
        let settings = self.web.new_tab().await?;
        self.web.switch_to_window(settings).await?;
        self.web.goto("chrome://extensions").await?;
        if let Some(parameters) = parameters.as_array_mut() {
            parameters.insert(0, json!(function));
        }
        let done = self
            .until("chrome://extensions", async || {
                let ready = "return Boolean(chrome.developerPrivate)";
                let ready = self.eval(ready, json!([])).await?;
                Ok((ready == true).then_some(()))
            })
            .await;
        let done = match done {
            Ok(()) => self.eval(DEVELOPER_PRIVATE, parameters).await.map(drop),
            failed => failed,
        };
        self.web.close_window().await?;
        self.web.switch_to_window(page).await?;
        done
    }
}
