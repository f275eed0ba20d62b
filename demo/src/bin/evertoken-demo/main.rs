//! The demo: an OpenID provider, a protected API and Chromium with the extension. No account is needed.
//!
//! `evertoken-demo` opens the browser and leaves it to the user. With `--headless`, or without a display,
//! it takes the tour itself, checks every step and ends with 0 only if the job was shown.

#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "the demo tells what happens")]

mod album;
mod timeline;
mod tour;
mod visit;

use std::time::Duration;

use anyhow::{Result, bail};
use evertoken_demo::provider::ProviderOptions;
use evertoken_demo::stage::{Stage, StageOptions};

const TOKEN_LIFETIME: Duration = Duration::from_secs(20);

#[tokio::main]
async fn main() -> Result<()> {
    let mut headless = !has_display();
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--headless" => headless = true,
            other => bail!("{other} is not known. Usage: evertoken-demo [--headless]"),
        }
    }
    let provider = ProviderOptions {
        token_lifetime: TOKEN_LIFETIME,
        ..ProviderOptions::default()
    };
    let options = StageOptions {
        provider,
        headless,
        ..StageOptions::default()
    };
    println!("The provider, the API and Chromium start.");
    let stage = Stage::set_up(options).await?;
    println!("Provider  {}", stage.provider.issuer());
    println!("API       {}", stage.api.base());
    println!("Tokens live {} s.\n", TOKEN_LIFETIME.as_secs());
    let work = async {
        if headless {
            tour::take(&stage).await
        } else {
            visit::accompany(&stage).await
        }
    };
    let outcome = tokio::select! {
        outcome = work => outcome,
        interrupt = tokio::signal::ctrl_c() => interrupt.map_err(Into::into),
    };
    // The browser may be gone already: the user closed it.
    let _ = stage.close().await;
    outcome
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
        || cfg!(not(target_os = "linux"))
}
