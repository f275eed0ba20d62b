//! The design's goals, and whether the results meet them.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};
use xtask::extension;

use crate::contestant::{EMPTY_WORKER, PERMITTED_WORKER};
use crate::course::{Outcome, Results, Work};
use crate::id_token;

const OFFSCREEN: &str = "Evertoken, offscreen";
const SEED: &str = "seed: axios + auth0-js";

const HUNDRED: Work = Work::Storm {
    calls: 100,
    revoked: false,
};
const HUNDRED_REVOKED: Work = Work::Storm {
    calls: 100,
    revoked: true,
};
const THOUSAND: Work = Work::Storm {
    calls: 1_000,
    revoked: false,
};
const THOUSAND_REVOKED: Work = Work::Storm {
    calls: 1_000,
    revoked: true,
};

/// A ratio of two medians, and its upper limit.
struct Goal {
    what: &'static str,
    of: (Work, &'static str),
    to: (Work, &'static str),
    most: f64,
}

const GOALS: [Goal; 12] = [
    Goal {
        what: "a warm call, of the empty worker's",
        of: (Work::Warm, OFFSCREEN),
        to: (Work::Warm, EMPTY_WORKER),
        most: 1.05,
    },
    Goal {
        what: "a warm call, of that worker's with the same permissions",
        of: (Work::Warm, OFFSCREEN),
        to: (Work::Warm, PERMITTED_WORKER),
        most: 1.05,
    },
    Goal {
        what: "a revoked token through offscreen, of the seed's",
        of: (Work::Revoked, OFFSCREEN),
        to: (Work::Revoked, SEED),
        most: 0.8,
    },
    Goal {
        what: "a revoked token through web_auth_flow, of the seed's",
        of: (Work::Revoked, "Evertoken, web_auth_flow"),
        to: (Work::Revoked, SEED),
        most: 0.5,
    },
    Goal {
        what: "a revoked token through refresh_token, of the seed's",
        of: (Work::Revoked, "Evertoken, refresh_token"),
        to: (Work::Revoked, SEED),
        most: 0.35,
    },
    Goal {
        what: "100 calls at once on a revoked token, of the same on a valid one",
        of: (HUNDRED_REVOKED, OFFSCREEN),
        to: (HUNDRED, OFFSCREEN),
        most: 1.25,
    },
    Goal {
        what: "1,000 calls at once on a revoked token, of the same on a valid one",
        of: (THOUSAND_REVOKED, OFFSCREEN),
        to: (THOUSAND, OFFSCREEN),
        most: 1.05,
    },
    Goal {
        what: "1,000 calls at once on a valid token, of the empty worker's",
        of: (THOUSAND, OFFSCREEN),
        to: (THOUSAND, EMPTY_WORKER),
        most: 1.05,
    },
    Goal {
        what: "1,000 calls at once on a valid token, of that worker's with the same permissions",
        of: (THOUSAND, OFFSCREEN),
        to: (THOUSAND, PERMITTED_WORKER),
        most: 1.05,
    },
    Goal {
        what: "the first call on a stopped worker, of the empty worker's",
        of: (Work::Stopped, OFFSCREEN),
        to: (Work::Stopped, EMPTY_WORKER),
        most: 1.6,
    },
    Goal {
        what: "the first call on a stopped worker, of that worker's with the same permissions",
        of: (Work::Stopped, OFFSCREEN),
        to: (Work::Stopped, PERMITTED_WORKER),
        most: 1.6,
    },
    Goal {
        what: "the popup on a stopped worker, of an empty page's",
        of: (Work::Load, "Evertoken's popup"),
        to: (Work::Load, "empty page"),
        most: 1.5,
    },
];

/// The size budgets of worker, popup and options page with their scripts, in kB of gzip.
const WEIGHTS: [f64; 3] = [300.0, 130.0, 260.0];

/// A row per goal.
pub(super) fn table(results: &Results) -> Result<String> {
    let mut table = "## Goals\n\n| what | measured | goal | |\n|---|---|---|---|\n".to_owned();
    for goal in &GOALS {
        let ratio = median(results, goal.of)? / median(results, goal.to)?;
        row(
            &mut table,
            goal.what,
            &format!("{ratio:.2}"),
            &format!("{:.2}", goal.most),
            ratio <= goal.most,
        )?;
    }
    for (what, work) in [
        ("renewals for 100 calls on a revoked token", HUNDRED_REVOKED),
        (
            "renewals for 1,000 calls on a revoked token",
            THOUSAND_REVOKED,
        ),
    ] {
        let renewals = outcome(results, (work, OFFSCREEN))?.renewals;
        row(&mut table, what, &renewals.to_string(), "1", renewals == 1)?;
    }
    let check = median(results, (Work::IdToken("RS256"), id_token::OURS))?;
    row(
        &mut table,
        "the check of an RS256 id_token",
        &format!("{check:.2} ms"),
        "1 ms",
        check <= 1.0,
    )?;
    let failed = outcome(results, (THOUSAND_REVOKED, OFFSCREEN))?.failed;
    row(
        &mut table,
        "calls that failed of these",
        &failed.to_string(),
        "0",
        failed == 0,
    )?;
    let sizes = extension::sizes()?;
    let measured = [
        ("worker", sizes.worker),
        ("popup", sizes.popup),
        ("options page", sizes.options),
    ];
    for ((what, size), goal) in measured.into_iter().zip(WEIGHTS) {
        let weight = f64::from(u32::try_from(size.gzip)?) / 1000.0;
        row(
            &mut table,
            &format!("the {what}, wasm and script, gzip"),
            &format!("{weight:.1} kB"),
            &format!("{goal:.0} kB"),
            weight <= goal,
        )?;
    }
    Ok(table)
}

fn row(table: &mut String, what: &str, measured: &str, goal: &str, holds: bool) -> Result<()> {
    let holds = if holds { "holds" } else { "**does not hold**" };
    Ok(writeln!(
        table,
        "| {what} | {measured} | {goal} | {holds} |"
    )?)
}

fn outcome<'a>(results: &'a Results, (work, name): (Work, &str)) -> Result<&'a Outcome> {
    let row = results
        .get(&work)
        .and_then(|row| row.iter().find(|(it, _)| *it == name));
    row.map(|(_, outcome)| outcome)
        .with_context(|| format!("{name} did not do {work:?}"))
}

fn median(results: &Results, of: (Work, &str)) -> Result<f64> {
    outcome(results, of)?
        .times
        .median()
        .with_context(|| format!("no time of {of:?}"))
}
