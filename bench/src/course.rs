//! Does the work and measures how long it takes.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use serde_json::json;

use crate::contestant::{Contestant, Kind};
use crate::plan::Plan;
use crate::statistics::Times;

/// A piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Work {
    /// Calls one after the other, with a valid token.
    Warm,
    /// Calls with a body of this many bytes, one after the other.
    Post(usize),
    /// One call after the token was revoked.
    Revoked,
    /// `calls` calls at once, with a valid or a revoked token.
    Storm { calls: usize, revoked: bool },
    /// One call after the worker was stopped.
    Stopped,
    /// Bursts of calls; the token is revoked between some of them.
    Use,
    /// Opening a page of the extension while the worker is stopped, until the page is usable.
    Load,
    /// The validation of an id_token that is signed with this algorithm.
    IdToken(&'static str),
}

/// The results of a piece of work for one subject.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) times: Times,
    /// The number of repetitions that did not end within a minute.
    pub(crate) unfinished: usize,
    /// The number of calls that ended with another status than 200.
    pub(crate) failed: usize,
    /// The most renewals that the provider saw in one repetition.
    pub(crate) renewals: usize,
    /// The most calls that the API saw in one repetition.
    pub(crate) calls: usize,
}

/// The outcomes by work, then by the name of the subject.
pub(crate) type Results = BTreeMap<Work, Vec<(&'static str, Outcome)>>;

pub(crate) const COURSE: [Work; 11] = [
    Work::Warm,
    Work::Post(1_000),
    Work::Post(1_000_000),
    Work::Post(10_000_000),
    Work::Revoked,
    Work::Stopped,
    Work::Storm {
        calls: 100,
        revoked: false,
    },
    Work::Storm {
        calls: 100,
        revoked: true,
    },
    Work::Storm {
        calls: 1_000,
        revoked: false,
    },
    Work::Storm {
        calls: 1_000,
        revoked: true,
    },
    Work::Use,
];

/// How often a thousand calls at once are measured. Half an hour of use is measured once.
const GREAT_STORMS: usize = 3;
/// The number of untimed calls that warm up page and worker.
const WARM_UP: usize = 20;
const BURSTS: usize = 60;
const BURST: usize = 10;
const BURSTS_PER_TOKEN: usize = 10;

#[derive(Deserialize)]
struct Storm {
    ms: Option<f64>,
    answered: usize,
    failed: BTreeMap<String, usize>,
}

impl Work {
    fn is_for(self, kind: Kind) -> bool {
        match self {
            Self::Revoked | Self::Storm { revoked: true, .. } | Self::Use => {
                matches!(kind, Kind::Library | Kind::Evertoken)
            }
            Self::Stopped => kind.has_worker(),
            Self::Load | Self::IdToken(_) => false,
            _ => true,
        }
    }

    fn is_due(self, round: usize, before: &Outcome) -> bool {
        match self {
            Self::Use => round == 0,
            // A subject that did not finish this once is not measured again.
            Self::Storm { calls: 1_000, .. } => round < GREAT_STORMS && before.unfinished == 0,
            _ => true,
        }
    }
}

/// Measures all work for all subjects, which take turns.
pub(crate) async fn run(team: &[Contestant], plan: &Plan) -> Result<Results> {
    let mut results = Results::new();
    let rounds = plan.rounds();
    for round in 0..rounds {
        eprintln!("round {} of {rounds}", round + 1);
        for work in COURSE.into_iter().filter(|work| plan.includes(*work)) {
            let row = results.entry(work).or_insert_with(|| {
                let partakers = team.iter().filter(|it| work.is_for(it.kind));
                partakers.map(|it| (it.name, Outcome::default())).collect()
            });
            // The subject that went first goes last in the next round.
            let count = row.len();
            for turn in 0..count {
                let (name, outcome) = &mut row[(turn + round) % count];
                let contestant = team.iter().find(|it| it.name == *name).context("nobody")?;
                if work.is_due(round, outcome) {
                    let done = contestant.measure(work, outcome).await;
                    done.with_context(|| format!("{name}: {work:?}"))?;
                }
            }
        }
    }
    Ok(results)
}

impl Contestant {
    async fn measure(&self, work: Work, outcome: &mut Outcome) -> Result<()> {
        let (renewals, calls) = (self.renewals(), self.api().log().len());
        match work {
            Work::Warm => {
                // The worker may have been stopped while the other subjects were measured.
                self.series(WARM_UP, 0).await?;
                outcome.times.add(self.series(30, 0).await?);
            }
            Work::Post(bytes) => {
                let count = if bytes < 1_000_000 { 10 } else { 3 };
                outcome.times.add(self.series(count, bytes).await?);
            }
            Work::Revoked => {
                self.api().revoke_all();
                outcome.times.add(self.series(1, 0).await?);
            }
            Work::Stopped => {
                self.browser().stop_workers().await?;
                outcome.times.add(self.series(1, 0).await?);
            }
            Work::Storm { calls, revoked } => {
                if revoked {
                    self.api().revoke_all();
                }
                self.storm(calls, outcome).await?;
            }
            Work::Use => self.live(outcome).await?,
            Work::Load | Work::IdToken(_) => {}
        }
        outcome.renewals = outcome.renewals.max(self.renewals() - renewals);
        outcome.calls = outcome.calls.max(self.api().log().len() - calls);
        Ok(())
    }

    fn url(&self) -> String {
        self.api().url("/v1/bench")
    }

    async fn series(&self, count: usize, bytes: usize) -> Result<Vec<f64>> {
        let args = json!([self.url(), count, bytes]);
        let times = self.browser().eval("return course.series(...args)", args);
        Ok(serde_json::from_value(times.await?)?)
    }

    async fn storm(&self, calls: usize, outcome: &mut Outcome) -> Result<()> {
        let args = json!([self.url(), calls]);
        let storm = self.browser().eval("return course.storm(...args)", args);
        let storm: Storm = serde_json::from_value(storm.await?)?;
        outcome.failed += storm.failed.values().sum::<usize>();
        outcome.times.add(storm.ms);
        if storm.ms.is_none() {
            outcome.unfinished += 1;
            eprintln!(
                "{}: {} of {calls} calls after a minute",
                self.name, storm.answered
            );
            self.open().await?;
        }
        Ok(())
    }

    /// The calls of half an hour of use, without the pauses: bursts of calls, and a new token every simulated five minutes.
    async fn live(&self, outcome: &mut Outcome) -> Result<()> {
        let mut whole = Outcome::default();
        for burst in 0..BURSTS {
            if burst % BURSTS_PER_TOKEN == 0 {
                self.api().revoke_all();
            }
            self.storm(BURST, &mut whole).await?;
        }
        ensure!(whole.unfinished == 0, "a burst does not end");
        outcome.failed += whole.failed;
        Ok(())
    }
}
