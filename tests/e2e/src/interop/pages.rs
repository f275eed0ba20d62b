//! The pages of each provider, by the words on them.

use anyhow::Result;
use evertoken_demo::browser::Browser;
use serde_json::Value;
use thirtyfour::{By, WindowHandle};

/// What stands on a provider's pages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pages {
    /// The field for the user's name.
    user: &'static str,
    /// What Grace fills in there.
    grace: &'static str,
    /// The field for the password.
    password: &'static str,
    /// The button by which a user agrees, where the provider asks.
    agree: Option<&'static str>,
    /// The button by which a user leaves.
    pub(super) leave: &'static str,
}

const OIDC_PROVIDER: Pages = Pages {
    user: "User name",
    grace: "grace",
    password: "Password",
    agree: None,
    leave: "Sign out",
};

/// The pages of Django's administration and of django-oauth-toolkit.
const DJANGO: Pages = Pages {
    user: "Username:",
    password: "Password:",
    agree: Some("Authorize"),
    leave: "Logout",
    ..OIDC_PROVIDER
};

/// A page as a site with better-auth has one of its own, and better-auth's where one leaves.
const BETTER_AUTH: Pages = Pages {
    user: "E-mail address",
    grace: "grace@evertoken.test",
    leave: "Confirm logout",
    ..OIDC_PROVIDER
};

impl Pages {
    /// Those of the provider that these `--options` of the servers name.
    pub(super) fn of(servers: &Value) -> Self {
        match servers["provider"].as_str() {
            Some("better-auth") => BETTER_AUTH,
            Some("django-oauth-toolkit") => DJANGO,
            _ => OIDC_PROVIDER,
        }
    }

    /// Signs Grace in at `window`, which the driver is in, agrees where she is asked, and returns once it has closed.
    pub(super) async fn sign_in(&self, browser: &Browser, window: &WindowHandle) -> Result<()> {
        browser.fill(self.user, self.grace).await?;
        browser.fill(self.password, "hopper").await?;
        let submit = browser.web().find(By::Css("[type=submit]")).await?;
        // The window may be gone before the driver can say that the press went well.
        let _ = submit.click().await;
        if let Some(agree) = self.agree
            && self.is_asked(browser, window, agree).await?
        {
            let _ = browser.press(agree).await;
        }
        browser.leave_window(window).await
    }

    /// Whether the window shows this button, and does not close instead.
    async fn is_asked(
        &self,
        browser: &Browser,
        window: &WindowHandle,
        agree: &str,
    ) -> Result<bool> {
        browser
            .until("an end of the sign-in", async || {
                if !browser.web().windows().await?.contains(window) {
                    return Ok(Some(false));
                }
                Ok(browser.can_press(agree).await?.then_some(true))
            })
            .await
    }
}
