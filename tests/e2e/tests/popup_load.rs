//! How long the popup takes to open, beside an empty page of the extension.

use anyhow::{Context as _, Result};
use evertoken_e2e::{POPUP, stage};
use serde_json::json;

const EMPTY: &str = "<!doctype html><meta charset=\"utf-8\"><title>Empty</title>";
/// Each page is opened so often, by turns.
const ROUNDS: usize = 15;

const LOADED: &str = "
    const [navigation] = performance.getEntriesByType('navigation');
    return navigation.loadEventEnd || null;";
const INTERACTIVE: &str =
    "return performance.getEntriesByName('interactive')[0]?.startTime ?? null;";

#[tokio::test]
async fn the_popup_is_ready_soon_after_an_empty_page_would_be() -> Result<()> {
    let stage = stage(json!({})).await?;
    let browser = &stage.browser;
    stage.add_file("popup/empty.html", EMPTY)?;
    let (mut empty, mut popup) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for (page, question, times) in [
            ("popup/empty.html", LOADED, &mut empty),
            (POPUP, INTERACTIVE, &mut popup),
        ] {
            browser.open("popup/empty.html").await?;
            browser.stop_workers().await?;
            browser.open("popup/popup.css").await?;
            browser.open(page).await?;
            let time = browser
                .until("the page's own measure", async || {
                    Ok(browser.eval(question, json!([])).await?.as_f64())
                })
                .await?;
            times.push(time);
        }
    }
    let [empty, popup] = [median(empty)?, median(popup)?];
    println!(
        "empty page {empty:.1} ms, popup {popup:.1} ms, ratio {:.2}",
        popup / empty
    );
    stage.close().await
}

fn median(mut times: Vec<f64>) -> Result<f64> {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().context("no times")
}
