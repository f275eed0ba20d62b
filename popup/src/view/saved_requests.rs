//! Requests that the user saved by name.

use serde::{Deserialize, Serialize};

use super::request::RequestDraft;

/// A saved request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedRequest {
    /// Its name.
    pub name: String,
    /// The request, without its secrets.
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
        draft: draft.without_secrets(),
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
    use crate::view::request::Header;

    fn draft(url: &str) -> RequestDraft {
        RequestDraft {
            url: url.to_owned(),
            headers: vec![Header {
                name: "Cookie".to_owned(),
                value: "sid=1".to_owned(),
            }],
            ..RequestDraft::default()
        }
    }

    fn names(saved: &[SavedRequest]) -> Vec<&str> {
        saved.iter().map(|one| one.name.as_str()).collect()
    }

    #[test]
    fn requests_stand_in_the_order_of_their_names() {
        let mut saved = Vec::new();
        for name in ["orders", "Me", "basket"] {
            save(&mut saved, name, &draft("https://a.example/"));
        }
        assert_eq!(names(&saved), ["basket", "Me", "orders"]);
    }

    #[test]
    fn a_name_that_is_taken_gets_the_new_request() {
        let mut saved = Vec::new();
        save(&mut saved, "me", &draft("https://a.example/1"));
        assert!(has(&saved, " me "));
        save(&mut saved, " me ", &draft("https://a.example/2"));
        assert_eq!(names(&saved), ["me"]);
        assert_eq!(saved[0].draft.url, "https://a.example/2");
        assert!(!has(&saved, "you"));
    }

    #[test]
    fn without_a_name_the_url_is_the_name() {
        let mut saved = Vec::new();
        let name = save(&mut saved, "  ", &draft(" https://a.example/ "));
        assert_eq!(name, "https://a.example/");
        assert_eq!(names(&saved), ["https://a.example/"]);
    }

    #[test]
    fn secrets_are_not_saved() {
        let mut saved = Vec::new();
        save(&mut saved, "me", &draft("https://a.example/"));
        assert_eq!(saved[0].draft.headers[0].value, "");
    }
}
