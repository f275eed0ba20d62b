//! A copy of the workspace in which bugs can be planted, so that nobody ever sees one in the sources.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use xtask::process;

use super::table::Edit;

/// The copy.
pub(crate) struct Copy {
    root: PathBuf,
}

/// A bug that is planted in the copy.
pub(crate) struct Planted {
    /// The files as they were before.
    originals: BTreeMap<PathBuf, String>,
}

impl Copy {
    /// Brings the copy up to date with the workspace, as far as git knows its files or would add them.
    ///
    /// A file that is the same stays untouched: cargo then builds only what changed.
    pub(crate) fn of_workspace() -> Result<Self> {
        let root = xtask::root();
        let copy = Self {
            root: root.join("target/mutants"),
        };
        let mut git = Command::new("git");
        git.current_dir(&root);
        git.args(["ls-files", "--cached", "--others", "--exclude-standard"]);
        let mut kept = BTreeSet::new();
        for name in process::output(&mut git)?.lines() {
            let (from, to) = (root.join(name), copy.root().join(name));
            // What git knows may have been removed since.
            if from.is_file() {
                bring(&from, &to).with_context(|| format!("cannot copy {name}"))?;
                kept.insert(to);
            }
        }
        remove_others(copy.root(), &kept)?;
        Ok(copy)
    }

    /// Where the copy's sources are.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Makes all of `edits`; each text must stand in its file exactly once.
    pub(crate) fn plant(&self, edits: &[Edit]) -> Result<Planted> {
        let files = edited(self.root(), edits)?;
        for (path, file) in &files {
            fs::write(path, &file.changed)?;
        }
        let originals = files.into_iter().map(|(path, file)| (path, file.original));
        Ok(Planted {
            originals: originals.collect(),
        })
    }
}

/// A file, before and after the edits.
struct Edited {
    original: String,
    changed: String,
}

/// The files below `root` that `edits` change. Nothing is written.
fn edited(root: &Path, edits: &[Edit]) -> Result<BTreeMap<PathBuf, Edited>> {
    let mut files = BTreeMap::new();
    for edit in edits {
        let file = match files.entry(root.join(edit.file)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unread) => {
                let original = fs::read_to_string(unread.key())
                    .with_context(|| format!("cannot read {}", edit.file))?;
                let changed = original.clone();
                unread.insert(Edited { original, changed })
            }
        };
        let count = file.changed.matches(edit.text).count();
        if count != 1 {
            let (name, text) = (edit.file, edit.text);
            bail!("this stands {count} times in {name}, not once: {text}");
        }
        file.changed = file.changed.replace(edit.text, edit.replacement);
    }
    Ok(files)
}

impl Planted {
    /// The files are as they were before.
    pub(crate) fn restore(self) -> Result<()> {
        for (path, text) in &self.originals {
            fs::write(path, text)?;
        }
        Ok(())
    }
}

/// Removes every file below `folder` that is none of `kept`: what the workspace had once would still be built.
fn remove_others(folder: &Path, kept: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_others(&path, kept)?;
        } else if !kept.contains(&path) {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    Ok(())
}

fn bring(from: &Path, to: &Path) -> Result<()> {
    let contents = fs::read(from)?;
    if fs::read(to).is_ok_and(|there| there == contents) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(to, contents)?)
}

#[cfg(test)]
mod tests {
    use super::super::table::MUTANTS;
    use super::*;

    #[test]
    fn what_the_workspace_has_no_more_is_not_in_the_copy() {
        let folder = tempfile::tempdir().unwrap();
        let [kept, gone] =
            ["tests/kept.rs", "tests/moved/gone.rs"].map(|it| folder.path().join(it));
        for file in [&kept, &gone] {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        remove_others(folder.path(), &BTreeSet::from([kept.clone()])).unwrap();
        assert!(kept.exists() && !gone.exists());
    }

    #[test]
    fn every_bug_has_a_place_in_the_sources() {
        for mutant in MUTANTS {
            if let Err(why) = edited(&xtask::root(), mutant.edits) {
                panic!("{}: {why}", mutant.name);
            }
        }
    }
}
