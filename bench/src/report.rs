//! What is written to `bench/results`: a table and two charts.

mod chart;
mod goals;
mod machine;
mod table;

use std::fs;

use anyhow::Result;
use xtask::root;

use crate::course::Results;
use crate::growth::Point;

pub(crate) fn write(results: &Results, growth: &[Point]) -> Result<()> {
    let folder = root().join("bench/results");
    fs::create_dir_all(&folder)?;
    let table = [
        machine::described()?,
        goals::table(results)?,
        table::works(results),
        table::growth(growth),
    ]
    .join("\n");
    fs::write(folder.join("chart.svg"), chart::comparison(results))?;
    fs::write(folder.join("growth.svg"), chart::growth(growth))?;
    fs::write(folder.join("table.md"), &table)?;
    eprintln!("{table}");
    Ok(())
}

/// Shows what was measured, and leaves what was written down of the last whole run.
pub(crate) fn print(results: &Results, growth: &[Point]) {
    eprintln!("{}", table::works(results));
    if !growth.is_empty() {
        eprintln!("{}", table::growth(growth));
    }
}
