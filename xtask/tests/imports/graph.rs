//! The files of a crate and the imports between them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use crate::names;
use crate::source::Source;

/// A file names what stands in another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Import {
    pub(crate) from: String,
    pub(crate) line: usize,
    pub(crate) to: String,
    pub(crate) name: String,
}

impl fmt::Display for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            from,
            line,
            to,
            name,
        } = self;
        write!(f, "{from}:{line} -> {to} ({name})")
    }
}

/// The imports of a crate, a name from file to file once.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) imports: Vec<Import>,
}

impl Graph {
    /// Draws the crate whose `lib.rs` is in `folder`.
    pub(crate) fn of(folder: &Path) -> Self {
        let source = Source::read(folder);
        let mut imports = BTreeMap::new();
        for mention in &source.mentions {
            let from = &source.modules[&mention.module].file;
            let Some((to, name)) = names::resolve(&source, &mention.module, &mention.path) else {
                continue;
            };
            if from != to {
                let line = imports
                    .entry((from.clone(), to.to_owned(), name))
                    .or_insert(mention.line);
                *line = mention.line.min(*line);
            }
        }
        let imports = imports.into_iter().map(|((from, to, name), line)| Import {
            from,
            line,
            to,
            name,
        });
        Self {
            imports: imports.collect(),
        }
    }

    /// The files that import each other, directly or by way of others; the largest circles, so that no file is in two.
    pub(crate) fn circles(&self) -> BTreeSet<BTreeSet<String>> {
        let mut next: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for import in &self.imports {
            next.entry(&import.from).or_default().insert(&import.to);
        }
        let reached: BTreeMap<&str, BTreeSet<&str>> = next
            .keys()
            .map(|file| (*file, reached_from(file, &next)))
            .collect();
        let circle_of = |file: &&str| -> BTreeSet<String> {
            let others = reached[file].iter();
            let back =
                others.filter(|other| reached.get(**other).is_some_and(|from| from.contains(file)));
            back.map(|other| (*other).to_owned()).collect()
        };
        reached
            .keys()
            .map(circle_of)
            .filter(|circle| !circle.is_empty())
            .collect()
    }
}

/// Every file that `start` imports, directly or by way of others.
fn reached_from<'g>(start: &str, next: &BTreeMap<&'g str, BTreeSet<&'g str>>) -> BTreeSet<&'g str> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![start];
    while let Some(file) = waiting.pop() {
        for to in next.get(file).into_iter().flatten() {
            if reached.insert(*to) {
                waiting.push(to);
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// The graph of a crate of these files.
    fn graph(files: &[(&str, &str)]) -> Graph {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Graph::of(folder.path())
    }

    fn drawn(files: &[(&str, &str)]) -> Vec<String> {
        graph(files)
            .imports
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn a_declaration_is_no_import_and_a_name_is_one_once() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::B;\nfn f(_: B) -> crate::b::B {}"),
            ("b.rs", "pub struct B;"),
        ];
        assert_eq!(drawn(&files), ["a.rs:1 -> b.rs (B)"]);
    }

    #[test]
    fn what_is_handed_on_is_imported_from_where_it_stands() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            (
                "a.rs",
                "use crate::b::{self, B as C};\nfn f() { b::inner::g(); }",
            ),
            (
                "b/mod.rs",
                "pub mod inner; pub use self::inner::{B, Used};\nfn h(_: Used) {}",
            ),
            ("b/inner.rs", "pub struct B; pub struct Used; pub fn g() {}"),
        ];
        let expected = [
            "a.rs:1 -> b/inner.rs (B)",
            "a.rs:2 -> b/inner.rs (g)",
            "b/mod.rs:2 -> b/inner.rs (Used)",
        ];
        assert_eq!(drawn(&files), expected);
    }

    #[test]
    fn what_a_macro_is_given_is_read_too() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            (
                "a.rs",
                "fn f() { assert!(x.b == [crate::b::Kind::One, super::b::make()]); }",
            ),
            ("b.rs", "pub enum Kind { One }"),
        ];
        let expected = ["a.rs:1 -> b.rs (Kind)", "a.rs:1 -> b.rs (make)"];
        assert_eq!(drawn(&files), expected);
    }

    #[test]
    fn tests_and_other_crates_do_not_count() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            (
                "a.rs",
                "use std::fmt; pub use other::Thing;\n#[cfg(test)] use crate::b::B;\n#[cfg(test)] mod tests { use crate::b::B; }\n#[cfg(test)] mod away;",
            ),
            ("b.rs", "use crate::a::Thing; pub struct B;"),
        ];
        assert!(drawn(&files).is_empty());
    }

    #[test]
    fn files_that_reach_each_other_are_a_circle() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c; mod d;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            ("b.rs", "use super::c::C; pub struct B;"),
            ("c.rs", "use crate::{a::A, d::D}; pub struct C;"),
            ("d.rs", "pub struct D;"),
        ];
        let circle = ["a.rs", "b.rs", "c.rs"].map(str::to_owned);
        assert_eq!(
            graph(&files).circles(),
            BTreeSet::from([BTreeSet::from(circle)])
        );
        assert!(graph(&[("lib.rs", "")]).circles().is_empty());
    }
}
