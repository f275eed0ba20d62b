//! `cargo xtask test`: every check, cheapest first, until the first failure.

mod browser;
mod fuzzing;
mod lints;
mod native;
mod planted;
mod size;
mod tally;

use std::process::ExitCode;

use anyhow::Result;
use xtask::progress;

use tally::Tally;

type Step = (&'static str, fn(&mut Tally) -> Result<()>);

const STEPS: [Step; 10] = [
    ("format", lints::format),
    ("lints on the host", lints::host),
    ("lints on wasm32", lints::wasm32),
    ("unit, simulation and doc tests", native::tests),
    ("planted bugs, which the simulation finds", planted::bugs),
    ("fuzzing, one minute", fuzzing::minute),
    ("the extension and its size", size::budget),
    ("tests of the adapters in the browser", browser::adapters),
    ("third-party servers", browser::interop_servers),
    ("browser and interop tests", browser::end_to_end),
];

pub(crate) fn run() -> Result<ExitCode> {
    let mut tally = Tally::default();
    let mut steps = STEPS.iter();
    let ran = steps.try_for_each(|(name, step)| progress::step(name, || step(&mut tally)));
    if let Err(error) = &ran {
        eprintln!("error: {error:#}");
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    Ok(if ran.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
