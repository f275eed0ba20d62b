//! The timeline: what the worker told of its activity, as rows.
//!
//! A row is a call with all that was done for it, or what stands for itself: a renewal, a sign-in, a sign-out. What a
//! row shows is made when it is drawn, and a row that was drawn never changes.

mod bar;
mod export;
mod facts;
mod filter;
mod words;

use evertoken::error::Problem;
use evertoken::message::{ActivityEntry, ActivityEvent, Rung, Timing};
use evertoken::platform::UnixTime;
use evertoken::settings::RenewalMethodId;

pub use self::bar::{Bar, Part, Segment};
pub use self::export::export;
pub use self::facts::Fact;
pub use self::filter::{Choice, Filter};
pub use self::words::{LastCall, Tone};

/// How many entries are kept: as many as a worker keeps.
const CAPACITY: usize = 500;
/// How many rows are shown.
const ROWS: usize = 200;

/// What is known of the worker's activity.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// Oldest first.
    entries: Vec<ActivityEntry>,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// What happened.
    pub entry: &'a ActivityEntry,
    /// The renewal that the call waited for.
    renewal: Option<Renewal<'a>>,
}

/// A renewal that ended.
#[derive(Clone, Copy, Debug)]
struct Renewal<'a> {
    at: UnixTime,
    engine: Option<RenewalMethodId>,
    rungs: &'a [Rung],
    milliseconds: u32,
    problem: Option<&'a Problem>,
}

impl Timeline {
    /// After which entry to ask the worker: the newest that is known is told again, by which [`follow`](Self::follow)
    /// sees whether the worker is still the same.
    #[must_use]
    pub fn ask_after(&self) -> u64 {
        self.entries.last().map_or(0, |newest| newest.id - 1)
    }

    /// Takes in what came after [`ask_after`](Self::ask_after). False where it does not go on from there: a worker that
    /// was started anew may count from 1, so ask it for everything, for [`merge`](Self::merge).
    pub fn follow(&mut self, told: Vec<ActivityEntry>) -> bool {
        if self.entries.last() != told.first() && !self.entries.is_empty() {
            return false;
        }
        self.merge(told);
        true
    }

    /// Takes in all that a worker knows; what is known already is passed over.
    pub fn merge(&mut self, told: Vec<ActivityEntry>) {
        for entry in told {
            if !self.entries.iter().rev().any(|known| *known == entry) {
                self.entries.push(entry);
            }
        }
        let surplus = self.entries.len().saturating_sub(CAPACITY);
        self.entries.drain(..surplus);
    }

    /// The last call that ended.
    #[must_use]
    pub fn last_call(&self) -> Option<LastCall> {
        self.entries.iter().rev().find_map(LastCall::of)
    }

    /// The newest entry: another one where something happened.
    #[must_use]
    pub fn newest(&self) -> Option<(UnixTime, u64)> {
        self.entries.last().map(|newest| (newest.at, newest.id))
    }

    /// The rows, newest first.
    #[must_use]
    pub fn rows(&self) -> Vec<Row<'_>> {
        let mut folded = Vec::new();
        let mut rows = Vec::new();
        for entry in self.entries.iter().rev() {
            let renewal = self.renewal_of(entry);
            match (&entry.event, renewal) {
                // Parts of a call; the call has a row when it has ended.
                (ActivityEvent::Unauthorized { .. } | ActivityEvent::Resent { .. }, _) => continue,
                // A failure stands for itself as well.
                (_, Some((at, renewal))) if renewal.problem.is_none() => folded.push(at),
                _ => {}
            }
            if !folded.contains(&std::ptr::from_ref(entry)) {
                let renewal = renewal.map(|(_, renewal)| renewal);
                rows.push(Row { entry, renewal });
            }
        }
        rows.truncate(ROWS);
        rows
    }

    /// All entries, oldest first.
    #[must_use]
    pub fn entries(&self) -> &[ActivityEntry] {
        &self.entries
    }

    /// The renewal that a call waited for: the last one that ended while it could not go on.
    fn renewal_of(&self, entry: &ActivityEntry) -> Option<(*const ActivityEntry, Renewal<'_>)> {
        let call = Call::of(entry)?;
        let (from, to) = call.stood_still()?;
        self.entries.iter().rev().find_map(|candidate| {
            let renewal = Renewal::of(candidate)?;
            let ended_meanwhile = from <= renewal.at && renewal.at <= to;
            ended_meanwhile.then_some((std::ptr::from_ref(candidate), renewal))
        })
    }
}

impl Row<'_> {
    /// Names the row among all others, also those of other workers.
    #[must_use]
    pub fn key(&self) -> String {
        [
            &self.entry.at.0.to_string(),
            ".",
            &self.entry.id.to_string(),
        ]
        .concat()
    }

    /// Why what happened failed.
    fn problem(&self) -> Option<&Problem> {
        match &self.entry.event {
            ActivityEvent::Called { problem, .. }
            | ActivityEvent::Renewed { problem, .. }
            | ActivityEvent::SignedIn { problem }
            | ActivityEvent::LeftProvider { problem } => problem.as_ref(),
            _ => None,
        }
    }

    /// The renewal that the row is, or that its call waited for.
    fn renewal(&self) -> Option<Renewal<'_>> {
        self.renewal.or_else(|| Renewal::of(self.entry))
    }
}

impl<'a> Renewal<'a> {
    fn of(entry: &'a ActivityEntry) -> Option<Self> {
        match &entry.event {
            ActivityEvent::Renewed {
                engine,
                rungs,
                milliseconds,
                problem,
            } => Some(Self {
                at: entry.at,
                engine: *engine,
                rungs,
                milliseconds: *milliseconds,
                problem: problem.as_ref(),
            }),
            _ => None,
        }
    }
}

/// A call that ended, as far as its time goes.
struct Call {
    began: UnixTime,
    ended: UnixTime,
    renewed: bool,
    timing: Timing,
}

impl Call {
    fn of(entry: &ActivityEntry) -> Option<Self> {
        match &entry.event {
            ActivityEvent::Called {
                milliseconds,
                timing,
                renewed,
                ..
            } => Some(Self {
                began: UnixTime(entry.at.0 - i64::from(*milliseconds)),
                ended: entry.at,
                renewed: *renewed,
                timing: *timing,
            }),
            _ => None,
        }
    }

    /// From when to when it waited for a renewal, if it did.
    fn stood_still(&self) -> Option<(UnixTime, UnixTime)> {
        let after = |milliseconds: u32| UnixTime(self.began.0 + i64::from(milliseconds));
        match (self.timing.refused_ms, self.timing.resent_ms) {
            (Some(refused), Some(resent)) => Some((after(refused), after(resent))),
            (Some(refused), None) => Some((after(refused), self.ended)),
            (None, _) if self.renewed => Some((self.began, after(self.timing.sent_ms))),
            (None, _) => None,
        }
    }
}

#[cfg(test)]
mod tests;
