//! The extension's rooms: which files they give to a build, and which of them are wasm.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::size::Size;
use crate::weight::{self, Weights};
use crate::{bindgen, files, process, root, scripts, styles, wasm32};

/// The cargo profile of the extension's wasm.
const PROFILE: &str = "extension";

const ROOMS: [&str; 7] = [
    "_locales",
    "background",
    "icons",
    "offscreen",
    "options",
    "pages",
    "popup",
];
const ASSETS: [&str; 7] = ["css", "html", "js", "json", "png", "svg", "woff2"];
const SOURCES: [&str; 2] = ["src", "tests"];

/// A room with a wasm module.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WasmRoom {
    /// The room's folder, in the repository and in a build.
    pub(crate) folder: &'static str,
    /// The cargo package.
    pub(crate) package: &'static str,
    /// The name of the library: `STEM.js` and `STEM_bg.wasm` come of it.
    pub(crate) stem: &'static str,
    /// The name of the script that imports `STEM.js`.
    pub(crate) starter: &'static str,
}

/// The background worker.
pub(crate) const BACKGROUND: WasmRoom = WasmRoom {
    folder: "background",
    package: "evertoken-background",
    stem: "evertoken_background",
    starter: "worker",
};

/// The popup.
pub(crate) const POPUP: WasmRoom = WasmRoom {
    folder: "popup",
    package: "evertoken-popup",
    stem: "evertoken_popup",
    starter: "popup",
};

/// The options page.
pub(crate) const OPTIONS: WasmRoom = WasmRoom {
    folder: "options",
    package: "evertoken-options",
    stem: "evertoken_options",
    starter: "options",
};

/// Every room with a wasm module.
pub(crate) const WASM_ROOMS: [WasmRoom; 3] = [BACKGROUND, POPUP, OPTIONS];

impl WasmRoom {
    /// Builds the module and puts it with its glue into `extension`.
    pub(crate) fn build(&self, extension: &Path) -> Result<()> {
        let made = module(self.package, self.stem)?;
        files::copy(&made, &extension.join(self.folder), &|_| true)
    }

    /// What weighs what in its module, as it was built last.
    pub(crate) fn weights(&self) -> Result<Weights> {
        weight::of(&files::read(&bindgen::with_names(self.stem))?)
    }

    /// How large its module and its script are.
    pub(crate) fn size(&self, extension: &Path) -> Result<Size> {
        let wasm = format!("{}/{}_bg.wasm", self.folder, self.stem);
        Size::of(&[wasm, self.script()].map(|path| extension.join(path)))
    }

    fn script(&self) -> String {
        format!("{}/{}.js", self.folder, self.starter)
    }
}

/// Builds `package` and returns the folder with its module `STEM_bg.wasm` and its glue `STEM.js`.
pub(crate) fn module(package: &str, stem: &str) -> Result<PathBuf> {
    let mut cargo = wasm32::Toolchain::find()?.build_small();
    // A package at a time: built together, the worker would carry the features that the popup asks of a
    // dependency of both.
    process::run(cargo.args([
        "--locked",
        "--profile",
        PROFILE,
        "--package",
        package,
        "--lib",
    ]))?;
    let wasm = wasm32::artifacts(PROFILE).join(stem).with_extension("wasm");
    bindgen::package(&wasm, stem)
}

/// Copies what the rooms hold of pages, styles, scripts, icons and fonts.
pub(crate) fn copy_assets(extension: &Path) -> Result<()> {
    for room in ROOMS {
        files::copy(&root().join(room), &extension.join(room), &is_asset)
            .with_context(|| format!("the room {room} cannot be copied"))?;
    }
    let schema = "managed_schema.json";
    files::write(&extension.join(schema), files::read(&root().join(schema))?)?;
    styles::bundle(&extension.join("popup"), "popup.css")?;
    styles::bundle(&extension.join("options"), "options.css")?;
    scripts::bundle(extension, &WASM_ROOMS.map(|room| room.script()))?;
    for room in WASM_ROOMS {
        files::remove(
            &extension
                .join(room.folder)
                .join(room.stem)
                .with_extension("js"),
        )?;
    }
    Ok(())
}

fn is_asset(path: &Path) -> bool {
    if path.is_dir() {
        return !SOURCES.iter().any(|name| path.ends_with(name));
    }
    path.extension()
        .is_some_and(|extension| ASSETS.iter().any(|asset| extension == *asset))
}

/// Makes sure that what the manifest names is there: the browser tells of a missing file only when it needs it.
pub(crate) fn check_complete(extension: &Path, manifest: &Value) -> Result<()> {
    let pages = [
        &manifest["action"]["default_popup"],
        &manifest["background"]["service_worker"],
        &manifest["options_ui"]["page"],
        &manifest["storage"]["managed_schema"],
    ];
    let icons = manifest["icons"]
        .as_object()
        .into_iter()
        .flat_map(|icons| icons.values());
    for file in pages.into_iter().chain(icons).filter_map(Value::as_str) {
        if !extension.join(file).is_file() {
            bail!("manifest.json names {file}, which no room has");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_stay_at_home() {
        assert!(is_asset(Path::new("popup/popup.css")));
        assert!(!is_asset(Path::new("popup/Cargo.toml")));
        assert!(!is_asset(&root().join("xtask/src")));
        assert!(is_asset(&root().join("xtask")));
    }
}
