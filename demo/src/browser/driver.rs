//! chromedriver: one process per browser.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::request_log::PATIENCE;

/// The chromedriver process. Dropping it kills chromedriver and its browser.
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
            // If several start at once, about one start in 150 ends before it prints anything: it is started once more.
            Err(_) => Self::start_once(program).await,
            started => started,
        }
    }

    async fn start_once(program: &Path) -> Result<Self> {
        let mut command = Command::new(program);
        // Its own process group, so that Ctrl-C in a terminal reaches only this program, which closes the browser properly.
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

    /// The id of its process; `None` once it has ended.
    pub(super) fn id(&self) -> Option<u32> {
        self.process.id()
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
        // The browser is in the same process group, and would outlive chromedriver.
        #[cfg(unix)]
        if let Some(id) = self.process.id() {
            let kill = ["-c", "kill -s KILL -- -$0", &id.to_string()];
            // If that fails, nothing else can be done.
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

/// Whether this process runs as root; false if that cannot be determined.
pub(super) fn is_root() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
    }
    #[cfg(not(unix))]
    false
}
