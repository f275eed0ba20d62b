//! A stage whose servers nobody here wrote, and callers in a page of the extension.

mod log;
mod options;
mod servers;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use evertoken::message::SessionState;
use evertoken::settings::Flow;
use evertoken_demo::browser::{Browser, LaunchOptions};
use evertoken_demo::stage::{redirect_uri, web_message_redirect_uri};
use evertoken_demo::tls::Certificate;
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{By, WindowHandle};

pub use self::log::{Authorization, Grant, Log};
pub use self::options::Options;
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
    /// Starts the provider and the API, assembles an extension for them and opens the browser.
    ///
    /// # Errors
    /// When the template is not built, the servers' packages are not installed or something does not start.
    pub async fn set_up(options: Options) -> Result<Self> {
        let certificate = Certificate::generate()?;
        let id = extension_id()?;
        let mut redirect_uris = vec![redirect_uri(&id)];
        if options.servers["webMessage"] == true {
            redirect_uris.push(web_message_redirect_uri(&id));
        }
        let servers = Servers::start(&certificate, &redirect_uris, &options).await?;
        let extension = tempfile::Builder::new()
            .prefix("evertoken-extension-")
            .tempdir()?;
        let settings = options.settings_for(&servers)?;
        let template = xtask::extension::template();
        let settings_json = settings.to_string();
        let id = xtask::extension::assemble(&template, Some(&settings_json), extension.path())
            .context("no extension for this stage")?;
        add_page(extension.path())?;
        let launch = LaunchOptions::new(extension.path(), id, certificate.spki_hash());
        let browser = Browser::launch(&launch).await?;
        Ok(Self {
            browser,
            servers,
            flow: match settings["provider"]["flow"].as_str() {
                Some("implicit") => Flow::Implicit,
                _ => Flow::Code,
            },
            api: options.api,
            _extension: extension,
        })
    }

    /// A stage with this flow, this API and the offscreen engine alone, where Grace is signed in.
    ///
    /// # Errors
    /// When something does not start, or sign-in fails.
    pub async fn signed_in(flow: Flow, api: &'static str) -> Result<Self> {
        Self::signed_in_with(Options::new(flow, api)).await
    }

    /// A stage where Grace is signed in.
    ///
    /// # Errors
    /// When something does not start, or sign-in fails.
    pub async fn signed_in_with(options: Options) -> Result<Self> {
        let stage = Self::set_up(options).await?;
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

    /// Waits for the provider's page that asks whether to sign out, and goes there.
    ///
    /// Before it is shown it is loaded in a window that nobody sees, except the driver, and that closes by itself.
    ///
    /// # Errors
    /// When there is no such page within 30 s.
    pub async fn enter_sign_out_window(&mut self) -> Result<WindowHandle> {
        let is_shown = |log: &Log| Ok(log.each("logouts", "outcome")? == ["confirmation"; 2]);
        self.until_log("the second sign-out page", is_shown).await?;
        let web = self.browser.web();
        let page = web.window().await?;
        self.browser
            .until("the sign-out page", async || {
                for window in web.windows().await? {
                    if window == page {
                        continue;
                    }
                    web.switch_to_window(window.clone()).await?;
                    if self.browser.can_press("Sign out").await? {
                        return Ok(Some(window));
                    }
                }
                Ok(None)
            })
            .await
    }

    /// Has the page send the provider a silent authorization of its own, with the browser's cookies. The log
    /// tells what came of it.
    ///
    /// # Errors
    /// When the provider does not answer.
    pub async fn authorize_silently(&self) -> Result<()> {
        let ask = "
            const [issuer, parameters] = args;
            const metadata = await fetch(`${issuer.replace(/[/]$/, '')}/.well-known/openid-configuration`);
            const { authorization_endpoint } = await metadata.json();
            await fetch(`${authorization_endpoint}?${new URLSearchParams(parameters)}`, {
                credentials: 'include',
                redirect: 'manual',
            });";
        let parameters = json!({
            "client_id": self.servers.said("client_id")?,
            "response_type": "code",
            "scope": "openid",
            "prompt": "none",
            "redirect_uri": redirect_uri(&extension_id()?),
            "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            "code_challenge_method": "S256",
        });
        let args = json!([self.servers.said("issuer")?, parameters]);
        self.browser.eval(ask, args).await.map(drop)
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

    /// What the servers saw since the log was last taken; they keep it.
    ///
    /// # Errors
    /// When they are gone.
    pub async fn log(&mut self) -> Result<Log> {
        let seen = self.servers.log().await?;
        let &mut Self { flow, api, .. } = self;
        Ok(Log { flow, api, seen })
    }

    /// Waits until the log is so; `what` completes "... did not happen".
    ///
    /// # Errors
    /// When it does not within 30 s.
    pub async fn until_log(
        &mut self,
        what: &str,
        is_so: impl Fn(&Log) -> Result<bool>,
    ) -> Result<()> {
        let Self {
            browser,
            servers,
            flow,
            api,
            ..
        } = self;
        browser
            .until(what, async || {
                let seen = servers.log().await?;
                let (flow, api) = (*flow, *api);
                Ok(is_so(&Log { flow, api, seen })?.then_some(()))
            })
            .await
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

/// Puts the page with the callers into an assembled extension. It lives by the extension's own security policy.
fn add_page(extension: &Path) -> Result<()> {
    let folder = extension.join("interop");
    fs::create_dir(&folder)?;
    fs::write(folder.join("page.html"), include_str!("interop/page.html"))?;
    fs::write(folder.join("page.js"), include_str!("interop/page.js"))?;
    servers::copy_axios(&folder)
}
