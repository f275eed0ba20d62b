//! The invariants that are checked when something is sent or written.

use evertoken::platform::Record;
use evertoken::session::tokens::Credential;
use evertoken_provider_core::TokenKind;

use super::apis::Call;
use super::stored::{Noted, Stored, remembered};
use super::world::World;

impl World {
    /// Checks a call that is about to be sent, and returns whether this is its first, second or third sending.
    pub fn check_sending(&self, call: &Call, credential: Option<&Credential>) -> u32 {
        let attempt = {
            let mut watch = self.watch.borrow_mut();
            let book = watch.calls.get_mut(&call.id).unwrap();
            book.sent += 1;
            book.sent
        };
        self.timeline.tell(|| {
            let token = credential.map(|one| self.name_of(one.token.expose()));
            format!("call {} sent ({attempt}), {token:?}", call.id)
        });
        if attempt > 2 {
            self.violated("a call was sent three times");
        }
        if let Some(credential) = credential {
            self.check_token(call, credential.token.expose());
        }
        attempt
    }

    fn check_token(&self, call: &Call, token: &str) {
        if call.target > 1 {
            self.violated("a token went to an address that is not on the allow-list");
        }
        let watch = self.watch.borrow();
        let stale = watch.is_known_stale(call.target, token);
        let signed_out = watch.signed_out;
        drop(watch);
        if stale {
            self.violated("a token known to be stale was sent again to the API that refused it");
        }
        if signed_out {
            self.violated("a token was sent after the user had signed out");
        }
    }

    /// The name of a token in the schedule.
    fn name_of(&self, token: &str) -> String {
        match self.provider.borrow().issued(token) {
            Some(issued) if issued.kind == TokenKind::IdToken => {
                format!(
                    "id_token of {} issued at {}",
                    issued.user.sub, issued.issued_at_ms
                )
            }
            _ => token.to_owned(),
        }
    }

    /// Records that the worker starts to use the tokens of this record.
    pub fn note_arrivals(&self, record: &str) {
        let now = self.timeline.honest();
        if let Some(stored) = Stored::parse(record) {
            let mut watch = self.watch.borrow_mut();
            let tokens = stored.id_token.into_iter().chain(stored.access_token);
            for token in tokens {
                watch.arrivals.entry(token).or_insert(now);
            }
        }
    }

    /// Checks a record that has just replaced the record `before`.
    pub fn check_written(&self, record: Record, before: Option<&str>) {
        match record {
            Record::Session => {}
            Record::Journal => return self.check_journal(),
            _ => return,
        }
        let written = {
            let store = self.store.borrow();
            Stored::parse(&store.records[&record])
        };
        let Some(written) = written else { return };
        self.check_owners(&written);
        let Some(before) = before.and_then(Stored::parse) else {
            return;
        };
        if before.user.is_some() && written.user.is_some() && before.user != written.user {
            let may = std::mem::take(&mut self.watch.borrow_mut().may_change_user);
            if !may {
                self.violated("the session became another user's without a sign-in");
            }
        }
        let Some(old) = before.refresh_token.filter(|_| written.user.is_some()) else {
            return;
        };
        let provider = self.provider.borrow();
        let kept = match written.refresh_token.as_deref() {
            Some(new) => new == old || provider.accepts_refresh_token(new),
            None => self.watch.borrow().refusals.contains(&old),
        };
        // After a failed read or write the worker's memory may differ from the store.
        let excused = {
            let watch = self.watch.borrow();
            watch.read_failed || watch.write_ever_failed
        };
        let lost = !kept && provider.accepts_refresh_token(&old) && !excused;
        drop(provider);
        if lost {
            self.violated("a refresh token that the provider still accepts was lost");
        }
    }

    /// Checks that everything in the record belongs to the same user.
    fn check_owners(&self, written: &Stored) {
        let provider = self.provider.borrow();
        let user = written.user.as_deref();
        let refresh_token = written.refresh_token.as_deref();
        let issued = |token: &str| provider.issued(token).map(|token| token.user.sub.as_str());
        let owners = [
            written.id_token.as_deref().map_or(user, issued),
            written.access_token.as_deref().map_or(user, issued),
            refresh_token.map_or(user, |token| {
                let known = provider.refresh_token(token);
                known.map(|known| known.grant.login.user.sub.as_str())
            }),
        ];
        if owners.iter().any(|owner| *owner != user) {
            self.violated(format!("the record mixes users: {user:?}, {owners:?}"));
        }
    }

    /// Checks a refresh token that is about to be used: if its last use got no response, all other renewal methods must be
    /// tried first.
    pub fn check_refresh(&self, token: &str) {
        let watch = self.watch.borrow();
        // The store lists the skipped methods only if no write failed.
        let known = !watch.write_ever_failed;
        if !known || !watch.doubtful.contains(token) || watch.authorizations > 0 {
            return;
        }
        drop(watch);
        let wall = self.timeline.wall();
        let skipped = self
            .stored()
            .map(|stored| stored.unusable)
            .unwrap_or_default();
        let is_skipped = |name: &str| {
            let mut skipped = skipped.iter();
            skipped.any(|(engine, until)| engine == name && wall < *until)
        };
        let mut others = self.plan.silent_ways().iter();
        if let Some(other) = others.find(|name| !is_skipped(name)) {
            self.violated(format!(
                "a refresh token that got no answer was used again before {other} was tried"
            ));
        }
    }

    /// Once the journal contains a sign-out, the sign-out counts as done, even if the worker is killed.
    fn check_journal(&self) {
        let leaving = self.noted().is_some_and(|noted| noted.leaving);
        let mut watch = self.watch.borrow_mut();
        watch.sign_out_done |= leaving && watch.signed_out;
    }

    /// The content of the stored journal; `None` if it cannot be read.
    pub fn noted(&self) -> Option<Noted> {
        let store = self.store.borrow();
        let journal = store.records.get(&Record::Journal);
        journal.map_or_else(|| Some(Noted::default()), |record| Noted::parse(record))
    }

    /// The user in the record that outlives the browser.
    pub fn remembered(&self) -> Option<String> {
        let store = self.store.borrow();
        remembered(store.records.get(&Record::Remembered)?)
    }

    /// The content of the stored session record; `None` if there is none or it cannot be read.
    pub fn stored(&self) -> Option<Stored> {
        let store = self.store.borrow();
        Stored::parse(store.records.get(&Record::Session)?)
    }
}
