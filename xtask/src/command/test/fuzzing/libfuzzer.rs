//! `cargo fuzz`, which needs a nightly toolchain.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use xtask::{process, root};

/// An input that takes longer, in seconds, is a failure.
const TIMEOUT_S: u32 = 10;

/// The beginning of the line of the statistics with the number of inputs.
const EXECUTIONS: &str = "stat::number_of_executed_units:";

pub(super) fn is_installed() -> bool {
    let mut version = cargo_fuzz("--version");
    let version = version.stdout(Stdio::null()).stderr(Stdio::null());
    version.status().is_ok_and(|status| status.success())
}

/// Runs every target, as many at a time as there are cores, so that all of them together take `seconds`.
pub(super) fn run(seconds: u64) -> Result<()> {
    // Uses the dependency versions of the workspace; cargo adds those that only libFuzzer needs.
    fs::copy(root().join("Cargo.lock"), folder().join("Cargo.lock"))?;
    write_seeds()?;
    process::run(cargo_fuzz("build").arg("-O"))?;
    let targets = process::output(&mut cargo_fuzz("list"))?;
    let targets: Vec<&str> = targets.lines().collect();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let share = seconds / u64::try_from(targets.len().div_ceil(cores))?.max(1);
    let queue = Mutex::new(targets.into_iter());
    thread::scope(|scope| {
        let work = || -> Result<()> {
            while let Some(target) = queue.lock().ok().and_then(|mut queue| queue.next()) {
                fuzz(target, share)?;
            }
            Ok(())
        };
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        let ended = workers.into_iter().map(|worker| worker.join());
        let ended: Vec<Result<()>> = ended
            .map(|ended| ended.unwrap_or_else(|_| Err(anyhow!("a thread panicked"))))
            .collect();
        ended.into_iter().collect()
    })
}

fn fuzz(target: &str, seconds: u64) -> Result<()> {
    let mut fuzz = cargo_fuzz("run");
    fuzz.args(["-O", target, "--", "-print_final_stats=1"]);
    fuzz.arg(format!("-max_total_time={seconds}"));
    fuzz.arg(format!("-timeout={TIMEOUT_S}"));
    let words = corpus().join(target).with_extension("dict");
    fuzz.arg(format!("-dict={}", words.display()));
    let output = fuzz.output().context("cargo fuzz cannot be started")?;
    let told = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("{target} failed ({}):\n{told}", output.status);
    }
    let executions = told.lines().find_map(|line| line.strip_prefix(EXECUTIONS));
    let executions = executions.with_context(|| format!("{target} executed nothing:\n{told}"))?;
    println!("fuzz: {target}: {} executions", executions.trim());
    Ok(())
}

fn write_seeds() -> Result<()> {
    let mut seeds = process::cargo();
    seeds.args(["run", "--quiet", "--locked"]);
    seeds.args(["--package", "evertoken-fuzz-targets", "--example", "seeds"]);
    process::run(seeds.arg("--").arg(corpus()))
}

/// A command for `cargo` from PATH, which is rustup's: the cargo of a single toolchain cannot select another toolchain.
fn cargo_fuzz(command: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(["+nightly", "fuzz", command]);
    cargo.current_dir(folder());
    cargo
}

fn folder() -> PathBuf {
    root().join("fuzz")
}

fn corpus() -> PathBuf {
    folder().join("corpus")
}
