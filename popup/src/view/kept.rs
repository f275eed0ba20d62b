//! Requests kept by name.

use super::request::Draft;

/// A request kept by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub name: String,
    /// The request, without its secrets.
    pub draft: Draft,
}

/// Keeps `draft` under `name`: in the place of one of this name, else in the order of names. Without a name, its URL
/// is the name. Ends with the name.
pub fn keep(kept: &mut Vec<Kept>, name: &str, draft: &Draft) -> String {
    let name = match name.trim() {
        "" => draft.url.trim(),
        name => name,
    };
    let name = name.to_owned();
    let fresh = Kept {
        name: name.clone(),
        draft: draft.without_secrets(),
    };
    let order = |name: &str| name.to_ascii_lowercase();
    if let Some(place) = position(kept, &name) {
        kept[place] = fresh;
    } else {
        let place = kept.iter().position(|one| order(&one.name) > order(&name));
        kept.insert(place.unwrap_or(kept.len()), fresh);
    }
    name
}

/// Whether a request is kept under `name`.
#[must_use]
pub fn has(kept: &[Kept], name: &str) -> bool {
    position(kept, name.trim()).is_some()
}

fn position(kept: &[Kept], name: &str) -> Option<usize> {
    kept.iter().position(|one| one.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::request::Header;

    fn draft(url: &str) -> Draft {
        Draft {
            url: url.to_owned(),
            headers: vec![Header {
                name: "Cookie".to_owned(),
                value: "sid=1".to_owned(),
            }],
            ..Draft::default()
        }
    }

    fn names(kept: &[Kept]) -> Vec<&str> {
        kept.iter().map(|one| one.name.as_str()).collect()
    }

    #[test]
    fn requests_stand_in_the_order_of_their_names() {
        let mut kept = Vec::new();
        for name in ["orders", "Me", "basket"] {
            keep(&mut kept, name, &draft("https://a.example/"));
        }
        assert_eq!(names(&kept), ["basket", "Me", "orders"]);
    }

    #[test]
    fn a_name_that_is_taken_gets_the_new_request() {
        let mut kept = Vec::new();
        keep(&mut kept, "me", &draft("https://a.example/1"));
        assert!(has(&kept, " me "));
        keep(&mut kept, " me ", &draft("https://a.example/2"));
        assert_eq!(names(&kept), ["me"]);
        assert_eq!(kept[0].draft.url, "https://a.example/2");
        assert!(!has(&kept, "you"));
    }

    #[test]
    fn without_a_name_the_url_is_the_name() {
        let mut kept = Vec::new();
        let name = keep(&mut kept, "  ", &draft(" https://a.example/ "));
        assert_eq!(name, "https://a.example/");
        assert_eq!(names(&kept), ["https://a.example/"]);
    }

    #[test]
    fn secrets_are_not_kept() {
        let mut kept = Vec::new();
        keep(&mut kept, "me", &draft("https://a.example/"));
        assert_eq!(kept[0].draft.headers[0].value, "");
    }
}
