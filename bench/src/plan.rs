//! What is measured in one run: everything, or some kinds of work.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};

use crate::course::Work;

/// The default number of rounds.
const ROUNDS: usize = 10;
/// The number of rounds with `--quick`: enough to see that everything works.
const QUICK_ROUNDS: usize = 2;

/// The kinds of work, by the names that `--only` takes.
const KINDS: [&str; 8] = [
    "id_token", "popup", "post", "revoked", "stopped", "storm", "use", "warm",
];

/// What is measured, and how often.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) quick: bool,
    only: Option<BTreeSet<String>>,
    rounds: Option<usize>,
}

impl Plan {
    /// Parses the command line: `[--quick] [--only KIND,...] [--rounds N]`.
    pub(crate) fn parse(words: impl IntoIterator<Item = String>) -> Result<Self> {
        let mut plan = Self {
            quick: false,
            only: None,
            rounds: None,
        };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--quick" => plan.quick = true,
                "--only" => {
                    let kinds = words.next().context("--only needs kinds of work")?;
                    plan.only = Some(kinds.split(',').map(str::to_owned).collect());
                }
                "--rounds" => {
                    let rounds = words.next().and_then(|word| word.parse().ok());
                    plan.rounds = Some(rounds.context("--rounds needs a number")?);
                }
                _ => anyhow::bail!("unknown: {word}"),
            }
        }
        for kind in plan.only.iter().flatten() {
            ensure!(
                KINDS.contains(&kind.as_str()),
                "no work is called {kind}; there are {}",
                KINDS.join(", ")
            );
        }
        Ok(plan)
    }

    pub(crate) fn rounds(&self) -> usize {
        let usual = if self.quick { QUICK_ROUNDS } else { ROUNDS };
        self.rounds.unwrap_or(usual)
    }

    /// Whether everything is measured, so that the results can be written to files and compared with the goals.
    pub(crate) fn is_whole(&self) -> bool {
        self.only.is_none()
    }

    pub(crate) fn has(&self, kind: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(kind))
    }

    pub(crate) fn includes(&self, work: Work) -> bool {
        self.has(match work {
            Work::Warm => "warm",
            Work::Post(_) => "post",
            Work::Revoked => "revoked",
            Work::Storm { .. } => "storm",
            Work::Stopped => "stopped",
            Work::Use => "use",
            Work::Load => "popup",
            Work::IdToken(_) => "id_token",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(line: &str) -> Result<Plan> {
        Plan::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn without_a_word_everything_is_done() {
        let plan = plan("").unwrap();
        assert!(plan.is_whole() && plan.includes(Work::Warm) && plan.has("popup"));
        assert_eq!(plan.rounds(), ROUNDS);
    }

    #[test]
    fn some_work_can_be_done_alone() {
        let plan = plan("--only warm,id_token --quick").unwrap();
        assert!(!plan.is_whole() && plan.includes(Work::Warm) && plan.has("id_token"));
        assert!(!plan.includes(Work::Stopped) && !plan.has("popup"));
        assert_eq!(plan.rounds(), QUICK_ROUNDS);
    }

    #[test]
    fn the_rounds_can_be_counted() {
        assert_eq!(plan("--only stopped --rounds 40").unwrap().rounds(), 40);
        assert!(plan("--rounds").is_err() && plan("--rounds many").is_err());
    }

    #[test]
    fn work_that_there_is_not_is_told_with_what_there_is() {
        let error = plan("--only cold").unwrap_err().to_string();
        assert!(error.starts_with("no work is called cold; there are id_token, popup"));
        assert!(plan("--only").is_err() && plan("cold").is_err());
    }
}
