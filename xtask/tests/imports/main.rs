//! The imports among the files of a crate: no file imports itself by way of others, and no import runs up the rooms.
//!
//! A failure prints every circle with its imports.

#![expect(
    clippy::unwrap_used,
    reason = "clippy does not see that these are tests"
)]

mod graph;
mod names;
mod source;

use std::fmt::Write as _;
use std::path::Path;

use self::graph::Graph;

/// A crate whose imports are drawn.
struct Drawn {
    /// The folder of its `lib.rs`, from the repository's root.
    sources: &'static str,
    /// Its rooms, the lowest first: an import runs within a room or down. A room is named by how the paths of its files in
    /// `sources` begin; the longest such beginning counts. Without rooms there is no order.
    rooms: &'static [&'static [&'static str]],
}

const CRATES: [Drawn; 2] = [
    Drawn {
        sources: "oidc/src",
        rooms: &[
            &["time.rs", "secret.rs", "text.rs", "random.rs", "json"],
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
    let mut report = String::new();
    for (drawn, graph) in graphs() {
        for circle in graph.circles() {
            let count = circle.len();
            writeln!(report, "{count} files of {} in a circle:", drawn.sources).unwrap();
            for import in &graph.imports {
                if circle.contains(&import.from) && circle.contains(&import.to) {
                    writeln!(report, "  {import}").unwrap();
                }
            }
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn no_import_runs_up_the_rooms() {
    let mut report = String::new();
    for (drawn, graph) in graphs() {
        for import in &graph.imports {
            if drawn.room(&import.from) < drawn.room(&import.to) {
                writeln!(report, "  {}: {import}", drawn.sources).unwrap();
            }
        }
    }
    assert!(report.is_empty(), "imports that run up:\n{report}");
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
