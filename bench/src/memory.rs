//! What the process of an extension weighs, as Linux counts it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

/// The processes of a browser's extension pages and worker.
pub(crate) struct ExtensionProcesses(Vec<PathBuf>);

impl ExtensionProcesses {
    /// Those that came since `before`.
    pub(crate) fn since(before: &Self) -> Result<Self> {
        let mut all = Self::all()?;
        all.0.retain(|process| !before.0.contains(process));
        Ok(all)
    }

    /// Every one on this machine.
    pub(crate) fn all() -> Result<Self> {
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc").context("memory is measured on Linux alone")? {
            let process = entry?.path();
            // One that ended meanwhile is none.
            let command = fs::read(process.join("cmdline")).unwrap_or_default();
            let mut words = command.split(|byte| *byte == 0 || *byte == b' ');
            if words.any(|word| word == b"--extension-process") {
                found.push(process);
            }
        }
        Ok(Self(found))
    }

    /// Lets the peak begin anew.
    pub(crate) fn reset_peak(&self) -> Result<()> {
        for process in &self.0 {
            fs::write(process.join("clear_refs"), "5")?;
        }
        Ok(())
    }

    /// The most that they have held since, in MB.
    pub(crate) fn peak_mb(&self) -> Result<f64> {
        let mut kilobytes = 0;
        for process in &self.0 {
            let status = fs::read_to_string(process.join("status"))?;
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let peak = peak.and_then(|peak| peak.split_whitespace().next());
            kilobytes += peak.context("no peak")?.parse::<u32>()?;
        }
        Ok(f64::from(kilobytes) / 1024.0)
    }
}
