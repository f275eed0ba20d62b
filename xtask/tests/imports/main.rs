//! The imports among the files of a crate: no file imports itself by way of others, and no import runs up the rooms.
//!
//! `cargo test -p xtask --test imports -- --nocapture` prints every circle with its imports.

#![expect(
    clippy::unwrap_used,
    reason = "clippy does not see that these are tests"
)]

mod graph;
mod known;
mod names;
mod source;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use self::graph::Graph;
use self::known::{CIRCLES, UPWARD};

/// A crate whose imports are drawn.
struct Drawn {
    /// The folder of its `lib.rs`, from the repository's root.
    sources: &'static str,
    /// Its rooms, the lowest first: an import runs within a room or down. A room is named by how the paths of its files in
    /// `sources` begin; the longest such beginning counts. Without rooms there is no order.
    rooms: &'static [&'static [&'static str]],
}

/// Where the lists of what is known to be wrong are.
const KNOWN: &str = "xtask/tests/imports/known.rs";

const CRATES: [Drawn; 2] = [
    Drawn {
        sources: "oidc/src",
        rooms: &[
            &["time.rs", "secret.rs", "random.rs", "json"],
            &["http.rs"],
            &["jose"],
            &["oauth"],
            &["oidc"],
            &["native.rs"],
            &["lib.rs"],
        ],
    },
    Drawn {
        sources: "src",
        rooms: &[
            &["problem", "session_id", "renewal_method", "in_progress"],
            &["settings"],
            &["message"],
            &["platform"],
            &["api/call_error", "session/error"],
            &["error"],
            &["provider"],
            &["activity"],
            &["session"],
            &["api"],
            &["doctor", "engine"],
            &["lib.rs"],
        ],
    },
];

impl Drawn {
    /// The path of one of its files, from the repository's root.
    fn path(&self, file: &str) -> String {
        format!("{}/{file}", self.sources)
    }

    /// The room of one of its files, by its number from below.
    fn room(&self, file: &str) -> usize {
        let mut best = (0, 0);
        for (number, room) in self.rooms.iter().enumerate() {
            for beginning in room.iter().filter(|it| file.starts_with(**it)) {
                best = best.max((beginning.len(), number));
            }
        }
        assert!(
            best.0 > 0 || self.rooms.is_empty(),
            "{file} is in no room of {}",
            self.sources
        );
        best.1
    }
}

fn graphs() -> Vec<(&'static Drawn, Graph)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folders = CRATES.iter().map(|drawn| (drawn, root.join(drawn.sources)));
    let there = folders.filter(|(_, folder)| folder.is_dir());
    let graphs = Vec::from_iter(there.map(|(drawn, folder)| (drawn, Graph::of(&folder))));
    assert!(graphs.iter().any(|(_, graph)| !graph.imports.is_empty()));
    graphs
}

#[test]
fn no_file_imports_itself_by_way_of_others() {
    let mut found = Vec::new();
    let mut report = String::new();
    for (drawn, graph) in graphs() {
        for circle in graph.circles() {
            writeln!(
                report,
                "{} files of {} in a circle:",
                circle.len(),
                drawn.sources
            )
            .unwrap();
            for import in &graph.imports {
                if circle.contains(&import.from) && circle.contains(&import.to) {
                    writeln!(report, "  {import}").unwrap();
                }
            }
            let files = circle.iter().map(|file| drawn.path(file));
            found.push(format!("&{:#?}", Vec::from_iter(files)));
        }
    }
    println!("{report}");
    let known = CIRCLES.iter().map(|files| format!("&{files:#?}"));
    check("CIRCLES", &found, &Vec::from_iter(known), &report);
}

#[test]
fn no_import_runs_up_the_rooms() {
    let mut found = BTreeSet::new();
    let mut report = String::new();
    for (drawn, graph) in graphs() {
        for import in &graph.imports {
            if drawn.room(&import.from) < drawn.room(&import.to) {
                writeln!(report, "  {}: {import}", drawn.sources).unwrap();
                let files = [&import.from, &import.to].map(|file| drawn.path(file));
                found.insert(format!("{files:?}"));
            }
        }
    }
    println!("{report}");
    let known = UPWARD.iter().map(|files| format!("{files:?}"));
    check(
        "UPWARD",
        &Vec::from_iter(found),
        &Vec::from_iter(known),
        &report,
    );
}

/// Fails unless the list `name` of `known.rs` is what was found; prints the list as it should be.
fn check(name: &str, found: &[String], known: &[String], report: &str) {
    let list = found.join(",\n");
    assert!(
        found == known,
        "{report}\n{name} in {KNOWN} should be &[\n{list}\n]"
    );
}

#[test]
fn a_file_belongs_to_the_room_that_names_most_of_its_path() {
    let drawn = Drawn {
        sources: "src",
        rooms: &[&["api/id"], &["session"], &["api"]],
    };
    assert_eq!(drawn.room("api/id.rs"), 0);
    assert_eq!(drawn.room("session/mod.rs"), 1);
    assert_eq!(drawn.room("api/rules.rs"), 2);
}
