//! A toolchain that builds for wasm32: rustup's or Debian's. Either builds the standard library as well, to have it small.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};

use crate::{apt, process, root};

/// The target.
pub const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN: [&str; 6] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-llvm",
    "rust-web-clippy",
    "lld-22",
];

/// What Debian's packages put down, and a build needs.
const DEBIAN_FILES: [&str; 5] = [
    "/usr/bin/cargo",
    "/usr/bin/cargo-clippy",
    "/usr/bin/rustc",
    "/usr/bin/rust-lld",
    "/usr/lib/rustlib/src/rust/library/std/Cargo.toml",
];

/// What an outer cargo, run by rustup, leaves in the environment and Debian's cargo must not see.
const RUSTUP_ENVIRONMENT: [&str; 6] = [
    "CARGO",
    "LD_LIBRARY_PATH",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTDOC",
    "RUSTUP_TOOLCHAIN",
];

const BUILD_STD: &str = "-Zbuild-std=std,panic_abort";

/// No places of panics, no `{:?}`: nobody reads them in a worker.
const SMALL: [&str; 2] = ["-Zlocation-detail=none", "-Zfmt-debug=none"];

/// Where the standard library is built as well, all of it can do without the texts of panics.
const SMALL_WITH_STD: [&str; 2] = ["-Zunstable-options", "-Cpanic=immediate-abort"];

/// A toolchain that builds for wasm32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// The toolchain that runs xtask, with the target's standard library and its source.
    Rustup,
    /// The same without the source: what is built weighs more.
    Prebuilt,
    /// Debian's packages: the standard library comes as source only.
    Debian,
}

impl Toolchain {
    /// Finds a toolchain, or installs what it lacks: what is here first, then rustup, then apt.
    ///
    /// # Errors
    /// When there is none and it cannot be installed; the text says what to install.
    pub fn find() -> Result<Self> {
        static FOUND: OnceLock<Toolchain> = OnceLock::new();
        if let Some(toolchain) = FOUND.get() {
            return Ok(*toolchain);
        }
        let toolchain = match Self::small() {
            Some(toolchain) => toolchain,
            None => install()?,
        };
        Ok(*FOUND.get_or_init(|| toolchain))
    }

    /// A toolchain that is here and can build all of the extension small.
    fn small() -> Option<Self> {
        if has_target() && has_source() {
            Some(Self::Rustup)
        } else if has_debian() {
            Some(Self::Debian)
        } else {
            None
        }
    }

    /// Whether the standard library is built for size as well.
    #[must_use]
    pub fn builds_std(self) -> bool {
        self != Self::Prebuilt
    }

    /// `cargo SUBCOMMAND` for wasm32, in its own target directory: the compiler may be another one than the host's.
    #[must_use]
    pub fn cargo(self, subcommand: &str) -> Command {
        let mut command = match self {
            Self::Rustup | Self::Prebuilt => process::cargo(),
            Self::Debian => debian(),
        };
        command
            .args([subcommand, "--target", TARGET, "--target-dir"])
            .arg(target_dir());
        if self == Self::Debian {
            command.arg(BUILD_STD);
        }
        command
            .env_remove("RUSTFLAGS")
            .env("CARGO_ENCODED_RUSTFLAGS", without_machine_paths());
        command
    }

    /// `cargo build` for what goes into the extension: as [`Toolchain::cargo`], and small.
    ///
    /// A panic ends the module at once, and says nothing: what it would say is a tenth of the worker.
    #[must_use]
    pub fn build_small(self) -> Command {
        let mut command = self.cargo("build");
        let mut flags = without_machine_paths();
        for flag in SMALL {
            flags.push("\u{1f}");
            flags.push(flag);
        }
        if self == Self::Rustup {
            command.arg(BUILD_STD);
        }
        if self.builds_std() {
            command.arg("-Zbuild-std-features=optimize_for_size");
            for flag in SMALL_WITH_STD {
                flags.push("\u{1f}");
                flags.push(flag);
            }
        }
        // The switches are not stable, though what they build is.
        command
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_ENCODED_RUSTFLAGS", flags);
        command
    }
}

/// Where cargo puts what it builds for wasm32 in `profile`.
#[must_use]
pub fn artifacts(profile: &str) -> PathBuf {
    target_dir().join(TARGET).join(profile)
}

fn target_dir() -> PathBuf {
    root().join("target/wasm32")
}

fn install() -> Result<Toolchain> {
    let added = rustup();
    match (has_target(), has_source()) {
        (true, true) => Ok(Toolchain::Rustup),
        (true, false) => {
            eprintln!("without the source of the standard library the extension weighs more");
            Ok(Toolchain::Prebuilt)
        }
        (false, _) => {
            let reason = added
                .err()
                .map_or_else(String::new, |error| format!(" ({error:#})"));
            eprintln!("rustup cannot add {TARGET}{reason}; trying Debian's packages");
            apt::install(&DEBIAN, &format!("A Rust toolchain for {TARGET} is needed"))?;
            has_debian().then_some(Toolchain::Debian).context(format!(
                "the toolchain for {TARGET} is installed, but not found"
            ))
        }
    }
}

/// Adds what is missing of the target and the source of the standard library.
fn rustup() -> Result<()> {
    if process::find("rustup").is_none() {
        bail!("it is not installed");
    }
    if !has_target() {
        process::run(rustup_adds().args(["target", "add", TARGET]))?;
    }
    process::run(rustup_adds().args(["component", "add", "rust-src"]))
}

fn rustup_adds() -> Command {
    let Some(timeout) = process::find("timeout") else {
        return Command::new("rustup");
    };
    let mut command = Command::new(timeout);
    command.args(["60", "rustup"]); // offline, its retries would go on for minutes
    command
}

fn has_target() -> bool {
    in_sysroot(&format!("{TARGET}/lib"))
}

fn has_source() -> bool {
    in_sysroot("src/rust/library/std/Cargo.toml")
}

fn in_sysroot(path: &str) -> bool {
    let sysroot = process::output(Command::new("rustc").args(["--print", "sysroot"]));
    sysroot.is_ok_and(|sysroot| Path::new(&sysroot).join("lib/rustlib").join(path).exists())
}

fn has_debian() -> bool {
    DEBIAN_FILES.iter().all(|file| Path::new(file).exists())
        && process::output(debian_rustc().stderr(Stdio::null()).arg("--version"))
            .is_ok_and(|version| is_recent(&version, env!("CARGO_PKG_RUST_VERSION")))
}

/// Whether `version`, as `rustc --version` prints it, is at least `wanted`, such as `1.95`.
fn is_recent(version: &str, wanted: &str) -> bool {
    let number = |text: &str| {
        let mut parts = text.split('.').map(|part| part.parse::<u32>().ok());
        Some((parts.next()??, parts.next()??))
    };
    let found = version.split_whitespace().nth(1).and_then(number);
    found.is_some() && found >= number(wanted)
}

fn debian() -> Command {
    let mut command = Command::new("/usr/bin/cargo");
    let mut path = OsString::from("/usr/bin:");
    path.push(env::var_os("PATH").unwrap_or_default());
    for name in RUSTUP_ENVIRONMENT {
        command.env_remove(name);
    }
    // The switch to build the standard library is not stable, though what it builds is.
    command
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", "/usr/bin/rustc")
        .env("PATH", path);
    command.current_dir(root());
    command
}

fn debian_rustc() -> Command {
    let mut command = Command::new("/usr/bin/rustc");
    command.env_remove("LD_LIBRARY_PATH");
    command
}

/// Panic messages hold paths of source files; these end up in the extension.
fn without_machine_paths() -> OsString {
    let home = env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let cargo = env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let mut flags = OsString::new();
    for (path, name) in [(root(), "=evertoken\u{1f}"), (cargo, "=cargo")] {
        flags.push("--remap-path-prefix=");
        flags.push(path);
        flags.push(name);
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_older_than_the_workspace_is_passed_over() {
        assert!(is_recent("rustc 1.96.0 (ac68faa20 2026-05-25)", "1.95"));
        assert!(is_recent("rustc 1.95.0", "1.95"));
        assert!(!is_recent("rustc 1.63.0", "1.95"));
        assert!(!is_recent("", "1.95"));
    }

    #[test]
    fn the_standard_library_is_built_small_wherever_its_source_is() {
        let words = |toolchain: Toolchain| {
            let command = toolchain.build_small();
            let words = command.get_args().map(|word| word.to_owned());
            words.collect::<Vec<_>>()
        };
        for toolchain in [Toolchain::Rustup, Toolchain::Debian] {
            let built = words(toolchain);
            assert_eq!(built.iter().filter(|word| *word == BUILD_STD).count(), 1);
            assert!(toolchain.builds_std());
        }
        assert!(
            !words(Toolchain::Prebuilt)
                .iter()
                .any(|word| *word == BUILD_STD)
        );
        assert!(!Toolchain::Prebuilt.builds_std());
    }

    #[test]
    fn debians_cargo_sees_nothing_of_rustup() {
        let command = Toolchain::Debian.cargo("build");
        let removed = |name: &str| {
            command
                .get_envs()
                .any(|(key, value)| key == name && value.is_none())
        };
        assert!(RUSTUP_ENVIRONMENT.iter().all(|name| removed(name)));
        assert!(command.get_args().any(|word| word == BUILD_STD));
    }
}
