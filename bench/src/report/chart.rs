//! The charts, as SVG that follows the reader's light or dark.

use std::fmt::Write as _;

use super::table::thousands;
use crate::course::{Outcome, Results, Work};
use crate::growth::{Point, STEPS};

const WIDTH: f64 = 760.0;
const NAMES: f64 = 250.0;
const VALUES: f64 = 100.0;
const LINE: f64 = 20.0;

/// Who is not done by then is not waited for.
const MINUTE_MS: f64 = 60_000.0;

/// Of the lines, by the number of rules.
const COLOURS: [&str; 4] = ["#2f9e6f", "#2f6fde", "#b35cc4", "#d9822b"];

const STYLE: &str = "<style>
text{font:13px system-ui,sans-serif;fill:#1c2330}
.title{font-weight:600}.quiet{fill:#5b6576}
.bar{fill:#a9b4c6}.own{fill:#2f6fde}.axis{stroke:#d5dbe5}
.line{fill:none;stroke-width:2}
@media(prefers-color-scheme:dark){text{fill:#e6eaf1}.quiet{fill:#9aa5b8}.bar{fill:#55617a}.own{fill:#6ea2ff}.axis{stroke:#3a4355}}
</style>";

/// What is drawn of a whole run.
const DRAWN: [Work; 4] = [
    Work::Warm,
    Work::Revoked,
    Work::Storm {
        calls: 100,
        revoked: true,
    },
    Work::Storm {
        calls: 1_000,
        revoked: true,
    },
];

/// A group of bars for each of a few pieces of work; the shorter the better.
pub(super) fn comparison(results: &Results) -> String {
    let mut body = String::new();
    let mut y = 8.0;
    for work in DRAWN {
        let Some(row) = results.get(&work) else {
            continue;
        };
        y += LINE;
        _ = writeln!(
            body,
            "<text class=\"title\" x=\"0\" y=\"{y}\">{}</text>",
            work.title()
        );
        y += 8.0;
        let times = row.iter().map(|(_, outcome)| drawn(outcome));
        let longest = times.fold(f64::MIN_POSITIVE, f64::max);
        for (name, outcome) in row {
            y += LINE;
            bar(&mut body, y, name, outcome, longest);
        }
        y += 12.0;
    }
    svg(y + 8.0, "How long calls take, by contestant", &body)
}

fn bar(body: &mut String, y: f64, name: &str, outcome: &Outcome, longest: f64) {
    let room = WIDTH - NAMES - VALUES;
    let length = room * drawn(outcome) / longest;
    let value = outcome.times.median().map(told);
    let value = value.unwrap_or_else(|| "over a minute".to_owned());
    let class = if name.starts_with("Evertoken") {
        "own"
    } else {
        "bar"
    };
    _ = writeln!(
        body,
        "<text x=\"0\" y=\"{y}\">{name}</text><rect class=\"{class}\" x=\"{NAMES}\" y=\"{:.1}\" width=\"{length:.1}\" height=\"12\" rx=\"2\"/>\
         <text class=\"quiet\" x=\"{:.1}\" y=\"{y}\">{value}</text>",
        y - 11.0,
        NAMES + length + 6.0,
    );
}

/// The milliseconds that a bar stands for.
fn drawn(outcome: &Outcome) -> f64 {
    outcome.times.median().unwrap_or(MINUTE_MS)
}

fn told(ms: f64) -> String {
    match ms {
        1_000.0.. => format!("{:.1} s", ms / 1_000.0),
        10.0.. => format!("{ms:.0} ms"),
        _ => format!("{ms:.1} ms"),
    }
}

/// Calls per second and the process's peak over the calls in flight, a line for each number of rules.
pub(super) fn growth(points: &[Point]) -> String {
    let mut body = String::new();
    for (index, (title, value)) in [
        (
            "Calls per second",
            (|point| point.calls_per_second) as fn(&Point) -> f64,
        ),
        ("Peak of the extension's process, MB", |point| point.peak_mb),
    ]
    .into_iter()
    .enumerate()
    {
        let left = if index == 0 { 0.0 } else { WIDTH / 2.0 };
        panel(&mut body, left, title, points, value);
    }
    svg(
        292.0,
        "How cost grows with calls in flight and rules",
        &body,
    )
}

fn panel(body: &mut String, left: f64, title: &str, points: &[Point], value: fn(&Point) -> f64) {
    let [top, bottom, width] = [40.0, 220.0, 300.0];
    let most = round_top(points.iter().map(value).fold(f64::MIN_POSITIVE, f64::max));
    let x = |step: usize| left + 40.0 + width * [0.0, 0.33, 0.67, 1.0][step];
    let y = |value: f64| bottom - (bottom - top) * value / most;
    _ = writeln!(
        body,
        "<text class=\"title\" x=\"{left}\" y=\"20\">{title}</text>"
    );
    for part in [0.0, 0.5, 1.0] {
        let height = y(most * part);
        _ = writeln!(
            body,
            "<path class=\"axis\" d=\"M{:.1} {height:.1}h{width}\"/><text class=\"quiet\" x=\"{left}\" y=\"{:.1}\">{:.0}</text>",
            x(0),
            height + 4.0,
            most * part,
        );
    }
    for (step, in_flight) in STEPS.into_iter().enumerate() {
        let count = thousands(in_flight as usize);
        _ = writeln!(
            body,
            "<text class=\"quiet\" x=\"{:.1}\" y=\"240\" text-anchor=\"middle\">{count}</text>",
            x(step)
        );
    }
    _ = writeln!(
        body,
        "<text class=\"quiet\" x=\"{:.1}\" y=\"260\" text-anchor=\"middle\">calls in flight</text>",
        x(0) + width / 2.0
    );
    for (index, (rules, colour)) in STEPS.into_iter().zip(COLOURS).enumerate() {
        let of_rules = points.iter().filter(|point| point.rules == rules);
        let line: Vec<_> = of_rules
            .enumerate()
            .map(|(step, point)| format!("{:.1},{:.1}", x(step), y(value(point))))
            .collect();
        _ = writeln!(
            body,
            "<polyline class=\"line\" stroke=\"{colour}\" points=\"{}\"/>\n\
             <text x=\"{:.1}\" y=\"282\" style=\"fill:{colour}\">{}</text>",
            line.join(" "),
            x(0) + 130.0 + [0.0, 26.0, 58.0, 98.0][index],
            thousands(rules as usize)
        );
    }
    _ = writeln!(
        body,
        "<text class=\"quiet\" x=\"{:.1}\" y=\"282\">rules in the settings:</text>",
        x(0) - 10.0
    );
}

/// The end of an axis that holds `most`, such that its half is a round number as well.
fn round_top(most: f64) -> f64 {
    let step = 2.0 * 10_f64.powf(most.log10().floor());
    (most / step).ceil() * step
}

fn svg(height: f64, label: &str, body: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-label=\"{label}\">\n{STYLE}\n{body}</svg>\n"
    )
}
