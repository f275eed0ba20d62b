//! Counts tests in the output of `cargo test` and `node --test`, so that no test is skipped unnoticed.

use std::process::Command;

use anyhow::{Result, bail};
use xtask::process;

/// The number of tests of all steps so far.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    ignored: u64,
}

impl Tally {
    /// Runs a test command, prints its output and counts its tests.
    ///
    /// Fails when a test fails, when one is ignored, and when there are none.
    pub(crate) fn run(&mut self, command: &mut Command) -> Result<()> {
        let mut step = Self::default();
        let ended_well = process::stream(command, |line| {
            println!("{line}");
            step.count(line);
        })?;
        self.passed += step.passed;
        self.failed += step.failed;
        step.check(ended_well)
    }

    /// Counts cargo's `test result: ok. 3 passed; 0 failed; 0 ignored; ...` and Node's `# pass 3` in TAP.
    fn count(&mut self, line: &str) {
        let Some((_, result)) = line.split_once("test result: ") else {
            return self.count_tap(line);
        };
        for part in result.split([';', '.']) {
            let mut words = part.split_whitespace();
            let number = words
                .next()
                .and_then(|word| word.parse::<u64>().ok())
                .unwrap_or(0);
            match words.next() {
                Some("passed") => self.passed += number,
                Some("failed") => self.failed += number,
                Some("ignored") => self.ignored += number,
                _ => {}
            }
        }
    }

    fn count_tap(&mut self, line: &str) {
        let Some((name, number)) = line
            .strip_prefix("# ")
            .and_then(|rest| rest.split_once(' '))
        else {
            return;
        };
        let number = number.parse::<u64>().unwrap_or(0);
        match name {
            "pass" => self.passed += number,
            "fail" | "cancelled" => self.failed += number,
            "skipped" | "todo" => self.ignored += number,
            _ => {}
        }
    }

    fn check(&self, ended_well: bool) -> Result<()> {
        if self.failed > 0 || !ended_well {
            bail!(
                "{} of {} tests failed, or one ended the run",
                self.failed,
                self.passed + self.failed
            );
        }
        if self.ignored > 0 {
            bail!("{} tests are ignored; no test may be skipped", self.ignored);
        }
        if self.passed == 0 {
            bail!("no test ran");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(lines: &[&str]) -> Tally {
        let mut tally = Tally::default();
        lines.iter().for_each(|line| tally.count(line));
        tally
    }

    const OK: &str = "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
    const FAILED: &str = "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
    const IGNORED: &str = "test result: ok. 1 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s";

    #[test]
    fn results_are_added_up() {
        let tally = tally(&[OK, "test a ... ok", FAILED]);
        assert_eq!(
            tally,
            Tally {
                passed: 4,
                failed: 2,
                ignored: 0
            }
        );
    }

    #[test]
    fn nodes_results_are_counted_too() {
        let lines = [
            "# Subtest: a",
            "# tests 6",
            "# pass 3",
            "# fail 1",
            "# cancelled 1",
            "# skipped 1",
        ];
        let expected = Tally {
            passed: 3,
            failed: 2,
            ignored: 1,
        };
        assert_eq!(tally(&lines), expected);
    }

    #[test]
    fn a_run_that_passed_is_fine() {
        assert!(tally(&[OK]).check(true).is_ok());
    }

    #[test]
    fn failures_skipped_tests_and_empty_runs_are_told() {
        assert!(tally(&[FAILED]).check(false).is_err());
        assert!(tally(&[OK]).check(false).is_err());
        assert!(tally(&[IGNORED]).check(true).is_err());
        assert!(tally(&["no tests to run!"]).check(true).is_err());
    }

    #[test]
    fn a_command_is_counted() {
        let mut tally = Tally::default();
        tally.run(Command::new("echo").arg(OK)).unwrap();
        assert_eq!(tally.passed, 3);
    }
}
