//! Writes the results to `bench/results`.

mod goals;
mod machine;
mod table;

use std::fs;

use anyhow::Result;
use xtask::root;

use crate::course::Results;

pub(crate) fn write(results: &Results) -> Result<()> {
    let folder = root().join("bench/results");
    fs::create_dir_all(&folder)?;
    let parts = [
        machine::described()?,
        goals::table(results)?,
        table::works(results),
    ];
    let table = parts.join("\n");
    fs::write(folder.join("table.md"), &table)?;
    eprintln!("{table}");
    Ok(())
}

/// Prints the results, and keeps the files of the last complete run.
pub(crate) fn print(results: &Results) {
    eprintln!("{}", table::works(results));
}
