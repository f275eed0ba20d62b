//! The extension that the floors and the libraries are measured in: Evertoken's id and permissions, none of its code.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use xtask::root;

/// Writes it into `folder` and gives its id. With `worker` all that its pages ask for goes through a service worker that does nothing.
pub(crate) fn write(web: &Path, folder: &Path, worker: bool) -> Result<String> {
    let own = std::fs::read_to_string(root().join("manifest.json"))?;
    let own: Value = serde_json::from_str(&own).context("manifest.json")?;
    let mut manifest = json!({
        "manifest_version": 3,
        "name": "Bench",
        "version": "1",
        "key": own["key"],
        "host_permissions": ["https://localhost/*"],
        "web_accessible_resources": [{ "resources": ["*"], "matches": ["https://localhost/*"] }],
    });
    if worker {
        manifest["background"] = json!({ "service_worker": "empty-worker.js" });
        std::fs::copy(web.join("empty-worker.js"), folder.join("empty-worker.js"))?;
    }
    std::fs::write(folder.join("manifest.json"), manifest.to_string())?;
    xtask::manifest::extension_id(&manifest)
}
