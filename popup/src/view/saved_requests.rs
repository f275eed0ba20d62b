//! Requests that the user saved by name.

use serde::{Deserialize, Serialize};

use super::request::RequestDraft;

/// A saved request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedRequest {
    /// Its name.
    pub name: String,
    /// The request. It is stored without its secrets.
    #[serde(rename = "request")]
    pub draft: RequestDraft,
}

/// Saves `draft` as `name`: in the place of the one with this name, else in the order of names. Without a name, its URL
/// is the name. Returns the name.
pub fn save(saved: &mut Vec<SavedRequest>, name: &str, draft: &RequestDraft) -> String {
    let name = match name.trim() {
        "" => draft.url.trim(),
        name => name,
    };
    let name = name.to_owned();
    let fresh = SavedRequest {
        name: name.clone(),
        draft: draft.clone(),
    };
    let order = |name: &str| name.to_ascii_lowercase();
    if let Some(place) = position(saved, &name) {
        saved[place] = fresh;
    } else {
        let place = saved.iter().position(|one| order(&one.name) > order(&name));
        saved.insert(place.unwrap_or(saved.len()), fresh);
    }
    name
}

/// Whether a request is saved as `name`.
#[must_use]
pub fn has(saved: &[SavedRequest], name: &str) -> bool {
    position(saved, name.trim()).is_some()
}

fn position(saved: &[SavedRequest], name: &str) -> Option<usize> {
    saved.iter().position(|one| one.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(saved: &[SavedRequest]) -> Vec<&str> {
        saved.iter().map(|one| one.name.as_str()).collect()
    }

    #[test]
    fn requests_stand_in_the_order_of_their_names_each_once() {
        let mut saved = Vec::new();
        let mut draft = RequestDraft::default();
        for (url, name, expected) in [
            (" https://a.example/1 ", "orders", "orders"),
            ("https://a.example/2", " Me ", "Me"),
            ("https://a.example/3", "Me", "Me"),
            (" https://a.example/4 ", "  ", "https://a.example/4"),
        ] {
            url.clone_into(&mut draft.url);
            assert_eq!(save(&mut saved, name, &draft), expected);
        }
        assert_eq!(names(&saved), ["https://a.example/4", "Me", "orders"]);
        assert_eq!(saved[1].draft.url, "https://a.example/3");
        assert!(has(&saved, " Me ") && !has(&saved, "you"));
    }

    #[test]
    fn what_an_older_version_stored_is_still_read() {
        let stored = r#"{"name":"me","request":{"method":"GET","url":"https://a.example/","body":"","headers":[{"name":"X","value":"1"}]}}"#;
        let saved: SavedRequest = serde_json::from_str(stored).unwrap();
        assert_eq!((saved.name.as_str(), saved.draft.headers.len()), ("me", 1));
    }
}
