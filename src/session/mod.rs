//! The session: who is signed in, with which tokens, and everything that changes that.
//!
//! [`Session`] is a façade over owners, each with private fields and invariants of its own:
//!
//! - the token store: state, epoch and records (`token_store`); the token source: what calls ask of it (`token_source`);
//! - the renewer: what is in flight, and how soon the next renewal may follow (`renewer`), along the ladder (`ladder`) of
//!   renewal methods (`renewal_methods`);
//! - the journal: what the next worker has to know (`renewal_journal`, `journal`);
//! - the waiters: calls that wait for the user (`waiters`);
//! - the sign-in prompt: notification and setup check (`sign_in_prompt`);
//! - the schedule: the alarm (`schedule`); the announcer: pages that are told of changes (`announcer`).
//!
//! Whatever ends a session (sign-out, another sign-in) raises the epoch, and results of an older epoch are dropped.

mod announcer;
pub mod cached_answers;
pub(crate) mod caller;
pub(crate) mod error;
mod exchange;
mod failures;
mod journal;
mod ladder;
mod method;
mod method_run;
mod owners;
mod pacing;
mod record;
mod rejections;
mod renewal_journal;
mod renewal_methods;
mod renewer;
mod ruled_out;
pub mod schedule;
mod sign_in;
mod sign_in_history;
mod sign_in_prompt;
mod sign_out;
mod single_flight;
mod state;
mod stored;
pub(crate) mod token_source;
mod token_store;
pub mod tokens;
pub mod waiters;

use std::rc::{Rc, Weak};

use futures_util::FutureExt;
use futures_util::future::join;

use self::announcer::{Announcer, ViewSource};
use self::exchange::Exchange;
use self::owners::Owners;
use self::pacing::Pacing;
use self::renewal_journal::RenewalJournal;
use self::renewer::Renewer;
use self::schedule::Schedule;
use self::sign_in::SignIn;
use self::sign_in_history::SignInHistory;
use self::sign_in_prompt::SignInPrompt;
use self::sign_out::SignOut;
use self::stored::Stored;
use self::token_source::TokenSource;
use self::token_store::TokenStore;
use crate::activity::Activity;
use crate::error::Error;
use crate::message::{SessionState, SessionView};
use crate::platform::Platform;
use crate::renewal_method::RenewalMethodId;
use crate::settings::Settings;

pub use self::error::SessionError;
pub use self::single_flight::InFlight;

/// The session.
pub struct Session {
    owners: Rc<Owners>,
    renewer: Rc<Renewer>,
    sign_in: Rc<SignIn>,
    sign_out: Rc<SignOut>,
}

impl Session {
    /// The session as the store has it. What the last worker did not finish is reported, or finished.
    pub(crate) async fn load(
        platform: Platform,
        settings: Rc<Settings>,
        activity: Rc<Activity>,
    ) -> Rc<Self> {
        let loaded = join(Stored::load(&platform, &settings), activity.load());
        let (mut stored, ()) = loaded.await;
        let left_behind = std::mem::take(&mut stored.left_behind);
        let session = Rc::new_cyclic(|this: &Weak<Self>| {
            let announcer = Announcer::new(platform.clone(), this.clone());
            Self::new(platform, settings, activity, announcer, stored)
        });
        let sign_out = &session.sign_out;
        sign_out.end_sessions_of_other_settings(left_behind).await;
        session.take_over();
        session.owners.schedule.update(false);
        // The badge outlives a worker, and may show what waited in the last one.
        session.owners.announcer.announce_soon();
        session
    }

    fn new(
        platform: Platform,
        settings: Rc<Settings>,
        activity: Rc<Activity>,
        announcer: Announcer,
        stored: Stored,
    ) -> Self {
        let history = SignInHistory::new(Rc::clone(&platform.store), Rc::clone(&settings));
        let prompt = Rc::new(SignInPrompt::new(Rc::clone(&platform.pages), history));
        let with = || (platform.clone(), Rc::clone(&settings));
        let (for_store, for_journal, for_schedule) = (with(), with(), with());
        let store = Rc::new(TokenStore::new(
            for_store,
            Rc::clone(&prompt),
            stored.state,
            stored.problem,
        ));
        let journal = (stored.journal, stored.journal_record);
        let journal = Rc::new(RenewalJournal::new(for_journal, journal));
        let owners = Rc::new(Owners {
            activity,
            announcer: Rc::new(announcer),
            exchange: Exchange::new(platform.clone(), Rc::clone(&settings)),
            schedule: Schedule::new(for_schedule, Rc::clone(&store), Rc::clone(&journal)),
            journal,
            platform,
            prompt,
            settings,
            store,
            waiters: Rc::default(),
        });
        let renewer = Rc::new(Renewer::new(Rc::clone(&owners)));
        let sign_in = Rc::new(SignIn::new(Rc::clone(&owners), Rc::clone(&renewer)));
        let parts = (Rc::clone(&renewer), Rc::clone(&sign_in));
        Self {
            sign_out: Rc::new(SignOut::new(Rc::clone(&owners), parts.0, parts.1)),
            owners,
            renewer,
            sign_in,
        }
    }

    /// Deals with what the last worker was in the middle of.
    fn take_over(&self) {
        let Owners {
            activity,
            journal,
            platform,
            ..
        } = &*self.owners;
        let (renewal, sign_out) = journal.take_over();
        if let Some(attempt) = renewal {
            activity.record(attempt.interrupted(platform.clock.now()));
        }
        if let Some(in_progress) = sign_out {
            let sign_out = Rc::clone(&self.sign_out);
            let finished = async move { drop(sign_out.finish(in_progress, None).await) };
            platform.spawner.spawn(finished.boxed_local());
        }
    }

    /// The session as a page may show it.
    #[must_use]
    pub fn view(&self) -> SessionView {
        let owners = &*self.owners;
        let state = owners.store.state();
        let standing = match (&state.sign_in_needed, &state.tokens) {
            (Some(_), _) => SessionState::SignInNeeded,
            (None, Some(_)) => SessionState::SignedIn,
            (None, None) => SessionState::SignedOut,
        };
        let tokens = state.tokens.as_ref();
        let first = tokens.and_then(|tokens| tokens.first_to_expire(&owners.settings));
        SessionView {
            state: standing,
            issuer: Some(owners.settings.provider.issuer.clone()),
            identity: state.identity.clone(),
            expires_at: first.map(|(_, expires_at)| expires_at),
            obtained_at: first.map(|(token, _)| token.received_at),
            next_renewal_at: owners.schedule.next_renewal(),
            paused_until: owners.journal.pauses_until(),
            refreshable: state.refresh_token.is_some(),
            signing_in: self.sign_in.in_flight().is_some(),
            renewing: self.renewer.renewal_in_flight().is_some(),
            last_renewal: state.last_renewal.clone(),
            scope: state.scope.clone(),
            clock_offset_ms: owners.exchange.client.clock.offset_ms(),
            waiting: u32::try_from(owners.waiters.count()).unwrap_or(u32::MAX),
            step_up: state.step_up.is_some(),
            problem: state
                .sign_in_needed
                .clone()
                .or_else(|| owners.store.problem()),
        }
    }

    /// The settings this session runs with.
    pub(crate) fn settings(&self) -> &Settings {
        &self.owners.settings
    }

    /// What the path of a call asks of this session.
    pub(crate) fn token_source(&self) -> TokenSource {
        TokenSource::new(Rc::clone(&self.owners), Rc::clone(&self.renewer))
    }

    /// Opens the provider's sign-in window, or joins the sign-in in flight.
    ///
    /// A sign-in that fails leaves the session as it was.
    pub fn sign_in(&self) -> InFlight {
        self.sign_in.start(false)
    }

    /// [`sign_in`](Self::sign_in) where the user chooses an account, whatever the provider remembers (`prompt=select_account`,
    /// OIDC Core 3.1.2.1).
    pub fn use_another_account(&self) -> InFlight {
        self.sign_in.start(true)
    }

    /// Ends the session: the tokens are forgotten at once, and what is in flight comes to nothing.
    ///
    /// Then the refresh token is revoked (RFC 7009) and, where the settings ask for it, the user's session at
    /// the provider is ended. Each has its time limit, and the session here has ended whatever they say. A worker
    /// that is stopped meanwhile leaves the rest, except for the provider's own page, to the next one.
    ///
    /// # Errors
    /// [`Error::Store`] when a record could not be removed, [`Error::ProofKey`] when the key could not.
    pub async fn sign_out(&self) -> Result<(), Error> {
        self.sign_out.run().await
    }

    /// Renews, or joins the renewal in flight.
    pub fn renew(&self) -> InFlight {
        self.renewer.renew()
    }

    /// The renewal in flight.
    #[must_use]
    pub fn renewal_in_flight(&self) -> Option<InFlight> {
        self.renewer.renewal_in_flight()
    }

    /// The sign-in or the renewal in flight, or the method that the user tries.
    pub(crate) fn in_flight(&self) -> Option<InFlight> {
        let renewal = || self.renewer.in_flight();
        self.sign_in.in_flight().or_else(renewal)
    }

    /// Renews by `method` alone; see [`Renewer::try_renewal`].
    pub(crate) async fn try_renewal(&self, method: RenewalMethodId) -> (u32, Result<(), Error>) {
        self.renewer.try_renewal(method).await
    }

    /// Brings back the session that a closed browser ended.
    pub(crate) fn restore(&self) {
        self.renewer.restore();
    }

    /// The alarm rang: renews, unless that was done meanwhile.
    pub(crate) async fn alarm_rang(&self) -> Result<(), Error> {
        if self.owners.schedule.is_due() {
            return self.renewer.renew().await;
        }
        self.owners.schedule.update(false);
        Ok(())
    }

    /// The user accepted the sign-in prompt: opens the sign-in window, unless no sign-in is needed any more.
    pub(crate) async fn sign_in_prompt_accepted(&self) -> Result<(), Error> {
        self.owners.prompt.dismiss();
        match self.owners.store.needs_sign_in() {
            true => self.sign_in().await,
            false => Ok(()),
        }
    }

    /// The user gave the extension a host permission: a failure for want of one is no longer shown, and no pause keeps the
    /// next call from a renewal.
    pub(crate) fn permission_added(&self) {
        let Owners {
            announcer,
            journal,
            schedule,
            store,
            ..
        } = &*self.owners;
        if store.clear_problem_if(|problem| problem.code.is_not_permitted()) {
            journal.note(|journal| journal.pacing = Pacing::default());
            schedule.update(false);
            announcer.announce();
        }
    }

    /// Another engine replaces this one: as for a worker that dies, what is in flight comes to nothing. Nothing is begun,
    /// announced or sent with a token from now on.
    pub(crate) fn retire(&self) {
        self.owners.store.retire();
        self.renewer.cancel();
        self.sign_in.cancel();
        self.owners.waiters.end();
    }

    /// Rewrites what outlives the browser as `session.storage` says: earlier settings may have kept it otherwise.
    pub(crate) async fn rewrite_remembered(&self) {
        self.owners.store.rewrite_remembered().await;
    }
}

impl ViewSource for Session {
    fn current_view(&self) -> Option<SessionView> {
        let in_place = !self.owners.store.is_retired();
        in_place.then(|| self.view())
    }
}
