//! A stage with third-party servers, and a page of the extension that calls the API by several HTTP clients.

mod log;
mod options;
mod pages;
mod servers;
mod walk;

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
use thirtyfour::WindowHandle;

pub use self::log::{Authorization, Grant, Log};
pub use self::options::Options;
use self::pages::Pages;
pub use self::servers::Servers;
use crate::{POPUP, until_state};

/// The path of the page with the HTTP clients.
const PAGE: &str = "interop/page.html";

/// A provider, an API and a browser. Dropping the stage stops all of them.
pub struct InteropStage {
    // First, so that the browser is gone before its servers and its extension are.
    /// The browser. After a sign-in it shows the page with the HTTP clients.
    pub browser: Browser,
    /// The provider and the API.
    pub servers: Servers,
    flow: Flow,
    api: &'static str,
    pages: Pages,
    _extension: TempDir,
}

/// The API's response, as an HTTP client received it.
#[derive(Clone, Debug, Deserialize)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body: JSON, or a string if it is not JSON.
    pub body: Value,
    /// Milliseconds from the call to the end of the body, by the page's clock.
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
        let own = redirect_uri(&id);
        let registered = options.redirect_uri.map_or(own, str::to_owned);
        let mut redirect_uris = vec![registered];
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
            pages: Pages::of(&options.servers),
            _extension: extension,
        })
    }

    /// A stage with this flow, this API and the renewal method `offscreen` only, in which Grace is signed in.
    ///
    /// # Errors
    /// When something does not start, or sign-in fails.
    pub async fn signed_in(flow: Flow, api: &'static str) -> Result<Self> {
        Self::signed_in_with(Options::new(flow, api)).await
    }

    /// A stage in which Grace is signed in.
    ///
    /// # Errors
    /// When something does not start, or sign-in fails.
    pub async fn signed_in_with(options: Options) -> Result<Self> {
        let stage = Self::set_up(options).await?;
        stage.sign_in().await?;
        Ok(stage)
    }

    /// Signs Grace in by the popup's button and the provider's form, and opens the page with the HTTP clients.
    ///
    /// # Errors
    /// When no session follows.
    pub async fn sign_in(&self) -> Result<()> {
        let browser = &self.browser;
        browser.open(POPUP).await?;
        browser.press("Sign in").await?;
        let window = browser.enter_new_window().await?;
        self.pages.sign_in(browser, &window).await?;
        until_state(browser, SessionState::SignedIn).await?;
        browser.open(PAGE).await
    }

    /// Waits for the provider's page that asks whether to sign out, and switches to its window.
    ///
    /// The page is first loaded in an invisible window, which only the driver sees, and which closes by itself.
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
                    if self.browser.can_press(self.pages.leave).await? {
                        return Ok(Some(window));
                    }
                }
                Ok(None)
            })
            .await
    }

    /// Makes the page send a silent authorization request to the provider, with the browser's cookies. The log has the
    /// outcome.
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

    /// A GET of this path of the API. `caller` is `fetch`, `XMLHttpRequest`, `axios` or `axios over fetch`.
    ///
    /// # Errors
    /// When the client gets no response.
    pub async fn get(&self, caller: &str, path: &str) -> Result<Answer> {
        self.call(caller, "GET", path, Value::Null).await
    }

    /// A POST of this JSON to this path of the API; `caller` as in [`get`](Self::get).
    ///
    /// # Errors
    /// When the client gets no response.
    pub async fn post(&self, caller: &str, path: &str, json: Value) -> Result<Answer> {
        self.call(caller, "POST", path, json).await
    }

    async fn call(&self, caller: &str, method: &str, path: &str, json: Value) -> Result<Answer> {
        let args = json!([caller, method, self.url(path)?, json]);
        let answer = self.browser.eval("return call(...args)", args).await;
        Ok(serde_json::from_value(answer.context(caller.to_owned())?)?)
    }

    /// The servers' log since it was last taken; clears it.
    ///
    /// # Errors
    /// When the servers have ended.
    pub async fn take_log(&mut self) -> Result<Log> {
        let seen = self.servers.take_log().await?;
        let &mut Self { flow, api, .. } = self;
        Ok(Log { flow, api, seen })
    }

    /// The servers' log since it was last taken, without clearing it.
    ///
    /// # Errors
    /// When the servers have ended.
    pub async fn log(&mut self) -> Result<Log> {
        let seen = self.servers.log().await?;
        let &mut Self { flow, api, .. } = self;
        Ok(Log { flow, api, seen })
    }

    /// Waits until `condition` is true for the log; `what` completes the error "... did not happen".
    ///
    /// # Errors
    /// When it does not become true within 30 s.
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
    /// When the browser does not close.
    pub async fn close(self) -> Result<()> {
        self.browser.close().await
    }
}

/// The extension's id, which is the same for every build: the provider needs the redirect URI before the extension for it
/// is built.
fn extension_id() -> Result<String> {
    let manifest = fs::read_to_string(xtask::root().join("manifest.json"))?;
    xtask::manifest::extension_id(&serde_json::from_str(&manifest)?)
}

/// Adds the page with the HTTP clients to an assembled extension. It follows the extension's security policy.
fn add_page(extension: &Path) -> Result<()> {
    let folder = extension.join("interop");
    fs::create_dir(&folder)?;
    fs::write(folder.join("page.html"), include_str!("interop/page.html"))?;
    fs::write(folder.join("page.js"), include_str!("interop/page.js"))?;
    servers::copy_axios(&folder)
}
