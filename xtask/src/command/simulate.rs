//! `cargo xtask simulate`: the engine in a simulated environment with random faults, for any number of seeds.

use std::process::ExitCode;

use anyhow::{Context, Result};
use xtask::process;

use crate::flags;

/// From this number of seeds on, compiling with optimization saves time.
const MANY: u64 = 20_000;

pub(crate) fn run(flags: &flags::Simulate) -> Result<ExitCode> {
    let mut test = process::cargo();
    test.args(["test", "--quiet", "--locked", "--package", "evertoken"]);
    test.args(["--test", "simulation"]);
    if flags.seeds.is_some_and(|seeds| seeds >= MANY) {
        // Optimized like a release build, but integer overflows still panic.
        test.args(["--profile", "fuzzing"]);
    }
    let numbers = [("SEEDS", flags.seeds), ("SEED", flags.seed)];
    for (name, number) in numbers {
        if let Some(number) = number {
            test.env(format!("EVERTOKEN_SIMULATION_{name}"), number.to_string());
        }
    }
    test.args(["--", "no_run_of_chance_violates_an_invariant"]);
    let status = test.status().context("cargo cannot be started")?;
    Ok(match status.success() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}
