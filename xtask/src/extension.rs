//! The built extension: its template without settings, and unpacked copies of it with settings.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use evertoken::settings::{Build, Settings};
use serde_json::Value;

pub use crate::rooms::Profile;
use crate::size::Size;
use crate::weight;
use crate::{files, manifest, progress, rooms, root};

/// Every package of the workspace has this version, and the extension too.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The sizes of a build's modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// The background worker.
    pub worker: Size,
    /// The options page.
    pub options: Size,
    /// The popup.
    pub popup: Size,
}

/// The folder in which [`build`] puts the extension without settings.
#[must_use]
pub fn template() -> PathBuf {
    root().join("target/extension")
}

/// Builds the wasm and assembles the template. Fast if nothing has changed.
///
/// # Errors
/// When a tool is missing or a step fails.
pub fn build(profile: Profile) -> Result<Sizes> {
    let lock = lock_file()?;
    lock.lock()?;
    let fresh = root().join("target/extension.new");
    files::remove(&fresh)?;
    rooms::build_modules(&fresh, profile)?;
    progress::step("pages, scripts and styles", || rooms::copy_assets(&fresh))?;
    let manifest = manifest::transform(&read_manifest(&root())?, VERSION, None)?;
    rooms::check_complete(&fresh, &manifest)?;
    write_variable_files(&fresh, &manifest, &Value::Null)?;
    files::remove(&template())?;
    fs::rename(&fresh, template()).context("the template cannot be put in place")?;
    sizes()
}

/// A report on the last shipped build: the sizes of its modules, and a table of the size of each part.
///
/// # Errors
/// When nothing was built.
pub fn size_report() -> Result<String> {
    let sizes = sizes()?;
    let whole = [sizes.worker, sizes.popup, sizes.options].map(|size| format!(" {size} |"));
    let table = weight::table(&[
        ("worker", rooms::BACKGROUND.weights()?),
        ("popup", rooms::POPUP.weights()?),
        ("options", rooms::OPTIONS.weights()?),
    ]);
    Ok(format!(
        "{table}| **whole, with its script** |{}\n",
        whole.concat()
    ))
}

/// Builds another crate in the same way as the extension's; returns the folder with its module `STEM_bg.wasm` and its glue
/// `STEM.js`.
///
/// # Errors
/// When a tool is missing or a step fails.
pub fn module(package: &str) -> Result<PathBuf> {
    rooms::module(package, &package.replace('-', "_"))
}

/// The sizes of the last build.
///
/// # Errors
/// When nothing was built.
pub fn sizes() -> Result<Sizes> {
    let template = template();
    Ok(Sizes {
        worker: rooms::BACKGROUND.size(&template)?,
        options: rooms::OPTIONS.size(&template)?,
        popup: rooms::POPUP.size(&template)?,
    })
}

/// Copies the built `template` to `out` with the settings `settings_json`, and returns the extension's id.
///
/// Compiles nothing, so every test can have its own copy.
///
/// # Errors
/// When the settings are refused, `out` contains other files, or `template` is not a build.
pub fn assemble(template: &Path, settings_json: Option<&str>, out: &Path) -> Result<String> {
    let settings = settings_json.map(parse).transpose()?;
    let baked = settings_json.map_or(Ok(Value::Null), serde_json::from_str)?;
    copy_with(template, out, &baked, &|source| {
        manifest::transform(source, VERSION, settings.as_ref())
    })
}

/// As [`assemble`], without settings, but with host permissions for the origins of these URLs, as if the user had granted
/// them.
///
/// # Errors
/// When a URL has no host, `out` contains other files, or `template` is not a build.
pub fn assemble_unconfigured(template: &Path, origins: &[String], out: &Path) -> Result<String> {
    copy_with(template, out, &Value::Null, &|source| {
        let mut manifest = manifest::transform(source, VERSION, None)?;
        manifest::grant(&mut manifest, origins)?;
        Ok(manifest)
    })
}

fn copy_with(
    template: &Path,
    out: &Path,
    baked: &Value,
    manifest: &dyn Fn(&Value) -> Result<Value>,
) -> Result<String> {
    let lock = lock_file()?;
    lock.lock()?;
    let source = read_manifest(template).context("the extension is not built")?;
    let manifest = manifest(&source)?;
    make_room(template, out)?;
    files::copy(template, out, &|_| true)?;
    write_variable_files(out, &manifest, baked)?;
    manifest::extension_id(&manifest)
}

/// Removes all other languages from the extension in `out`, so that every browser shows this one.
///
/// # Errors
/// When there is no such language.
pub fn keep_language(out: &Path, language: &str) -> Result<()> {
    let mut manifest = read_manifest(out)?;
    manifest["default_locale"] = language.into();
    let folder = out.join("_locales");
    if !folder.join(language).is_dir() {
        bail!("there are no texts in the language {language}");
    }
    for entry in fs::read_dir(&folder)? {
        let entry = entry?;
        if entry.file_name() != language {
            files::remove(&entry.path())?;
        }
    }
    files::write(&out.join("manifest.json"), format!("{manifest:#}\n"))
}

/// Validates the settings of a build.
///
/// # Errors
/// With the key's path and the reason.
pub fn parse(settings_json: &str) -> Result<Settings> {
    Settings::parse(settings_json, Build::Development).context("the settings are refused")
}

/// Locks the template: tests and builds run in parallel, so otherwise a half-built template could be copied, or two copies
/// be made in one folder.
fn lock_file() -> Result<File> {
    let path = root().join("target/extension.lock");
    files::write(&path, [])?;
    File::open(&path).context("the template cannot be locked")
}

fn read_manifest(folder: &Path) -> Result<Value> {
    let path = folder.join("manifest.json");
    let text = files::read_text(&path)?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))
}

/// Empties `out`, if it contains an extension of ours.
fn make_room(template: &Path, out: &Path) -> Result<()> {
    if !out.exists() {
        return Ok(());
    }
    if out.canonicalize()? == template.canonicalize()? {
        bail!(
            "{} is the template itself; please name another folder",
            out.display()
        );
    }
    let is_empty = out.is_dir() && out.read_dir()?.next().is_none();
    let is_ours = || read_manifest(out).is_ok_and(|manifest| manifest["name"] == "Evertoken");
    if !is_empty && !is_ours() {
        bail!(
            "{} holds something else than a build of Evertoken; nothing was removed",
            out.display()
        );
    }
    files::remove(out)
}

fn write_variable_files(folder: &Path, manifest: &Value, settings: &Value) -> Result<()> {
    files::write(
        &folder.join("settings.js"),
        format!("export default {settings:#};\n"),
    )?;
    files::write(&folder.join("manifest.json"), format!("{manifest:#}\n"))
}

#[cfg(test)]
mod tests;
