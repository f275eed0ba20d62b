//! The options page as a person uses it, by the names of its controls: the extension without settings.

use anyhow::{Context as _, Result, ensure};
use evertoken_demo::api::{Api, ApiOptions};
use evertoken_demo::browser::{Browser, LaunchOptions};
use evertoken_demo::provider::{Provider, ProviderOptions};
use evertoken_demo::stage::redirect_uri;
use evertoken_demo::tls::Certificate;
use evertoken_e2e::looks::{judge, nothing_jumped};
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

/// Has the page's requests answered by these, and remembers which were made.
async fn answer(browser: &Browser, answers: &Answers) -> Result<()> {
    let script = "
        globalThis.asked = [];
        const { sources, state } = ANSWERS;
        const view = { state, refreshable: false, signing_in: false, renewing: false, waiting: 0, step_up: false };
        const answer = (type) => ({ settings: { type, sources }, sign_in: { type: 'view', view: { ...view, state: 'signed_in' } } })[type]
            ?? { type: 'view', view };
        Object.defineProperty(chrome.runtime, 'sendMessage', { value: async ({ type }) => (asked.push(type), answer(type)) });";
    let answers = json!({ "sources": answers.sources, "state": answers.state });
    let source = script.replace("ANSWERS", &answers.to_string());
    let source = format!("if (globalThis.chrome?.runtime) {{ {source} }}");
    let cdp = browser.web().cdp();
    cdp.send_raw("Page.enable", json!({})).await?;
    cdp.send_raw(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": source }),
    )
    .await?;
    Ok(())
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

async fn saved(browser: &Browser) -> Result<Value> {
    let script = "return (await chrome.storage.local.get('evertoken.settings'))['evertoken.settings'] ?? 'null'";
    let text = eval(browser, script).await?;
    Ok(serde_json::from_str(text.as_str().context("no text")?)?)
}

const SAVED: &str = r#"{"provider":{"issuer":"https://login.example.com/","client_id":"abc"},"apis":[{"url":"https://api.example.com/v1/"}]}"#;

#[tokio::test]
async fn three_fields_are_looked_up_saved_and_told_to_the_worker() -> Result<()> {
    let bare = page(&["*.test", "localhost"], json!({})).await?;
    let browser = &bare.browser;
    ensure!(
        !browser.can_press("Save").await?,
        "there is nothing to save"
    );
    browser.fill("Issuer", bare.provider.issuer()).await?;
    browser.shows("Found: the provider at").await?;
    browser.shows("PKCE").await?;
    nothing_jumped(browser).await?;
    browser.fill("Client ID", bare.provider.client_id()).await?;
    browser.fill("API URL", &bare.api.base()).await?;
    browser.shows("There are unsaved changes.").await?;
    browser.press("Save").await?;
    until(
        browser,
        "the news to the worker",
        "return asked.includes('configure')",
    )
    .await?;
    let expected = json!({
        "apis": [{ "url": bare.api.base() }],
        "provider": { "client_id": bare.provider.client_id(), "issuer": bare.provider.issuer() },
    });
    assert_eq!(saved(browser).await?, expected);
    ensure!(!browser.can_press("Save").await?, "all is saved");
    bare.browser.close().await
}

#[tokio::test]
async fn after_saving_a_sign_in_and_a_test_call_are_offered() -> Result<()> {
    let bare = page(&["*.test", "localhost"], json!({ "saved": SAVED })).await?;
    let browser = &bare.browser;
    eval(browser, "chrome.permissions.request = async () => true").await?;
    browser.fill("API URL", &bare.api.url("/open/")).await?;
    ensure!(!browser.can_press("Sign in").await?, "first it is saved");
    browser.press("Save").await?;
    browser.press("Sign in").await?;
    browser.press("Send a test call").await?;
    browser.shows("The API answered ").await?;
    assert_eq!(bare.api.log().len(), 1);
    let link = "return document.querySelector('.actions a').pathname";
    assert_eq!(eval(browser, link).await?, "/popup/popup.html");
    bare.browser.close().await
}

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
async fn a_provider_that_may_not_be_asked_yet_is_asked_by_a_press() -> Result<()> {
    let bare = page(&[], json!({})).await?;
    let browser = &bare.browser;
    let refuse = "
        globalThis.requested = [];
        chrome.permissions.request = async ({ origins }) => (requested.push(...origins), navigator.userActivation.isActive);";
    eval(browser, refuse).await?;
    browser.fill("Issuer", bare.provider.issuer()).await?;
    browser.shows("It will be checked when you save.").await?;
    browser.press("Look up").await?;
    let pattern = format!(
        "return requested[0] === 'https://{}/*'",
        host(bare.provider.issuer())?
    );
    until(browser, "the request", &pattern).await?;
    bare.browser.close().await
}

#[tokio::test]
async fn hosts_are_asked_for_in_the_click_and_a_no_is_told() -> Result<()> {
    let bare = page(&[], json!({})).await?;
    let browser = &bare.browser;
    let refuse = "
        globalThis.requested = [];
        chrome.permissions.request = async ({ origins }) => (requested.push([navigator.userActivation.isActive, ...origins]), false);";
    eval(browser, refuse).await?;
    browser
        .fill("Issuer", "https://login.example.com:8443/")
        .await?;
    browser.fill("Client ID", "abc").await?;
    browser
        .fill("API URL", "https://api.example.com/v1/")
        .await?;
    browser
        .shows("Chrome will ask for access to login.example.com, to sign in and renew there, and to api.example.com, to add the token to calls.")
        .await?;
    browser.press("Save").await?;
    browser
        .shows("Without access to login.example.com Evertoken cannot renew, and without access to api.example.com it cannot add the token to calls.")
        .await?;
    let request = json!([
        true,
        "https://login.example.com/*",
        "https://api.example.com/*"
    ]);
    assert_eq!(eval(browser, "return requested").await?, json!([request]));
    assert_eq!(
        saved(browser).await?["provider"]["client_id"],
        "abc",
        "saved all the same"
    );
    browser.press("Ask again").await?;
    until(
        browser,
        "the second request",
        "return requested.length === 2",
    )
    .await?;
    bare.browser.close().await
}

fn host(url: &str) -> Result<&str> {
    let rest = url.strip_prefix("https://").context("not https")?;
    rest.split([':', '/']).next().context("no host")
}

#[tokio::test]
async fn changes_that_were_not_saved_outlive_the_page() -> Result<()> {
    let bare = page(&[], json!({ "saved": SAVED })).await?;
    let browser = &bare.browser;
    browser.fill("Client ID", "half typed").await?;
    let kept = "return 'evertoken.options' in await chrome.storage.session.get()";
    until(browser, "the keeping", kept).await?;
    let window = browser.web().new_tab().await?;
    browser.web().close_window().await?;
    browser.web().switch_to_window(window).await?;
    answer(
        browser,
        &Answers {
            sources: json!({ "saved": SAVED }),
            state: "signed_out",
        },
    )
    .await?;
    open(browser, OPTIONS).await?;
    browser.shows("Your unsaved changes are back.").await?;
    assert_eq!(value(browser, "provider.client_id").await?, "half typed");
    browser.press("Discard changes").await?;
    browser.shows("All changes are saved.").await?;
    assert_eq!(value(browser, "provider.client_id").await?, "abc");
    until(
        browser,
        "the forgetting",
        "return !('evertoken.options' in await chrome.storage.session.get())",
    )
    .await?;
    bare.browser.close().await
}

#[tokio::test]
async fn what_an_administrator_fixed_is_locked_and_the_rest_is_not() -> Result<()> {
    let managed = r#"{"provider":{"issuer":"https://login.example.com/"}}"#;
    let bare = page(&[], json!({ "saved": SAVED, "managed": managed })).await?;
    let browser = &bare.browser;
    browser.shows("Fixed by your administrator").await?;
    let locked = "return ['provider.issuer', 'provider.client_id', 'session.storage'].map((id) => document.getElementById(id).disabled)";
    assert_eq!(eval(browser, locked).await?, json!([true, false, false]));
    bare.browser.close().await
}

#[tokio::test]
async fn settings_of_the_build_are_shown_and_cannot_be_changed() -> Result<()> {
    let bare = page(&[], json!({ "built_in": SAVED })).await?;
    let browser = &bare.browser;
    browser
        .shows("This build has its settings built in.")
        .await?;
    assert_eq!(value(browser, "provider.client_id").await?, "abc");
    let free = "return [...document.querySelectorAll('main input, main select, main textarea')]
        .filter((field) => field.checkVisibility() && !field.disabled).map((field) => field.id)";
    assert_eq!(eval(browser, free).await?, json!(["brand"]));
    ensure!(
        !browser.can_press("Save").await?,
        "there is nothing to save"
    );
    bare.browser.close().await
}

#[tokio::test]
async fn an_import_shows_every_refusal_and_an_export_is_minimal() -> Result<()> {
    let bare = page(&[], json!({})).await?;
    let browser = &bare.browser;
    let settings = r#"{"provider":{"issuer":"http://p.example/","client_id":"c","isuer":"x","scope":"openid profile email"},"session":{"storage":"disk"}}"#;
    browser.fill("Or paste settings here", settings).await?;
    browser.press("Import").await?;
    browser
        .shows("Imported, with 3 settings that cannot be used:")
        .await?;
    browser
        .shows("provider.isuer There is no setting of this name.")
        .await?;
    browser
        .shows("session.storage Choose one of these: session, local.")
        .await?;
    browser.press("Remove provider.isuer").await?;
    browser.press("Use https://p.example/").await?;
    eval(
        browser,
        "document.querySelectorAll('details')[3].open = true",
    )
    .await?;
    browser.fill("Keep the session", "local").await?;
    let catch = "globalThis.exported = null; const make = URL.createObjectURL;
        URL.createObjectURL = (blob) => { blob.text().then((text) => (globalThis.exported = text)); return make(blob); };";
    eval(browser, catch).await?;
    browser.press("Export").await?;
    until(browser, "the export", "return exported !== null").await?;
    let exported = eval(browser, "return JSON.parse(exported)").await?;
    let expected = json!({
        "provider": { "issuer": "https://p.example/", "client_id": "c" },
        "session": { "storage": "local" },
    });
    assert_eq!(exported, expected);
    browser.fill("Or paste settings here", "{,").await?;
    browser.press("Import").await?;
    browser
        .shows("Nothing was imported. This is not JSON: look at line 1, column 2.")
        .await?;
    bare.browser.close().await
}

#[tokio::test]
async fn the_ladder_is_put_in_order_by_its_buttons() -> Result<()> {
    let bare = page(&[], json!({ "saved": SAVED })).await?;
    let browser = &bare.browser;
    eval(
        browser,
        "document.querySelectorAll('details')[1].open = true",
    )
    .await?;
    browser.press("Move down: Refresh token").await?;
    let focused = "return document.activeElement.ariaLabel";
    until(
        browser,
        "the keyboard on the step",
        "return document.activeElement.id === 'down-refresh_token'",
    )
    .await?;
    browser.press("Move down: Refresh token").await?;
    // At the end of the ladder the way back is all that is left.
    until(
        browser,
        "the keyboard on the step",
        "return document.activeElement.id === 'up-refresh_token'",
    )
    .await?;
    assert_eq!(eval(browser, focused).await?, "Move up: Refresh token");
    eval(browser, "document.getElementById('way-offscreen').click()").await?;
    eval(browser, "chrome.permissions.request = async () => true").await?;
    browser.press("Save").await?;
    until(
        browser,
        "the news to the worker",
        "return asked.includes('configure')",
    )
    .await?;
    let ladder = json!(["web_auth_flow", "refresh_token"]);
    assert_eq!(saved(browser).await?["provider"]["renewal"], ladder);
    bare.browser.close().await
}

#[tokio::test]
async fn entries_of_a_list_are_typed_in_lines() -> Result<()> {
    let bare = page(&[], json!({ "saved": SAVED })).await?;
    let browser = &bare.browser;
    eval(browser, "document.querySelector('details').open = true").await?;
    browser
        .fill("Endpoint origins", "https://a.example\nhttps://b.example\n")
        .await?;
    eval(browser, "chrome.permissions.request = async () => true").await?;
    browser.press("Save").await?;
    until(
        browser,
        "the news to the worker",
        "return asked.includes('configure')",
    )
    .await?;
    let origins = json!(["https://a.example", "https://b.example"]);
    assert_eq!(
        saved(browser).await?["provider"]["endpoint_origins"],
        origins
    );
    bare.browser.close().await
}

#[tokio::test]
async fn an_api_is_added_and_taken_away() -> Result<()> {
    let bare = page(&[], json!({ "saved": SAVED })).await?;
    let browser = &bare.browser;
    eval(
        browser,
        "document.querySelectorAll('details')[2].open = true",
    )
    .await?;
    browser.press("Add an API").await?;
    until(
        browser,
        "the focus on the new URL",
        "return document.activeElement.id === 'apis[1].url'",
    )
    .await?;
    let typed = "document.execCommand('insertText', false, 'https://second.example/')";
    eval(browser, typed).await?;
    browser
        .shows("second.example, to add the token to calls.")
        .await?;
    browser.press("Remove API 1").await?;
    until(
        browser,
        "the row's end",
        "return document.getElementById('apis[1].url') === null",
    )
    .await?;
    assert_eq!(
        value(browser, "apis[0].url").await?,
        "https://second.example/"
    );
    bare.browser.close().await
}

#[tokio::test]
async fn what_to_register_is_copied_and_told_for_each_provider() -> Result<()> {
    let bare = page(&[], json!({})).await?;
    let browser = &bare.browser;
    browser.shows(&redirect_uri(&bare.id)).await?;
    browser
        .shows(&format!("chrome-extension://{}", bare.id))
        .await?;
    let catch = "globalThis.copied = []; navigator.clipboard.writeText = async (text) => void copied.push(text);";
    eval(browser, catch).await?;
    browser.press("Copy: Callback URL (redirect URI)").await?;
    browser.shows("Copied").await?;
    assert_eq!(
        eval(browser, "return copied").await?,
        json!([redirect_uri(&bare.id)])
    );
    browser.fill("Issuer", "https://demo.eu.auth0.com/").await?;
    browser.shows("Allowed Callback URLs").await?;
    browser.fill("Provider", "google").await?;
    browser.shows("Google Auth Platform").await?;
    eval(browser, "document.querySelector('details').open = true").await?;
    browser.fill("Response mode", "web_message").await?;
    browser.shows("offscreen/callback.html").await?;
    bare.browser.close().await
}

#[tokio::test]
async fn the_page_looks_right_in_every_state() -> Result<()> {
    let bare = bare(&["*.test", "localhost"]).await?;
    let browser = &bare.browser;
    answer(
        browser,
        &Answers {
            sources: json!({}),
            state: "not_configured",
        },
    )
    .await?;
    for (width, height) in [(1000, 900), (400, 900)] {
        browser.emulate_size(width, height).await?;
        let name = |state: &str| format!("en/options-{width}-{state}");
        browser.web().goto("about:blank").await?;
        open(browser, &format!("{OPTIONS}#welcome")).await?;
        browser.shows("Welcome to Evertoken").await?;
        nothing_jumped(browser).await?;
        judge(browser, &name("welcome")).await?;
        browser.fill("Issuer", bare.provider.issuer()).await?;
        browser.shows("Found: the provider at").await?;
        nothing_jumped(browser).await?;
        judge(browser, &name("found")).await?;
        eval(
            browser,
            "document.querySelectorAll('details').forEach((it) => (it.open = true))",
        )
        .await?;
        browser.fill("Scopes", "profile").await?;
        browser.press("Save").await?;
        browser.shows("fields must be corrected").await?;
        judge(browser, &name("faults")).await?;
        eval(browser, "document.getElementById('more').scrollIntoView()").await?;
        judge(browser, &name("more")).await?;
        eval(
            browser,
            "document.getElementById('register').scrollIntoView()",
        )
        .await?;
        browser.fill("Provider", "keycloak").await?;
        judge(browser, &name("register")).await?;
        eval(
            browser,
            "await chrome.storage.session.remove('evertoken.options')",
        )
        .await?;
    }
    bare.browser.close().await
}

#[tokio::test]
async fn the_locked_page_looks_right() -> Result<()> {
    let managed = r#"{"provider":{"issuer":"https://login.example.com/"}}"#;
    let bare = page(&[], json!({ "saved": SAVED, "managed": managed })).await?;
    for (width, height) in [(1000, 900), (400, 900)] {
        bare.browser.emulate_size(width, height).await?;
        judge(&bare.browser, &format!("en/options-{width}-locked")).await?;
    }
    bare.browser.close().await
}
