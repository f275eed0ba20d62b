//! Bundles and minifies the scripts and style sheets of a build with esbuild, from the npm package that
//! `xtask/package.json` pins.
//!
//! Every additional file delays a page by some 5 ms, and the start of a worker as well.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::{npm, process, root};

/// Files that are not bundled: they differ between builds, are rarely needed, or are needed late.
const FILES_OF_THEIR_OWN: [&str; 3] = ["../settings.js", "../pages/code.js", "../pages/texts.js"];

/// Bundles each of `files`, which are paths in `extension`, with the files that it imports.
pub(crate) fn bundle(extension: &Path, files: &[String]) -> Result<()> {
    let package = root().join("xtask");
    npm::ci(&package)?;
    let mut esbuild = Command::new(package.join("node_modules/.bin/esbuild"));
    esbuild
        .current_dir(extension)
        .args(files)
        .args(["--bundle", "--format=esm", "--minify", "--log-level=error"])
        .args(["--allow-overwrite", "--outbase=.", "--outdir=."])
        .args(FILES_OF_THEIR_OWN.map(|path| format!("--external:{path}")));
    process::run(&mut esbuild).context("scripts or style sheets cannot be bundled")
}
