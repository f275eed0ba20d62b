//! The extension in which baselines and libraries are measured: Evertoken's id and permissions, but none of its code.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use xtask::root;

use crate::contestant::Kind;

/// Writes the extension for `kind` into `folder` and returns its id.
pub(crate) fn write(web: &Path, folder: &Path, kind: Kind) -> Result<String> {
    let own = std::fs::read_to_string(root().join("manifest.json"))?;
    let own: Value = serde_json::from_str(&own).context("manifest.json")?;
    let mut manifest = json!({
        "manifest_version": 3,
        "name": "Bench",
        "version": "1",
        "key": own["key"],
        "host_permissions": ["https://localhost/*"],
        "content_security_policy": own["content_security_policy"],
        "web_accessible_resources": [{ "resources": ["*"], "matches": ["https://localhost/*"] }],
    });
    if kind == Kind::PermittedWorker {
        manifest["permissions"] = own["permissions"].clone();
    }
    if kind.has_worker() {
        manifest["background"] = json!({ "service_worker": "empty-worker.js" });
        std::fs::copy(web.join("empty-worker.js"), folder.join("empty-worker.js"))?;
    }
    std::fs::write(folder.join("manifest.json"), manifest.to_string())?;
    xtask::manifest::extension_id(&manifest)
}
