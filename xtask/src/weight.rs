//! The size of each crate, and of each folder of the engine, in a module.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::{Context as _, Result};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

use crate::size::kilo;

/// The crate that is reported folder by folder.
const ENGINE: &str = "evertoken";
/// The label for bytes outside functions: texts and tables.
const DATA: &str = "data";
/// The label for functions that the optimizer merged from others.
const NAMELESS: &str = "no name";

/// Bytes of wasm by label: a crate, a folder of the engine, or one of the labels above.
pub type Weights = BTreeMap<String, usize>;

/// Measures the functions of a module that still has their names, and its data.
///
/// # Errors
/// When `wasm` is not a module.
pub fn of(wasm: &[u8]) -> Result<Weights> {
    let mut weights = Weights::new();
    let mut bodies = Vec::new();
    let mut names = HashMap::new();
    let mut imported = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.range().len()),
            Payload::DataSection(data) => {
                weights.insert(DATA.to_owned(), data.range().len());
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(sections) = section.as_known() {
                    for section in sections {
                        if let Name::Function(functions) = section? {
                            for function in functions {
                                let function = function?;
                                names.insert(function.index, function.name);
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    for (index, bytes) in (imported..).zip(bodies) {
        let name = names.get(&index).context("a function has no name");
        let owner = name.map_or_else(|_| NAMELESS.to_owned(), |name| owner(name));
        *weights.entry(owner).or_default() += bytes;
    }
    Ok(weights)
}

/// A table with a column per module, in kilobytes, sorted by the sizes in the first module.
#[must_use]
pub fn table(modules: &[(&str, Weights)]) -> String {
    let of = |(_, weights): &(&str, Weights), part: &str| weights.get(part).copied().unwrap_or(0);
    let parts: BTreeSet<_> = modules
        .iter()
        .flat_map(|(_, weights)| weights.keys())
        .collect();
    let mut parts: Vec<_> = parts.into_iter().collect();
    parts.sort_by_cached_key(|part| {
        Reverse(
            modules
                .iter()
                .map(|module| of(module, part))
                .collect::<Vec<_>>(),
        )
    });
    let mut text = "| kB of wasm |".to_owned();
    text.extend(modules.iter().map(|(name, _)| format!(" {name} |")));
    text += "\n|---|";
    text += &"---|".repeat(modules.len());
    for part in parts {
        text += &format!("\n| {part} |");
        text.extend(modules.iter().map(|module| match of(module, part) {
            0 => " |".to_owned(),
            bytes => format!(" {:.1} |", kilo(bytes)),
        }));
    }
    text + "\n"
}

/// The label of a function: the first crate in its name; if a library's generic function was compiled for one of our
/// crates, that crate.
fn owner(name: &str) -> String {
    let mut paths = paths(name);
    let first = paths.first().cloned();
    paths.retain(|path| path.starts_with(ENGINE));
    match paths.first().cloned().or(first) {
        None => NAMELESS.to_owned(),
        Some(path) => {
            let mut parts = path.split("::");
            let of = parts.next().unwrap_or_default();
            match (of, parts.next()) {
                (ENGINE, Some(room)) => format!("{ENGINE}::{room}"),
                ("core" | "alloc" | "std" | "dlmalloc", _) => "std".to_owned(),
                _ => of.to_owned(),
            }
        }
    }
}

/// The paths in a name that start with a crate: `core::ptr::drop_in_place` and `evertoken::Engine` in
/// `core[6ea1]::ptr::drop_in_place::<evertoken[be7f]::Engine>`, where the brackets hold the crate's hash.
fn paths(name: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once("]::") {
        rest = after;
        let Some((before, hash)) = before.rsplit_once('[') else {
            continue;
        };
        if !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            continue;
        }
        let word = |text: &str| {
            text.rsplit(|c: char| !is_of_a_name(c))
                .next()
                .map(str::to_owned)
        };
        let inside: String = after
            .chars()
            .take_while(|&c| is_of_a_name(c) || c == ':')
            .collect();
        if let Some(of) = word(before) {
            paths.push(format!("{of}::{inside}"));
        }
    }
    paths
}

fn is_of_a_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_belongs_to_whom_it_was_made_for() {
        for (name, owned_by) in [
            ("evertoken[b0]::oidc::jws::verify", "evertoken::oidc"),
            (
                "<evertoken[b0]::session::Session as core[c1]::fmt::Debug>::fmt",
                "evertoken::session",
            ),
            (
                "core[c1]::ptr::drop_in_place::<evertoken[b0]::api::rules::Rules>",
                "evertoken::api",
            ),
            ("<url[d2]::parser::Parser>::parse_url", "url"),
            ("<[u8] as alloc[e3]::slice::Join<&[u8]>>::join", "std"),
            (
                "evertoken_background[f4]::call::{closure#0}",
                "evertoken_background",
            ),
            ("__wbindgen_malloc", "no name"),
        ] {
            assert_eq!(owner(name), owned_by, "{name}");
        }
    }
}
