//! Tests that need no browser.

use anyhow::Result;
use xtask::process;

use super::tally::Tally;

/// The popup's view models compile natively; its page does not, and is tested in the browser.
const PACKAGES: [&str; 5] = [
    "evertoken",
    "evertoken-demo",
    "evertoken-fuzz-targets",
    "evertoken-popup",
    "xtask",
];

pub(crate) fn tests(tally: &mut Tally) -> Result<()> {
    let mut test = process::cargo();
    test.args(["test", "--quiet", "--locked", "--no-fail-fast"]);
    for package in PACKAGES {
        test.args(["--package", package]);
    }
    tally.run(&mut test)
}
