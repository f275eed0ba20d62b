//! What holds for every page.

use std::fs;
use std::path::{Path, PathBuf};

use evertoken::settings::{Build, Settings};

use crate::guide::example;

const README: &str = include_str!("../../docs/providers/README.md");

fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/providers");
    let entries = fs::read_dir(folder).expect("the pages");
    let paths = entries.map(|entry| entry.expect("a page").path());
    paths.collect()
}

#[test]
fn every_example_of_settings_is_accepted_as_it_stands() {
    let pages = pages();
    assert!(pages.len() > 10, "{pages:?}");
    for page in pages {
        let text = fs::read_to_string(&page).expect("a page");
        let json = example(&text).to_string();
        let settings = Settings::parse(&json, Build::Release);
        assert!(settings.is_ok(), "{}: {settings:?}", page.display());
    }
}

#[test]
fn every_page_is_listed() {
    for page in pages() {
        let name = page.file_name().and_then(|name| name.to_str());
        let name = name.expect("a name");
        let is_listed = name == "README.md" || README.contains(&format!("]({name})"));
        assert!(is_listed, "{name}");
    }
}
