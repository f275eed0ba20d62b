//! Windows: the page's own and the provider's.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use thirtyfour::{By, WindowHandle};

use super::Browser;

/// The title of the options page until its script runs.
const STATIC_TITLE: &str = "Evertoken";

impl Browser {
    /// Waits for a window that does not show a page of the extension, such as the provider's sign-in window, and switches
    /// to it. A tab that the extension opened for one of its own pages does not count.
    ///
    /// # Errors
    /// When none opens within 30 s.
    pub async fn enter_new_window(&self) -> Result<WindowHandle> {
        let window = self
            .until("a new window", async || {
                let foreign = self.foreign_windows().await?;
                let windows = self.web.windows().await?;
                Ok(windows
                    .into_iter()
                    .find(|window| *window != self.page && foreign.contains(&window.to_string())))
            })
            .await?;
        self.web.switch_to_window(window.clone()).await?;
        Ok(window)
    }

    /// All targets of the browser (DevTools protocol): pages, workers and others.
    async fn targets(&self) -> Result<Vec<Value>> {
        let cdp = self.web.cdp();
        let targets = cdp.send_raw("Target.getTargets", json!({})).await?;
        let targets = targets["targetInfos"].as_array().cloned();
        targets.context("no list of targets")
    }

    /// The windows that show, or are about to show, anything but a page of the extension.
    async fn foreign_windows(&self) -> Result<Vec<String>> {
        let targets = self.targets().await?;
        let own = format!("chrome-extension://{}/", self.extension_id);
        let is_foreign = |target: &&Value| {
            let url = target["url"].as_str().unwrap_or_default();
            // A target without an address does not know yet which page it will load.
            target["type"] == "page"
                && !["", "about:blank"].contains(&url)
                && !url.starts_with(&own)
        };
        let foreign = targets.iter().filter(is_foreign);
        let id = |target: &Value| target["targetId"].as_str().map(str::to_owned);
        Ok(foreign.filter_map(id).collect())
    }

    /// Waits until the extension has opened its options page in a tab, with the URL fragment `fragment`, and its script
    /// runs there; returns the tab's target id. `WebDriver` has no handle for a tab that an extension opened with one of
    /// its own pages.
    ///
    /// # Errors
    /// When it does not open within 30 s.
    pub async fn options_tab(&self, fragment: &str) -> Result<String> {
        let url = [&self.options_url(), fragment].concat();
        self.until("the options page", async || {
            let tabs = self.options_tabs().await?;
            let tab = tabs.iter().find(|tab| tab["url"] == url.as_str());
            let tab = tab.with_context(|| format!("{url} is none of {tabs:?}"))?;
            // Until then the title is empty, the address, or that of the static page.
            let title = tab["title"].as_str().unwrap_or_default();
            let runs = !["", STATIC_TITLE].contains(&title) && !url.ends_with(title);
            Ok(tab["targetId"].as_str().filter(|_| runs).map(str::to_owned))
        })
        .await
    }

    /// The tabs that show the options page.
    ///
    /// # Errors
    /// When the browser cannot be asked.
    pub async fn options_tabs(&self) -> Result<Vec<Value>> {
        let own = self.options_url();
        let mut targets = self.targets().await?;
        targets.retain(|target| {
            let url = target["url"].as_str().unwrap_or_default();
            url.starts_with(&own)
        });
        Ok(targets)
    }

    /// Closes a tab of [`Self::options_tabs`].
    ///
    /// # Errors
    /// When the browser cannot be asked.
    pub async fn close_tab(&self, target: &str) -> Result<()> {
        let close = json!({ "targetId": target });
        let cdp = self.web.cdp();
        cdp.send_raw("Target.closeTarget", close).await?;
        Ok(())
    }

    fn options_url(&self) -> String {
        format!(
            "chrome-extension://{}/options/options.html",
            self.extension_id
        )
    }

    /// Waits until `window` is gone and returns to the page.
    ///
    /// # Errors
    /// When it stays open for 30 s.
    pub async fn leave_window(&self, window: &WindowHandle) -> Result<()> {
        self.until("the window closing", async || {
            let windows = self.web.windows().await?;
            Ok((!windows.contains(window)).then_some(()))
        })
        .await?;
        Ok(self.web.switch_to_window(self.page.clone()).await?)
    }

    /// Waits for the demo provider's sign-in window, signs in as "ada" there, waits until the window is closed and returns
    /// to the page.
    ///
    /// # Errors
    /// When no window opens, shows no sign-in form or does not close within 30 s each.
    pub async fn sign_in_at_provider(&self) -> Result<()> {
        self.sign_in_at_provider_as("ada").await
    }

    /// [`sign_in_at_provider`](Self::sign_in_at_provider) as another user.
    ///
    /// # Errors
    /// As [`sign_in_at_provider`](Self::sign_in_at_provider).
    pub async fn sign_in_at_provider_as(&self, username: &str) -> Result<()> {
        let window = self.enter_new_window().await?;
        self.fill("User name", username).await?;
        self.press_and_lose_window("sign-in").await?;
        self.leave_window(&window).await
    }

    /// Closes the sign-in window unanswered and returns to the page.
    ///
    /// # Errors
    /// When no window opens within 30 s.
    pub async fn dismiss_new_window(&self) -> Result<()> {
        let window = self.enter_new_window().await?;
        self.web.close_window().await?;
        self.leave_window(&window).await
    }

    /// Clicks a button that closes the window: the window may be gone before the driver returns.
    async fn press_and_lose_window(&self, id: &str) -> Result<()> {
        let button = self
            .until("the sign-in form", async || {
                Ok(self.web.find(By::Id(id)).await.ok())
            })
            .await?;
        let _ = button.click().await;
        Ok(())
    }
}
