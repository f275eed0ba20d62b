//! Evertoken beside its floors and its peers, in Chromium, on the same work: `cargo xtask bench`.
//!
//! Each contestant has its own browser, provider and API. They take turns within every round, so that whatever else the
//! machine does meets all of them; what counts is the ratio within one run.

#![expect(clippy::print_stderr, reason = "progress goes to stderr")]

mod contestant;
mod course;
mod growth;
mod id_token;
mod memory;
mod own_extension;
mod popup;
mod report;
mod statistics;
mod web;

use std::process::ExitCode;

use anyhow::Result;

use self::contestant::Contestant;

/// How often everything is done.
const ROUNDS: usize = 10;
/// With `--quick`: enough to see that all of it works.
const QUICK_ROUNDS: usize = 2;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let quick = std::env::args().any(|word| word == "--quick");
    let rounds = if quick { QUICK_ROUNDS } else { ROUNDS };
    let web = web::bundle()?;
    let team = Contestant::team(&web).await?;
    let mut results = course::run(&team, rounds).await?;
    for contestant in team {
        contestant.close().await?;
    }
    popup::run(&mut results, rounds).await?;
    id_token::run(&web, &mut results, rounds).await?;
    let growth = growth::run(&web, quick).await?;
    report::write(&results, &growth)
}
