//! What a path stands for.

use crate::source::{Module, ModulePath, Source};

/// More names than any path leads through: an import that names itself ends here.
const DEPTH: usize = 32;

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Meaning {
    Module(ModulePath),
    /// The name of something in the file of a module.
    Item(ModulePath, String),
}

/// The file and the name of what `path`, as `module` writes it, leads to; `None` for a module, and for what is not of this crate.
pub(crate) fn resolve<'s>(
    source: &'s Source,
    module: &[String],
    path: &[String],
) -> Option<(&'s str, String)> {
    match follow(source, module, path, DEPTH)? {
        Meaning::Item(module, name) => Some((&source.modules.get(&module)?.file, name)),
        Meaning::Module(_) => None,
    }
}

fn follow(source: &Source, module: &[String], path: &[String], depth: usize) -> Option<Meaning> {
    let depth = depth.checked_sub(1)?;
    let mut rest = path.iter();
    let mut at = match rest.next()?.as_str() {
        "crate" => Vec::new(),
        "self" => module.to_vec(),
        "super" => parent(module),
        name => match look_up(source, module, name, path.len() > 1, depth)? {
            Meaning::Module(found) => found,
            item => return Some(item),
        },
    };
    while let Some(name) = rest.next() {
        if name == "super" {
            at = parent(&at);
            continue;
        }
        let is_last = rest.len() == 0;
        match look_up(source, &at, name, !is_last, depth) {
            Some(Meaning::Module(found)) => at = found,
            Some(item) => return Some(item),
            // Handed on from another crate, or made by a macro.
            None if brought_in(source, &at, name) => return None,
            None => return Some(Meaning::Item(at, name.clone())),
        }
    }
    Some(Meaning::Module(at))
}

fn parent(module: &[String]) -> ModulePath {
    module
        .split_last()
        .map_or_else(Vec::new, |(_, above)| above.to_vec())
}

fn brought_in(source: &Source, module: &ModulePath, name: &str) -> bool {
    let module = source.modules.get(module);
    module.is_some_and(|module| module.imported.contains_key(name))
}

/// What `name` means in `module`; where it is both an item and a module, `leads_on` tells which.
fn look_up(
    source: &Source,
    module: &[String],
    name: &str,
    leads_on: bool,
    depth: usize,
) -> Option<Meaning> {
    let Module {
        modules,
        items,
        imported,
        globs,
        ..
    } = source.modules.get(module)?;
    let is_item = items.contains(name);
    if modules.contains(name) && (leads_on || !is_item) {
        return Some(Meaning::Module([module, &[name.to_owned()]].concat()));
    }
    if is_item {
        return Some(Meaning::Item(module.to_vec(), name.to_owned()));
    }
    if let Some(path) = imported.get(name) {
        return follow(source, module, path, depth);
    }
    globs
        .iter()
        .find_map(|glob| match follow(source, module, glob, depth)? {
            Meaning::Module(of) => look_up(source, &of, name, leads_on, depth.checked_sub(1)?),
            Meaning::Item(..) => None,
        })
}
