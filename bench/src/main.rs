//! Compares Evertoken with baselines and other libraries in Chromium, with the same work: `cargo xtask bench`.
//!
//! Each subject has its own browser, provider and API. They take turns within every round, so that other load on the
//! machine affects all of them; only the ratios within one run are meaningful.

#![expect(clippy::print_stderr, reason = "progress goes to stderr")]

mod contestant;
mod course;
mod id_token;
mod own_extension;
mod plan;
mod popup;
mod report;
mod statistics;
mod web;

use std::process::ExitCode;

use anyhow::Result;

use self::contestant::Contestant;
use self::course::{COURSE, Results};
use self::plan::Plan;

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
    let plan = Plan::parse(std::env::args().skip(1))?;
    let web = web::bundle()?;
    let mut results = Results::new();
    if COURSE.iter().any(|work| plan.includes(*work)) {
        let team = Contestant::team(&web).await?;
        results = course::run(&team, &plan).await?;
        for contestant in team {
            contestant.close().await?;
        }
    }
    if plan.has("popup") {
        popup::run(&mut results, plan.rounds()).await?;
    }
    if plan.has("id_token") {
        id_token::run(&web, &mut results, plan.rounds()).await?;
    }
    if plan.is_whole() {
        return report::write(&results);
    }
    report::print(&results);
    Ok(())
}
