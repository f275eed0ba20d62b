//! The work of the commands of `cargo xtask`: finds or installs tools, builds the wasm, assembles the extension.
//!
//! The demo and the browser tests use this crate too: [`extension`] gives them builds with their own settings and
//! [`browser`] gives them Chromium. Nothing here runs in the extension.

#![forbid(unsafe_code)]
#![expect(
    clippy::print_stderr,
    reason = "a build tool tells its progress on stderr"
)]

mod apt;
mod binaryen;
mod bindgen;
pub mod browser;
pub mod extension;
pub mod files;
pub mod fonts;
pub mod manifest;
pub mod npm;
pub mod process;
pub mod progress;
pub mod python;
mod rooms;
mod scripts;
pub mod size;
pub mod wasm32;
pub mod weight;

use std::path::{Path, PathBuf};

/// The repository's root.
#[must_use]
pub fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}
