//! One minute of fuzzing: with libFuzzer if it is installed, otherwise with the stable runner. Both use the same targets
//! and seeds.

mod libfuzzer;

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use xtask::process;

use super::tally::Tally;

const SECONDS: u64 = 60;

pub(crate) fn minute(tally: &mut Tally) -> Result<()> {
    if libfuzzer::is_installed() {
        println!("fuzz: libFuzzer, {SECONDS} seconds");
        return libfuzzer::run(SECONDS);
    }
    let seed = fresh_seed();
    println!("fuzz: the stable runner, {SECONDS} seconds from seed {seed}");
    let mut test = process::cargo();
    test.args(["test", "--locked", "--profile", "fuzzing"]);
    test.args(["--package", "evertoken-fuzz-targets", "--test", "fuzz"]);
    test.args(["--", "--nocapture"]);
    test.env("EVERTOKEN_FUZZ_SECONDS", SECONDS.to_string());
    test.env("EVERTOKEN_FUZZ_SEED", seed.to_string());
    tally.run(&mut test)
}

/// A new seed for each run, so that repeated runs search different inputs.
#[expect(
    clippy::disallowed_methods,
    reason = "the seed is printed, so that a run can be repeated"
)]
fn fresh_seed() -> u128 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    // Batches count up from the seed; shifted, so that runs that start in different seconds use different seeds.
    now.map_or(0, |now| now.as_secs().into()) << 20
}
