//! How cost grows with the calls in flight and with the rules of the allow-list.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::contestant::Contestant;
use crate::memory::ExtensionProcesses;

pub(crate) const STEPS: [u32; 4] = [1, 10, 100, 1_000];
/// So many calls are made at each step, in waves.
const CALLS: u32 = 1_000;
const QUICK_CALLS: u32 = 100;

/// The rules name so many hosts.
const HOSTS: u32 = 100;

/// One measured point.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub(crate) rules: u32,
    pub(crate) in_flight: u32,
    pub(crate) calls_per_second: f64,
    /// The most that the extension's process held.
    pub(crate) peak_mb: f64,
}

pub(crate) async fn run(web: &Path, quick: bool) -> Result<Vec<Point>> {
    let mut points = Vec::new();
    for rules in STEPS {
        let before = ExtensionProcesses::all()?;
        let contestant = Contestant::evertoken(web, "growth", allow_list(rules)).await?;
        let processes = ExtensionProcesses::since(&before)?;
        for in_flight in STEPS {
            eprintln!("{in_flight} calls in flight, {rules} rules");
            let calls = if quick { QUICK_CALLS } else { CALLS }.max(in_flight);
            processes.reset_peak()?;
            points.push(Point {
                rules,
                in_flight,
                calls_per_second: contestant.waves(calls, in_flight).await?,
                peak_mb: processes.peak_mb()?,
            });
        }
        contestant.close().await?;
    }
    Ok(points)
}

/// So many rules, of which the API's own is the last.
fn allow_list(rules: u32) -> Value {
    let others = (1..rules).map(|rule| format!("https://api{}.test/v{rule}/", rule % HOSTS));
    let urls = others.chain(["{api}/v1/".to_owned()]);
    let apis: Vec<_> = urls.map(|url| json!({ "url": url })).collect();
    json!({ "apis": apis })
}

impl Contestant {
    async fn waves(&self, calls: u32, in_flight: u32) -> Result<f64> {
        let args = json!([self.api().url("/v1/bench"), calls, in_flight]);
        let rate = self.browser().eval("return course.waves(...args)", args);
        rate.await?.as_f64().context("no rate")
    }
}
