//! A toolchain that builds for wasm32: rustup's or Debian's. Both can also build the standard library, for a smaller
//! module.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};

use crate::{apt, process, root};

/// The target triple.
pub const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN: [&str; 6] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-llvm",
    "rust-web-clippy",
    "lld-22",
];

/// Files of Debian's packages that a build needs.
const DEBIAN_FILES: [&str; 5] = [
    "/usr/bin/cargo",
    "/usr/bin/cargo-clippy",
    "/usr/bin/rustc",
    "/usr/bin/rust-lld",
    "/usr/lib/rustlib/src/rust/library/std/Cargo.toml",
];

/// Environment variables that an outer cargo of rustup sets and that Debian's cargo must not see.
const RUSTUP_ENVIRONMENT: [&str; 6] = [
    "CARGO",
    "LD_LIBRARY_PATH",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTDOC",
    "RUSTUP_TOOLCHAIN",
];

/// The switch that makes `{:?}` write nothing.
const NO_DEBUG: &str = "-Zfmt-debug=none";

const BUILD_STD: &str = "-Zbuild-std=std,panic_abort";

/// The path of the standard library's sources in the toolchain.
const STD: &str = "lib/rustlib/src/rust/library";

/// A toolchain that builds for wasm32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// The toolchain that runs xtask, with the target's standard library and its source.
    Rustup,
    /// The toolchain that runs xtask, without the source of the standard library: the prebuilt library is linked, which is
    /// larger.
    Prebuilt,
    /// Debian's packages: the standard library comes as source only.
    Debian,
}

impl Toolchain {
    /// Finds a toolchain for the shipped build, or installs the missing parts. Tries what is installed first, then rustup,
    /// then apt.
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
            None => install(&["rust-src"])?,
        };
        Ok(*FOUND.get_or_init(|| toolchain))
    }

    /// Finds a toolchain for the quick build: rustup's prebuilt standard library is linked.
    ///
    /// # Errors
    /// As [`Toolchain::find`].
    pub fn find_quick() -> Result<Self> {
        if has_target() {
            Ok(Self::Prebuilt)
        } else if has_debian() {
            Ok(Self::Debian)
        } else {
            install(&[])
        }
    }

    /// An installed toolchain that can also build the standard library.
    fn small() -> Option<Self> {
        if has_target() && has_source() {
            Some(Self::Rustup)
        } else if has_debian() {
            Some(Self::Debian)
        } else {
            None
        }
    }

    /// Whether this toolchain also builds the standard library, for size.
    #[must_use]
    pub fn builds_std(self) -> bool {
        self != Self::Prebuilt
    }

    /// `cargo SUBCOMMAND` for wasm32, in its own target directory, because the compiler may differ from the host's.
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
        command.env_remove("RUSTFLAGS").env(
            "CARGO_ENCODED_RUSTFLAGS",
            without_machine_paths(&self.places()),
        );
        command
    }

    /// `cargo build` for the shipped modules: as [`Toolchain::cargo`], with a standard library built for size.
    ///
    /// It keeps the locations and messages of panics, so that the console shows where a module panicked. The output of
    /// `{:?}` is removed: in a panic it may contain user data.
    #[must_use]
    pub fn build_small(self) -> Command {
        let mut command = self.cargo("build");
        let mut flags = without_machine_paths(&self.places());
        flags.push("\u{1f}");
        flags.push(NO_DEBUG);
        // The switches are unstable, but what they build is stable Rust.
        command
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_ENCODED_RUSTFLAGS", flags);
        if self == Self::Rustup {
            command.arg(BUILD_STD);
        }
        if self.builds_std() {
            command.arg("-Zbuild-std-features=optimize_for_size");
        }
        command
    }

    /// Checks that `wasm` contains no path of the build machine.
    ///
    /// # Errors
    /// With the path that it contains.
    pub(crate) fn check_paths(self, wasm: &[u8]) -> Result<()> {
        check_paths(wasm, &self.places())
    }

    /// The folders of the build machine that contain sources, and their names in panics.
    fn places(self) -> Vec<(PathBuf, &'static str)> {
        let home = env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
        let cargo = env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
        let sysroot = match self {
            Self::Rustup | Self::Prebuilt => sysroot(),
            Self::Debian => Some("/usr".into()),
        };
        let mut places = vec![(root(), "evertoken"), (cargo, "cargo")];
        places.extend(sysroot.map(|sysroot| (sysroot.join(STD), "std")));
        places
    }
}

/// The folder in which cargo puts its wasm32 output of `profile`.
#[must_use]
pub fn artifacts(profile: &str) -> PathBuf {
    target_dir().join(TARGET).join(profile)
}

fn target_dir() -> PathBuf {
    root().join("target/wasm32")
}

/// Adds the target and `components` to rustup's toolchain, or installs Debian's.
fn install(components: &[&str]) -> Result<Toolchain> {
    let added = rustup(components);
    match (has_target(), has_source()) {
        (true, true) => Ok(Toolchain::Rustup),
        (true, false) => {
            if !components.is_empty() {
                eprintln!("without the source of the standard library the extension weighs more");
            }
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

fn rustup(components: &[&str]) -> Result<()> {
    if process::find("rustup").is_none() {
        bail!("it is not installed");
    }
    if !has_target() {
        process::run(rustup_adds().args(["target", "add", TARGET]))?;
    }
    let mut components = components.iter();
    components.try_for_each(|it| process::run(rustup_adds().args(["component", "add", it])))
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
    sysroot().is_some_and(|sysroot| sysroot.join("lib/rustlib").join(path).exists())
}

/// The root folder of rustup's toolchain.
fn sysroot() -> Option<PathBuf> {
    let sysroot = process::output(Command::new("rustc").args(["--print", "sysroot"]));
    sysroot.ok().map(PathBuf::from)
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
    // The switch to build the standard library is unstable, but what it builds is stable Rust.
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

/// The compiler's switches, in cargo's format, that replace these folders by names.
fn without_machine_paths(places: &[(PathBuf, &str)]) -> OsString {
    let mut flags = OsString::new();
    for (folder, name) in places {
        if !flags.is_empty() {
            flags.push("\u{1f}");
        }
        flags.push("--remap-path-prefix=");
        flags.push(folder);
        flags.push("=");
        flags.push(name);
    }
    flags
}

fn check_paths(wasm: &[u8], places: &[(PathBuf, &str)]) -> Result<()> {
    let text = String::from_utf8_lossy(wasm);
    for (folder, _) in places {
        if text.contains(&*folder.to_string_lossy()) {
            bail!("it names the folder {}", folder.display());
        }
    }
    Ok(())
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

    const TOOLCHAINS: [Toolchain; 3] = [Toolchain::Rustup, Toolchain::Prebuilt, Toolchain::Debian];

    /// The arguments of a command, and of the compiler switches in its environment.
    fn words(command: &Command) -> Vec<String> {
        let flags = command
            .get_envs()
            .find(|(name, _)| *name == "CARGO_ENCODED_RUSTFLAGS")
            .and_then(|(_, flags)| flags);
        let flags = flags.unwrap().to_str().unwrap().split('\u{1f}');
        let arguments = command.get_args().map(|word| word.to_str().unwrap());
        arguments.chain(flags).map(str::to_owned).collect()
    }

    #[test]
    fn the_standard_library_is_built_small_wherever_its_source_is() {
        for toolchain in TOOLCHAINS {
            let words = words(&toolchain.build_small());
            let built = words.iter().filter(|word| *word == BUILD_STD).count();
            assert_eq!(built, usize::from(toolchain != Toolchain::Prebuilt));
            assert_eq!(toolchain.builds_std(), built == 1);
        }
    }

    #[test]
    fn the_place_and_the_text_of_a_panic_are_not_left_out() {
        for toolchain in TOOLCHAINS {
            for command in [toolchain.build_small(), toolchain.cargo("build")] {
                for word in words(&command) {
                    let silent = ["immediate-abort", "location-detail", "strip"];
                    assert!(!silent.iter().any(|it| word.contains(it)), "{word}");
                }
            }
        }
    }

    #[test]
    fn panics_name_no_folder_of_the_machine() {
        for toolchain in TOOLCHAINS {
            let words = words(&toolchain.build_small());
            for (folder, name) in toolchain.places() {
                let flag = format!("--remap-path-prefix={}={name}", folder.display());
                assert!(words.contains(&flag), "{flag}");
            }
        }
        let places = [(PathBuf::from("/home/ada/.cargo"), "cargo")];
        assert!(check_paths(b"\0asm\xff cargo/registry/a.rs", &places).is_ok());
        let error = check_paths(b"\0asm\xff/home/ada/.cargo/registry/a.rs", &places);
        assert_eq!(
            error.unwrap_err().to_string(),
            "it names the folder /home/ada/.cargo"
        );
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
