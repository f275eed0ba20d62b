//! A stage whose servers nobody here wrote, and callers in a page of the extension.

mod log;
mod servers;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use evertoken::message::SessionState;
use evertoken::settings::Flow;
use evertoken_demo::browser::{Browser, LaunchOptions};
use evertoken_demo::stage::redirect_uri;
use evertoken_demo::tls::Certificate;
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::By;

pub use self::log::Log;
pub use self::servers::Servers;
use crate::{POPUP, until_state};

/// The page with the callers.
const PAGE: &str = "interop/page.html";

/// A provider, an API and a browser. All end when it is dropped.
pub struct InteropStage {
    // First, so that the browser is gone before its servers and its extension are.
    /// The browser. It shows the page with the callers once somebody has signed in.
    pub browser: Browser,
    /// The provider and the API.
    pub servers: Servers,
    flow: Flow,
    api: &'static str,
    _extension: TempDir,
}

/// What the API's answer was to a caller.
#[derive(Clone, Debug, Deserialize)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body: JSON, or a string where it was none.
    pub body: Value,
    /// From the call to the end of the body, by the page's clock.
    pub milliseconds: f64,
}

impl InteropStage {
    /// Starts the provider and this API (`express` or `koa`), assembles an extension for them and opens the
    /// browser.
    ///
    /// # Errors
    /// When the template is not built, the servers' packages are not installed or something does not start.
    pub async fn set_up(flow: Flow, api: &'static str) -> Result<Self> {
        let certificate = Certificate::generate()?;
        let redirect_uri = redirect_uri(&extension_id()?);
        let servers = Servers::start(&certificate, &redirect_uri, api).await?;
        let extension = tempfile::Builder::new()
            .prefix("evertoken-extension-")
            .tempdir()?;
        let settings = settings(&servers, flow, api)?.to_string();
        let template = xtask::extension::template();
        let id = xtask::extension::assemble(&template, Some(&settings), extension.path())
            .context("no extension for this stage")?;
        add_page(extension.path())?;
        let launch = LaunchOptions::new(extension.path(), id, certificate.spki_hash());
        let browser = Browser::launch(&launch).await?;
        Ok(Self {
            browser,
            servers,
            flow,
            api,
            _extension: extension,
        })
    }

    /// A stage where Grace is signed in.
    ///
    /// # Errors
    /// When something does not start, or sign-in fails.
    pub async fn signed_in(flow: Flow, api: &'static str) -> Result<Self> {
        let stage = Self::set_up(flow, api).await?;
        stage.sign_in().await?;
        Ok(stage)
    }

    /// Signs Grace in by the popup's button and the provider's form, and opens the page with the callers.
    ///
    /// # Errors
    /// When the session does not follow.
    pub async fn sign_in(&self) -> Result<()> {
        let browser = &self.browser;
        browser.open(POPUP).await?;
        browser.press("Sign in").await?;
        let window = browser.enter_new_window().await?;
        browser.fill("User name", "grace").await?;
        browser.fill("Password", "hopper").await?;
        let submit = browser.web().find(By::Css("button[type=submit]")).await?;
        // The window may be gone before the driver can say that the press went well.
        let _ = submit.click().await;
        browser.leave_window(&window).await?;
        until_state(browser, SessionState::SignedIn).await?;
        browser.open(PAGE).await
    }

    /// The URL of `path` below the API's.
    ///
    /// # Errors
    /// When the servers have no such API.
    pub fn url(&self, path: &str) -> Result<String> {
        Ok(format!("{}{path}", self.servers.said(self.api)?))
    }

    /// A GET of this path of the API, by `fetch`, `XMLHttpRequest`, `axios` or `axios over fetch`.
    ///
    /// # Errors
    /// When the caller gets no answer.
    pub async fn get(&self, caller: &str, path: &str) -> Result<Answer> {
        self.call(caller, "GET", path, Value::Null).await
    }

    /// A POST of this JSON to this path of the API; callers as of [`get`](Self::get).
    ///
    /// # Errors
    /// When the caller gets no answer.
    pub async fn post(&self, caller: &str, path: &str, json: Value) -> Result<Answer> {
        self.call(caller, "POST", path, json).await
    }

    async fn call(&self, caller: &str, method: &str, path: &str, json: Value) -> Result<Answer> {
        let args = json!([caller, method, self.url(path)?, json]);
        let answer = self.browser.eval("return call(...args)", args).await;
        Ok(serde_json::from_value(answer.context(caller.to_owned())?)?)
    }

    /// What the servers saw since the last time.
    ///
    /// # Errors
    /// When they are gone.
    pub async fn take_log(&mut self) -> Result<Log> {
        let seen = self.servers.take_log().await?;
        let &mut Self { flow, api, .. } = self;
        Ok(Log { flow, api, seen })
    }

    /// Ends the browser and the servers.
    ///
    /// # Errors
    /// When the browser resists.
    pub async fn close(self) -> Result<()> {
        self.browser.close().await
    }
}

/// The id of every build: the provider is told the redirect URI before there is a build for the provider.
fn extension_id() -> Result<String> {
    let manifest = fs::read_to_string(xtask::root().join("manifest.json"))?;
    xtask::manifest::extension_id(&serde_json::from_str(&manifest)?)
}

fn settings(servers: &Servers, flow: Flow, api: &str) -> Result<Value> {
    let flow = match flow {
        Flow::Code => "code",
        Flow::Implicit => "implicit",
    };
    Ok(json!({
        "provider": {
            "issuer": servers.said("issuer")?,
            "client_id": servers.said("client_id")?,
            "flow": flow,
            "renewal": ["offscreen"],
        },
        "apis": [{ "url": servers.said(api)? }],
    }))
}

/// Puts the page with the callers into an assembled extension. It lives by the extension's own security policy.
fn add_page(extension: &Path) -> Result<()> {
    let folder = extension.join("interop");
    fs::create_dir(&folder)?;
    fs::write(folder.join("page.html"), include_str!("interop/page.html"))?;
    fs::write(folder.join("page.js"), include_str!("interop/page.js"))?;
    servers::copy_axios(&folder)
}
