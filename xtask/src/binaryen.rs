//! wasm-opt, from the npm package that `xtask/package.json` pins.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::{files, npm, process, root};

/// The flags. Not `--all-features`: Chromium refuses the module that it makes.
pub(crate) const FLAGS: [&str; 10] = [
    "-Oz",
    // Keeps the names of functions, for `cargo xtask size`; they are removed from the shipped module.
    "-g",
    // New memory is all zeros.
    "--zero-filled-memory",
    // Inlines small functions with one caller; inlining larger ones saves bytes, but not after compression.
    "--one-caller-inline-max-function-size=20",
    "--enable-bulk-memory",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-mutable-globals",
    "--enable-multivalue",
];

/// The version of the optimizer, for the stamp: the contents of its lock file.
pub(crate) fn version() -> Result<Vec<u8>> {
    files::read(&root().join("xtask/package-lock.json"))
}

/// Optimizes `wasm` in place.
pub(crate) fn optimize(wasm: &Path) -> Result<()> {
    let package = root().join("xtask");
    npm::ci(&package)?;
    let mut node = Command::new("node");
    node.arg(package.join("node_modules/binaryen/bin/wasm-opt"));
    process::run(node.arg(wasm).args(FLAGS).arg("-o").arg(wasm))
}
