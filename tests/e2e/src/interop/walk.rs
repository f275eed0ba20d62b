//! What people meet at every provider, step by step.

use anyhow::{Context as _, Result, ensure};
use evertoken::message::SessionState;
use evertoken::settings::RenewalMethodId;

use super::{Answer, InteropStage, Options, PAGE};
use crate::setup_check::{self, OPTIONS};
use crate::{POPUP, until_nothing_is_stored, until_state, view};

impl InteropStage {
    /// A stage with these options where Grace is signed in and a call was answered.
    ///
    /// # Errors
    /// When it is otherwise.
    pub async fn answered_with(options: Options) -> Result<Self> {
        let stage = Self::signed_in_with(options).await?;
        let answer = stage.get("fetch", "signed-in").await?;
        ensure!(answer.status == 200, "{answer:?}");
        Ok(stage)
    }

    /// Renews by refresh token, in the offscreen document without one, and by the refresh token that this brought; asks for
    /// a sign-in once neither is left; signs out, and in again.
    ///
    /// # Errors
    /// When it is otherwise.
    pub async fn renews_in_two_ways_and_leaves(mut self) -> Result<()> {
        self.renews_by(RenewalMethodId::RefreshToken, "first")
            .await?;
        self.servers.revoke_refresh_tokens().await?;
        self.renews_by(RenewalMethodId::Offscreen, "second").await?;
        self.renews_by(RenewalMethodId::RefreshToken, "third")
            .await?;
        self.servers.revoke_refresh_tokens().await?;
        self.asks_once_the_session_is_over().await?;
        self.leaves().await?;
        self.is_saved_by_signing_in("again").await?;
        self.close().await
    }

    /// A call whose token the API refuses is sent twice and answered, since this method brings another token.
    ///
    /// Each time another path: Chromium would ask whether a known answer has changed, and be told 304.
    ///
    /// # Errors
    /// When the call is not answered, or another method renewed.
    pub async fn renews_by(&mut self, method: RenewalMethodId, path: &str) -> Result<Answer> {
        self.take_log().await?;
        self.servers.revoke().await?;
        let answer = self.get("fetch", path).await?;
        let view = view(&self.browser).await?;
        ensure!(answer.status == 200, "{path}: {answer:?}, {view:?}");
        let statuses = self.log().await?.statuses()?;
        ensure!(statuses == [401, 200], "{path}: {statuses:?}");
        let renewal = view.last_renewal.as_ref();
        let renewal = renewal.context("nothing was renewed")?;
        ensure!(renewal.method == method, "{path}: {renewal:?}");
        ensure!(view.problem.is_none(), "{path}: {view:?}");
        Ok(answer)
    }

    /// With the session at the provider over, a call that needs it is refused, the popup offers a sign-in, and after that
    /// calls are answered again. Refresh tokens have to be revoked before, where there are any.
    ///
    /// # Errors
    /// When it is otherwise.
    pub async fn asks_once_the_session_is_over(&mut self) -> Result<()> {
        self.servers.end_sessions().await?;
        self.servers.revoke().await?;
        let answer = self.get("fetch", "gone").await?;
        ensure!(answer.status == 401, "{answer:?}");
        until_state(&self.browser, SessionState::SignInNeeded).await?;
        self.is_saved_by_signing_in("back").await
    }

    /// The popup offers a sign-in, and after that a call to this path is answered.
    ///
    /// # Errors
    /// When it is otherwise.
    pub async fn is_saved_by_signing_in(&self, path: &str) -> Result<()> {
        self.sign_in().await?;
        let answer = self.get("fetch", path).await?;
        ensure!(answer.status == 200, "{path}: {answer:?}");
        Ok(())
    }

    /// The popup offers a sign-in, the provider still knows Grace and asks for nothing, and a call to this path is answered.
    ///
    /// # Errors
    /// When it is otherwise.
    pub async fn is_saved_by_the_button(&self, path: &str) -> Result<()> {
        self.browser.open(POPUP).await?;
        self.browser.press("Sign in").await?;
        let signed_in = async || {
            let view = view(&self.browser).await?;
            let saved = view.state == SessionState::SignedIn && view.problem.is_none();
            Ok(saved.then_some(()))
        };
        self.browser.until("the sign-in", signed_in).await?;
        self.browser.open(PAGE).await?;
        let answer = self.get("fetch", path).await?;
        ensure!(answer.status == 200, "{path}: {answer:?}");
        Ok(())
    }

    /// Signs out by the popup's button. The session here ends at once, whatever the provider's page waits for.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn press_sign_out(&self) -> Result<()> {
        self.browser.open(POPUP).await?;
        self.browser.press("Sign out").await?;
        until_state(&self.browser, SessionState::SignedOut).await?;
        until_nothing_is_stored(&self.browser).await
    }

    /// Signs out here and by the provider's page that asks; the provider knows nobody afterwards.
    ///
    /// # Errors
    /// When it does.
    pub async fn leaves(&mut self) -> Result<()> {
        self.take_log().await?;
        self.press_sign_out().await?;
        let window = self.enter_sign_out_window().await?;
        self.browser.press(self.pages.leave).await?;
        self.browser.leave_window(&window).await?;
        self.finds_nobody().await
    }

    /// The provider refuses a silent authorization, for want of a session.
    ///
    /// # Errors
    /// When it does not.
    pub async fn finds_nobody(&mut self) -> Result<()> {
        self.take_log().await?;
        self.authorize_silently().await?;
        let outcomes = self.take_log().await?.each("authorizations", "outcome")?;
        ensure!(outcomes == ["login_required"], "{outcomes:?}");
        Ok(())
    }

    /// The lines of the setup check that failed.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn check_setup(&self) -> Result<Vec<String>> {
        self.browser.open(OPTIONS).await?;
        setup_check::check(&self.browser).await?;
        setup_check::all_failed(&self.browser).await
    }
}
