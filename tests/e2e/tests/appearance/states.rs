//! The popup in states that pass: what is under way, what waits, what is open for a moment.

use anyhow::{Result, ensure};
use evertoken_demo::browser::Browser;
use evertoken_demo::stage::{Stage, StageOptions};
use evertoken_e2e::looks::{judge, nothing_jumped};
use evertoken_e2e::{ANSWER, PNG, open_popup};
use serde_json::json;

use super::{POPUP, click, send, type_into, until};

/// As high as 200 % zoom leaves the largest popup that Chrome shows, and as wide as WCAG's narrowest page (1.4.10 Reflow).
const ZOOMED: (u32, u32) = (320, 300);

pub(super) async fn popup_in(language: &'static str) -> Result<()> {
    let stage = Stage::set_up(StageOptions {
        language,
        wait_for_sign_in_s: 60,
        settings: json!({ "session": { "renewal_timeout_s": 25 } }),
        ..StageOptions::default()
    })
    .await?;
    stage.browser.emulate_size(POPUP.0, POPUP.1).await?;
    session(&stage, language).await?;
    console(&stage, language).await?;
    answers(&stage, language).await?;
    activity(&stage, language).await?;
    waiting(&stage, language).await?;
    stage.close().await
}

fn name(language: &str, state: &str) -> String {
    format!("{language}/popup-{state}")
}

async fn session(stage: &Stage, language: &str) -> Result<()> {
    let browser = &stage.browser;
    stage.provider.set_clock_offset(600);
    open_popup(browser).await?;
    click(browser, "sign-in").await?;
    until(browser, "document.querySelector('.badge.busy')").await?;
    judge(browser, &name(language, "signing-in")).await?;
    browser.sign_in_at_provider().await?;
    until(browser, "document.querySelector('.badge.on')").await?;
    until(browser, "document.getElementById('remark').textContent").await?;
    judge(browser, &name(language, "clock")).await?;

    stage.provider.hold();
    click(browser, "renew").await?;
    stage.provider.parked(1).await?;
    until(browser, "document.getElementById('progress').textContent").await?;
    ensure!(moves(browser).await?, "nothing tells that it renews");
    browser.emulate_reduced_motion().await?;
    ensure!(!moves(browser).await?, "motion that the user does not want");
    judge(browser, &name(language, "renewing")).await?;
    stage.provider.release();
    until(browser, "!document.getElementById('progress').textContent").await?;

    call(stage, "/v1/step-up").await?;
    until(browser, "document.getElementById('appeal').textContent").await?;
    judge(browser, &name(language, "step-up")).await
}

/// Begins a call that waits for the user.
async fn call(stage: &Stage, path: &str) -> Result<()> {
    let call = "globalThis.waiting = fetch(args[0]).catch(() => {}); return null";
    let url = json!([stage.api.url(path)]);
    stage.browser.eval(call, url).await.map(drop)
}

/// Whether anything moves.
async fn moves(browser: &Browser) -> Result<bool> {
    let moving =
        "return document.getAnimations().some((animation) => animation.playState === 'running')";
    Ok(browser.eval(moving, json!([])).await? == true)
}

async fn console(stage: &Stage, language: &str) -> Result<()> {
    let browser = &stage.browser;
    click(browser, "tab-console").await?;
    open_popup(browser).await?;
    until(browser, "document.getElementById('url').value").await?;
    let place = "return document.getElementById('send').getBoundingClientRect().top";
    let before = browser.eval(place, json!([])).await?;
    type_into(browser, "url", "https://evil.test/").await?;
    until(browser, "document.getElementById('beside').textContent").await?;
    let after = browser.eval(place, json!([])).await?;
    ensure!(
        before == after,
        "a note moves Send from {before} to {after}"
    );

    stage.api.hold();
    type_into(browser, "url", &stage.api.url("/v1/me")).await?;
    click(browser, "send").await?;
    stage.api.parked(1).await?;
    judge(browser, &name(language, "console-calling")).await?;
    stage.api.release();
    until(browser, "document.getElementById('status').textContent").await?;
    nothing_jumped(browser).await?;

    let copy = "document.querySelector('[aria-controls=copy-panel]').click()";
    browser.eval(copy, json!([])).await?;
    judge(browser, &name(language, "console-copy")).await?;
    click(browser, "saved-tool").await?;
    for kept in [
        "me",
        "Everything that was ordered since the beginning of the year",
    ] {
        type_into(browser, "keep-name", kept).await?;
        click(browser, "keep").await?;
    }
    until(
        browser,
        "document.querySelectorAll('#saved .row').length === 2",
    )
    .await?;
    judge(browser, &name(language, "console-saved")).await
}

async fn answers(stage: &Stage, language: &str) -> Result<()> {
    let browser = &stage.browser;
    for (state, answer) in [
        (
            "text",
            json!({ "type": "text/plain", "text": "Hello, here is a text.\nWith a line." }),
        ),
        ("image", json!({ "type": "image/png", "base64": PNG })),
    ] {
        browser.eval(ANSWER, answer).await?;
        send(browser, "https://api.example/").await?;
        judge(browser, &name(language, &format!("console-{state}"))).await?;
    }
    Ok(())
}

async fn activity(stage: &Stage, language: &str) -> Result<()> {
    let browser = &stage.browser;
    click(browser, "tab-activity").await?;
    open_popup(browser).await?;
    until(browser, "document.querySelector('#activity-rows li')").await?;
    nothing_jumped(browser).await?;
    type_into(browser, "activity-text", "no such thing").await?;
    judge(browser, &name(language, "activity-none")).await?;
    type_into(browser, "activity-text", "").await?;
    browser.emulate_size(ZOOMED.0, ZOOMED.1).await?;
    for view in ["activity", "console", "session"] {
        click(browser, &format!("tab-{view}")).await?;
        judge(browser, &name(language, &format!("zoomed-{view}"))).await?;
    }
    browser.emulate_size(POPUP.0, POPUP.1).await
}

async fn waiting(stage: &Stage, language: &str) -> Result<()> {
    let browser = &stage.browser;
    stage.api.revoke_all();
    stage.provider.end_sessions();
    call(stage, "/v1/me").await?;
    until(browser, "document.querySelector('.badge.attention')").await?;
    until(browser, "document.getElementById('appeal').textContent").await?;
    judge(browser, &name(language, "waiting")).await
}
