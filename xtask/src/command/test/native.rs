//! Tests that need no browser.

use anyhow::Result;
use xtask::process;

use super::tally::Tally;

/// The pages' view models compile natively; the pages do not, and are tested in the browser.
const PACKAGES: [&str; 10] = [
    "evertoken",
    "evertoken-bench",
    "evertoken-demo",
    "evertoken-fuzz-targets",
    "evertoken-oidc",
    "evertoken-options",
    "evertoken-pages",
    "evertoken-popup",
    "evertoken-provider-core",
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
