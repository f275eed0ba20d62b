//! The token store: the session's state, its epoch and its records, with one writer.
//!
//! Every change of the state that outlives the worker goes through [`TokenStore::commit`], which writes the records first, and
//! refuses what began in an older epoch. The epoch counts ends of sessions: sign-out, another sign-in, retirement.

use std::cell::{Cell, Ref, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use futures_util::lock::Mutex;
use url::Url;

use super::cached_answers::{self, HttpCache};
use super::error::SessionError;
use super::exchange::User;
use super::record;
use super::sign_in_prompt::SignInPrompt;
use super::state::State;
use super::tokens::{Credential, Token, TokenNeed};
use crate::error::Error;
use crate::platform::{Platform, Record, StoreError};
use crate::problem::Problem;
use crate::settings::{LoginHint, Settings};

pub(super) struct TokenStore {
    /// The APIs that let in the tokens of a generation.
    accepted_by: RefCell<(Option<u64>, BTreeSet<usize>)>,
    /// How many sessions have ended, by a sign-out or because another user was found.
    ended: Cell<u64>,
    epoch: Cell<u64>,
    platform: Platform,
    /// The last failure that left the session as it was, for pages to show.
    problem: RefCell<Option<Problem>>,
    prompt: Rc<SignInPrompt>,
    /// Set once another engine has replaced this one: no token is handed out and nothing is begun after that.
    retired: Cell<bool>,
    settings: Rc<Settings>,
    state: RefCell<State>,
    /// Held while the records are written: what was decided first is stored first.
    writing: Mutex<()>,
}

impl TokenStore {
    /// The store with the `state` that the records had; `problem` is what could not be read.
    pub(super) fn new(
        (platform, settings): (Platform, Rc<Settings>),
        prompt: Rc<SignInPrompt>,
        state: State,
        problem: Option<Problem>,
    ) -> Self {
        Self {
            accepted_by: RefCell::default(),
            ended: Cell::new(0),
            epoch: Cell::new(0),
            platform,
            problem: RefCell::new(problem),
            prompt,
            retired: Cell::new(false),
            settings,
            state: RefCell::new(state),
            writing: Mutex::new(()),
        }
    }

    /// The session as it stands. It must not be held across an `await`.
    pub(super) fn state(&self) -> Ref<'_, State> {
        self.state.borrow()
    }

    /// The generation of the tokens that are there now; `None` where there are none.
    pub(super) fn generation(&self) -> Option<u64> {
        let state = self.state.borrow();
        state.tokens.as_ref().map(|_| state.generation)
    }

    /// A user is signed in, with tokens or without.
    pub(super) fn is_signed_in(&self) -> bool {
        self.state.borrow().identity.is_some()
    }

    /// No user is signed in, or sign-in is needed.
    pub(super) fn needs_sign_in(&self) -> bool {
        let state = self.state.borrow();
        state.identity.is_none() || state.sign_in_needed.is_some()
    }

    /// The `sub` claim of the user who is signed in.
    pub(super) fn subject(&self) -> Option<String> {
        let state = self.state.borrow();
        state.identity.as_ref().map(|identity| identity.sub.clone())
    }

    /// The user whose session a renewal renews.
    pub(super) fn user(&self) -> Option<User> {
        let state = self.state.borrow();
        let identity = state.identity.as_ref()?;
        let original = state.original.as_ref();
        let claim = |hint| match hint {
            LoginHint::Email => identity.email.clone(),
            LoginHint::PreferredUsername => original?.preferred_username.clone(),
            LoginHint::Subject => Some(identity.sub.clone()),
        };
        Some(User {
            subject: identity.sub.clone(),
            login_hint: self.settings.provider.login_hint.and_then(claim),
            id_token: state
                .tokens
                .as_ref()
                .and_then(|tokens| Some(tokens.id_token.as_ref()?.value.clone())),
        })
    }

    /// The token for `need`, without a proof of possession; `None` when there is no token, or only a stale one.
    pub(super) fn credential(&self, need: TokenNeed) -> Option<Credential> {
        // The engine that replaced this one may have signed the user out since.
        if self.retired.get() || self.is_stale(need) {
            return None;
        }
        let state = self.state.borrow();
        let token = state.tokens.as_ref()?.of_kind(need.kind)?;
        Some(Credential {
            generation: state.generation,
            token: Rc::new(token.value.clone()),
            scheme: token.scheme,
            proof: None,
        })
    }

    /// The token for `need` has expired or was rejected by that API, or it was lost when the browser was closed.
    pub(super) fn is_stale(&self, need: TokenNeed) -> bool {
        let state = self.state.borrow();
        let now = self.platform.clock.now();
        let Some(tokens) = &state.tokens else {
            return state.is_remembered();
        };
        let is_fresh = |token: &Token| token.is_fresh(now);
        !tokens.of_kind(need.kind).is_some_and(is_fresh)
            || state.rejections.is_stale(need.api, need.path)
    }

    /// At least one API can be sent a token that has not expired, and that it has let in or not refused anywhere.
    pub(super) fn has_fresh_token(&self) -> bool {
        let mut apis = self.settings.apis.iter().enumerate();
        apis.any(|(api, settings)| {
            let kind = self.settings.provider.token_for(settings);
            let need = TokenNeed {
                api,
                kind,
                path: None,
            };
            let accepted = self.accepted_by.borrow();
            let is_accepted = accepted.0 == self.generation() && accepted.1.contains(&api);
            let is_doubted = !is_accepted && self.state.borrow().rejections.is_doubted(api);
            !is_doubted && !self.is_stale(need)
        })
    }

    /// The place that a call goes to rejected a fresh token lately.
    pub(super) fn rejects_fresh(&self, need: TokenNeed) -> bool {
        let now = self.platform.clock.now();
        let state = self.state.borrow();
        state.rejections.rejects_fresh(need.api, need.path, now)
    }

    /// The token of `generation` was rejected: by the API's own word (`invalid_token`), or at one place of it. It is not
    /// sent there again, unless fresh ones are rejected there too.
    pub(super) fn mark_stale(&self, need: TokenNeed, generation: Option<u64>, by_its_word: bool) {
        if self.is_present(generation) && !self.rejects_fresh(need) {
            let path = need.path.filter(|_| !by_its_word);
            self.state.borrow_mut().rejections.add_stale(need.api, path);
        }
    }

    /// The token of `generation` was rejected although it was just renewed.
    pub(super) fn mark_rejects_fresh(&self, need: TokenNeed, generation: Option<u64>) {
        if self.is_present(generation) {
            let now = self.platform.clock.now();
            let mut state = self.state.borrow_mut();
            state.rejections.add_fresh(need.api, need.path, now);
        }
    }

    /// The token of `generation` was let in.
    pub(super) fn mark_accepted(&self, need: TokenNeed, generation: Option<u64>) {
        if self.is_present(generation) {
            self.state
                .borrow_mut()
                .rejections
                .remove(need.api, need.path);
            let mut accepted = self.accepted_by.borrow_mut();
            if accepted.0 != generation {
                *accepted = (generation, BTreeSet::new());
            }
            accepted.1.insert(need.api);
        }
    }

    fn is_present(&self, generation: Option<u64>) -> bool {
        generation.is_some() && self.generation() == generation
    }

    /// The failure that pages show, unless the session waits for a sign-in, whose reason they show then.
    pub(super) fn problem(&self) -> Option<Problem> {
        self.problem.borrow().clone()
    }

    /// Keeps `problem` for pages to show; the next commit clears it.
    pub(super) fn set_problem(&self, problem: Problem) {
        *self.problem.borrow_mut() = Some(problem);
    }

    /// Clears the failure that pages show if it `is_solved`, and says whether it did.
    pub(super) fn clear_problem_if(&self, is_solved: impl Fn(&Problem) -> bool) -> bool {
        let mut problem = self.problem.borrow_mut();
        problem.take_if(|problem| is_solved(problem)).is_some()
    }

    /// How many sessions have ended, by a sign-out or because another user was found. A sign-in of the same user ends none.
    pub(super) fn ended(&self) -> u64 {
        self.ended.get()
    }

    /// What counts ends of sessions.
    pub(super) fn epoch(&self) -> u64 {
        self.epoch.get()
    }

    /// The session was not ended since `epoch`.
    pub(super) fn check(&self, epoch: u64) -> Result<(), SessionError> {
        if self.epoch.get() == epoch {
            Ok(())
        } else {
            Err(SessionError::Superseded)
        }
    }

    /// No other engine has replaced this one.
    pub(super) fn check_in_place(&self) -> Result<(), SessionError> {
        match self.retired.get() {
            true => Err(SessionError::Superseded),
            false => Ok(()),
        }
    }

    /// Another engine replaces this one: what is in flight is superseded, and no token is handed out any more.
    pub(super) fn retire(&self) {
        self.retired.set(true);
        self.raise_epoch();
    }

    pub(super) fn is_retired(&self) -> bool {
        self.retired.get()
    }

    /// Another session took the place of the one before: whatever was in flight for that is superseded.
    pub(super) fn raise_epoch(&self) {
        self.epoch.set(self.epoch.get() + 1);
    }

    /// Ends the session in memory, and gives what it was. The records are removed by
    /// [`remove_records`](Self::remove_records), once the journal says that the session has ended.
    pub(super) fn end_session(&self) -> State {
        self.raise_epoch();
        self.ended.set(self.ended.get() + 1);
        let ended = self.state.borrow().clone();
        self.state.borrow_mut().forget();
        self.prompt.update(&ended, &self.state.borrow());
        *self.problem.borrow_mut() = None;
        ended
    }

    /// Makes `change` to the state and stores it, unless the session was ended since `epoch`.
    ///
    /// When storage fails the change holds in memory, and the failure is shown.
    pub(super) async fn commit(
        &self,
        epoch: u64,
        change: impl FnOnce(&mut State),
    ) -> Result<(), Error> {
        let _turn = self.writing.lock().await;
        self.check(epoch)?;
        let mut state = self.state.borrow().clone();
        change(&mut state);
        self.put(epoch, state).await
    }

    /// The part of a commit that all changes share.
    async fn put(&self, epoch: u64, mut state: State) -> Result<(), Error> {
        let issuer = &self.settings.provider.issuer;
        let user = |state: &State| cached_answers::user(state.identity.as_ref(), issuer);
        let (is, was) = (user(&state), user(&self.state.borrow()));
        let same_user = is == was;
        if same_user {
            state.cached = self.state.borrow().cached.clone();
        } else if let Some(user) = is {
            state.cached = cached_answers::claim(&*self.platform.store, user).await;
            self.check(epoch)?;
        }
        let stored = self.write_records(&state).await;
        // Sign-out may have come while the record was written; it waits to remove it.
        self.check(epoch)?;
        let before = self.state.borrow().clone();
        if before.generation == state.generation {
            // What APIs said of the tokens while the record was written.
            state.rejections.clone_from(&before.rejections);
        }
        if same_user {
            // What was fetched meanwhile.
            state.cached.clone_from(&before.cached);
        }
        self.state.replace(state);
        self.prompt.update(&before, &self.state.borrow());
        *self.problem.borrow_mut() = stored.err().map(|error| Error::from(error).problem());
        Ok(())
    }

    /// How a GET of `url` may use the browser's HTTP cache.
    pub(super) fn http_cache(&self, url: &Url) -> HttpCache {
        let state = self.state.borrow();
        state.cached.usable_for(url, state.identity.is_some())
    }

    /// The HTTP cache holds no answer of an earlier user for `url` any more, unless the session was ended since `epoch`.
    pub(super) fn mark_fetched_anew(&self, epoch: u64, url: &Url) {
        if self.check(epoch).is_ok() && self.is_signed_in() {
            self.state.borrow_mut().cached.add_own(url);
        }
    }

    /// Stores what APIs said of the tokens, and what was fetched anew.
    pub(super) async fn store_notes(&self, epoch: u64) {
        let _turn = self.writing.lock().await;
        if self.check(epoch).is_ok() {
            let state = self.state.borrow().clone();
            // If the write fails, the next worker asks for a renewal, or fetches an answer, once more.
            self.write_records(&state).await.ok();
        }
    }

    /// Writes the records of `state`: the one that outlives the browser only where it changes.
    async fn write_records(&self, state: &State) -> Result<(), StoreError> {
        let (provider, kept) = (&self.settings.provider, self.settings.session.storage);
        let store = &self.platform.store;
        let was = record::remembered::write(&self.state.borrow(), provider, kept);
        let is = record::remembered::write(state, provider, kept);
        let record = record::state::write(state, provider);
        let stored = match store.write(Record::Session, record.clone()).await {
            Ok(()) => Ok(()),
            // The storage may be full. What was done is worth less than a refresh token that replaces a used one.
            Err(_) => {
                store.remove(Record::Activity).await.ok();
                store.write(Record::Session, record).await
            }
        };
        let remembered = match is {
            _ if is == was => Ok(()),
            Some(is) => store.write(Record::Remembered, is).await,
            None => store.remove(Record::Remembered).await,
        };
        stored.and(remembered)
    }

    /// Writes the record that outlives the browser as `session.storage` now says.
    pub(super) async fn rewrite_remembered(&self) {
        let _turn = self.writing.lock().await;
        let (provider, kept) = (&self.settings.provider, self.settings.session.storage);
        let record = record::remembered::write(&self.state.borrow(), provider, kept);
        if let Some(record) = record {
            let written = self.platform.store.write(Record::Remembered, record);
            // If the write fails, the next sign-in writes it again.
            written.await.ok();
        }
    }

    /// Removes the records of the session, unless a user has signed in since it ended.
    pub(super) async fn remove_records(&self) -> Result<(), StoreError> {
        let _turn = self.writing.lock().await;
        if self.is_signed_in() {
            return Ok(());
        }
        let store = &self.platform.store;
        let remembered = store.remove(Record::Remembered).await;
        store.remove(Record::Session).await.and(remembered)
    }
}
