//! The activity as rows.
//!
//! A row is a call with all that was done for it, or what stands for itself: a renewal, a sign-in, a sign-out. What a
//! row shows is made when it is drawn, and a row that was drawn never changes.

mod details;
mod export;
mod filter;
mod labels;

use evertoken::message::{ActivityEntry, ActivityEvent, CallReport, FailedMethod};
use evertoken::problem::Problem;
use evertoken::settings::RenewalMethodId;

pub use self::details::Detail;
pub use self::export::{File, export};
pub use self::filter::{Choice, Filter};
use super::call_time::{Phase, Span, spans, stood_still};

/// How many entries are kept in memory: as many as a worker keeps.
const CAPACITY: usize = 500;
/// How many rows are shown.
const ROWS: usize = 200;

/// The entries of the worker's activity that the popup knows.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// Oldest first.
    entries: Vec<ActivityEntry>,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The event that the row is about.
    pub entry: &'a ActivityEntry,
    /// The renewal that the call waited for.
    waited_for: Option<Renewal<'a>>,
}

/// A renewal that ended.
#[derive(Clone, Copy, Debug)]
struct Renewal<'a> {
    method: Option<RenewalMethodId>,
    failed: &'a [FailedMethod],
    milliseconds: u32,
    problem: Option<&'a Problem>,
}

impl Timeline {
    /// The id of the newest entry, after which to ask the worker; 0 where there is none.
    #[must_use]
    pub fn newest(&self) -> u64 {
        self.entries.last().map_or(0, |newest| newest.id)
    }

    /// Whether there are entries between the newest that is known and these.
    #[must_use]
    pub fn misses_some_before(&self, entries: &[ActivityEntry]) -> bool {
        let first = entries.first();
        first.is_some_and(|first| first.id > self.newest() + 1)
    }

    /// Adds entries, without those that are known already. A worker that died before it stored its last entries is
    /// followed by one that gives their ids to others, so an id alone does not name an entry.
    pub fn add(&mut self, entries: Vec<ActivityEntry>) {
        for entry in entries {
            if !self.entries.iter().rev().any(|known| *known == entry) {
                self.entries.push(entry);
            }
        }
        self.entries.sort_by_key(|entry| (entry.at, entry.id));
        let surplus = self.entries.len().saturating_sub(CAPACITY);
        self.entries.drain(..surplus);
    }

    /// All entries, oldest first.
    #[must_use]
    pub fn entries(&self) -> &[ActivityEntry] {
        &self.entries
    }

    /// The rows, newest first.
    #[must_use]
    pub fn rows(&self) -> Vec<Row<'_>> {
        let mut folded: Vec<&ActivityEntry> = Vec::new();
        let mut rows = Vec::new();
        for entry in self.entries.iter().rev() {
            if let ActivityEvent::Unauthorized { .. } | ActivityEvent::Resent { .. } = entry.event {
                // Parts of a call; the call has a row when it has ended.
                continue;
            }
            let renewal = self.renewal_of(entry);
            let waited_for = renewal.and_then(Renewal::of);
            // A renewal that failed has a row of its own as well.
            let is_part = waited_for.is_some_and(|renewal| renewal.problem.is_none());
            folded.extend(renewal.filter(|_| is_part));
            if !folded.iter().any(|part| std::ptr::eq(*part, entry)) {
                rows.push(Row { entry, waited_for });
            }
        }
        rows.truncate(ROWS);
        rows
    }

    /// The renewal that a call waited for: the last one that ended while the call stood still.
    fn renewal_of(&self, entry: &ActivityEntry) -> Option<&ActivityEntry> {
        let ActivityEvent::Called(report) = &entry.event else {
            return None;
        };
        let began = entry.at.0 - i64::from(report.milliseconds);
        let (from, to) = stood_still(report)?;
        let meanwhile = began + i64::from(from)..=began + i64::from(to);
        self.entries.iter().rev().find(|candidate| {
            meanwhile.contains(&candidate.at.0) && Renewal::of(candidate).is_some()
        })
    }
}

impl Row<'_> {
    /// Names the row among all others, also those of other workers.
    #[must_use]
    pub fn key(&self) -> String {
        let (at, id) = (self.entry.at.0.to_string(), self.entry.id.to_string());
        [&at, ".", &id].concat()
    }

    /// The report of the call that the row is about.
    fn report(&self) -> Option<&CallReport> {
        match &self.entry.event {
            ActivityEvent::Called(report) => Some(report),
            _ => None,
        }
    }

    /// Why it failed.
    fn problem(&self) -> Option<&Problem> {
        match &self.entry.event {
            ActivityEvent::Called(CallReport { problem, .. })
            | ActivityEvent::Renewed { problem, .. }
            | ActivityEvent::SignedIn { problem }
            | ActivityEvent::LeftProvider { problem } => problem.as_ref(),
            _ => None,
        }
    }

    /// The renewal that the row is about, or that its call waited for.
    fn renewal(&self) -> Option<Renewal<'_>> {
        self.waited_for.or_else(|| Renewal::of(self.entry))
    }

    /// How long it took; `None` for what takes no time.
    #[must_use]
    pub fn milliseconds(&self) -> Option<u32> {
        match &self.entry.event {
            ActivityEvent::Called(CallReport { milliseconds, .. })
            | ActivityEvent::Renewed { milliseconds, .. } => Some(*milliseconds),
            _ => None,
        }
    }

    /// The length of the row's bar, in hundredths of the room there is, and its parts from left to right; `None` for
    /// what takes no time.
    #[must_use]
    pub fn bar(&self) -> Option<(u8, Vec<Span>)> {
        let milliseconds = self.milliseconds()?;
        let renewal = Span {
            phase: Phase::Renewal,
            milliseconds,
        };
        let spans = self.call_spans().unwrap_or_else(|| vec![renewal]);
        Some((length(milliseconds), spans))
    }

    /// How a call spent its time.
    fn call_spans(&self) -> Option<Vec<Span>> {
        let report = self.report()?;
        // A renewal that is not among the entries any more was one all the same.
        let renewal = report.renewed || self.waited_for.is_some();
        Some(spans(report, renewal))
    }
}

impl<'a> Renewal<'a> {
    fn of(entry: &'a ActivityEntry) -> Option<Self> {
        match &entry.event {
            ActivityEvent::Renewed {
                method,
                failed,
                milliseconds,
                problem,
            } => Some(Self {
                method: *method,
                failed,
                milliseconds: *milliseconds,
                problem: problem.as_ref(),
            }),
            _ => None,
        }
    }
}

/// The length of a bar: every doubling of the time adds the same, so that 10 ms and 10 s are both to be seen.
fn length(milliseconds: u32) -> u8 {
    let milliseconds = milliseconds.max(1);
    let doublings = milliseconds.ilog2();
    // Between two doublings in eighths.
    let eighths = ((u64::from(milliseconds) * 8) >> doublings) - 8;
    // 2^13 ms are 8 s.
    let share = (u64::from(doublings) * 8 + eighths) * 100 / (13 * 8);
    u8::try_from(share.clamp(4, 100)).unwrap_or(100)
}

#[cfg(test)]
mod tests;
