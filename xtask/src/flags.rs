//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

/// What `help` prints.
pub(crate) const USAGE: &str = "\
Usage: cargo xtask COMMAND

  bench [--quick] [--only WORK,...]    how long it takes beside its floors and peers; writes bench/results, unless only
        [--rounds N]                   some of the work is done (a wrong word tells the right ones)
  build [--settings FILE] [--out DIR]  an unpacked extension in DIR (default: dist); prints its id last
  demo [--headless]                    builds it and shows it with a provider and an API of its own
  simulate [--seeds N] [--seed S]      the engine in a world in which everything goes wrong: N runs, or the run S once more
  mutants                              plants bugs in a copy of the engine; the simulation must find each
  pictures                             takes the README's pictures anew
  size                                 what each crate, and each room of the engine, weighs in the wasm
  soak                                 ten minutes of calls in a browser, with a provider that fails and a worker that ends
  test                                 format, lints, unit, simulation, wasm, browser and interop tests
  help                                 this text";

/// A command and its flags.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Bench(Bench),
    Build(Build),
    Demo(Demo),
    Help,
    Mutants,
    Pictures,
    Simulate(Simulate),
    Size,
    Soak,
    Test,
}

/// The flags of `bench`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Bench {
    /// Few rounds: enough to see that all of it works.
    pub(crate) quick: bool,
    /// The kinds of work to do, by their names; all without it.
    pub(crate) only: Option<OsString>,
    /// How often everything is done.
    pub(crate) rounds: Option<OsString>,
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

/// The flags of `simulate`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Simulate {
    /// How many runs, from seed 0 on.
    pub(crate) seeds: Option<u64>,
    /// This one run.
    pub(crate) seed: Option<u64>,
}

pub(crate) fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Command> {
    let mut words = words.into_iter();
    let Some(command) = words.next() else {
        bail!("no command\n\n{USAGE}")
    };
    match command.to_str() {
        Some("bench") => bench(words).map(Command::Bench),
        Some("build") => build(words).map(Command::Build),
        Some("demo") => demo(words).map(Command::Demo),
        Some("mutants") => end(words).map(|()| Command::Mutants),
        Some("pictures") => end(words).map(|()| Command::Pictures),
        Some("simulate") => simulate(words).map(Command::Simulate),
        Some("size") => end(words).map(|()| Command::Size),
        Some("soak") => end(words).map(|()| Command::Soak),
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

fn bench(mut words: impl Iterator<Item = OsString>) -> Result<Bench> {
    let mut flags = Bench::default();
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--quick") => flags.quick = true,
            Some("--only") => {
                flags.only = Some(words.next().context("--only needs kinds of work")?)
            }
            Some("--rounds") => {
                flags.rounds = Some(words.next().context("--rounds needs a number")?);
            }
            _ => return Err(unknown(&word)),
        }
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

fn simulate(mut words: impl Iterator<Item = OsString>) -> Result<Simulate> {
    let mut flags = Simulate::default();
    while let Some(word) = words.next() {
        let value = match word.to_str() {
            Some("--seeds") => &mut flags.seeds,
            Some("--seed") => &mut flags.seed,
            _ => return Err(unknown(&word)),
        };
        let number = words.next();
        let number = number.and_then(|number| number.to_str()?.parse().ok());
        *value = Some(number.with_context(|| format!("{} needs a number", word.display()))?);
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
    fn a_bench_may_be_quick_and_do_some_of_the_work_only() {
        assert_eq!(
            parse_line("bench --quick --only warm,stopped --rounds 40").unwrap(),
            Command::Bench(Bench {
                quick: true,
                only: Some("warm,stopped".into()),
                rounds: Some("40".into()),
            })
        );
        let error = parse_line("bench --only").unwrap_err().to_string();
        assert_eq!(error, "--only needs kinds of work");
    }

    #[test]
    fn a_simulation_takes_numbers() {
        let flags = Simulate {
            seeds: Some(9),
            seed: None,
        };
        assert_eq!(
            parse_line("simulate --seeds 9").unwrap(),
            Command::Simulate(flags)
        );
        for line in ["simulate --seed", "simulate --seed x"] {
            let error = parse_line(line).unwrap_err().to_string();
            assert_eq!(error, "--seed needs a number");
        }
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
