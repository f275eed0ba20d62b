//! The automatic tour of the demo: every step checks what it shows.

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use evertoken::message::{ActivityEvent, PageRequest, SessionState, SessionView, WorkerReply};
use evertoken_demo::browser::Browser;
use evertoken_demo::now_ms;
use evertoken_demo::stage::Stage;
use serde_json::json;

use crate::album::Album;
use crate::timeline::{News, Timeline};

/// The longest time from pressing "Send" to the 401 when only a sign-in by the user can help, in milliseconds.
const SIGN_IN_NEEDED_MS: u32 = 2000;

struct Tour<'a> {
    stage: &'a Stage,
    browser: &'a Browser,
    timeline: Timeline<'a>,
    album: Album,
}

pub(crate) async fn take(stage: &Stage) -> Result<()> {
    let browser = &stage.browser;
    let timeline = Timeline::start(stage);
    let mut tour = Tour {
        stage,
        browser,
        timeline,
        album: Album::default(),
    };
    let outcome = tour.walk().await;
    if outcome.is_err() {
        // After a failure, print the events that led to it.
        let _ = tour.timeline.print_all().await;
        let _ = tour.album.take(browser, "Session", "failed").await;
    }
    tour.album.print();
    outcome.context("the job was not shown")?;
    println!(
        "\nThe job was shown: the page made plain calls, and saw a 401 only when the user was needed."
    );
    Ok(())
}

impl Tour<'_> {
    async fn walk(&mut self) -> Result<()> {
        self.open().await.context("opening the popup")?;
        self.sign_in("signed-in").await.context("signing in")?;
        self.first_call().await.context("the first call")?;
        self.call_after_expiry()
            .await
            .context("the call after the expiry")?;
        self.call_after_revocation()
            .await
            .context("the call after the revocation")?;
        self.renew_by_hand().await.context("renewing by hand")?;
        self.lose_the_session()
            .await
            .context("the call without a session at the provider")?;
        self.sign_in("signed-in-again")
            .await
            .context("signing in again")?;
        self.sign_out().await.context("signing out")
    }

    async fn open(&mut self) -> Result<()> {
        println!("The popup opens.");
        self.browser.open("popup/popup.html").await?;
        self.becomes(SessionState::SignedOut).await?;
        self.album
            .take(self.browser, "Session", "signed-out")
            .await?;
        self.browser
            .fill("URL", &self.stage.api.url("/v1/me"))
            .await
    }

    async fn sign_in(&mut self, picture: &str) -> Result<()> {
        println!("\nThe user signs in at the provider.");
        self.browser.press("Sign in").await?;
        self.browser.sign_in_at_provider().await?;
        self.becomes(SessionState::SignedIn).await?;
        let news = self.timeline.print_all().await?;
        ensure!(
            news.authorizations.len() == 1,
            "one authorization was expected"
        );
        self.browser.shows("Ada Lovelace").await?;
        self.album.take(self.browser, "Session", picture).await
    }

    async fn first_call(&mut self) -> Result<()> {
        println!("\nThe popup calls the API.");
        let news = self.send("200").await?;
        expect(&news, &[200], 0)?;
        self.album.take(self.browser, "Console", "call-ok").await
    }

    async fn call_after_expiry(&mut self) -> Result<()> {
        let expiry = self
            .view()
            .await?
            .expires_at
            .context("a session ends some time")?;
        println!(
            "\nThe token lives for {} ms more. Before that the worker's alarm renews it; then the popup calls again.",
            expiry.0 - now_ms()
        );
        // Long enough that no alarm for a renewal goes off during the following steps.
        self.stage
            .provider
            .set_token_lifetime(Duration::from_secs(300));
        self.browser
            .until("the expiry", async || {
                Ok((now_ms() > expiry.0).then_some(()))
            })
            .await?;
        let news = self.send("200").await?;
        expect(&news, &[200], 1)?;
        self.album
            .take(self.browser, "Console", "call-renewed-first")
            .await
    }

    async fn call_after_revocation(&mut self) -> Result<()> {
        println!("\nThe API revokes the token. The popup calls again.");
        self.stage.api.revoke_all();
        let news = self.send("200").await?;
        expect(&news, &[401, 200], 1)?;
        ensure!(renewed(&news), "the call was expected to need a renewal");
        self.album
            .take(self.browser, "Console", "call-resent")
            .await
    }

    async fn renew_by_hand(&mut self) -> Result<()> {
        println!("\nThe user renews by hand, and the provider takes its time.");
        self.stage.provider.hold();
        self.browser.press("Renew now").await?;
        self.stage.provider.parked(1).await?;
        self.album.take(self.browser, "Session", "renewing").await?;
        self.stage.provider.release();
        self.browser
            .until("the end of the renewal", async || {
                Ok((!self.view().await?.renewing).then_some(()))
            })
            .await?;
        let news = self.timeline.print_all().await?;
        expect(&news, &[], 1)
    }

    async fn lose_the_session(&mut self) -> Result<()> {
        println!(
            "\nThe provider ends the session and the API revokes the token. The popup calls again."
        );
        self.stage.provider.end_sessions();
        self.stage.api.revoke_all();
        let news = self.send("401").await?;
        // Each of the two silent renewal methods is answered that the user must sign in.
        expect(&news, &[401], 2)?;
        let milliseconds = news.events.iter().find_map(|event| match event {
            ActivityEvent::Called(report) => Some(report.milliseconds),
            _ => None,
        });
        let milliseconds = milliseconds.context("the worker did not tell of the call")?;
        ensure!(
            milliseconds < SIGN_IN_NEEDED_MS,
            "the 401 came after {milliseconds} ms"
        );
        self.becomes(SessionState::SignInNeeded).await?;
        self.album
            .take(self.browser, "Session", "sign-in-needed")
            .await?;
        println!(
            "\nThe popup calls once more: the provider is not asked again before the user acts."
        );
        let news = self.send("401").await?;
        ensure!(news.silent() == 0, "no authorization was expected");
        Ok(())
    }

    async fn sign_out(&mut self) -> Result<()> {
        println!("\nThe popup calls with the new session, and the user signs out.");
        let news = self.send("200").await?;
        expect(&news, &[200], 0)?;
        self.browser.press("Sign out").await?;
        self.becomes(SessionState::SignedOut).await?;
        self.timeline.print_all().await?;
        Ok(())
    }

    /// Presses "Send" and waits until the popup shows an answer with this status.
    async fn send(&mut self, status: &str) -> Result<News> {
        self.browser.press("Send").await?;
        let answer = "
            const busy = document.querySelector('.answer').getAttribute('aria-busy') === 'true';
            return busy ? null : document.getElementById('status')?.textContent;";
        let shown = self
            .browser
            .until("the answer in the popup", async || {
                let shown = self.browser.eval(answer, json!([])).await?;
                Ok(shown.as_str().map(str::to_owned))
            })
            .await?;
        let news = self.timeline.print_all().await?;
        ensure!(
            shown.starts_with(status),
            "the popup shows \"{shown}\", not {status}"
        );
        Ok(news)
    }

    async fn view(&self) -> Result<SessionView> {
        match self.browser.worker_message(PageRequest::View).await? {
            WorkerReply::View(view) => Ok(view),
            _ => bail!("the worker does not tell where the session stands"),
        }
    }

    async fn becomes(&self, state: SessionState) -> Result<()> {
        self.browser
            .until(&format!("the session state {state:?}"), async || {
                let view = self.view().await?;
                if view.state == state && !view.signing_in {
                    return Ok(Some(()));
                }
                bail!(
                    "the session is {:?}, its problem {:?}",
                    view.state,
                    view.problem
                )
            })
            .await
    }
}

fn expect(news: &News, statuses: &[u16], silent: usize) -> Result<()> {
    ensure!(
        news.statuses() == statuses,
        "the API was expected to answer {statuses:?}"
    );
    ensure!(
        news.silent() == silent,
        "{silent} silent authorization(s) were expected"
    );
    Ok(())
}

fn renewed(news: &News) -> bool {
    news.events
        .iter()
        .any(|event| matches!(event, ActivityEvent::Called(report) if report.renewed))
}
