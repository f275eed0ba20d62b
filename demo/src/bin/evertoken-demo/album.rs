//! Pictures of the popup, in light and dark.

use anyhow::Result;
use evertoken_demo::browser::Browser;
use serde_json::json;

/// The width of the pictures in CSS pixels: a comfortable width for a popup in Chromium.
const WIDTH: u32 = 400;
/// The height in CSS pixels: Chromium's maximum for a popup.
const HEIGHT: u32 = 600;

/// The pictures taken, by their paths from the repository's root.
#[derive(Default)]
pub(crate) struct Album {
    pictures: Vec<String>,
}

impl Album {
    /// Takes pictures of this view of the popup in light and dark, as high as the page, under the name `name`.
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
        // Back to the window's own size, in which the popup shows all its views.
        browser.emulate_window().await
    }

    pub(crate) fn print(&self) {
        println!("\nPictures:");
        for picture in &self.pictures {
            println!("  {picture}");
        }
    }
}
