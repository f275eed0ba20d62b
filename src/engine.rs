//! The engine: the rooms put together behind one front.

use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::{join, select};

use crate::activity::Activity;
use crate::api::interceptor::Interceptor;
use crate::api::rules::Rules;
use crate::error::Error;
use crate::message::{PageRequest, WorkerReply};
use crate::platform::{Clock, Platform};
use crate::session::Session;
use crate::settings::{RenewalEngine, Settings};

/// How long an update of the extension waits for what is under way.
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
        let session = Session::load(platform.clone(), settings, Rc::clone(&activity));
        let ((), session) = join(activity.recall(), session).await;
        let interceptor =
            Interceptor::new(platform, rules, Rc::clone(&session), Rc::clone(&activity));
        Self {
            activity,
            clock,
            interceptor,
            session,
        }
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

    /// Ends when no call, renewal or sign-in is under way, so that an update cuts nothing off; after 30 s in any case.
    pub async fn quiet(&self) {
        let quiet = pin!(async {
            loop {
                self.interceptor.quiet().await;
                let Some(work) = self.session.in_flight() else {
                    return;
                };
                // How it ended is told where it was asked for.
                work.await.ok();
            }
        });
        select(quiet, self.clock.sleep(UPDATE_WAITS)).await;
    }

    /// The user answered the call to sign in. A failure shows in the view.
    pub async fn user_came(&self) {
        self.session.user_came().await.ok();
    }

    async fn try_renewal(&self, engine: RenewalEngine) -> WorkerReply {
        let started = self.clock.now();
        let outcome = self.session.try_renewal(engine).await;
        let milliseconds = self.clock.now().milliseconds_since(started);
        WorkerReply::Tried {
            milliseconds: milliseconds.try_into().unwrap_or(0),
            problem: outcome.err().map(|error| error.problem()),
        }
    }

    /// Carries out a page's request. Failures of sign-in and renewal show in the view.
    pub async fn answer(&self, request: PageRequest) -> WorkerReply {
        let outcome: Result<(), Error> = match request {
            PageRequest::Activity { after } => {
                return WorkerReply::Activity {
                    entries: self.activity.after(after),
                };
            }
            PageRequest::TryRenewal { engine } => return self.try_renewal(engine).await,
            // Settings are the worker's business, which starts an engine with them.
            PageRequest::View | PageRequest::Settings | PageRequest::Configure => {
                self.session.restore();
                Ok(())
            }
            PageRequest::SignIn => self.session.sign_in().await.or(Ok(())),
            PageRequest::Renew => self.session.renew().await.or(Ok(())),
            PageRequest::SignOut => self.session.sign_out().await,
        };
        match outcome {
            Ok(()) => WorkerReply::View {
                view: self.session.view(),
            },
            Err(error) => WorkerReply::Refused {
                problem: error.problem(),
            },
        }
    }
}
