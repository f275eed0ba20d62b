//! The state of the invariants: what the worker knows, what it must still do, and what it must not do.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use evertoken::platform::UnixTime;
use evertoken::problem::{Problem, ProblemCode, Recovery};

use super::provider::Brings;
use super::stored::Noted;

/// One call of a page.
#[derive(Clone, Copy, Debug)]
pub struct Book {
    /// When it was made, in milliseconds of awake time.
    pub started: i64,
    pub sent: u32,
    /// The status of the response, 0 for a failure; `None` while the call is open.
    pub ended: Option<u16>,
}

/// The longest possible pause.
const LONGEST: Duration = Duration::from_hours(1);

#[derive(Default)]
pub struct Watch {
    pub violation: Option<String>,
    pub calls: BTreeMap<u64, Book>,
    pub open_calls: BTreeSet<u64>,
    /// Requested sign-ins, sign-outs and renewals that have not ended, by their number: name, and start in milliseconds of
    /// awake time.
    pub waiting: BTreeMap<u64, (&'static str, i64)>,
    /// The last entry of the activity that has been looked at, or that the worker found in the store.
    pub activity_seen: u64,
    /// How often the user signed out.
    pub sign_outs: u64,
    /// The user has signed out, and has not signed in again.
    pub signed_out: bool,
    /// The last sign-out succeeded.
    pub sign_out_done: bool,
    /// A sign-in window was answered, so the next write may change the user of the session.
    pub may_change_user: bool,
    /// The user requested a renewal in the current step.
    pub asked: bool,
    /// The worker, and the new refresh token that it received and must store.
    pub owed: Option<(u64, String)>,
    /// Refresh tokens that the provider refused, with the refusal received by the worker.
    pub refusals: BTreeSet<String>,
    /// When the worker began to use each token: milliseconds since 1970 by a correct clock.
    pub arrivals: BTreeMap<String, i64>,
    renewal_exchanges: BTreeMap<u64, i64>,
    /// Tokens that the worker knows to be stale, by API.
    stale: BTreeSet<(usize, String)>,
    /// APIs that rejected a fresh token: how long, and until when, they must cause no renewal.
    cooling: BTreeMap<usize, (Duration, UnixTime)>,
    failures: u32,
    /// No automatic renewal may start between these two instants.
    pub pause: Option<(UnixTime, UnixTime)>,
    /// The worker, and the end of a pause that it must write to the journal.
    pub owed_pause: Option<(u64, UnixTime)>,
    /// This worker failed to read an existing record, so it may overwrite the record with less.
    pub read_failed: bool,
    /// Some worker of the run failed to read an existing record.
    pub read_ever_failed: bool,
    /// A write failed at some time during the run.
    pub write_ever_failed: bool,
    /// Refresh tokens that were sent and got no response.
    pub doubtful: BTreeSet<String>,
    /// The number of silent authorizations that this renewal has tried.
    pub authorizations: u32,
    wish: Option<UnixTime>,
    automatic_renewals: Vec<i64>,
}

impl Watch {
    pub fn renewal_asks(&mut self, worker: u64, change: i64) -> i64 {
        let count = self.renewal_exchanges.entry(worker).or_default();
        *count += change;
        *count
    }

    /// The worker was killed: what only it knew is lost.
    pub fn worker_died(&mut self) {
        self.stale.clear();
        self.waiting.clear();
        self.owed = None;
        self.owed_pause = None;
        self.wish = None;
        self.asked = false;
        self.authorizations = 0;
        self.read_failed = false;
        for id in std::mem::take(&mut self.open_calls) {
            self.call_ended(id, 0);
        }
    }

    pub fn call_ended(&mut self, id: u64, status: u16) {
        self.open_calls.remove(&id);
        if let Some(book) = self.calls.get_mut(&id) {
            book.ended = Some(status);
        }
    }

    /// The worker received a response of the provider.
    pub fn heard(&mut self, status: u16, retry_after: Option<Duration>, wall: UnixTime) {
        let wish = retry_after.filter(|_| matches!(status, 429 | 503));
        self.wish = wish.map(|wish| wall.plus(wish));
    }

    pub fn brought(&mut self, worker: u64, brings: Brings) {
        match brings {
            Brings::Nothing => {}
            Brings::RefreshToken { new, .. } => self.owed = Some((worker, new)),
            Brings::Refusal { old } => drop(self.refusals.insert(old)),
        }
    }

    pub fn write_failed(&mut self, worker: u64) {
        self.write_ever_failed = true;
        self.owed.take_if(|(of, _)| *of == worker);
        self.owed_pause.take_if(|(of, _)| *of == worker);
    }

    pub fn read_failed(&mut self) {
        self.read_failed = true;
        self.read_ever_failed = true;
    }

    pub fn signs_out(&mut self) {
        self.sign_outs += 1;
        self.signed_out = true;
        self.sign_out_done = false;
        self.session_ends();
    }

    /// A sign-in window was answered that was opened after the `sign_outs`-th sign-out.
    pub fn window_answered(&mut self, sign_outs: u64) {
        self.may_change_user = true;
        if self.sign_outs == sign_outs {
            self.signed_out = false;
            self.sign_out_done = false;
        }
    }

    /// Another session has begun.
    pub fn signed_in(&mut self) {
        self.session_ends();
        self.stale.clear();
        self.cooling.clear();
    }

    fn session_ends(&mut self) {
        self.owed = None;
        self.owed_pause = None;
        self.failures = 0;
        self.pause = None;
    }

    /// An API refused the token of a call, and the worker received the response.
    pub fn refused(&mut self, api: usize, token: &str, fresh: bool, wall: UnixTime) {
        let longest = Duration::from_secs(60 * 60);
        let cools =
            |(span, until): &(Duration, UnixTime)| wall < *until && *until <= wall.plus(*span);
        let before = self.cooling.get(&api).copied();
        match before.filter(cools) {
            Some(_) => {}
            None if fresh => {
                let first = Duration::from_secs(30);
                let span = before.map_or(first, |(span, _)| (span * 2).min(longest));
                self.cooling.insert(api, (span, wall.plus(span)));
            }
            None => drop(self.stale.insert((api, token.to_owned()))),
        }
    }

    /// An API accepted the token of a call.
    pub fn let_in(&mut self, api: usize) {
        self.cooling.remove(&api);
    }

    pub fn is_known_stale(&self, api: usize, token: &str) -> bool {
        self.stale.contains(&(api, token.to_owned()))
    }

    /// A renewal has ended at `wall`.
    pub fn renewal_ended(&mut self, worker: u64, problem: Option<&Problem>, wall: UnixTime) {
        self.authorizations = 0;
        let problem = problem.filter(|problem| problem.recovery != Recovery::SignIn);
        let Some(problem) = problem else {
            self.failures = 0;
            self.pause = None;
            self.owed_pause = None;
            return;
        };
        let longest = match problem.code {
            ProblemCode::NetworkOffline | ProblemCode::UserAgentOffline => 20,
            _ => 300,
        };
        let pause = Duration::from_secs((1 << self.failures.min(9)).min(longest));
        self.failures += 1;
        let until = wall.plus(pause);
        let until = self.wish.map_or(until, |wish| wish.max(until));
        self.pause = Some((wall, until));
        self.owed_pause = Some((worker, until));
    }

    /// A new worker starts: it knows only what is in the journal.
    pub fn goes_on_from(&mut self, noted: &Noted) {
        self.pause = noted.last_start.zip(noted.not_before);
        self.failures = 0;
        if !noted.unanswered {
            self.doubtful.clear();
        }
    }

    /// An automatic renewal begins, at `wall` by the worker's clock and at `now` of awake time. Returns the violation, if
    /// it begins too early or too often.
    pub fn renewal_begins(&mut self, wall: UnixTime, now: i64) -> Option<String> {
        // A pause that does not include the present was computed before the clock was set back.
        let lasts = |(from, until): &(UnixTime, UnixTime)| {
            *from <= wall && wall < *until && *until <= wall.plus(LONGEST)
        };
        if let Some((_, until)) = self.pause.filter(lasts) {
            let early = until.milliseconds_since(wall);
            return Some(format!(
                "a renewal began {early} ms before its pause was over"
            ));
        }
        self.automatic_renewals.retain(|at| now < at + 30_000);
        self.automatic_renewals.push(now);
        let count = self.automatic_renewals.len();
        (count > 10).then(|| format!("{count} renewals in 30 s"))
    }
}
