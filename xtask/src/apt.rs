//! Installs Debian packages, if that needs no password.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;

use anyhow::{Context, Result, bail};

use crate::{process, progress};

/// Only one apt-get can run at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Installs `packages`; `purpose` completes the printed sentence that says what they are for.
pub(crate) fn install(packages: &[&str], purpose: &str) -> Result<()> {
    let names = packages.join(" ");
    if !Path::new("/usr/bin/apt-get").exists() {
        bail!(
            "{purpose}. There is no apt-get here to install it: on Debian the packages are {names}"
        );
    }
    let Some(update) = apt_get() else {
        bail!("{purpose}. Please run: sudo apt-get install --no-install-recommends {names}");
    };
    let _turn = ONE_AT_A_TIME.lock();
    progress::step(&format!("apt-get installs {names}"), || {
        install_with(update, packages)
    })
    .with_context(|| format!("{purpose}, and apt-get could not install {names}"))
}

fn install_with(mut update: Command, packages: &[&str]) -> Result<()> {
    process::output(update.args(["-q", "update"]))?;
    let Some(mut install) = apt_get() else {
        bail!("sudo asks for a password now")
    };
    install.args(["-q", "install", "-y", "--no-install-recommends"]);
    process::output(install.args(packages)).map(drop)
}

/// A command for apt-get with the rights to install; `None` if that would need a password.
fn apt_get() -> Option<Command> {
    if process::output(Command::new("id").arg("-u")).is_ok_and(|uid| uid == "0") {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        return Some(command);
    }
    let mut probe = Command::new("sudo");
    probe
        .args(["-n", "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if !probe.status().is_ok_and(|status| status.success()) {
        return None;
    }
    let mut command = Command::new("sudo");
    command.args(["-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    Some(command)
}
