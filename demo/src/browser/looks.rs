//! Screenshots, and emulation of color scheme, motion preference and window size.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::json;

use super::Browser;

impl Browser {
    /// Writes a screenshot of the page as PNG; creates the folder.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn screenshot(&self, path: &Path) -> Result<()> {
        let png = self.web.screenshot_as_png().await?;
        if let Some(folder) = path.parent() {
            tokio::fs::create_dir_all(folder).await?;
        }
        tokio::fs::write(path, png)
            .await
            .with_context(|| path.display().to_string())
    }

    /// Emulates the dark or the light color scheme (`prefers-color-scheme`).
    ///
    /// # Errors
    /// When the browser cannot be asked.
    pub async fn emulate_dark(&self, dark: bool) -> Result<()> {
        let value = if dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.web
            .cdp()
            .send_raw("Emulation.setEmulatedMedia", features)
            .await?;
        Ok(())
    }

    /// Emulates a user who prefers reduced motion (`prefers-reduced-motion`).
    ///
    /// # Errors
    /// When the browser cannot be asked.
    pub async fn emulate_reduced_motion(&self) -> Result<()> {
        let features =
            json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
        let cdp = self.web.cdp();
        cdp.send_raw("Emulation.setEmulatedMedia", features).await?;
        Ok(())
    }

    /// Gives the page a size in CSS pixels, drawn at two device pixels each.
    ///
    /// # Errors
    /// When the browser cannot be asked.
    pub async fn emulate_size(&self, width: u32, height: u32) -> Result<()> {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 2, "mobile": false });
        self.web
            .cdp()
            .send_raw("Emulation.setDeviceMetricsOverride", metrics)
            .await?;
        Ok(())
    }

    /// Gives the page its window's own size again.
    ///
    /// # Errors
    /// When the browser cannot be asked.
    pub async fn emulate_window(&self) -> Result<()> {
        let cdp = self.web.cdp();
        cdp.send_raw("Emulation.clearDeviceMetricsOverride", json!({}))
            .await?;
        Ok(())
    }
}
