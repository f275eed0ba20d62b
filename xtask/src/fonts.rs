//! Finds or installs a font for Japanese and Simplified Chinese. Without one, pages in these languages show boxes, and
//! their layout cannot be tested.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::{apt, process};

/// The languages by fontconfig's names.
const LANGUAGES: [&str; 2] = ["ja", "zh-cn"];

/// The smallest Debian package with a font for both languages.
const PACKAGE: &str = "fonts-wqy-microhei";
const INSTALLED: &str = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc";

/// Finds a font for every language of `_locales`, or installs Debian's.
///
/// # Errors
/// When there is none and it cannot be installed; the text says what to install.
pub fn ensure_fonts() -> Result<()> {
    if is_there() {
        return Ok(());
    }
    let purpose = "A font for Japanese and Simplified Chinese is needed";
    apt::install(&[PACKAGE], purpose)?;
    ensure!(is_there(), "{PACKAGE} is installed, but no font is found");
    Ok(())
}

/// As [`ensure_fonts`], but a failure is only printed: without a font only the pictures of two languages are wrong.
pub fn prefer_fonts() {
    if let Err(error) = ensure_fonts() {
        eprintln!("{error:#}");
    }
}

fn is_there() -> bool {
    if process::find("fc-list").is_none() {
        // Systems without fontconfig have their own fonts.
        return Path::new(INSTALLED).exists() || !Path::new("/usr/bin/apt-get").exists();
    }
    LANGUAGES.iter().all(|language| {
        let fonts = process::output(Command::new("fc-list").arg(format!(":lang={language}")));
        fonts.is_ok_and(|fonts| !fonts.is_empty())
    })
}
