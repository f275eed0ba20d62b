//! `cargo xtask pictures`: takes the README's screenshots from the browser tests of the popup.

use std::process::ExitCode;

use anyhow::{Context, Result};
use xtask::extension::{self, Profile};
use xtask::{fonts, process, root};

/// The name of a picture in the browser tests, and in the README.
const PICTURES: [(&str, &str); 3] = [
    ("popup-session", "session"),
    ("popup-console-answer", "console"),
    ("popup-activity-row", "activity"),
];
const TEST: &str = "the_popup_in_english";

pub(crate) fn run() -> Result<ExitCode> {
    fonts::prefer_fonts();
    extension::build(Profile::Shipped)?;
    let mut test = process::cargo();
    test.args(["test", "--quiet", "--locked", "--package", "evertoken-e2e"]);
    test.args(["--test", "appearance", "--", "--exact", TEST]);
    let status = test.status().context("cargo cannot be started")?;
    if !status.success() {
        return Ok(ExitCode::FAILURE);
    }
    for (taken, shown) in PICTURES {
        for theme in ["light", "dark"] {
            let from = root().join(format!("target/pictures/en/{taken}-{theme}.png"));
            let to = root().join(format!("docs/images/{shown}-{theme}.png"));
            std::fs::copy(&from, &to).with_context(|| format!("no picture {}", from.display()))?;
            println!("{}", to.display());
        }
    }
    Ok(ExitCode::SUCCESS)
}
