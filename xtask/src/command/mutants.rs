//! `cargo xtask mutants`: plants a bug in a copy of the engine, one after the other, and expects the simulation to find it.

mod copy;
mod table;

use std::process::{Command, ExitCode, Output};

use anyhow::{Context, Result, bail};
use xtask::process;

use self::copy::Copy;
use self::table::{MUTANTS, Mutant};

/// How a violated invariant begins in what the simulation prints.
const FOUND: &str = "VIOLATED by ";

/// The runs of chance, which find most of them within seconds.
const CHANCE: &str = "no_run_of_chance_violates_an_invariant";
/// The stories in which the worker dies at every event.
const DEATHS: &str = "the_worker_may_die_at_every_single_event";

pub(crate) fn run() -> Result<ExitCode> {
    let count = all(|line| println!("{line}"))?;
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

/// Plants them all; `tell` hears of each.
///
/// # Errors
/// When a bug cannot be planted, or does not compile, or the copy without any of them violates an invariant.
pub(crate) fn all(tell: impl Fn(&str)) -> Result<Count> {
    let copy = Copy::of_workspace()?;
    let sound = simulate(&copy, "100", CHANCE)?;
    if !sound.status.success() {
        bail!("the simulation finds something without a planted bug: run `cargo xtask simulate`");
    }
    let mut count = Count::default();
    for mutant in MUTANTS {
        match find(&copy, mutant).with_context(|| mutant.name.to_owned())? {
            Some(how) => {
                count.found += 1;
                tell(&format!("found: {} ({how})", mutant.name));
            }
            None => {
                count.missed += 1;
                tell(&format!("MISSED: {}", mutant.name));
            }
        }
    }
    Ok(count)
}

/// By which violation the simulation finds `mutant`.
fn find(copy: &Copy, mutant: &Mutant) -> Result<Option<String>> {
    let planted = copy.plant(mutant.edits)?;
    let compiled = test(copy)
        .arg("--no-run")
        .output()
        .context("cargo cannot be started")?;
    if !compiled.status.success() {
        bail!("does not compile:\n{}", text(&compiled));
    }
    let mut ran = simulate(copy, "1000", CHANCE)?;
    if ran.status.success() {
        ran = simulate(copy, "1000", DEATHS)?;
    }
    planted.restore()?;
    if ran.status.success() {
        return Ok(None);
    }
    let words = text(&ran);
    match words.lines().find_map(|line| line.strip_prefix(FOUND)) {
        Some(how) => Ok(Some(how.to_owned())),
        None => bail!("the simulation fails, but not by a violated invariant:\n{words}"),
    }
}

fn simulate(copy: &Copy, seeds: &str, name: &str) -> Result<Output> {
    let mut test = test(copy);
    test.env("EVERTOKEN_SIMULATION_SEEDS", seeds);
    test.args(["--", name]);
    test.output().context("cargo cannot be started")
}

/// The simulation of the copy, which shares with the workspace all that is not its own.
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
