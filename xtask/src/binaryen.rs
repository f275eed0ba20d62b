//! wasm-opt, from the npm package that `xtask/package.json` pins.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::{files, npm, process, root};

/// Not `--all-features`: Chromium refuses the module that it makes.
pub(crate) const FLAGS: [&str; 10] = [
    "-Oz",
    // The names of functions stay, so that it can be told what weighs what; they are taken out of what is shipped.
    "-g",
    // A fresh memory is all zeros.
    "--zero-filled-memory",
    // Functions with one caller are put into it while they are small; what that saves compresses badly beyond.
    "--one-caller-inline-max-function-size=20",
    "--enable-bulk-memory",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-mutable-globals",
    "--enable-multivalue",
];

/// What identifies the optimizer: its lock file.
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
