//! A file's modules, and the paths in them, as `syn` reads them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{
    Attribute, ImplItemFn, Item, ItemMod, ItemUse, Macro, UseTree, VisRestricted, Visibility,
};

/// The names that lead to a module from the crate's root.
pub(crate) type ModulePath = Vec<String>;

/// A module, in a file of its own or not.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// From the folder of `lib.rs`, with `/`.
    pub(crate) file: String,
    /// The modules in it.
    pub(crate) modules: BTreeSet<String>,
    /// What it defines itself.
    pub(crate) items: BTreeSet<String>,
    /// The names that `use` brings in, and the paths these stand for.
    pub(crate) imported: BTreeMap<String, Vec<String>>,
    /// The modules out of which `use` brings all names in.
    pub(crate) globs: Vec<Vec<String>>,
}

/// A path in the text of a module.
#[derive(Debug)]
pub(crate) struct Mention {
    pub(crate) module: ModulePath,
    pub(crate) line: usize,
    pub(crate) path: Vec<String>,
}

/// A crate without its tests.
#[derive(Debug, Default)]
pub(crate) struct Source {
    pub(crate) modules: BTreeMap<ModulePath, Module>,
    pub(crate) mentions: Vec<Mention>,
}

impl Source {
    /// Reads `lib.rs` in `folder` and the files of its modules.
    pub(crate) fn read(folder: &Path) -> Self {
        let mut source = Self::default();
        source.read_module(folder, PathBuf::from("lib.rs"), Vec::new());
        source
    }

    fn read_module(&mut self, folder: &Path, file: PathBuf, module: ModulePath) {
        let text = fs::read_to_string(folder.join(&file)).unwrap();
        let parsed =
            syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut reader = Reader {
            source: self,
            file: file.to_str().unwrap().to_owned(),
            module,
            files: Vec::new(),
        };
        reader.enter();
        reader.visit_file(&parsed);
        for module in reader.files {
            let base: PathBuf = module.iter().collect();
            let candidates = [base.with_extension("rs"), base.join("mod.rs")];
            let file = candidates
                .into_iter()
                .find(|file| folder.join(file).is_file());
            let file =
                file.unwrap_or_else(|| panic!("no file of the module {}", module.join("::")));
            self.read_module(folder, file, module);
        }
    }
}

struct Reader<'a> {
    source: &'a mut Source,
    file: String,
    /// Where the reader is.
    module: ModulePath,
    /// The modules that have files of their own.
    files: Vec<ModulePath>,
}

impl Reader<'_> {
    /// Notes the module in which the reader is.
    fn enter(&mut self) {
        let module = Module {
            file: self.file.clone(),
            ..Module::default()
        };
        self.source.modules.insert(self.module.clone(), module);
    }

    fn here(&mut self) -> &mut Module {
        self.source.modules.entry(self.module.clone()).or_default()
    }

    fn mention<'i>(&mut self, idents: impl IntoIterator<Item = &'i Ident>) {
        let idents: Vec<&Ident> = idents.into_iter().collect();
        let Some(first) = idents.first() else { return };
        self.source.mentions.push(Mention {
            module: self.module.clone(),
            line: first.span().start().line,
            path: idents.iter().map(ToString::to_string).collect(),
        });
    }

    fn bring_in(&mut self, prefix: &[&Ident], tree: &UseTree, is_public: bool) {
        let with = |last| [prefix, &[last]].concat();
        let (path, name) = match tree {
            UseTree::Path(tree) => return self.bring_in(&with(&tree.ident), &tree.tree, is_public),
            UseTree::Group(group) => {
                return group
                    .items
                    .iter()
                    .for_each(|tree| self.bring_in(prefix, tree, is_public));
            }
            UseTree::Glob(_) => {
                let path = prefix.iter().map(ToString::to_string).collect();
                return self.here().globs.push(path);
            }
            UseTree::Name(tree) if tree.ident == "self" => {
                (prefix.to_vec(), prefix[prefix.len() - 1])
            }
            UseTree::Name(tree) => (with(&tree.ident), &tree.ident),
            UseTree::Rename(tree) if tree.ident == "self" => (prefix.to_vec(), &tree.rename),
            UseTree::Rename(tree) => (with(&tree.ident), &tree.rename),
        };
        let words = path.iter().map(ToString::to_string).collect();
        self.here().imported.insert(name.to_string(), words);
        // What is only handed on is an import of whoever takes it.
        if !is_public {
            self.mention(path);
        }
    }

    /// Notes the paths in what a macro is given.
    fn scan(&mut self, tokens: TokenStream) {
        let mut path: Vec<Ident> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.mention(&path);
                        path.clear();
                    }
                    path.push(ident);
                    colons = 0;
                    continue;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Group(group) => self.scan(group.stream()),
                _ => {}
            }
            self.mention(&path);
            path.clear();
            colons = 0;
        }
        self.mention(&path);
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let (attributes, name) = head(item);
        if is_test(attributes) {
            return;
        }
        if let Some(name) = name {
            let name = name.to_string();
            self.here().items.insert(name);
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        let name = item.ident.to_string();
        self.here().modules.insert(name.clone());
        self.module.push(name);
        if item.content.is_some() {
            self.enter();
            visit::visit_item_mod(self, item);
        } else {
            self.files.push(self.module.clone());
        }
        self.module.pop();
    }

    fn visit_impl_item_fn(&mut self, method: &'ast ImplItemFn) {
        if !is_test(&method.attrs) {
            visit::visit_impl_item_fn(self, method);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if item.leading_colon.is_none() {
            let is_public = !matches!(item.vis, Visibility::Inherited);
            self.bring_in(&[], &item.tree, is_public);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            self.mention(path.segments.iter().map(|segment| &segment.ident));
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, invoked: &'ast Macro) {
        self.visit_path(&invoked.path);
        self.scan(invoked.tokens.clone());
    }

    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_vis_restricted(&mut self, _: &'ast VisRestricted) {}
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let list = attribute.meta.require_list();
        attribute.path().is_ident("cfg") && list.is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

/// The attributes of an item, and the name by which others know it. A module's name is not among these.
fn head(item: &Item) -> (&[Attribute], Option<&Ident>) {
    match item {
        Item::Const(item) => (&item.attrs, Some(&item.ident)),
        Item::Enum(item) => (&item.attrs, Some(&item.ident)),
        Item::Fn(item) => (&item.attrs, Some(&item.sig.ident)),
        Item::Impl(item) => (&item.attrs, None),
        Item::Macro(item) => (&item.attrs, item.ident.as_ref()),
        Item::Mod(item) => (&item.attrs, None),
        Item::Static(item) => (&item.attrs, Some(&item.ident)),
        Item::Struct(item) => (&item.attrs, Some(&item.ident)),
        Item::Trait(item) => (&item.attrs, Some(&item.ident)),
        Item::Type(item) => (&item.attrs, Some(&item.ident)),
        Item::Use(item) => (&item.attrs, None),
        _ => (&[], None),
    }
}
