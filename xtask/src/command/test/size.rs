//! The size budget.

use anyhow::{Result, bail};
use xtask::extension;

use super::tally::Tally;

/// A ratchet, with the script that starts the module. The goal is what the seed's stack weighs, 75,600 bytes (auth0-js and
/// axios).
const WORKER_GZIP: usize = 190_000;
/// With all three views.
const POPUP_GZIP: usize = 87_000;

pub(crate) fn budget(_: &mut Tally) -> Result<()> {
    let sizes = extension::build()?;
    for (name, size, budget) in [
        ("worker", sizes.worker, WORKER_GZIP),
        ("popup", sizes.popup, POPUP_GZIP),
    ] {
        println!("{name}: {size} (budget: {budget} bytes gzip)");
        if size.gzip > budget {
            bail!("the {name} is {} bytes over its budget", size.gzip - budget);
        }
    }
    Ok(())
}
