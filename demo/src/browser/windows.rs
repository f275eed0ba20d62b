//! Windows: the page's own and the provider's.

use anyhow::Result;
use thirtyfour::{By, WindowHandle};

use super::Browser;

impl Browser {
    /// Waits for a window beside the page's, such as the provider's sign-in window, and goes there.
    ///
    /// # Errors
    /// When none opens within 30 s.
    pub async fn enter_new_window(&self) -> Result<WindowHandle> {
        let window = self
            .until("a new window", async || {
                let windows = self.web.windows().await?;
                Ok(windows.into_iter().find(|window| *window != self.page))
            })
            .await?;
        self.web.switch_to_window(window.clone()).await?;
        Ok(window)
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

    /// Waits for the demo provider's sign-in window, signs "ada" in there, waits until the window is gone
    /// and returns to the page.
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

    /// The window may be gone before the driver can say that the press went well.
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
