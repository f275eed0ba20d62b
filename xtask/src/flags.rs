//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

/// What `help` prints.
pub(crate) const USAGE: &str = "\
Usage: cargo xtask COMMAND

  build [--settings FILE] [--out DIR]  an unpacked extension in DIR (default: dist); prints its id last
  demo [--headless]                    builds it and shows it with a provider and an API of its own
  test                                 format, lints, unit, simulation, wasm, browser and interop tests
  help                                 this text";

/// A command and its flags.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Build(Build),
    Demo(Demo),
    Help,
    Test,
}

/// The flags of `build`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Build {
    /// The settings to bake in.
    pub(crate) settings: Option<PathBuf>,
    /// Where the extension goes.
    pub(crate) out: Option<PathBuf>,
}

/// The flags of `demo`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Demo {
    /// Without a window.
    pub(crate) headless: bool,
}

pub(crate) fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Command> {
    let mut words = words.into_iter();
    let Some(command) = words.next() else {
        bail!("no command\n\n{USAGE}")
    };
    match command.to_str() {
        Some("build") => build(words).map(Command::Build),
        Some("demo") => demo(words).map(Command::Demo),
        Some("test") => end(words).map(|()| Command::Test),
        Some("help" | "--help" | "-h") => Ok(Command::Help),
        _ => Err(unknown(&command)),
    }
}

fn build(mut words: impl Iterator<Item = OsString>) -> Result<Build> {
    let mut flags = Build::default();
    while let Some(word) = words.next() {
        let value = match word.to_str() {
            Some("--settings") => &mut flags.settings,
            Some("--out") => &mut flags.out,
            _ => return Err(unknown(&word)),
        };
        let path = words
            .next()
            .with_context(|| format!("{} needs a path", word.display()))?;
        *value = Some(path.into());
    }
    Ok(flags)
}

fn demo(words: impl Iterator<Item = OsString>) -> Result<Demo> {
    let mut flags = Demo::default();
    for word in words {
        match word.to_str() {
            Some("--headless") => flags.headless = true,
            _ => return Err(unknown(&word)),
        }
    }
    Ok(flags)
}

fn end(mut words: impl Iterator<Item = OsString>) -> Result<()> {
    words.next().map_or(Ok(()), |word| Err(unknown(&word)))
}

fn unknown(word: &OsString) -> anyhow::Error {
    anyhow::anyhow!("unknown: {}\n\n{USAGE}", word.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_line(line: &str) -> Result<Command> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn build_takes_settings_and_a_folder() {
        let flags = Build {
            settings: Some("a.json".into()),
            out: Some("b".into()),
        };
        assert_eq!(
            parse_line("build --out b --settings a.json").unwrap(),
            Command::Build(flags)
        );
        assert_eq!(
            parse_line("build").unwrap(),
            Command::Build(Build::default())
        );
    }

    #[test]
    fn demo_may_be_headless() {
        assert_eq!(
            parse_line("demo --headless").unwrap(),
            Command::Demo(Demo { headless: true })
        );
    }

    #[test]
    fn what_is_unknown_or_missing_is_told_with_the_usage() {
        for line in ["", "biuld", "build --fast", "demo x", "test --no-browser"] {
            let error = parse_line(line).unwrap_err().to_string();
            assert!(error.ends_with(USAGE), "{error}");
        }
        assert_eq!(
            parse_line("build --out").unwrap_err().to_string(),
            "--out needs a path"
        );
    }
}
