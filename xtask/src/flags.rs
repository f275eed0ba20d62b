//! The command line: `cargo xtask help` prints what stands here.

use std::ffi::OsString;
use std::path::PathBuf;

xflags::xflags! {
    /// Builds, shows, tests and measures the extension.
    cmd xtask {
        /// How long it takes beside its floors and its peers; writes bench/results, unless only some of the work is done.
        cmd bench {
            /// Few rounds: enough to see that all of it works.
            optional --quick
            /// The kinds of work to do, with commas between them; a wrong word tells the right ones.
            optional --only work: OsString
            /// How often everything is done.
            optional --rounds number: OsString
        }
        /// An unpacked extension; its id is the last line.
        cmd build {
            /// For trying things: there in a third of the time, larger and slower. Tests and benches want a build without it.
            optional --quick
            /// The settings to bake in.
            optional --settings file: PathBuf
            /// Where the extension goes: dist, if nothing is said.
            optional --out folder: PathBuf
        }
        /// Builds the extension quickly and shows it with a provider and an API of its own.
        cmd demo {
            /// Without a window: the demo takes the tour itself.
            optional --headless
        }
        /// The engine in a world in which everything goes wrong.
        cmd simulate {
            /// How many runs, from seed 0 on.
            optional --seeds number: u64
            /// This one run.
            optional --seed seed: u64
        }
        /// Plants bugs in a copy of the engine; the simulation must find each.
        cmd mutants {}
        /// Takes the README's pictures anew.
        cmd pictures {}
        /// What each crate, and each room of the engine, weighs in the wasm.
        cmd size {}
        /// Ten minutes of calls in a browser, with a provider that fails and a worker that ends.
        cmd soak {}
        /// Format, lints, unit, simulation, wasm, browser and interop tests.
        cmd test {}
        /// This text.
        cmd help {}
    }
}

impl Xtask {
    /// What `help` prints.
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
