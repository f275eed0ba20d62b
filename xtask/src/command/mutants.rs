//! `cargo xtask mutants`: plants bugs in a copy of the engine, one at a time, and expects the simulation to find each.

mod copy;
mod table;

use std::process::{Command, ExitCode, Output};

use anyhow::{Context, Result, bail};
use xtask::process;

use self::copy::Copy;
use self::table::MUTANTS;

/// The beginning of the line in which the simulation reports a violated invariant.
const FOUND: &str = "VIOLATED by ";

/// The test with random runs, which finds most of the bugs within seconds.
const CHANCE: &str = "no_run_of_chance_violates_an_invariant";
/// The test with scenarios in which the worker is killed at every event.
const DEATHS: &str = "the_worker_may_die_at_every_single_event";

pub(crate) fn run() -> Result<ExitCode> {
    let count = all()?;
    println!(
        "{} planted bugs found, {} missed",
        count.found, count.missed
    );
    Ok(match count.missed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

/// How many of the planted bugs the simulation finds.
#[derive(Default)]
pub(crate) struct Count {
    pub(crate) found: u64,
    pub(crate) missed: u64,
}

/// Plants each bug in turn, and prints whether it was found.
///
/// # Errors
/// When a bug cannot be planted or does not compile, or the copy without bugs violates an invariant.
pub(crate) fn all() -> Result<Count> {
    let copy = Copy::of_workspace()?;
    if !simulate(&copy, "100", CHANCE)?.status.success() {
        bail!("the simulation finds something without a planted bug: run `cargo xtask simulate`");
    }
    let mut count = Count::default();
    for (name, edits) in MUTANTS {
        let found = copy
            .with(edits, || find(&copy))
            .with_context(|| (*name).to_owned())?;
        if let Some(violation) = found {
            count.found += 1;
            println!("found: {name} ({violation})");
        } else {
            count.missed += 1;
            println!("MISSED: {name}");
        }
    }
    Ok(count)
}

/// Runs the simulation of `copy`; the violation that it reports, if any.
fn find(copy: &Copy) -> Result<Option<String>> {
    let compiled = test(copy).arg("--no-run").output()?;
    if !compiled.status.success() {
        bail!("does not compile:\n{}", text(&compiled));
    }
    let mut ran = simulate(copy, "1000", CHANCE)?;
    if ran.status.success() {
        ran = simulate(copy, "1000", DEATHS)?;
    }
    if ran.status.success() {
        return Ok(None);
    }
    let words = text(&ran);
    let violation = words.lines().find_map(|line| line.strip_prefix(FOUND));
    let violation =
        violation.with_context(|| format!("fails by no violated invariant:\n{words}"))?;
    Ok(Some(violation.to_owned()))
}

fn simulate(copy: &Copy, seeds: &str, name: &str) -> Result<Output> {
    let mut test = test(copy);
    test.env("EVERTOKEN_SIMULATION_SEEDS", seeds);
    test.args(["--", name]);
    test.output().context("cargo cannot be started")
}

/// A command for the simulation of the copy; its unchanged dependencies share the workspace's build cache.
fn test(copy: &Copy) -> Command {
    let mut test = process::cargo();
    test.current_dir(copy.root());
    test.env("CARGO_TARGET_DIR", xtask::root().join("target"))
        .env("CARGO_INCREMENTAL", "1");
    test.args(["test", "--quiet", "--locked", "--package", "evertoken"]);
    test.args(["--test", "simulation"]);
    test
}

fn text(output: &Output) -> String {
    let parts = [&output.stdout, &output.stderr];
    parts.map(|part| String::from_utf8_lossy(part)).concat()
}
