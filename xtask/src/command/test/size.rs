//! The size budgets.

use anyhow::{Result, ensure};
use xtask::extension::{self, Profile};

use super::tally::Tally;

/// The most bytes of gzip that a module and its script may have together. `docs/adr/0008-worker-size.md` has the reasons
/// and the present sizes.
const WORKER: usize = 300_000;
const POPUP: usize = 130_000;
const OPTIONS: usize = 260_000;

pub(crate) fn budget(_: &mut Tally) -> Result<()> {
    let sizes = extension::build(Profile::Shipped)?;
    print!("{}", extension::size_report()?);
    keep_to("worker", sizes.worker.gzip, WORKER)?;
    keep_to("popup", sizes.popup.gzip, POPUP)?;
    keep_to("options page", sizes.options.gzip, OPTIONS)
}

fn keep_to(what: &str, bytes: usize, budget: usize) -> Result<()> {
    println!("{what}: {bytes} of {budget} bytes gzip");
    ensure!(
        bytes <= budget,
        "the {what} weighs {bytes} bytes, {} over its budget",
        bytes - budget
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_its_budget_is_told() {
        assert!(keep_to("worker", 3, 3).is_ok());
        let error = keep_to("worker", 4, 3).unwrap_err().to_string();
        assert_eq!(error, "the worker weighs 4 bytes, 1 over its budget");
    }
}
