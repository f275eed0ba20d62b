//! Prints what a command is doing, while it does it.

use std::time::Instant;

use anyhow::Result;

/// Prints that `what` begins, runs `work`, and prints how long it took.
///
/// # Errors
/// Those of `work`.
#[expect(
    clippy::disallowed_methods,
    reason = "xtask times its steps; nothing is decided by it"
)]
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("== {what}");
    let start = Instant::now();
    let done = work();
    eprintln!("-- {what}: {:.1} s", start.elapsed().as_secs_f64());
    done
}
