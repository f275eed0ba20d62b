//! The tables with every figure.

use std::fmt::Write as _;

use crate::course::{COURSE, Outcome, Results, Work};

impl Work {
    /// The heading of the work's table.
    pub(super) fn title(self) -> String {
        match self {
            Self::Warm => "One call after the other".to_owned(),
            Self::Post(bytes) => format!("POST with {}", size(bytes)),
            Self::Revoked => "A revoked token, then one call".to_owned(),
            Self::Stopped => "A stopped worker, then one call".to_owned(),
            Self::Storm { calls, revoked } => {
                let token = if revoked {
                    "a revoked token"
                } else {
                    "a valid token"
                };
                format!("{} calls at once on {token}", thousands(calls))
            }
            Self::Use => "Half an hour without its pauses: 600 calls, six tokens".to_owned(),
            Self::Load => "A page until it can be used, the worker stopped".to_owned(),
            Self::IdToken(algorithm) => format!("The check of an id_token, {algorithm}"),
        }
    }
}

fn size(bytes: usize) -> String {
    match bytes {
        1_000_000.. => format!("{} MB", bytes / 1_000_000),
        _ => format!("{} kB", bytes / 1_000),
    }
}

fn thousands(count: usize) -> String {
    match count {
        1_000.. => format!("{},{:03}", count / 1_000, count % 1_000),
        _ => count.to_string(),
    }
}

/// A table per piece of work; ratios are of medians, to the first row that has one.
pub(super) fn works(results: &Results) -> String {
    let mut text = String::new();
    let alone = results.keys().filter(|work| !COURSE.contains(work));
    for work in COURSE.iter().chain(alone) {
        let Some(row) = results.get(work) else {
            continue;
        };
        text += &format!("\n## {}\n\n", work.title());
        match work {
            Work::Use => counts(&mut text, row),
            _ => times(&mut text, row),
        }
    }
    text
}

fn times(text: &mut String, row: &[(&str, Outcome)]) {
    *text += "| | median | p95 | ratio | n | calls at the API | renewals |\n|---|---|---|---|---|---|---|\n";
    let first = row.iter().find_map(|(_, outcome)| outcome.times.median());
    for (name, outcome) in row {
        let Outcome {
            times,
            unfinished,
            failed,
            renewals,
            calls,
        } = outcome;
        let [median, p95] = [times.median(), times.p95()].map(|time| match time {
            Some(time) if time < 1.0 => format!("{time:.2} ms"),
            Some(time) => format!("{time:.1} ms"),
            None => "more than a minute".to_owned(),
        });
        let ratio = times
            .median()
            .zip(first)
            .map(|(time, first)| format!("{:.2}", time / first));
        let failed = if *failed > 0 {
            format!(" ({failed} failed)")
        } else {
            String::new()
        };
        _ = writeln!(
            text,
            "| {name} | {median} | {p95} | {} | {} | {calls}{failed} | {renewals} |",
            ratio.unwrap_or_default(),
            times.count() + unfinished
        );
    }
}

fn counts(text: &mut String, row: &[(&str, Outcome)]) {
    *text += "| | calls at the API | failed | renewals |\n|---|---|---|---|\n";
    for (name, outcome) in row {
        let Outcome {
            calls,
            failed,
            renewals,
            ..
        } = outcome;
        _ = writeln!(text, "| {name} | {calls} | {failed} | {renewals} |");
    }
}
