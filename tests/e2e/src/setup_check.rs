//! Functions that run the setup check of the options page and read its results.

use anyhow::{Context as _, Result, ensure};
use evertoken_demo::browser::Browser;
use evertoken_demo::stage::{Stage, StageOptions};
use serde::Deserialize;
use serde_json::{Value, json};

/// The options page's path.
pub const OPTIONS: &str = "options/options.html";

const LINE: &str = "
    const line = document.getElementById(`check-${args[0]}`);
    if (!line || line.classList.contains('open')) return null;
    const text = (selector) => line.querySelector(selector)?.textContent ?? '';
    return {
        verdict: line.classList[1], found: text('.found'), fix: text('.fix p'), code: text('code'),
        buttons: [...line.querySelectorAll('button')].map((button) => button.textContent),
    };";

/// A result of the setup check as the page shows it.
#[derive(Clone, Debug, Deserialize)]
pub struct Line {
    /// `passed`, `failed`, `unsure` or `skipped`.
    pub verdict: String,
    /// The sentence that says what was found.
    pub found: String,
    /// The sentence that says what to change; empty if nothing needs to change.
    pub fix: String,
    /// The problem code; empty if there is none.
    pub code: String,
    /// The names of its buttons.
    pub buttons: Vec<String>,
}

/// A stage with these options that shows the options page.
///
/// # Errors
/// When something does not start.
pub async fn options_of(options: StageOptions) -> Result<Stage> {
    let stage = Stage::set_up(options).await?;
    stage.browser.open(OPTIONS).await?;
    Ok(stage)
}

/// As [`options_of`], with these settings merged into the demo's own.
///
/// # Errors
/// When something does not start.
pub async fn options_with(settings: Value) -> Result<Stage> {
    options_of(StageOptions {
        settings,
        ..StageOptions::default()
    })
    .await
}

/// Starts the check by its button, waits up to 30 s for its end, and returns its summary.
///
/// # Errors
/// When it does not end.
pub async fn check(browser: &Browser) -> Result<String> {
    browser.press("Check setup").await?;
    ended(browser).await
}

/// Waits for the end of the check and returns its summary.
///
/// # Errors
/// When it does not end.
pub async fn ended(browser: &Browser) -> Result<String> {
    browser
        .until("the end of the check", async || {
            let sum = "
                const open = document.querySelector('#check-lines[aria-busy], .line.open');
                const lines = document.querySelector('.line');
                return lines && !open ? document.getElementById('check-status').textContent : null;";
            let sum = browser.eval(sum, json!([])).await?;
            Ok(sum.as_str().map(str::to_owned))
        })
        .await
}

/// The result of the check with this name.
///
/// # Errors
/// When there is none, or the check is still running.
pub async fn line(browser: &Browser, name: &str) -> Result<Line> {
    let line = browser.eval(LINE, json!([name])).await?;
    ensure!(!line.is_null(), "no line {name}");
    serde_json::from_value(line).context("a line of another shape")
}

/// Asserts that the check with this name failed, and that its sentences contain `found` and `fix`.
///
/// # Errors
/// When it does not.
pub async fn failed(browser: &Browser, name: &str, found: &str, fix: &str) -> Result<Line> {
    let line = line(browser, name).await?;
    ensure!(line.verdict == "failed", "{name}: {line:?}");
    ensure!(line.found.contains(found), "{name}: {line:?}");
    ensure!(line.fix.contains(fix), "{name}: {line:?}");
    Ok(line)
}

/// The names of all checks that failed.
///
/// # Errors
/// When the page cannot be asked.
pub async fn all_failed(browser: &Browser) -> Result<Vec<String>> {
    let names = "
        const failed = [...document.querySelectorAll('.line.failed')];
        return failed.map((line) => line.id.replace('check-', ''));";
    Ok(serde_json::from_value(
        browser.eval(names, json!([])).await?,
    )?)
}
