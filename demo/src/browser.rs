//! A Chromium with the extension loaded, driven by its own chromedriver, with a fresh profile.
//!
//! WebDriver has no events for what a page shows, so conditions without an event are polled every 20 ms until a deadline.

mod controls;
mod driver;
mod extension;
mod keyboard;
mod looks;
mod memory;
mod page;
mod windows;
mod worker;

use std::ops::Deref;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;
use thirtyfour::common::capabilities::chromium::ChromiumLikeCapabilities as _;
use thirtyfour::common::capabilities::desiredcapabilities::PageLoadStrategy;
use thirtyfour::{
    CapabilitiesHelper as _, ChromeCapabilities, LoggingPrefsLogLevel, WebDriver, WindowHandle,
};
use tokio::time::{sleep, timeout};

use self::driver::Driver;
pub use self::keyboard::Focused;
pub use self::page::Answer;
use crate::request_log::PATIENCE;

const POLL: Duration = Duration::from_millis(20);

/// The options to start a browser with.
#[derive(Clone, Debug)]
pub struct LaunchOptions {
    /// The unpacked extension.
    pub extension_dir: PathBuf,
    /// The extension's id, as the build prints it.
    pub extension_id: String,
    /// The certificate to trust: [`Certificate::spki_hash`](crate::tls::Certificate::spki_hash).
    pub spki_hash: String,
    /// Whether the browser has no window.
    pub headless: bool,
    /// Chromium's `--host-resolver-rules`.
    pub host_rules: String,
}

impl LaunchOptions {
    /// Options for a headless browser that resolves every host name under `.test` to this machine.
    pub fn new(
        extension_dir: impl Into<PathBuf>,
        extension_id: impl Into<String>,
        spki_hash: impl Into<String>,
    ) -> Self {
        Self {
            extension_dir: extension_dir.into(),
            extension_id: extension_id.into(),
            spki_hash: spki_hash.into(),
            headless: true,
            host_rules: "MAP *.test 127.0.0.1, MAP localhost 127.0.0.1".to_owned(),
        }
    }

    fn arguments(&self, profile: &TempDir) -> Vec<String> {
        let mut arguments = vec![
            format!("--user-data-dir={}", profile.path().display()),
            format!("--load-extension={}", self.extension_dir.display()),
            format!("--ignore-certificate-errors-spki-list={}", self.spki_hash),
            format!("--host-resolver-rules={}", self.host_rules),
        ];
        let fixed = [
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-quic",
            "--disable-sync",
            "--no-first-run",
        ];
        arguments.extend(fixed.map(str::to_owned));
        if self.headless {
            arguments.extend(["--headless=new", "--disable-gpu"].map(str::to_owned));
        }
        // Chromium refuses to run as root with its sandbox, and containers rarely allow it.
        if self.headless || driver::is_root() {
            arguments.push("--no-sandbox".to_owned());
        }
        arguments
    }
}

/// The WebDriver session. It is leaked on drop: its own `Drop` blocks the runtime that also runs a test's servers, and the
/// browser waits for those servers, so it would never end.
struct Session(WebDriver);

impl Deref for Session {
    type Target = WebDriver;

    fn deref(&self) -> &WebDriver {
        &self.0
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // An error means that the session has ended already.
        let _ = self.0.clone().leak();
    }
}

/// A running browser. Dropping it ends Chromium and chromedriver and removes the profile;
/// [`close`](Self::close) does so without blocking the runtime.
pub struct Browser {
    // The order of the fields matters on drop: the session is released, Chromium and its driver are killed, the profile is
    // removed.
    web: Session,
    driver: Driver,
    profile: TempDir,
    extension_id: String,
    page: WindowHandle,
}

impl Browser {
    /// Starts chromedriver and Chromium, both found or installed by xtask.
    ///
    /// # Errors
    /// When one of them cannot be installed or does not start.
    pub async fn launch(options: &LaunchOptions) -> Result<Self> {
        let profile = tempfile::Builder::new()
            .prefix("evertoken-profile-")
            .tempdir()?;
        Self::launch_with(profile, options).await
    }

    /// Closes the browser, as its user does, and starts it again with the same profile.
    ///
    /// # Errors
    /// When it does not close, or does not start.
    pub async fn restart(self, options: &LaunchOptions) -> Result<Self> {
        let Self {
            web,
            driver,
            profile,
            ..
        } = self;
        let quit = web.0.clone().quit().await;
        driver.stop().await?;
        quit?;
        Self::launch_with(profile, options).await
    }

    async fn launch_with(profile: TempDir, options: &LaunchOptions) -> Result<Self> {
        // The WebDriver client needs a crypto provider as soon as any crate in the build enables its TLS.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let tools = xtask::browser::ensure_browser()?;
        let driver = Driver::start(&tools.chromedriver).await?;
        let mut capabilities = ChromeCapabilities::new();
        capabilities.set_binary(&tools.chromium.to_string_lossy())?;
        for argument in options.arguments(&profile) {
            capabilities.add_arg(&argument)?;
        }
        // With any other strategy chromedriver sometimes waits in vain for its initial blank page when several browsers
        // start at once; `open` waits for the requested page.
        capabilities.set_page_load_strategy(PageLoadStrategy::None)?;
        capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
        let web = timeout(PATIENCE, WebDriver::new(driver.url(), capabilities))
            .await
            .context("Chromium does not answer")?
            .context("Chromium does not start")?;
        let web = Session(web);
        web.set_script_timeout(Duration::from_secs(120)).await?;
        let page = web.window().await?;
        let extension_id = options.extension_id.clone();
        Ok(Self {
            web,
            driver,
            profile,
            extension_id,
            page,
        })
    }

    /// The WebDriver session, for commands that this module has no function for.
    #[must_use]
    pub fn web(&self) -> &WebDriver {
        &self.web
    }

    /// Ends Chromium and chromedriver and removes the profile.
    ///
    /// # Errors
    /// When one of them resists.
    pub async fn close(self) -> Result<()> {
        let Self {
            web,
            driver,
            profile,
            ..
        } = self;
        let quit = web.0.clone().quit().await;
        driver.stop().await?;
        quit?;
        // Chromium's last processes may still be writing to the profile.
        for _ in 0..50 {
            if std::fs::remove_dir_all(profile.path()).is_ok() {
                break;
            }
            sleep(POLL).await;
        }
        profile.close().or_else(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(error.into()),
        })
    }

    /// Polls `condition` every 20 ms until it returns a value; `what` completes the error "... did not happen".
    ///
    /// # Errors
    /// After 30 s, with the last error of `condition`, if it had one.
    pub async fn until<T>(
        &self,
        what: &str,
        condition: impl AsyncFnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        self.until_within(PATIENCE, what, condition).await
    }

    /// [`until`](Self::until) with another limit than 30 s.
    ///
    /// # Errors
    /// After `limit`, with the last error of `condition`, if it had one.
    pub async fn until_within<T>(
        &self,
        limit: Duration,
        what: &str,
        mut condition: impl AsyncFnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        let mut last = None;
        let asking = async {
            loop {
                match condition().await {
                    Ok(Some(value)) => return value,
                    Ok(None) => last = None,
                    Err(error) => last = Some(error),
                }
                sleep(POLL).await;
            }
        };
        if let Ok(value) = timeout(limit, asking).await {
            return Ok(value);
        }
        match last {
            Some(error) => Err(error.context(format!("{what} did not happen in {limit:?}"))),
            None => bail!("{what} did not happen in {limit:?}"),
        }
    }
}
