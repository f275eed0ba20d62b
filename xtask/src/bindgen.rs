//! From cargo's wasm to the files that the browser loads: runs wasm-bindgen, and wasm-opt for the shipped module.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;
use wasmparser::{Parser, Payload};

use crate::rooms::Profile;
use crate::{binaryen, files, root};

/// Part of the stamp: the version is pinned in the workspace's Cargo.toml, and a change of options is a change here.
const BINDGEN: &[u8] = b"wasm-bindgen 0.2.130, web, names aside, no producers";
/// The bytes before the first section: the magic number and the version.
const HEADER: usize = 8;

/// Makes `STEM.js` and `STEM_bg.wasm` from cargo's `wasm` and returns their folder. A quick build keeps the names of its
/// functions, which the browser's stack traces then show.
///
/// This is slow, so it is skipped if neither the wasm nor a tool has changed.
pub(crate) fn package(wasm: &Path, stem: &str, profile: Profile) -> Result<PathBuf> {
    let out = folder(profile).join(stem);
    let stamp = out.with_extension("stamp");
    let mut parts = vec![files::read(wasm)?, BINDGEN.to_vec()];
    if profile == Profile::Shipped {
        parts.push(binaryen::version()?);
        parts.extend(binaryen::FLAGS.map(|flag| flag.as_bytes().to_vec()));
    }
    let inputs = files::digest(parts.iter().map(Vec::as_slice));
    if files::read_text(&stamp).is_ok_and(|made_from| made_from == inputs) {
        return Ok(out);
    }
    files::remove(&stamp)?;
    files::remove(&out)?;
    bind(wasm, &out).with_context(|| format!("wasm-bindgen refuses {}", wasm.display()))?;
    if profile == Profile::Shipped {
        let module = out.join(format!("{stem}_bg.wasm"));
        binaryen::optimize(&module)?;
        let named = files::read(&module)?;
        files::write(&module, without_names(&named)?)?;
        files::write(&with_names(stem), named)?;
    }
    files::write(&stamp, inputs)?;
    Ok(out)
}

/// The shipped module that [`package`] made last, with the names of its functions.
pub(crate) fn with_names(stem: &str) -> PathBuf {
    folder(Profile::Shipped).join(format!("{stem}.named.wasm"))
}

fn folder(profile: Profile) -> PathBuf {
    root().join("target/bindgen").join(profile.name())
}

fn bind(wasm: &Path, out: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(wasm)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(false) // `init()` finds the wasm next to the glue
        .remove_producers_section(true)
        .generate(out)
}

/// A module without its custom sections, which the browser does not need.
fn without_names(module: &[u8]) -> Result<Vec<u8>> {
    let mut kept = module[..HEADER].to_vec();
    let mut start = HEADER;
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        if let Some((_, contents)) = payload.as_section() {
            if !matches!(payload, Payload::CustomSection(_)) {
                kept.extend_from_slice(&module[start..contents.end]);
            }
            start = contents.end;
        }
    }
    Ok(kept)
}
