//! Style sheets of a build: what they import stands in them.
//!
//! Sources are split by subject and read as they are. In a build each import would be another file to wait for before
//! the first picture.

use std::path::Path;

use anyhow::{Context, Result};

use crate::files;

/// Puts the sheets that `folder`'s `name` imports in the place of its `@import` lines.
pub(crate) fn bundle(folder: &Path, name: &str) -> Result<()> {
    let path = folder.join(name);
    files::write(&path, inlined(&path)?)
}

fn inlined(path: &Path) -> Result<String> {
    let text = files::read_text(path)?;
    let folder = path.parent().context("a style sheet lies in a folder")?;
    let mut whole = String::with_capacity(text.len());
    for line in text.lines() {
        match imported(line) {
            Some(name) => whole.push_str(&inlined(&folder.join(name))?),
            None => {
                whole.push_str(line);
                whole.push('\n');
            }
        }
    }
    Ok(whole)
}

/// The sheet that a line such as `@import "name.css";` names.
fn imported(line: &str) -> Option<&str> {
    line.strip_prefix("@import \"")?.strip_suffix("\";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_replaced_by_what_they_name() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let write = |name: &str, text: &str| files::write(&folder.path().join(name), text);
        write("pages/theme.css", "a {}\n")?;
        write("popup/session.css", "b {}\n")?;
        write(
            "popup/popup.css",
            "@import \"../pages/theme.css\";\n@import \"session.css\";\n\nc {}\n",
        )?;
        bundle(&folder.path().join("popup"), "popup.css")?;
        let bundled = files::read_text(&folder.path().join("popup/popup.css"))?;
        assert_eq!(bundled, "a {}\nb {}\n\nc {}\n");
        Ok(())
    }

    #[test]
    fn a_missing_sheet_is_told_of() {
        let folder = tempfile::tempdir().unwrap();
        files::write(&folder.path().join("a.css"), "@import \"b.css\";\n").unwrap();
        assert!(bundle(folder.path(), "a.css").is_err());
    }
}
