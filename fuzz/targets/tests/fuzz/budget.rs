//! How long a target runs, and its first seed.

use std::env;
use std::thread;
use std::time::{Duration, Instant};

/// The default time in seconds: short enough for every `cargo test`.
const SECONDS: u64 = 2;

/// One target's share of the time.
pub(crate) struct Budget {
    start: Instant,
    share: Duration,
}

#[expect(
    clippy::disallowed_methods,
    reason = "it is the tests' own time that is measured"
)]
impl Budget {
    /// Starts the budget of one of `targets` targets: they share the cores, so that all of them together take the whole
    /// time.
    pub(crate) fn start(targets: usize) -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let turns = u32::try_from(targets.div_ceil(cores)).expect("few targets");
        let seconds = number("EVERTOKEN_FUZZ_SECONDS").unwrap_or(SECONDS);
        Self {
            start: Instant::now(),
            share: Duration::from_secs(seconds) / turns,
        }
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.start.elapsed() >= self.share
    }
}

/// The seed of the first batch: `EVERTOKEN_FUZZ_SEED`, or a fixed one.
pub(crate) fn first_seed() -> u64 {
    number("EVERTOKEN_FUZZ_SEED").unwrap_or(0)
}

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    let number = text.parse();
    Some(number.unwrap_or_else(|_| panic!("{variable} is no number: {text}")))
}
