//! chromedriver, a process of its own for each browser.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::request_log::PATIENCE;

/// Killed when dropped, and the browser with it.
pub(super) struct Driver {
    process: Child,
    port: u16,
    // Kept open: chromedriver must not write into a closed pipe.
    _stdout: Lines<BufReader<ChildStdout>>,
}

impl Driver {
    /// Starts `program` on a free port and waits until it says that it is ready.
    pub(super) async fn start(program: &Path) -> Result<Self> {
        match Self::start_once(program).await {
            // One start in a hundred and fifty ends before a word is said, where several start at once.
            Err(_) => Self::start_once(program).await,
            started => started,
        }
    }

    async fn start_once(program: &Path) -> Result<Self> {
        let mut command = Command::new(program);
        // Ctrl-C in a terminal is for the program that drives: it ends the browser in order.
        #[cfg(unix)]
        command.process_group(0);
        let mut process = command
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("chromedriver cannot be started")?;
        let stdout = process
            .stdout
            .take()
            .context("chromedriver has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        let port = timeout(PATIENCE, port(&mut lines))
            .await
            .context("chromedriver is not ready")??;
        Ok(Self {
            process,
            port,
            _stdout: lines,
        })
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(super) async fn stop(mut self) -> Result<()> {
        self.process
            .kill()
            .await
            .context("chromedriver cannot be ended")
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The browser that it started is of its process group, and would outlive it.
        #[cfg(unix)]
        if let Some(id) = self.process.id() {
            let kill = ["-c", "kill -s KILL -- -$0", &id.to_string()];
            // Nothing can be done where that fails.
            let _ = std::process::Command::new("sh").args(kill).status();
        }
    }
}

async fn port(lines: &mut Lines<BufReader<ChildStdout>>) -> Result<u16> {
    while let Some(line) = lines.next_line().await? {
        if let Some((_, port)) = line.split_once("was started successfully on port ") {
            return port
                .trim_end_matches('.')
                .parse()
                .context("chromedriver names no port");
        }
    }
    anyhow::bail!("chromedriver ended at once")
}

/// Whether this process runs as root; false where that cannot be told.
pub(super) fn is_root() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
    }
    #[cfg(not(unix))]
    false
}
