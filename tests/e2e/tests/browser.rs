//! The browser that the tests drive.

#![cfg(target_os = "linux")]

use std::fs;
use std::time::Duration;

use anyhow::{Result, ensure};
use evertoken_e2e::signed_in;
use tokio::time::{sleep, timeout};

/// How many processes were started with `word` among their arguments.
fn processes_with(word: &str) -> Result<usize> {
    let arguments = fs::read_dir("/proc")?
        .filter_map(|entry| fs::read_to_string(entry.ok()?.path().join("cmdline")).ok());
    Ok(arguments.filter(|all| all.contains(word)).count())
}

/// As where a test panics: nobody closes it, and the servers' runtime stands still meanwhile.
#[tokio::test]
async fn a_browser_that_is_dropped_leaves_no_process_behind() -> Result<()> {
    let stage = signed_in("code").await?;
    let mark = stage.certificate.spki_hash().to_owned();
    ensure!(processes_with(&mark)? > 0, "no browser bears {mark}");
    drop(stage);
    let gone = async {
        while processes_with(&mark)? > 0 {
            // Nothing tells of the end of a process that is not one's own child.
            sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    };
    timeout(Duration::from_secs(5), gone).await?
}
