//! What the extension's process needs of memory, as Linux counts it.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::Browser;

impl Browser {
    /// The most memory that the process of the extension (its pages and its worker) has had since
    /// [`forget_memory_peak`](Self::forget_memory_peak), in bytes.
    ///
    /// # Errors
    /// Where there is no such process, or `/proc` does not tell.
    pub fn memory_peak(&self) -> Result<u64> {
        let status = fs::read_to_string(self.extension_process()?.join("status"))?;
        let kilobytes = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
        Ok(kilobytes.context("no VmHWM")?.parse::<u64>()? * 1024)
    }

    /// From now on the peak is counted anew.
    ///
    /// # Errors
    /// As [`memory_peak`](Self::memory_peak).
    pub fn forget_memory_peak(&self) -> Result<()> {
        // proc(5): 5 resets the peak resident set size.
        Ok(fs::write(
            self.extension_process()?.join("clear_refs"),
            "5",
        )?)
    }

    /// The process of this browser's extension, in `/proc`.
    fn extension_process(&self) -> Result<std::path::PathBuf> {
        let driver = self.driver.id().context("the driver has ended")?;
        let processes = fs::read_dir("/proc")?.filter_map(|entry| Some(entry.ok()?.path()));
        processes
            .filter(|process| {
                let command = fs::read(process.join("cmdline")).unwrap_or_default();
                String::from_utf8_lossy(&command).contains("--extension-process")
            })
            .find(|process| descends_from(process, driver))
            .context("no process of the extension")
    }
}

fn descends_from(process: &Path, ancestor: u32) -> bool {
    let parent = || {
        let status = fs::read_to_string(process.join("status")).ok()?;
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
        parent.trim().parse::<u32>().ok()
    };
    match parent() {
        None | Some(0 | 1) => false,
        Some(parent) if parent == ancestor => true,
        Some(parent) => descends_from(&Path::new("/proc").join(parent.to_string()), ancestor),
    }
}
