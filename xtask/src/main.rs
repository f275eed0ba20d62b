//! `cargo xtask COMMAND`: see `cargo xtask help`.

#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "results go to stdout, progress and errors to stderr"
)]

mod command;
mod flags;

use std::env;
use std::process::ExitCode;

use flags::Command;

fn main() -> ExitCode {
    let ran = match flags::parse(env::args_os().skip(1)) {
        Ok(Command::Bench(flags)) => command::bench::run(&flags),
        Ok(Command::Build(flags)) => command::build::run(&flags),
        Ok(Command::Demo(flags)) => command::demo::run(&flags),
        Ok(Command::Mutants) => command::mutants::run(),
        Ok(Command::Pictures) => command::pictures::run(),
        Ok(Command::Size) => command::size::run(),
        Ok(Command::Soak) => command::soak::run(),
        Ok(Command::Simulate(flags)) => command::simulate::run(&flags),
        Ok(Command::Test) => command::test::run(),
        Ok(Command::Help) => command::help::run(),
        Err(error) => Err(error),
    };
    // Not `{error:?}`: that would print a backtrace where RUST_BACKTRACE is set.
    ran.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
