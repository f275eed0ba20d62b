//! The engine: the parts put together behind one façade.

use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::select;

use crate::activity::Activity;
use crate::api::interceptor::Interceptor;
use crate::api::rules::Rules;
use crate::error::Error;
use crate::message::{PageRequest, WorkerReply};
use crate::platform::{Clock, Platform};
use crate::session::Session;
use crate::settings::Settings;

/// How long an update of the extension waits for work in progress.
const UPDATE_WAITS: Duration = Duration::from_secs(30);

/// Everything that the worker does, behind ports.
pub struct Engine {
    activity: Rc<Activity>,
    clock: Rc<dyn Clock>,
    interceptor: Interceptor,
    session: Rc<Session>,
}

impl Engine {
    /// Starts the engine with the session that the store has.
    pub async fn start(platform: Platform, settings: Settings) -> Self {
        let clock = Rc::clone(&platform.clock);
        let activity = Rc::new(Activity::new(platform.clone()));
        let settings = Rc::new(settings);
        let rules = Rules::new(&settings);
        let session = Session::load(platform.clone(), settings, Rc::clone(&activity)).await;
        let interceptor = Interceptor::new(
            platform,
            rules,
            session.token_source(),
            Rc::clone(&activity),
        );
        Self {
            activity,
            clock,
            interceptor,
            session,
        }
    }

    /// The settings this engine runs with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        self.session.settings()
    }

    /// Applies saved settings: rewrites or removes the persisted session as `session.storage` now says.
    pub async fn configured(&self) {
        self.session.rewrite_remembered().await;
    }

    /// Stops this engine before another replaces it: work in flight is dropped, and nothing is begun or announced any more.
    /// When the future ends, the store has what the other engine goes on from.
    pub async fn retire(&self) {
        self.session.retire();
        self.activity.retire().await;
    }

    /// Carries API calls.
    #[must_use]
    pub fn interceptor(&self) -> &Interceptor {
        &self.interceptor
    }

    /// Who is signed in, sign-in, renewal, sign-out.
    #[must_use]
    pub fn session(&self) -> &Rc<Session> {
        &self.session
    }

    /// The alarm rang: renews what is due. A failure shows in the view.
    pub async fn alarm_rang(&self) {
        self.session.alarm_rang().await.ok();
    }

    /// The user gave the extension a host permission.
    pub fn permission_added(&self) {
        self.session.permission_added();
    }

    /// Ends when no call, renewal or sign-in is in progress, so that an update interrupts nothing; after 30 s in any case.
    pub async fn quiet(&self) {
        let quiet = pin!(async {
            loop {
                self.interceptor.quiet().await;
                let Some(work) = self.session.in_flight() else {
                    return;
                };
                // How it ended is reported to whoever asked for it.
                work.await.ok();
            }
        });
        select(quiet, self.clock.sleep(UPDATE_WAITS)).await;
    }

    /// The user accepted the sign-in prompt. A failure shows in the view.
    pub async fn sign_in_prompt_accepted(&self) {
        self.session.sign_in_prompt_accepted().await.ok();
    }

    /// Carries out a page's request. Failures of sign-in and renewal show in the view.
    pub async fn answer(&self, request: PageRequest) -> WorkerReply {
        let outcome: Result<(), Error> = match request {
            PageRequest::Activity { after } => {
                return WorkerReply::Activity(self.activity.after(after));
            }
            PageRequest::Report { mark } => {
                return WorkerReply::Report(self.activity.report(&mark));
            }
            PageRequest::TryRenewal { method } => {
                let (milliseconds, outcome) = self.session.try_renewal(method).await;
                return WorkerReply::Tried {
                    milliseconds,
                    problem: outcome.err().map(|error| error.problem()),
                };
            }
            // The engine gets its settings from its host, which knows where they come from.
            PageRequest::Settings | PageRequest::Apis | PageRequest::Configure => {
                return WorkerReply::unknown();
            }
            PageRequest::View => {
                self.session.restore();
                Ok(())
            }
            PageRequest::SignIn => self.session.sign_in().await.or(Ok(())),
            PageRequest::UseAnotherAccount => self.session.use_another_account().await.or(Ok(())),
            PageRequest::Renew => self.session.renew().await.or(Ok(())),
            PageRequest::SignOut => self.session.sign_out().await,
        };
        match outcome {
            Ok(()) => WorkerReply::View(self.session.view()),
            Err(error) => WorkerReply::Refused(error.problem()),
        }
    }
}
