//! `cargo xtask test`: everything, cheapest first, up to the first failure.

mod browser;
mod fuzzing;
mod lints;
mod native;
mod planted;
mod size;
mod tally;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;

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
    let ran = STEPS.iter().try_for_each(|step| run_step(step, &mut tally));
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

#[expect(
    clippy::disallowed_methods,
    reason = "xtask times its steps; nothing is decided by it"
)]
fn run_step((name, step): &Step, tally: &mut Tally) -> Result<()> {
    eprintln!("== {name}");
    let start = Instant::now();
    let done = step(tally);
    eprintln!("-- {name}: {:.1} s", start.elapsed().as_secs_f64());
    done
}
