//! How the pages look and are reached: axe's rules, cut and overlapping text, layout that jumps, in every state and
//! language, light and dark. The pictures are in `target/pictures`.

mod states;

use anyhow::Result;
use evertoken_demo::browser::Browser;
use evertoken_demo::stage::{Stage, StageOptions};
use evertoken_e2e::looks::{judge, nothing_jumped};
use evertoken_e2e::open_popup;
use serde_json::json;

/// What Chromium gives a popup.
const POPUP: (u32, u32) = (400, 600);
/// What 200 % zoom leaves of a small screen, and WCAG asks for (1.4.10 Reflow).
const NARROW: (u32, u32) = (320, 640);

async fn stage_in(language: &'static str, unconfigured: bool) -> Result<Stage> {
    Stage::set_up(StageOptions {
        language,
        unconfigured,
        ..StageOptions::default()
    })
    .await
}

/// Waits until `condition`, a JavaScript expression, holds.
async fn until(browser: &Browser, condition: &str) -> Result<()> {
    let body = format!("return Boolean({condition})");
    browser
        .until(condition, async || {
            Ok((browser.eval(&body, json!([])).await? == true).then_some(()))
        })
        .await
}

async fn click(browser: &Browser, id: &str) -> Result<()> {
    until(
        browser,
        &format!("document.getElementById('{id}')?.disabled === false"),
    )
    .await?;
    let click = "document.getElementById(args[0]).click()";
    browser.eval(click, json!([id])).await.map(drop)
}

async fn type_into(browser: &Browser, id: &str, text: &str) -> Result<()> {
    let write = "
        const field = document.getElementById(args[0]);
        field.value = args[1];
        field.dispatchEvent(new Event('input', { bubbles: true }));";
    browser.eval(write, json!([id, text])).await.map(drop)
}

async fn send(browser: &Browser, url: &str) -> Result<()> {
    type_into(browser, "url", url).await?;
    click(browser, "send").await?;
    until(
        browser,
        "document.getElementById('answer-card').ariaBusy !== 'true' && document.getElementById('status').textContent",
    )
    .await
}

/// The card and the console name the API that gets the token.
async fn shows_apis(stage: &Stage) -> Result<()> {
    let api = stage.api.base();
    let shown = format!(
        "document.querySelector('#apis-card:not([hidden]) li')?.textContent === '{api}'
            && document.getElementById('url').value === '{api}'"
    );
    until(&stage.browser, &shown).await
}

/// The popup in every state, by the ids of its controls.
async fn popup_in(language: &'static str) -> Result<()> {
    let stage = stage_in(language, false).await?;
    let browser = &stage.browser;
    let name = |state: &str| format!("{language}/popup-{state}");
    browser.emulate_size(POPUP.0, POPUP.1).await?;
    open_popup(browser).await?;
    until(browser, "!document.querySelector('.badge.busy')").await?;
    shows_apis(&stage).await?;
    nothing_jumped(browser).await?;
    judge(browser, &name("signed-out")).await?;

    click(browser, "sign-in").await?;
    browser.sign_in_at_provider().await?;
    until(browser, "document.querySelector('.badge.on')").await?;
    judge(browser, &name("signed-in")).await?;
    open_popup(browser).await?;
    until(browser, "document.querySelector('.badge.on')").await?;
    nothing_jumped(browser).await?;

    click(browser, "tab-console").await?;
    judge(browser, &name("console")).await?;
    stage.api.revoke_all();
    send(browser, &stage.api.url("/v1/me")).await?;
    judge(browser, &name("console-answer")).await?;
    click(browser, "tab-session").await?;
    judge(browser, &name("session")).await?;
    click(browser, "tab-console").await?;
    for tool in [
        "saved-tool",
        "history-tool",
        "response-headers-tool",
        "headers-tool",
    ] {
        click(browser, tool).await?;
        judge(browser, &name(&format!("console-{tool}"))).await?;
    }
    click(browser, "add-header").await?;
    send(browser, "https://evil.test/").await?;
    judge(browser, &name("console-outside")).await?;
    type_into(browser, "url", "nothing").await?;
    click(browser, "send").await?;
    judge(browser, &name("console-fault")).await?;

    click(browser, "tab-activity").await?;
    until(browser, "document.querySelector('#activity-rows .renewal')").await?;
    judge(browser, &name("activity")).await?;
    let unfold = "document.querySelector('#activity-rows li:has(.renewal) summary').click()";
    browser.eval(unfold, json!([])).await?;
    judge(browser, &name("activity-row")).await?;

    stage.provider.end_sessions();
    click(browser, "tab-session").await?;
    click(browser, "renew").await?;
    until(browser, "document.querySelector('.badge.attention')").await?;
    judge(browser, &name("sign-in-needed")).await?;
    browser.emulate_size(1200, 800).await?;
    judge(browser, &name("wide")).await?;
    stage.close().await
}

/// The options page in every state, without settings, and the popup that has none.
async fn options_in(language: &'static str) -> Result<()> {
    let stage = stage_in(language, true).await?;
    let browser = &stage.browser;
    let welcome = browser.options_tab("#welcome").await?;
    browser.close_tab(&welcome).await?;
    let name = |state: &str| format!("{language}/{state}");
    browser.emulate_size(POPUP.0, POPUP.1).await?;
    open_popup(browser).await?;
    until(browser, "!document.querySelector('.badge.busy')").await?;
    judge(browser, &name("popup-not-configured")).await?;

    browser.emulate_size(800, 900).await?;
    browser.open("options/options.html#welcome").await?;
    until(browser, "document.getElementById('provider.issuer')").await?;
    nothing_jumped(browser).await?;
    judge(browser, &name("options-welcome")).await?;
    type_into(browser, "provider.issuer", stage.provider.issuer()).await?;
    until(browser, "document.querySelector('.look-up .good')").await?;
    judge(browser, &name("options-found")).await?;
    let unfold = "document.querySelectorAll('details').forEach((it) => (it.open = true))";
    browser.eval(unfold, json!([])).await?;
    type_into(browser, "provider.scope", "profile").await?;
    type_into(browser, "provider.client_id", stage.provider.client_id()).await?;
    judge(browser, &name("options-faults")).await?;
    browser.emulate_size(NARROW.0, NARROW.1).await?;
    judge(browser, &name("options-narrow")).await?;

    browser.emulate_size(800, 900).await?;
    click(browser, "check-start").await?;
    until(
        browser,
        "document.querySelector('.line') && !document.querySelector('#check-lines[aria-busy], .line.open')",
    )
    .await?;
    judge(browser, &name("options-check")).await?;
    stage.close().await
}

/// Chrome gives its bubble the page's own size, and a scroll bar where the window is too low for that.
#[tokio::test]
async fn chromes_bubble_is_as_wide_as_the_popup_and_scrolls_in_one_direction_only() -> Result<()> {
    let stage = stage_in("en", false).await?;
    let browser = &stage.browser;
    open_popup(browser).await?;
    browser
        .eval("await chrome.action.openPopup()", json!([]))
        .await?;
    let root = "chrome.extension.getViews({ type: 'popup' })[0]?.document.documentElement";
    let shown = format!("{root}?.querySelector('#state')?.textContent === 'Signed out'");
    until(browser, &shown).await?;
    until(
        browser,
        &format!(
            "{root}.ownerDocument.defaultView.innerWidth === {}",
            POPUP.0
        ),
    )
    .await?;
    until(
        browser,
        &format!("{root}.scrollWidth === {root}.clientWidth"),
    )
    .await?;
    stage.close().await
}

/// Three tests for a language.
macro_rules! languages {
    ($($popup:ident $states:ident $options:ident $language:literal)+) => {
        $(
            #[tokio::test]
            async fn $popup() -> Result<()> {
                popup_in($language).await
            }

            #[tokio::test]
            async fn $states() -> Result<()> {
                states::popup_in($language).await
            }

            #[tokio::test]
            async fn $options() -> Result<()> {
                options_in($language).await
            }
        )+
    };
}

languages! {
    the_popup_in_english passing_states_in_english the_options_in_english "en"
    the_popup_in_german passing_states_in_german the_options_in_german "de"
    the_popup_in_spanish passing_states_in_spanish the_options_in_spanish "es"
    the_popup_in_japanese passing_states_in_japanese the_options_in_japanese "ja"
    the_popup_in_simplified_chinese passing_states_in_simplified_chinese the_options_in_simplified_chinese "zh_CN"
}
