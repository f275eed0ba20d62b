//! Wrong settings: told where they stand, and mended there.

use anyhow::Result;
use evertoken_demo::provider::{Endpoint, Fault};
use serde_json::{Value, json};

use crate::{SAVED, eval, page, saved, until, value};

#[tokio::test]
async fn a_fault_is_told_where_it_stands_and_save_leads_to_the_first() -> Result<()> {
    let bare = page(&[], json!({})).await?;
    let browser = &bare.browser;
    browser.fill("Issuer", "http://login.example.com/").await?;
    browser.fill("API URL", "api.example.com").await?;
    browser.shows("Only https is safe for tokens.").await?;
    browser.press("Save").await?;
    browser
        .shows("3 fields must be corrected before you can save.")
        .await?;
    let focused = "return document.activeElement.id === 'provider.issuer'";
    until(browser, "the focus on the first fault", focused).await?;
    let told = "
        const field = document.getElementById('provider.client_id');
        const told = document.getElementById(field.getAttribute('aria-describedby').split(' ')[0]);
        return [field.ariaInvalid ?? field.getAttribute('aria-invalid'), told.textContent];";
    assert_eq!(
        eval(browser, told).await?,
        json!(["true", "This is needed: fill it in."])
    );
    assert_eq!(saved(browser).await?, Value::Null);
    browser.press("Use https://login.example.com/").await?;
    assert_eq!(
        value(browser, "provider.issuer").await?,
        "https://login.example.com/"
    );
    bare.browser.close().await
}

#[tokio::test]
async fn a_fault_in_a_folded_section_is_unfolded() -> Result<()> {
    let bare = page(&[], json!({ "saved": SAVED })).await?;
    let browser = &bare.browser;
    eval(
        browser,
        "document.querySelectorAll('details')[3].open = true",
    )
    .await?;
    browser.fill("Renewal timeout (seconds)", "99").await?;
    eval(
        browser,
        "document.querySelectorAll('details')[3].open = false",
    )
    .await?;
    browser.press("Save").await?;
    browser
        .shows("One field must be corrected before you can save.")
        .await?;
    browser
        .shows("Write a whole number of seconds from 1 to 25.")
        .await?;
    let focused = "return document.activeElement.id === 'session.renewal_timeout_s'";
    until(browser, "the focus on the fault", focused).await?;
    bare.browser.close().await
}

#[tokio::test]
async fn a_slash_too_many_is_mended_by_a_press() -> Result<()> {
    let bare = page(&["*.test", "localhost"], json!({})).await?;
    let browser = &bare.browser;
    let issuer = bare.provider.issuer();
    let wrong = match issuer.strip_suffix('/') {
        Some(rest) => rest.to_owned(),
        None => format!("{issuer}/"),
    };
    browser.fill("Issuer", &wrong).await?;
    browser.press(&format!("Use {issuer}")).await?;
    browser.shows("Found: the provider at").await?;
    assert_eq!(value(browser, "provider.issuer").await?, issuer);
    bare.browser.close().await
}

#[tokio::test]
async fn a_provider_whose_metadata_redirect_on_its_origin_is_found_and_elsewhere_not() -> Result<()>
{
    let bare = page(&["*.test", "localhost"], json!({})).await?;
    let browser = &bare.browser;
    let elsewhere = bare.api.url("/v1/configuration").leak();
    for (target, shown) in [
        ("/configuration", "Found: the provider at"),
        (&*elsewhere, "There is no answer from"),
    ] {
        let moved = Fault::Redirect(Endpoint::Discovery, target);
        bare.provider.set_fault(moved);
        browser.fill("Issuer", "").await?;
        browser.fill("Issuer", bare.provider.issuer()).await?;
        browser.shows(shown).await?;
    }
    assert!(bare.api.log().is_empty(), "nothing is asked elsewhere");
    bare.browser.close().await
}
