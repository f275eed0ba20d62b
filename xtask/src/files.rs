//! Writes, removes, copies and lists files and folders.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::{process, root};

pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

pub(crate) fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Writes a file, and creates its parent folders.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, contents: impl AsRef<[u8]>) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| cannot_write(folder))?;
    }
    fs::write(path, contents).with_context(|| cannot_write(path))
}

/// Removes a file, or a folder with its contents; it need not exist.
///
/// # Errors
/// When it cannot be removed.
pub fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Copies the files below `from` for which `keep` is true to `to`. A folder for which `keep` is false is skipped.
pub(crate) fn copy(from: &Path, to: &Path, keep: &dyn Fn(&Path) -> bool) -> Result<()> {
    let entries = fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))?;
    for entry in entries {
        let (source, target) = {
            let entry = entry?;
            (entry.path(), to.join(entry.file_name()))
        };
        if !keep(&source) {
            continue;
        }
        if source.is_dir() {
            copy(&source, &target, keep)?;
        } else {
            fs::create_dir_all(to).with_context(|| cannot_write(to))?;
            fs::copy(&source, &target).with_context(|| cannot_write(&target))?;
        }
    }
    Ok(())
}

/// The paths, relative to the workspace's root, of the existing files that match git's `pattern` and that git tracks or
/// would add.
///
/// # Errors
/// When git fails.
pub fn of_workspace(pattern: &str) -> Result<Vec<String>> {
    let mut git = Command::new("git");
    git.args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        pattern,
    ]);
    let names = process::output(git.current_dir(root()))?;
    let names = names.lines().filter(|name| root().join(name).is_file());
    Ok(names.map(str::to_owned).collect())
}

/// The SHA-256 of `parts`, in hexadecimal.
pub(crate) fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes()); // so that no two lists of parts run together
        hash.update(part);
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write {}", path.display())
}
