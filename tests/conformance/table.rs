//! Checks that the table in `docs/conformance.md` lists exactly the tests beside this file.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const TABLE: &str = include_str!("../../docs/conformance.md");

/// The cells of every row with a number such as C01 or B01.
fn rows() -> Vec<Vec<&'static str>> {
    let rows = TABLE.lines().filter(|line| line.starts_with("| "));
    rows.map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .filter(|cells: &Vec<&str>| is_number(cells[0]))
        .collect()
}

fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['B', 'C']);
    digits.is_some_and(|digits| digits.len() == 2 && digits.parse::<u8>().is_ok())
}

/// The names in backquotes.
fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// The test functions of the sources beside this one.
fn tests() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let mut tests = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        if file.file_name() == "table.rs" {
            continue;
        }
        let source = fs::read_to_string(file.path()).unwrap();
        for test in source.split("#[test]\n").skip(1) {
            let (_, name) = test.split_once("fn ").unwrap();
            let (name, _) = name.split_once('(').unwrap();
            assert!(tests.insert(name.to_owned()), "{name} stands twice");
        }
    }
    tests
}

#[test]
fn the_table_names_every_test_and_no_other() {
    let rows = rows();
    let named: BTreeSet<String> = rows
        .iter()
        .flat_map(|cells| names(cells[cells.len() - 1]))
        .map(str::to_owned)
        .collect();
    let tests = tests();
    let missing: Vec<&String> = named.difference(&tests).collect();
    let unnamed: Vec<&String> = tests.difference(&named).collect();
    assert_eq!((missing, unnamed), (Vec::new(), Vec::new()));
}

#[test]
fn every_row_has_a_test_or_a_reason() {
    for cells in rows() {
        let last = cells[cells.len() - 1];
        let reason = ["not applicable: ", "in the browser: "];
        let reasoned = reason.iter().any(|reason| last.starts_with(reason));
        assert!(reasoned || names(last).count() > 0, "{cells:?}");
    }
}

#[test]
fn no_row_is_left_out() {
    let rows = rows();
    let numbers: BTreeSet<&str> = rows.iter().map(|cells| cells[0]).collect();
    let all = (1..=29).map(|number| format!("C{number:02}"));
    let all = all.chain((1..=32).map(|number| format!("B{number:02}")));
    let missing: Vec<String> = all
        .filter(|number| !numbers.contains(number.as_str()))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn a_test_bears_the_number_of_its_row() {
    for cells in rows() {
        for name in names(cells[cells.len() - 1]) {
            let number = cells[0].to_ascii_lowercase();
            let fits = match number.starts_with('b') {
                true => name.starts_with(&number),
                false => !name.starts_with('b'),
            };
            assert!(fits, "{name} in row {}", cells[0]);
        }
    }
}
