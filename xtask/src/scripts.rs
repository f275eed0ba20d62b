//! Scripts and style sheets of a build: bundled and made small by esbuild, from the npm package that `xtask/package.json` pins.
//!
//! Every file of an extension costs a page some 5 ms before it can be used, and a worker some before it runs.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::{npm, process, root};

/// What differs from build to build, is hardly ever wanted, or is wanted late, stays a file of its own.
const FILES_OF_THEIR_OWN: [&str; 3] = ["../settings.js", "../pages/code.js", "../pages/texts.js"];

/// Puts into each of `files`, which are paths in the `extension`, what it imports.
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
