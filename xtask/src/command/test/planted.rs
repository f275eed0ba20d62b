//! Tests the simulation: it must find the planted bugs.

use anyhow::{Result, bail};

use super::tally::Tally;
use crate::command::mutants;

pub(crate) fn bugs(tally: &mut Tally) -> Result<()> {
    let count = mutants::all()?;
    tally.passed += count.found;
    tally.failed += count.missed;
    if count.missed > 0 {
        bail!("the simulation does not find {} planted bugs", count.missed);
    }
    Ok(())
}
