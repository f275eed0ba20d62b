//! Writes each target's seeds and words for libFuzzer: `seeds FOLDER` makes `FOLDER/TARGET/*` and `FOLDER/TARGET.dict`.

use std::env;
use std::fs;
use std::io::{Error, Result};
use std::path::PathBuf;

use evertoken_fuzz_targets::TARGETS;

fn main() -> Result<()> {
    let folder = env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or_else(|| Error::other("usage: seeds FOLDER"))?;
    for target in TARGETS {
        let corpus = folder.join(target.name);
        fs::create_dir_all(&corpus)?;
        for (number, seed) in (target.seeds)().into_iter().enumerate() {
            fs::write(corpus.join(format!("seed-{number}")), seed)?;
        }
        let words = target
            .words
            .iter()
            .map(|word| format!("\"{}\"\n", escape(word)));
        fs::write(corpus.with_extension("dict"), words.collect::<String>())?;
    }
    Ok(())
}

/// libFuzzer's dictionaries know `\\`, `\"` and `\xAB`.
fn escape(word: &str) -> String {
    word.bytes()
        .map(|byte| match byte {
            b'"' | b'\\' => format!("\\{}", char::from(byte)),
            b' '..=b'~' => char::from(byte).to_string(),
            _ => format!("\\x{byte:02X}"),
        })
        .collect()
}
