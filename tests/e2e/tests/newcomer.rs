//! Somebody new: the extension as it comes, and in hand no more than an issuer, a client ID and the URL of an API.

use anyhow::Result;
use evertoken_demo::browser::Browser;
use evertoken_demo::stage::{Stage, StageOptions};
use evertoken_e2e::POPUP;
use serde_json::json;
use thirtyfour::By;

/// A form filled in, a button pressed, a page opened: what somebody does, one after the other.
#[derive(Default)]
struct Steps(Vec<&'static str>);

impl Steps {
    fn take(&mut self, step: &'static str) {
        self.0.push(step);
    }
}

/// Waits for the tab that shows this page of the extension. WebDriver has no handle for it either.
async fn tab_of(browser: &Browser, path: &str) -> Result<String> {
    browser
        .until(path, async || {
            let cdp = browser.web().cdp();
            let targets = cdp.send_raw("Target.getTargets", json!({})).await?;
            let tab = targets["targetInfos"]
                .as_array()
                .into_iter()
                .flatten()
                .find(|target| {
                    let url = target["url"].as_str();
                    url.is_some_and(|url| url.ends_with(path))
                });
            Ok(tab.and_then(|tab| tab["targetId"].as_str().map(str::to_owned)))
        })
        .await
}

#[tokio::test]
async fn three_fields_and_three_presses_lead_to_the_first_answer() -> Result<()> {
    // A driver cannot answer the browser's own question for host permissions, so these are granted.
    let stage = Stage::set_up(StageOptions {
        unconfigured: true,
        ..StageOptions::default()
    })
    .await?;
    let browser = &stage.browser;
    let mut steps = Steps::default();
    // Opened by itself. WebDriver has no handle for that tab, so another one shows the same.
    let tab = browser.options_tab("#welcome").await?;
    browser.close_tab(&tab).await?;
    browser.open("options/options.html#welcome").await?;
    browser.shows("Welcome to Evertoken").await?;

    for (field, value) in [
        ("Issuer", stage.provider.issuer()),
        ("Client ID", stage.provider.client_id()),
        ("API URL", &stage.api.url("/v1/me")),
    ] {
        browser.fill(field, value).await?;
        steps.take(field);
    }
    browser.shows("Found: the provider at").await?;
    browser.press("Save").await?;
    steps.take("Save");
    browser.press("Sign in").await?;
    steps.take("Sign in");
    browser.sign_in_at_provider().await?;
    // From here one press sends a call on this page, and two send one in the console.
    let mut in_console = Steps(steps.0.clone());
    browser.press("Send a test call").await?;
    steps.take("Send a test call");
    browser.shows("The API answered 200").await?;
    assert_eq!(steps.0.len(), 6, "{:?}", steps.0);

    let link = By::LinkText("Open the console");
    browser.web().find(link).await?.click().await?;
    in_console.take("Open the console");
    let tab = tab_of(browser, POPUP).await?;
    browser.close_tab(&tab).await?;
    browser.open(POPUP).await?;
    // The URL of the API is there already.
    browser.press("Send").await?;
    in_console.take("Send");
    browser.shows("Answered on the first try.").await?;
    assert_eq!(in_console.0.len(), 7, "{:?}", in_console.0);
    assert_eq!(stage.api.log().len(), 2);
    assert_eq!(stage.provider.silent_authorizations(), 0);
    let kept = "return JSON.parse((await chrome.storage.local.get('evertoken.settings'))['evertoken.settings'])";
    let kept = browser.eval(kept, json!([])).await?;
    assert_eq!(kept["provider"]["issuer"], stage.provider.issuer());
    stage.close().await
}
