//! Measures the validation of an id_token in the browser, compared with two libraries.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::contestant::{Contestant, Kind};
use crate::course::{Outcome, Results, Work};

pub(crate) const OURS: &str = "Evertoken";
const ALGORITHMS: [(&str, &[&str]); 3] = [
    ("RS256", &[OURS, "jose", "idtoken-verifier"]),
    ("ES256", &[OURS, "jose"]),
    ("EdDSA", &[OURS, "jose"]),
];
/// The number of validations that are timed together, because a page's clock counts in tenths of a millisecond.
const CHECKS: u32 = 50;

pub(crate) async fn run(web: &Path, results: &mut Results, rounds: usize) -> Result<()> {
    let page = Contestant::other(web, "id_token", Kind::Bare, "id-token", false).await?;
    let check = async |algorithm: &str, name: &str| {
        let args = json!([algorithm, name, CHECKS]);
        let time = page.browser().eval("return check(...args)", args).await?;
        time.as_f64().context("no time")
    };
    for (algorithm, names) in ALGORITHMS {
        let mut row: Vec<_> = names
            .iter()
            .map(|name| (*name, Outcome::default()))
            .collect();
        for (name, _) in &row {
            check(algorithm, name).await?;
        }
        for _ in 0..rounds {
            for (name, outcome) in &mut row {
                outcome.times.add([check(algorithm, name).await?]);
            }
        }
        results.insert(Work::IdToken(algorithm), row);
    }
    page.close().await
}
