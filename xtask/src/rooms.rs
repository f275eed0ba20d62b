//! The folders that make up the extension ("rooms"): which files they contribute to a build, and which have a wasm module.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::size::Size;
use crate::wasm32::{self, Toolchain};
use crate::weight::{self, Weights};
use crate::{bindgen, files, process, progress, root, scripts};

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
/// The style sheets that pages link; they import the others.
const SHEETS: [&str; 2] = ["options/options.css", "popup/popup.css"];

/// How the wasm is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// The shipped build: small.
    Shipped,
    /// A build for development: built faster, but larger and slower.
    Quick,
}

impl Profile {
    /// The name of cargo's profile.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Shipped => "extension",
            Self::Quick => "quick",
        }
    }
}

/// A folder with a wasm module.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WasmRoom {
    /// The folder, in the repository and in a build.
    pub(crate) folder: &'static str,
    /// The cargo package.
    pub(crate) package: &'static str,
    /// The name of the library, which is the stem of `STEM.js` and `STEM_bg.wasm`.
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

/// Every folder with a wasm module.
pub(crate) const WASM_ROOMS: [WasmRoom; 3] = [BACKGROUND, POPUP, OPTIONS];

impl WasmRoom {
    /// The size of each part of its module, as it was built last.
    pub(crate) fn weights(&self) -> Result<Weights> {
        weight::of(&files::read(&bindgen::with_names(self.stem))?)
    }

    /// The size of its module and its script together.
    pub(crate) fn size(&self, extension: &Path) -> Result<Size> {
        let wasm = format!("{}/{}_bg.wasm", self.folder, self.stem);
        Size::of(&[wasm, self.script()].map(|path| extension.join(path)))
    }

    fn script(&self) -> String {
        format!("{}/{}.js", self.folder, self.starter)
    }
}

/// Builds the modules and puts each with its glue into `extension`.
pub(crate) fn build_modules(extension: &Path, profile: Profile) -> Result<()> {
    if profile == Profile::Quick {
        let packages = WASM_ROOMS.map(|room| room.package);
        progress::step(
            "the wasm of the worker and the pages, in the quick profile",
            || compile(&packages, profile),
        )?;
    }
    for room in WASM_ROOMS {
        let WasmRoom {
            folder,
            package,
            stem,
            ..
        } = room;
        // One package at a time: built together, the worker would contain the features that the popup enables in a shared
        // dependency.
        if profile == Profile::Shipped {
            progress::step(&format!("the wasm of {folder}"), || {
                compile(&[package], profile)
            })?;
        }
        let made = progress::step(&format!("the glue of {folder}"), || make(stem, profile))?;
        files::copy(&made, &extension.join(folder), &|_| true)?;
    }
    Ok(())
}

/// Builds `package` like the shipped modules, and returns the folder with its module `STEM_bg.wasm` and its glue `STEM.js`.
pub(crate) fn module(package: &str, stem: &str) -> Result<PathBuf> {
    compile(&[package], Profile::Shipped)?;
    make(stem, Profile::Shipped)
}

fn compile(packages: &[&str], profile: Profile) -> Result<()> {
    let mut cargo = match profile {
        Profile::Shipped => Toolchain::find()?.build_small(),
        Profile::Quick => Toolchain::find_quick()?.cargo("build"),
    };
    cargo.args(["--locked", "--lib", "--profile", profile.name()]);
    for package in packages {
        cargo.args(["--package", package]);
    }
    process::run(&mut cargo)
}

/// Makes module and glue from the compiled wasm.
fn make(stem: &str, profile: Profile) -> Result<PathBuf> {
    let wasm = wasm32::artifacts(profile.name())
        .join(stem)
        .with_extension("wasm");
    let made = bindgen::package(&wasm, stem, profile)?;
    let module = files::read(&made.join(format!("{stem}_bg.wasm")))?;
    let toolchain = match profile {
        Profile::Shipped => Toolchain::find()?,
        Profile::Quick => Toolchain::find_quick()?,
    };
    toolchain
        .check_paths(&module)
        .with_context(|| format!("{stem} must not be shipped"))?;
    Ok(made)
}

/// Copies the pages, styles, scripts, icons and fonts of all folders.
pub(crate) fn copy_assets(extension: &Path) -> Result<()> {
    for room in ROOMS {
        files::copy(&root().join(room), &extension.join(room), &is_asset)
            .with_context(|| format!("the room {room} cannot be copied"))?;
    }
    let schema = "managed_schema.json";
    files::write(&extension.join(schema), files::read(&root().join(schema))?)?;
    let scripts = WASM_ROOMS.map(|room| room.script());
    let sheets = SHEETS.map(str::to_owned);
    scripts::bundle(extension, &[&scripts[..], &sheets].concat())?;
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

/// Checks that every file that the manifest names exists: the browser reports a missing file only when it needs it.
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
