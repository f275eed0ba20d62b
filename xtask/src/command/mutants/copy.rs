//! A copy of the workspace in which bugs can be planted, so that nobody ever sees one in the sources.

use std::collections::BTreeMap;
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
        for name in process::output(&mut git)?.lines() {
            let (from, to) = (root.join(name), copy.root().join(name));
            // What git knows may have been removed since.
            if from.is_file() {
                bring(&from, &to).with_context(|| format!("cannot copy {name}"))?;
            }
        }
        Ok(copy)
    }

    /// Where the copy's sources are.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Makes all of `edits`; each text must stand in its file exactly once.
    pub(crate) fn plant(&self, edits: &[Edit]) -> Result<Planted> {
        let mut originals = BTreeMap::new();
        let mut changed = BTreeMap::<PathBuf, String>::new();
        for edit in edits {
            let path = self.root().join(edit.file);
            let original = match changed.get(&path) {
                Some(text) => text.clone(),
                None => fs::read_to_string(&path)
                    .with_context(|| format!("cannot read {}", edit.file))?,
            };
            let count = original.matches(edit.text).count();
            if count != 1 {
                let text = edit.text;
                bail!(
                    "this stands {count} times in {}, not once: {text}",
                    edit.file
                );
            }
            changed.insert(path.clone(), original.replace(edit.text, edit.replacement));
            originals.entry(path).or_insert(original);
        }
        for (path, text) in &changed {
            fs::write(path, text)?;
        }
        Ok(Planted { originals })
    }
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
