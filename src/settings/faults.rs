//! Everything that is wrong with settings, not only what is found first.

use super::draft::Draft;
use super::reader::ROOT;
use super::reason::Reason;
use super::{Build, Settings, SettingsError};

/// A URL that every URL may be.
const SOUND_URL: &str = "https://sound.invalid/";

/// No text holds more faults than a person would read.
const MOST: usize = 200;

/// All refusals of `json`, in the order in which [`Settings::parse`] meets them.
///
/// Each fault that the parser names is mended in a copy, and the parser asked again: so there is one judge.
#[must_use]
pub fn faults(json: &str, build: Build) -> Vec<SettingsError> {
    let mut draft = match Draft::parse(json) {
        Ok(draft) => draft,
        Err(fault) => return vec![fault],
    };
    let mut faults: Vec<SettingsError> = Vec::new();
    let mut removed = Vec::new();
    while faults.len() < MOST {
        let Err(mut fault) = Settings::parse(&draft.to_json(), build) else {
            break;
        };
        mend(&mut draft, &fault);
        if let Some(index) = entry_of_ladder(&fault.path) {
            let index = place_before(index, &removed);
            fault.path = format!("{LADDER}[{index}]");
            removed.push(index);
            removed.sort_unstable();
        }
        if faults.contains(&fault) {
            break;
        }
        faults.push(fault);
    }
    faults
}

const LADDER: &str = "provider.renewal";

/// Which entry of the ladder `path` names.
fn entry_of_ladder(path: &str) -> Option<usize> {
    let index = path.strip_prefix(LADDER)?.strip_prefix('[')?;
    index.strip_suffix(']')?.parse().ok()
}

/// Where the entry that is now at `index` was before those at `removed` (in order) were taken away.
fn place_before(mut index: usize, removed: &[usize]) -> usize {
    for earlier in removed {
        if *earlier <= index {
            index += 1;
        }
    }
    index
}

/// Makes the place of `fault` sound, so that it hides no other.
fn mend(draft: &mut Draft, fault: &SettingsError) {
    let path = fault.path.as_str();
    let is_entry = path.ends_with(']');
    let is_required = [".issuer", ".client_id", ".url"]
        .iter()
        .any(|name| path.ends_with(name));
    if path == ROOT && fault.reason != Reason::Unknown {
        *draft = Draft::default();
    } else if fault.reason == Reason::Unknown {
        draft.remove(path);
    } else if is_required {
        draft.set_text(path, SOUND_URL);
    } else if entry_of_ladder(path).is_some() {
        draft.remove(path);
        // An empty list would be a fault of its own, which nobody made.
        if draft.length(LADDER) == 0 {
            draft.remove(LADDER);
        }
    } else if is_entry && path.starts_with("apis") {
        draft.set_text(&[path, ".url"].concat(), SOUND_URL);
    } else if is_entry {
        draft.set_text(path, SOUND_URL);
    } else {
        draft.remove(path);
    }
}
