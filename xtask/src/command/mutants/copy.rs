//! A copy of the workspace in which bugs are planted, so that the sources never contain one.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use xtask::files;

use super::table::Edit;

/// The copy, and the original contents of the engine's files in it.
pub(super) struct Copy {
    root: PathBuf,
    engine: BTreeMap<PathBuf, String>,
}

impl Copy {
    /// Copies all files that git tracks or would add.
    pub(super) fn of_workspace() -> Result<Self> {
        let root = xtask::root().join("target/mutants");
        files::remove(&root)?;
        for name in files::of_workspace(".")? {
            let (from, to) = (xtask::root().join(&name), root.join(&name));
            files::write(&to, fs::read(&from)?)?;
            // Keeps the modification time, so that cargo does not compile unchanged files again.
            let modified = fs::metadata(&from)?.modified()?;
            File::options()
                .write(true)
                .open(&to)?
                .set_modified(modified)?;
        }
        let engine = engine(&root)?;
        Ok(Self { root, engine })
    }

    /// Where the copy is.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Applies all `edits`, runs `work`, and reverts them.
    pub(super) fn with<T>(&self, edits: &[Edit], work: impl FnOnce() -> Result<T>) -> Result<T> {
        let edited = edited(&self.engine, edits)?;
        edited
            .iter()
            .try_for_each(|(path, text)| fs::write(path, text))?;
        let done = work();
        for path in edited.keys() {
            fs::write(path, &self.engine[path])?;
        }
        done
    }
}

/// The engine's files below `root`, by their path.
fn engine(root: &Path) -> Result<BTreeMap<PathBuf, String>> {
    let names = files::of_workspace("src/*.rs")?.into_iter();
    let read = |name| {
        let path = root.join(name);
        Ok((path.clone(), fs::read_to_string(path)?))
    };
    names.map(read).collect()
}

/// The new contents of the files that `edits` change.
fn edited(engine: &BTreeMap<PathBuf, String>, edits: &[Edit]) -> Result<BTreeMap<PathBuf, String>> {
    let mut edited = BTreeMap::new();
    for (text, replacement) in edits {
        let mut places = engine
            .iter()
            .flat_map(|(path, file)| file.matches(text).map(move |_| path));
        let path = places
            .next()
            .with_context(|| format!("this stands nowhere in src: {text}"))?;
        if places.next().is_some() {
            bail!("this stands in src more than once: {text}");
        }
        let file = edited.get(path).unwrap_or(&engine[path]);
        edited.insert(path.clone(), file.replacen(text, replacement, 1));
    }
    Ok(edited)
}

#[cfg(test)]
mod tests {
    use super::super::table::MUTANTS;
    use super::*;

    #[test]
    fn every_bug_has_a_place_in_the_sources() {
        let engine = engine(&xtask::root()).unwrap();
        for (name, edits) in MUTANTS {
            if let Err(why) = edited(&engine, edits) {
                panic!("{name}: {why}");
            }
        }
    }
}
