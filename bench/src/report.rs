//! What is written to `bench/results`: the table.

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

/// Shows what was measured, and leaves what was written down of the last whole run.
pub(crate) fn print(results: &Results) {
    eprintln!("{}", table::works(results));
}
