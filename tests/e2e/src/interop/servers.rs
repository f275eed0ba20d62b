//! `tests/interop/server.mjs` as a child process that gets its commands as JSON lines.

mod commands;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use evertoken_demo::tls::Certificate;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use super::Options;

/// How long a start or an answer may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// oidc-provider and one API, each on a free port. Dropping this stops them.
pub struct Servers {
    _process: Child,
    stdin: ChildStdin,
    stdout: Lines<BufReader<ChildStdout>>,
    commands: u64,
    ready: Value,
    files: Files,
}

/// The files that the process reads and writes. Only this user can read the folder; it is removed on drop.
struct Files {
    folder: TempDir,
}

impl Servers {
    /// Starts the servers with one client that has these redirect URIs.
    ///
    /// # Errors
    /// When the packages are not installed, or the process ends; the error contains its standard error output.
    pub(super) async fn start(
        certificate: &Certificate,
        redirect_uris: &[String],
        options: &Options,
    ) -> Result<Self> {
        let redirect_uris = redirect_uris.iter().flat_map(|uri| ["--redirect-uri", uri]);
        let files = Files::write(certificate)?;
        let mut process = Command::new("node")
            .arg(packages()?.join("server.mjs"))
            .arg("--cert")
            .arg(files.certificate())
            .arg("--key")
            .arg(files.key())
            .args(redirect_uris)
            .args(["--api", options.api])
            .args(["--id-token-ttl", &options.token_ttl_s.to_string()])
            .args(["--options", &options.servers.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // A file instead of a pipe: express prints every error, and a full pipe would block it.
            .stderr(File::create(files.complaints())?)
            .kill_on_drop(true)
            .spawn()
            .context("Node 20 or later is needed")?;
        let stdin = process.stdin.take().context("no standard input")?;
        let stdout = process.stdout.take().context("no standard output")?;
        let mut servers = Self {
            _process: process,
            stdin,
            stdout: BufReader::new(stdout).lines(),
            commands: 0,
            ready: Value::Null,
            files,
        };
        servers.ready = servers.read().await?;
        ensure!(servers.ready["ready"] == true, "the servers are not ready");
        Ok(servers)
    }

    /// The value of `name` in the first line of the servers: `issuer`, `client_id`, or an API's URL.
    ///
    /// # Errors
    /// When there is no such value.
    pub(super) fn said(&self, name: &str) -> Result<&str> {
        let said = self.ready[name].as_str();
        said.with_context(|| format!("the servers did not say their {name}"))
    }

    /// Sends `command` to the servers and returns their answer; `parameters` is an object.
    async fn tell(&mut self, command: &str, mut parameters: Value) -> Result<Value> {
        self.commands += 1;
        parameters["id"] = self.commands.into();
        parameters["do"] = command.into();
        let line = format!("{parameters}\n");
        self.stdin.write_all(line.as_bytes()).await?;
        self.stdin.flush().await?;
        let answer = self.read().await?;
        ensure!(answer["id"] == self.commands, "an answer out of order");
        ensure!(answer["ok"] == true, "{command}: {}", answer["error"]);
        Ok(answer)
    }

    async fn read(&mut self) -> Result<Value> {
        let line = timeout(PATIENCE, self.stdout.next_line()).await;
        match line.context("the servers do not answer")?? {
            Some(line) => Ok(serde_json::from_str(&line)?),
            None => bail!(
                "the servers ended: {}",
                fs::read_to_string(self.files.complaints())?
            ),
        }
    }
}

impl Files {
    fn write(certificate: &Certificate) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("evertoken-interop-")
            .tempdir()?;
        let files = Self { folder };
        fs::write(files.certificate(), certificate.certificate_pem())?;
        fs::write(files.key(), certificate.private_key_pem())?;
        Ok(files)
    }

    fn certificate(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }

    fn complaints(&self) -> PathBuf {
        self.folder.path().join("stderr.txt")
    }
}

const AXIOS: &str = "node_modules/axios/dist/esm/axios.min.js";

/// The folder of the servers, with their packages installed.
fn packages() -> Result<PathBuf> {
    let folder = xtask::root().join("tests/interop");
    ensure!(
        folder.join(AXIOS).is_file(),
        "the interop packages are not installed: run `npm ci` in tests/interop (`cargo xtask test` does)"
    );
    Ok(folder)
}

/// Copies axios, unchanged from its package, into `folder`.
///
/// # Errors
/// When the packages are not installed.
pub(super) fn copy_axios(folder: &Path) -> Result<()> {
    fs::copy(packages()?.join(AXIOS), folder.join("axios.min.js"))?;
    Ok(())
}
