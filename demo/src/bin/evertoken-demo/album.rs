//! Pictures of the popup, in light and dark.

use anyhow::Result;
use evertoken_demo::browser::Browser;
use serde_json::json;

/// As wide as Chromium lets a popup comfortably be.
const WIDTH: u32 = 400;
/// As high as it ever lets one be.
const HEIGHT: u32 = 600;

/// The pictures taken, by their paths from the repository's root.
#[derive(Default)]
pub(crate) struct Album {
    pictures: Vec<String>,
}

impl Album {
    /// Takes this view of the popup as `name` in light and dark, as high as the page is.
    pub(crate) async fn take(&mut self, browser: &Browser, view: &str, name: &str) -> Result<()> {
        browser.emulate_size(WIDTH, HEIGHT).await?;
        browser.press(view).await?;
        for (theme, dark) in [("dark", true), ("light", false)] {
            browser.emulate_dark(dark).await?;
            browser.emulate_size(WIDTH, 1).await?;
            let height = "return Math.ceil(document.documentElement.scrollHeight)";
            let height = browser
                .eval(height, json!([]))
                .await?
                .as_u64()
                .unwrap_or_default();
            browser.emulate_size(WIDTH, u32::try_from(height)?).await?;
            let picture = format!("target/demo/{name}-{theme}.png");
            browser.screenshot(&xtask::root().join(&picture)).await?;
            self.pictures.push(picture);
        }
        // In a window of its own the popup shows all its views.
        browser.emulate_window().await
    }

    pub(crate) fn print(&self) {
        println!("\nPictures:");
        for picture in &self.pictures {
            println!("  {picture}");
        }
    }
}
