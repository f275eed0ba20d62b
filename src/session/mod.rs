//! The session: who is signed in, with which tokens, and everything that changes that.
//!
//! State lives in memory and in one record of the store; memory follows the store. Whatever ends a
//! session (sign-out, another sign-in) raises the epoch, and results of an older epoch are dropped.

mod calling;
mod exchange;
mod journal;
mod pacing;
mod permission;
mod proven;
mod record;
mod refresh;
mod renewal;
mod replacement;
mod restore;
mod rungs;
pub mod schedule;
mod sign_in;
mod sign_out;
mod single_flight;
mod state;
mod step_up;
pub mod tokens;
mod trial;
pub mod waiting;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::join;
use futures_util::lock::Mutex;
use serde_json::Value;
use thiserror::Error;
use url::Url;

use self::exchange::Exchange;
use self::journal::Journal;
use self::restore::Found;
use self::single_flight::SingleFlight;
use self::state::{Rejection, State};
use self::tokens::{Credential, Token};
use self::waiting::Waiters;
use crate::activity::Activity;
use crate::api::rules::Rule;
use crate::error::{Error, Problem, Recovery};
use crate::message::{Broadcast, SessionState, SessionView};
use crate::oauth::token_endpoint::Scheme;
use crate::platform::{Platform, Record, StoreError, UnixTime};
use crate::settings::{Settings, TokenKind};

pub use self::single_flight::InFlight;

/// How long no renewal is started for an API that rejected a fresh token.
const FRESH_REJECTION: Duration = Duration::from_secs(30);

/// Why the session does not allow what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The settings ask for the end of the provider's session, and it has no endpoint for that.
    #[error("the provider offers no way to end its own session")]
    NoEndSession,
    /// The browser stopped the worker during a renewal.
    #[error("the browser stopped Evertoken during the renewal")]
    Interrupted,
    /// None of the ways of renewal that the settings name can be tried.
    #[error("no way of renewal that the settings name can be used here")]
    NoEngine,
    /// A renewal brought the tokens that were there before, or ones that have expired.
    #[error("the provider answered the renewal with nothing new")]
    NothingNew,
    /// The session holds no refresh token.
    #[error("the provider gave no refresh token")]
    NoRefreshToken,
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    SignedOut,
    /// The session was ended or replaced meanwhile.
    #[error("the session was ended meanwhile")]
    Superseded,
}

impl SessionError {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Interrupted => "session.interrupted",
            Self::NoEndSession => "session.no_end_session",
            Self::NoEngine => "session.no_engine",
            Self::NoRefreshToken => "session.no_refresh_token",
            Self::NothingNew => "session.nothing_new",
            Self::SignedOut => "session.signed_out",
            Self::Superseded => "session.superseded",
        }
    }

    /// What helps.
    #[must_use]
    pub fn recovery(self) -> Recovery {
        match self {
            Self::NoEndSession | Self::NoEngine => Recovery::FixSettings,
            Self::NoRefreshToken | Self::SignedOut => Recovery::SignIn,
            Self::Interrupted | Self::NothingNew | Self::Superseded => Recovery::RetryLater,
        }
    }
}

/// The session.
pub struct Session {
    activity: Rc<Activity>,
    epoch: Cell<u64>,
    exchange: Exchange,
    journal: RefCell<Journal>,
    /// The journal as the store has it, held while it is written.
    journaling: Mutex<Value>,
    last_problem: RefCell<Option<Problem>>,
    /// When the alarm is set for.
    next_renewal: Cell<Option<UnixTime>>,
    platform: Platform,
    /// A sign-in has worked with these settings, as far as this worker knows.
    proven: Cell<bool>,
    renewing: Rc<SingleFlight>,
    /// Another has taken its place.
    retired: Cell<bool>,
    settings: Rc<Settings>,
    setup_opened: Cell<bool>,
    signing_in: Rc<SingleFlight>,
    state: RefCell<State>,
    /// One way of renewal that the user has tried.
    trying: Rc<SingleFlight>,
    waiters: Waiters,
    /// Held while the record is written: what was decided first is stored first.
    writing: Mutex<()>,
}

impl Session {
    /// The session as the store has it; what the last worker left undone is noted, or done.
    pub(crate) async fn load(
        platform: Platform,
        settings: Rc<Settings>,
        activity: Rc<Activity>,
    ) -> Rc<Self> {
        let found = join(Found::in_store(&platform, &settings), activity.load());
        let (found, ()) = found.await;
        let session = Rc::new(Self {
            activity,
            epoch: Cell::new(0),
            exchange: Exchange::new(platform.clone(), Rc::clone(&settings)),
            journal: RefCell::new(found.journal),
            journaling: Mutex::new(found.journal_record),
            last_problem: RefCell::new(found.problem),
            next_renewal: Cell::new(None),
            platform,
            proven: Cell::new(false),
            renewing: Rc::default(),
            retired: Cell::new(false),
            settings,
            setup_opened: Cell::new(false),
            signing_in: Rc::default(),
            state: RefCell::new(found.state),
            trying: Rc::default(),
            waiters: Waiters::default(),
            writing: Mutex::new(()),
        });
        session.leave_behind(found.left_behind).await;
        session.take_over();
        session.schedule(false);
        // The badge outlives a worker, and may show what waited in the last one.
        session.announce_soon();
        session
    }

    /// Deals with what the last worker was in the middle of.
    fn take_over(self: &Rc<Self>) {
        let (renewal, leaving) = {
            let mut journal = self.journal.borrow_mut();
            (journal.renewal.take(), journal.leaving.clone())
        };
        // What is told of now is not told again by the next worker.
        self.note(|_| ());
        if let Some(attempt) = renewal {
            self.activity
                .record(attempt.interrupted(self.platform.clock.now()));
        }
        if let Some(leaving) = leaving {
            let this = Rc::clone(self);
            let finished = async move { drop(this.finish_sign_out(leaving, None).await) };
            self.platform.spawner.spawn(finished.boxed_local());
        }
    }

    /// The session as a page may show it.
    #[must_use]
    pub fn view(&self) -> SessionView {
        let state = self.state.borrow();
        let standing = match (&state.sign_in_needed, &state.tokens) {
            (Some(_), _) => SessionState::SignInNeeded,
            (None, Some(_)) => SessionState::SignedIn,
            (None, None) => SessionState::SignedOut,
        };
        let tokens = state.tokens.as_ref();
        let first = tokens.and_then(|tokens| tokens.first_to_expire(&self.settings));
        SessionView {
            state: standing,
            issuer: Some(self.settings.provider.issuer.clone()),
            identity: state.identity.clone(),
            expires_at: first.map(|(_, expires_at)| expires_at),
            obtained_at: first.map(|(token, _)| token.received_at),
            next_renewal_at: self.next_renewal.get(),
            paused_until: self.pauses_until(),
            refreshable: state.refresh_token.is_some(),
            signing_in: self.signing_in.in_flight().is_some(),
            renewing: self.renewing.in_flight().is_some(),
            last_renewal: state.last_renewal.clone(),
            scope: state.scope.clone(),
            clock_offset_ms: self.exchange.client.clock.offset_ms(),
            waiting: self.waiting(),
            step_up: state.step_up.is_some(),
            problem: state
                .sign_in_needed
                .clone()
                .or_else(|| self.last_problem.borrow().clone()),
        }
    }

    /// The generation of the tokens that are there now.
    pub(crate) fn generation(&self) -> Option<u64> {
        let state = self.state.borrow();
        state.tokens.as_ref().map(|_| state.generation)
    }

    /// What a call under `rule` is sent with; `None` when there is no token, or only a stale one.
    ///
    /// A proof of possession is made for this one request (RFC 9449 section 7): `method` and `url` are its own.
    pub(crate) async fn credential(
        &self,
        rule: &Rule,
        method: impl Fn() -> String,
        url: &Url,
    ) -> Result<Option<Credential>, Error> {
        loop {
            let Some(mut credential) = self.token_for(rule) else {
                return Ok(None);
            };
            if credential.scheme == Scheme::Bearer {
                return Ok(Some(credential));
            }
            let client = &self.exchange.client;
            let token = Some(&*credential.token);
            let proof = client
                .proofs
                .prove(&method(), url, token, client.now())
                .await?;
            credential.proof = Some(proof);
            // The session may have ended while the proof was made, or have another token.
            let now = self.token_for(rule);
            if now.is_some_and(|now| now.generation == credential.generation) {
                return Ok(Some(credential));
            }
        }
    }

    /// A call under `rule` would be sent with another token than that of generation `sent`.
    pub(crate) fn has_other_token(&self, rule: &Rule, sent: Option<u64>) -> bool {
        let now = self.generation();
        now.is_some() && now != sent && !self.is_stale(rule)
    }

    fn token_for(&self, rule: &Rule) -> Option<Credential> {
        // Who has another's place may have signed out since.
        if self.retired.get() || self.is_stale(rule) {
            return None;
        }
        let state = self.state.borrow();
        let token = state.tokens.as_ref()?.of_kind(rule.token)?;
        Some(Credential {
            generation: state.generation,
            token: Rc::new(token.value.clone()),
            scheme: token.scheme,
            proof: None,
        })
    }

    /// How the token for `rule` is sent, as far as the settings say it.
    pub(crate) fn scheme_for(&self, rule: &Rule) -> Scheme {
        match rule.token == TokenKind::AccessToken && self.settings.provider.dpop {
            true => Scheme::Dpop,
            false => Scheme::Bearer,
        }
    }

    /// The nonce that the API at `url` wants in proofs from now on (RFC 9449 section 9).
    pub(crate) fn remember_nonce(&self, url: &Url, nonce: Option<String>) {
        self.exchange.client.proofs.remember(url, nonce);
    }

    /// The token for `rule` is known to be of no more use there, or it was lost when the browser was closed.
    pub(crate) fn is_stale(&self, rule: &Rule) -> bool {
        let state = self.state.borrow();
        let now = self.platform.clock.now();
        let Some(tokens) = &state.tokens else {
            return state.is_remembered();
        };
        let is_fresh = |token: &Token| token.is_fresh(now);
        !tokens.of_kind(rule.token).is_some_and(is_fresh)
            || state.rejections.get(&rule.index) == Some(&Rejection::Stale)
    }

    /// Brings back the session that a closed browser ended.
    pub(crate) fn restore(self: &Rc<Self>) {
        if self.state.borrow().is_remembered() && !self.is_pausing() {
            // It goes on by itself, and its end is announced.
            drop(self.renew());
        }
    }

    /// After failures nothing is tried for a while.
    fn is_pausing(&self) -> bool {
        self.pauses_until().is_some()
    }

    fn pauses_until(&self) -> Option<UnixTime> {
        let now = self.platform.clock.now();
        self.journal.borrow().pacing.not_before(now)
    }

    /// Whether a call to the API with this index may start a renewal, or join the one under way: the pause that this one
    /// begins is for those that follow.
    pub(crate) fn may_renew_for(&self, api: usize) -> bool {
        let renewable = self.state.borrow().is_renewable();
        let may_wait = self.renewal_in_flight().is_some() || !self.is_pausing();
        renewable && !self.rejects_fresh(api) && may_wait
    }

    /// The API with this index has just rejected a fresh token.
    fn rejects_fresh(&self, api: usize) -> bool {
        let state = self.state.borrow();
        let now = self.platform.clock.now();
        // One that is farther away was reckoned by a clock that has been set back since.
        let lasts = |until: UnixTime| now < until && until <= now.plus(FRESH_REJECTION);
        matches!(state.rejections.get(&api), Some(Rejection::Fresh { until }) if lasts(*until))
    }

    /// The API with this index rejected the token of `generation`: it is not sent there again, unless the API
    /// rejects fresh ones too.
    pub(crate) fn mark_stale(&self, api: usize, generation: Option<u64>) {
        if !self.rejects_fresh(api) {
            self.reject(api, generation, Rejection::Stale);
        }
    }

    /// The API with this index rejected the token of `generation` although it was just renewed.
    pub(crate) fn mark_rejects_fresh(&self, api: usize, generation: Option<u64>) {
        let until = self.platform.clock.now().plus(FRESH_REJECTION);
        self.reject(api, generation, Rejection::Fresh { until });
    }

    fn reject(&self, api: usize, generation: Option<u64>, rejection: Rejection) {
        if self.generation().is_some() && self.generation() == generation {
            self.state.borrow_mut().rejections.insert(api, rejection);
        }
    }

    /// Shows a failure that leaves the session as it is.
    pub(crate) fn show(&self, error: &Error) {
        *self.last_problem.borrow_mut() = Some(error.problem());
        self.announce();
    }

    /// Makes `change` to the state and stores it, unless the session was ended since `epoch`.
    ///
    /// When storage fails the change holds in memory, and the failure is shown.
    async fn commit(&self, epoch: u64, change: impl FnOnce(&mut State)) -> Result<(), Error> {
        let _turn = self.writing.lock().await;
        self.check(epoch)?;
        let mut state = self.state.borrow().clone();
        change(&mut state);
        let stored = self.store(&state).await;
        // Sign-out may have come while the record was written; it waits to remove it.
        self.check(epoch)?;
        let before = self.state.borrow().clone();
        if before.generation == state.generation {
            // What APIs said of the tokens while the record was written.
            state.rejections.clone_from(&before.rejections);
        }
        self.state.replace(state);
        self.call_user_or_off(&before);
        *self.last_problem.borrow_mut() = stored.err().map(|error| Error::from(error).problem());
        Ok(())
    }

    /// Writes the records of `state`: the one that outlives the browser only where it changes.
    async fn store(&self, state: &State) -> Result<(), StoreError> {
        let (provider, kept) = (&self.settings.provider, self.settings.session.storage);
        let store = &self.platform.store;
        let was = record::remembered::write(&self.state.borrow(), provider, kept);
        let is = record::remembered::write(state, provider, kept);
        let record = record::state::write(state, provider);
        let stored = store.write(Record::Session, record).await;
        let remembered = match is {
            _ if is == was => Ok(()),
            Some(is) => store.write(Record::Remembered, is).await,
            None => store.remove(Record::Remembered).await,
        };
        stored.and(remembered)
    }

    fn check(&self, epoch: u64) -> Result<(), SessionError> {
        if self.epoch.get() == epoch {
            Ok(())
        } else {
            Err(SessionError::Superseded)
        }
    }

    fn announce(&self) {
        if self.retired.get() {
            return;
        }
        self.platform
            .pages
            .announce(Broadcast::ViewChanged { view: self.view() });
    }
}
