//! Chromium and its driver, found or installed.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{apt, process};

/// Not `google-chrome`: it ignores `--load-extension`.
const CHROMIUM: [&str; 2] = ["chromium", "chromium-browser"];
const CHROMEDRIVER: [&str; 2] = ["chromedriver", "chromium.chromedriver"];
const PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];

/// A browser that loads unpacked extensions, and the driver that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Browser {
    /// The browser's program.
    pub chromium: PathBuf,
    /// The WebDriver server.
    pub chromedriver: PathBuf,
}

/// Finds Chromium and chromedriver in PATH, or installs Debian's.
///
/// # Errors
/// When they are not there and cannot be installed; the text says what to install.
pub fn ensure_browser() -> Result<Browser> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    apt::install(&PACKAGES, "Chromium and chromedriver are needed")?;
    find().context("chromium and chromium-driver are installed, but not in PATH")
}

fn find() -> Option<Browser> {
    Some(Browser {
        chromium: CHROMIUM.iter().find_map(|name| process::find(name))?,
        chromedriver: CHROMEDRIVER.iter().find_map(|name| process::find(name))?,
    })
}
