//! A complete test environment: a provider, an API, and a browser with a build of the extension for both.

use anyhow::{Context as _, Result};
use evertoken_provider_core::merge_patch;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::api::{Api, ApiOptions};
use crate::browser::{Browser, LaunchOptions};
use crate::provider::{Provider, ProviderOptions};
use crate::tls::Certificate;

/// The options of a stage.
#[derive(Clone, Debug)]
pub struct StageOptions {
    /// The options of the provider. The extension's redirect URI is registered in addition to those named here.
    pub provider: ProviderOptions,
    /// The options of the API.
    pub api: ApiOptions,
    /// How long calls to the API wait for the user, in seconds.
    pub wait_for_sign_in_s: u16,
    /// Merged into [`settings`], member by member; null removes a member (RFC 7396). In its texts `{issuer}` means the
    /// provider's issuer without the slash at its end, and `{api}` the API's origin.
    pub settings: Value,
    /// Whether the build has no settings, but host permissions for these servers, as if the user had granted them.
    pub unconfigured: bool,
    /// The language of the extension's pages, by the name of its folder in `_locales`.
    pub language: &'static str,
    /// Whether the browser has no window.
    pub headless: bool,
}

impl Default for StageOptions {
    fn default() -> Self {
        Self {
            provider: ProviderOptions::default(),
            api: ApiOptions::default(),
            wait_for_sign_in_s: 0,
            settings: json!({}),
            unconfigured: false,
            language: "en",
            headless: true,
        }
    }
}

/// A provider, an API and a browser. Dropping the stage stops all of them.
pub struct Stage {
    // First, so that the browser is gone before its servers and its extension are.
    /// The browser, with a blank page.
    pub browser: Browser,
    /// The API.
    pub api: Api,
    /// The provider.
    pub provider: Provider,
    /// The certificate of both servers, which the browser trusts.
    pub certificate: Certificate,
    launch: LaunchOptions,
    extension: TempDir,
}

impl Stage {
    /// Starts the servers, assembles the extension from its template and opens the browser.
    ///
    /// # Errors
    /// When the template is not built, the settings are refused or something does not start.
    pub async fn set_up(options: StageOptions) -> Result<Self> {
        let certificate = Certificate::generate()?;
        let provider = Provider::start(&certificate, options.provider).await?;
        let api = Api::start(&certificate, &provider, options.api).await?;
        let mut settings = settings(&provider, &api);
        settings["apis"][0]["wait_for_sign_in_s"] = options.wait_for_sign_in_s.into();
        merge_patch(&mut settings, options.settings);
        let extension = tempfile::Builder::new()
            .prefix("evertoken-extension-")
            .tempdir()?;
        let template = xtask::extension::template();
        let id = match options.unconfigured {
            true => {
                let urls = [provider.issuer().to_owned(), api.base()];
                xtask::extension::assemble_unconfigured(&template, &urls, extension.path())
            }
            false => {
                let json = settings
                    .to_string()
                    .replace("{issuer}", provider.issuer().trim_end_matches('/'))
                    .replace("{api}", &api.url(""));
                xtask::extension::assemble(&template, Some(&json), extension.path())
            }
        };
        let id = id.context("no extension for this stage")?;
        xtask::extension::keep_language(extension.path(), options.language)?;
        provider.register(redirect_uri(&id));
        provider.register(web_message_redirect_uri(&id));
        let mut launch = LaunchOptions::new(extension.path(), id, certificate.spki_hash());
        launch.headless = options.headless;
        // So that even a URL without a port reaches the API, whose log says whether the call had a token.
        let port = api.port();
        launch.host_rules = format!("MAP evil.test:443 127.0.0.1:{port}, {}", launch.host_rules);
        let browser = Browser::launch(&launch).await?;
        Ok(Self {
            browser,
            api,
            provider,
            certificate,
            launch,
            extension,
        })
    }

    /// Closes the browser and starts it again with the same profile; the servers keep running.
    ///
    /// # Errors
    /// When the browser does not close, or does not start.
    pub async fn restart_browser(self) -> Result<Self> {
        let browser = self.browser.restart(&self.launch).await?;
        Ok(Self { browser, ..self })
    }

    /// Adds a file to the unpacked extension; the browser reads it on request, without a reload.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add_file(&self, path: &str, contents: impl AsRef<[u8]>) -> Result<()> {
        let path = self.extension.path().join(path);
        std::fs::write(&path, contents).with_context(|| path.display().to_string())
    }

    /// Ends the browser and the servers.
    ///
    /// # Errors
    /// When the browser does not close.
    pub async fn close(self) -> Result<()> {
        self.browser.close().await
    }
}

/// The extension's settings for these servers: the code flow, silent authorization, no refresh token.
#[must_use]
pub fn settings(provider: &Provider, api: &Api) -> Value {
    json!({
        "provider": {
            "issuer": provider.issuer(),
            "client_id": provider.client_id(),
            "flow": "code",
            "renewal": ["offscreen", "web_auth_flow"],
        },
        "apis": [{ "url": api.base() }],
    })
}

/// The redirect URI of the extension with this id.
#[must_use]
pub fn redirect_uri(extension_id: &str) -> String {
    format!("https://{extension_id}.chromiumapp.org/")
}

/// The page of the extension with this id that receives posted responses (`response_mode=web_message`).
#[must_use]
pub fn web_message_redirect_uri(extension_id: &str) -> String {
    format!("chrome-extension://{extension_id}/offscreen/callback.html")
}
