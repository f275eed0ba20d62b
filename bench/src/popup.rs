//! Measures how soon the popup is usable, compared with an empty page of the same extension. The worker is stopped before
//! either is opened.

use anyhow::Result;
use evertoken_demo::browser::Browser;
use evertoken_demo::stage::{Stage, StageOptions};
use serde_json::json;

use crate::course::{Outcome, Results, Work};

/// The empty page. Like any usable page it has a style sheet and a script, but both are empty.
const EMPTY: &str = "<!doctype html><meta charset=\"utf-8\"><title>Empty</title>
    <link rel=\"stylesheet\" href=\"empty.css\"><script src=\"empty.js\" type=\"module\"></script>";
const LOADED: &str = "
    const [navigation] = performance.getEntriesByType('navigation');
    return navigation.loadEventEnd || null;";
const INTERACTIVE: &str =
    "return performance.getEntriesByName('interactive')[0]?.startTime ?? null;";
const PAGES: [(&str, &str, &str); 2] = [
    ("empty page", "popup/empty.html", LOADED),
    ("Evertoken's popup", "popup/popup.html", INTERACTIVE),
];

pub(crate) async fn run(results: &mut Results, rounds: usize) -> Result<()> {
    let stage = Stage::set_up(StageOptions::default()).await?;
    for (path, contents) in [
        ("popup/empty.html", EMPTY),
        ("popup/empty.css", ""),
        ("popup/empty.js", ""),
    ] {
        stage.add_file(path, contents)?;
    }
    let mut outcomes = PAGES.map(|(name, ..)| (name, Outcome::default()));
    for _ in 0..rounds {
        for ((_, page, question), (_, outcome)) in PAGES.iter().zip(&mut outcomes) {
            outcome
                .times
                .add([load(&stage.browser, page, question).await?]);
        }
    }
    results.insert(Work::Load, outcomes.into());
    stage.close().await
}

async fn load(browser: &Browser, page: &str, question: &str) -> Result<f64> {
    browser.open("popup/empty.html").await?;
    browser.stop_workers().await?;
    // Leaves the page first, so that it is loaded again.
    browser.open("popup/empty.css").await?;
    browser.open(page).await?;
    browser
        .until("the page's own measure", async || {
            Ok(browser.eval(question, json!([])).await?.as_f64())
        })
        .await
}
