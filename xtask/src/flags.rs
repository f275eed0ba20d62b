//! The command line: `cargo xtask help` prints the comments of this file.

use std::ffi::OsString;
use std::path::PathBuf;

xflags::xflags! {
    /// Builds, shows, tests and measures the extension.
    cmd xtask {
        /// Compares the speed of calls with baselines and other libraries; writes bench/results, unless --only is given.
        cmd bench {
            /// Few rounds: enough to see that everything works.
            optional --quick
            /// The kinds of work to measure, separated by commas; an unknown one prints the list.
            optional --only work: OsString
            /// How often everything is measured.
            optional --rounds number: OsString
        }
        /// Builds an unpacked extension; the last line of the output is its id.
        cmd build {
            /// Builds in a third of the time; the result is larger and slower. Tests and benches need a build without this
            /// flag.
            optional --quick
            /// The settings to build into the extension.
            optional --settings file: PathBuf
            /// The folder for the extension; default: dist.
            optional --out folder: PathBuf
        }
        /// Builds the extension quickly and opens it in Chromium, with an OpenID provider and an API on loopback.
        cmd demo {
            /// Without a window: runs the tour automatically.
            optional --headless
        }
        /// Runs the engine in a simulated environment with random faults.
        cmd simulate {
            /// How many seeds to run, from seed 0 on.
            optional --seeds number: u64
            /// Runs only this seed.
            optional --seed seed: u64
        }
        /// Plants bugs in a copy of the engine, one at a time; the simulation must find each.
        cmd mutants {}
        /// Takes the README's screenshots again.
        cmd pictures {}
        /// Prints the size of each crate, and of each folder of the engine, in the wasm.
        cmd size {}
        /// Makes calls in a browser for ten minutes, while the provider fails and the worker is stopped.
        cmd soak {}
        /// Runs everything: format, lints, unit, simulation, wasm, browser and interop tests.
        cmd test {}
        /// Prints this text.
        cmd help {}
    }
}

impl Xtask {
    /// The text that `help` prints.
    pub(crate) const HELP: &str = Self::HELP_;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<XtaskCmd, String> {
        let words = line.split_whitespace().map(OsString::from).collect();
        let parsed = Xtask::from_vec(words).map_err(|error| error.to_string());
        parsed.map(|flags| flags.subcommand)
    }

    #[test]
    fn build_takes_settings_and_a_folder_and_may_be_quick() {
        let XtaskCmd::Build(flags) = parse("build --out b --settings a.json --quick").unwrap()
        else {
            panic!("another command");
        };
        assert_eq!(flags.settings, Some("a.json".into()));
        assert_eq!(flags.out, Some("b".into()));
        assert!(flags.quick);
        let XtaskCmd::Build(Build {
            settings: None,
            out: None,
            quick: false,
        }) = parse("build").unwrap()
        else {
            panic!("flags that nobody gave");
        };
    }

    #[test]
    fn demo_may_be_headless() {
        for (line, expected) in [("demo --headless", true), ("demo", false)] {
            assert!(
                matches!(parse(line), Ok(XtaskCmd::Demo(Demo { headless })) if headless == expected)
            );
        }
    }

    #[test]
    fn a_bench_may_be_quick_and_do_some_of_the_work_only() {
        let XtaskCmd::Bench(flags) =
            parse("bench --quick --only warm,stopped --rounds 40").unwrap()
        else {
            panic!("another command");
        };
        assert!(flags.quick);
        assert_eq!(flags.only, Some("warm,stopped".into()));
        assert_eq!(flags.rounds, Some("40".into()));
    }

    #[test]
    fn a_simulation_takes_numbers() {
        let parsed = parse("simulate --seeds 9");
        assert!(matches!(
            parsed,
            Ok(XtaskCmd::Simulate(Simulate {
                seeds: Some(9),
                seed: None
            }))
        ));
        let error = parse("simulate --seed x").unwrap_err();
        assert!(error.starts_with("can't parse `--seed`"), "{error}");
    }

    #[test]
    fn what_is_unknown_or_missing_is_named() {
        for (line, named) in [
            ("", "subcommand is required"),
            ("biuld", "\"biuld\""),
            ("build --fast", "`--fast`"),
            ("demo x", "\"x\""),
            ("test --no-browser", "`--no-browser`"),
            ("build --out", "expected a value for `--out`"),
            ("bench --only", "expected a value for `--only`"),
        ] {
            let error = parse(line).unwrap_err();
            assert!(error.contains(named), "{error}");
        }
    }
}
