//! The options page as a person uses it, by the names of its controls: the extension without settings.

mod access;
mod check;
mod faults;
mod languages;
mod lists;
mod looks;
mod register;
mod saving;
mod sources;
mod trouble;
mod typing;

use anyhow::{Context as _, Result};
use evertoken_demo::api::{Api, ApiOptions};
use evertoken_demo::browser::{Browser, LaunchOptions};
use evertoken_demo::provider::{Provider, ProviderOptions};
use evertoken_demo::stage::redirect_uri;
use evertoken_demo::tls::Certificate;
use evertoken_e2e::before_pages;
use serde_json::{Value, json};
use tempfile::TempDir;

const OPTIONS: &str = "options/options.html";

/// A provider, an API and a browser with the extension as it comes: nothing is set up.
struct Bare {
    browser: Browser,
    api: Api,
    provider: Provider,
    id: String,
    _extension: TempDir,
}

/// Answers to the page's requests, where a test is about the page alone.
#[derive(Default)]
struct Answers {
    sources: Value,
    state: &'static str,
}

/// A browser can be asked for no host permission by a driver, so the manifest grants `hosts`.
async fn bare(hosts: &[&str]) -> Result<Bare> {
    let certificate = Certificate::generate()?;
    let provider = Provider::start(&certificate, ProviderOptions::default()).await?;
    let api = Api::start(&certificate, &provider, ApiOptions::default()).await?;
    let extension = tempfile::Builder::new()
        .prefix("evertoken-extension-")
        .tempdir()?;
    let id = xtask::extension::assemble(&xtask::extension::template(), None, extension.path())?;
    xtask::extension::keep_language(extension.path(), "en")?;
    let path = extension.path().join("manifest.json");
    let mut manifest: Value = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
    let granted = manifest["host_permissions"]
        .as_array_mut()
        .context("no host_permissions")?;
    granted.extend(hosts.iter().map(|host| json!(format!("https://{host}/*"))));
    std::fs::write(&path, manifest.to_string())?;
    provider.register(redirect_uri(&id));
    let launch = LaunchOptions::new(extension.path(), id.clone(), certificate.spki_hash());
    let browser = Browser::launch(&launch).await?;
    Ok(Bare {
        browser,
        api,
        provider,
        id,
        _extension: extension,
    })
}

/// Has the page's requests answered by these, and remembers which were made. The worker hears of a `view` all the same: by it,
/// it takes over a page that was opened while it was installed, and whose calls wait until then.
async fn answer(browser: &Browser, answers: &Answers) -> Result<()> {
    let script = "
        globalThis.asked = [];
        const { sources, state } = ANSWERS;
        const view = { state, refreshable: false, signing_in: false, renewing: false, waiting: 0, step_up: false };
        const answer = (type) => ({ settings: { settings: sources }, sign_in: { view: { ...view, state: 'signed_in' } } })[type]
            ?? { view };
        const toWorker = chrome.runtime.sendMessage;
        const sendMessage = async (type) => {
            asked.push(type);
            if (type === 'view') toWorker(type).catch(() => {});
            return answer(type);
        };
        Object.defineProperty(chrome.runtime, 'sendMessage', { value: sendMessage });";
    let answers = json!({ "sources": answers.sources, "state": answers.state });
    let source = script.replace("ANSWERS", &answers.to_string());
    before_pages(browser, &source).await
}

/// The page, with nothing set up.
async fn page(hosts: &[&str], sources: Value) -> Result<Bare> {
    let bare = bare(hosts).await?;
    let state = if sources["saved"].is_null() {
        "not_configured"
    } else {
        "signed_out"
    };
    answer(&bare.browser, &Answers { sources, state }).await?;
    open(&bare.browser, OPTIONS).await?;
    Ok(bare)
}

/// Opens the page and waits until it knows the settings.
async fn open(browser: &Browser, path: &str) -> Result<()> {
    browser.open(path).await?;
    until(
        browser,
        "the form",
        "return document.getElementById('status') !== null",
    )
    .await
}

async fn eval(browser: &Browser, body: &str) -> Result<Value> {
    browser.eval(body, json!([])).await
}

async fn until(browser: &Browser, what: &str, body: &str) -> Result<()> {
    let holds = async || Ok((eval(browser, body).await? == true).then_some(()));
    browser.until(what, holds).await
}

async fn value(browser: &Browser, id: &str) -> Result<Value> {
    let script = "return document.getElementById(args).value";
    browser.eval(script, json!(id)).await
}

/// Presses "Save" and waits until the worker was told of it.
async fn save(browser: &Browser) -> Result<()> {
    browser.press("Save").await?;
    let told = "return asked.includes('configure')";
    until(browser, "the news to the worker", told).await
}

async fn saved(browser: &Browser) -> Result<Value> {
    let script = "return (await chrome.storage.local.get('evertoken.settings'))['evertoken.settings'] ?? 'null'";
    let text = eval(browser, script).await?;
    Ok(serde_json::from_str(text.as_str().context("no text")?)?)
}

const SAVED: &str = r#"{"provider":{"issuer":"https://login.example.com/","client_id":"abc"},"apis":[{"url":"https://api.example.com/v1/"}]}"#;
