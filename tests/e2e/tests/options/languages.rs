//! The page in every language, light and dark: the setup check that has ended, what is to be corrected, 200 % zoom.

use anyhow::Result;
use evertoken_demo::browser::Browser;
use evertoken_demo::stage::{Stage, StageOptions};
use evertoken_e2e::looks::judge;
use evertoken_e2e::open_popup;
use evertoken_e2e::setup_check::{all_failed, ended};
use serde_json::json;

use crate::{OPTIONS, eval, open, until};

const WINDOW: (u32, u32) = (800, 900);
/// The same window at 200 %.
const ZOOMED: (u32, u32) = (400, 450);
/// What that leaves of the narrowest window (1.4.10 Reflow of WCAG).
const NARROW: (u32, u32) = (320, 640);

async fn press(browser: &Browser, id: &str) -> Result<()> {
    let there = format!("return document.getElementById('{id}')?.disabled === false");
    until(browser, id, &there).await?;
    let press = "document.getElementById(args).click()";
    browser.eval(press, json!(id)).await.map(drop)
}

async fn write(browser: &Browser, id: &str, text: &str) -> Result<()> {
    let write = "
        const field = document.getElementById(args[0]);
        field.value = args[1];
        field.dispatchEvent(new Event('input', { bubbles: true }));";
    browser.eval(write, json!([id, text])).await.map(drop)
}

/// Judges what `selector` finds, in sight, in each of these windows.
async fn judge_at(
    browser: &Browser,
    name: &str,
    selector: &str,
    windows: &[(u32, u32)],
) -> Result<()> {
    for (width, height) in windows {
        browser.emulate_size(*width, *height).await?;
        let show =
            "document.querySelector(args).scrollIntoView({ block: 'start', behavior: 'instant' })";
        browser.eval(show, json!(selector)).await?;
        judge(browser, &format!("{name}-{width}")).await?;
    }
    Ok(())
}

async fn check_in(language: &'static str) -> Result<()> {
    let stage = Stage::set_up(StageOptions {
        language,
        ..StageOptions::default()
    })
    .await?;
    let browser = &stage.browser;
    let name = |state: &str| format!("{language}/options-check-{state}");
    open_popup(browser).await?;
    press(browser, "sign-in").await?;
    browser.sign_in_at_provider().await?;
    browser.open(OPTIONS).await?;
    let form = "return document.getElementById('status') !== null";
    until(browser, "the form", form).await?;
    press(browser, "check-start").await?;
    ended(browser).await?;
    assert_eq!(all_failed(browser).await?, [""; 0]);
    judge_at(browser, &name("passed"), "#check", &[WINDOW]).await?;

    stage.provider.unregister_all();
    stage.provider.set_clock_offset(600);
    stage.provider.set_confidential(true);
    press(browser, "check-start").await?;
    ended(browser).await?;
    assert!(all_failed(browser).await?.len() > 1);
    let first = ".line.failed";
    judge_at(browser, &name("failed"), first, &[WINDOW, ZOOMED, NARROW]).await?;
    stage.close().await
}

async fn form_in(language: &'static str) -> Result<()> {
    let stage = Stage::set_up(StageOptions {
        language,
        unconfigured: true,
        ..StageOptions::default()
    })
    .await?;
    let browser = &stage.browser;
    let windows = [WINDOW, ZOOMED, NARROW];
    let name = |state: &str| format!("{language}/options-form-{state}");
    let welcome = browser.options_tab("#welcome").await?;
    browser.close_tab(&welcome).await?;
    open(browser, &format!("{OPTIONS}#welcome")).await?;
    judge_at(browser, &name("welcome"), "body", &windows).await?;
    write(browser, "provider.issuer", stage.provider.issuer()).await?;
    let found = "return document.querySelector('.look-up .good') !== null";
    until(browser, "the provider", found).await?;
    let unfold = "document.querySelectorAll('details').forEach((it) => (it.open = true))";
    eval(browser, unfold).await?;
    write(browser, "provider.scope", "profile").await?;
    eval(browser, "document.querySelector('.bar .primary').click()").await?;
    let faults = "return document.querySelectorAll('.fault:not(:empty)').length > 1";
    until(browser, "the faults", faults).await?;
    let first = ".field:has(.fault:not(:empty))";
    judge_at(browser, &name("faults"), first, &windows).await?;
    judge_at(browser, &name("more"), ".more", &windows).await?;
    judge_at(browser, &name("unsaved"), "#check", &windows).await?;
    stage.close().await
}

/// Two tests for a language.
macro_rules! languages {
    ($($check:ident $form:ident $language:literal)+) => {
        $(
            #[tokio::test]
            async fn $check() -> Result<()> {
                check_in($language).await
            }

            #[tokio::test]
            async fn $form() -> Result<()> {
                form_in($language).await
            }
        )+
    };
}

languages! {
    the_check_in_english the_form_in_english "en"
    the_check_in_german the_form_in_german "de"
    the_check_in_spanish the_form_in_spanish "es"
    the_check_in_japanese the_form_in_japanese "ja"
    the_check_in_simplified_chinese the_form_in_simplified_chinese "zh_CN"
}
