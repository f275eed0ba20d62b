//! `cargo xtask COMMAND`: see `cargo xtask help`.

#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "results go to stdout, progress and errors to stderr"
)]

mod command;
mod flags;

use std::process::ExitCode;

use self::flags::{Xtask, XtaskCmd};

fn main() -> ExitCode {
    let flags = match Xtask::from_env() {
        Ok(flags) => flags,
        Err(help) if help.is_help() => {
            println!("{help}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("error: {error}; `cargo xtask help` tells what there is");
            return ExitCode::FAILURE;
        }
    };
    let ran = match flags.subcommand {
        XtaskCmd::Bench(flags) => command::bench::run(&flags),
        XtaskCmd::Build(flags) => command::build::run(&flags),
        XtaskCmd::Demo(flags) => command::demo::run(&flags),
        XtaskCmd::Mutants(_) => command::mutants::run(),
        XtaskCmd::Pictures(_) => command::pictures::run(),
        XtaskCmd::Size(_) => command::size::run(),
        XtaskCmd::Soak(_) => command::soak::run(),
        XtaskCmd::Simulate(flags) => command::simulate::run(&flags),
        XtaskCmd::Test(_) => command::test::run(),
        XtaskCmd::Help(_) => {
            println!("{}", Xtask::HELP);
            Ok(ExitCode::SUCCESS)
        }
    };
    // Not `{error:?}`: that would print a backtrace where RUST_BACKTRACE is set.
    ran.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
