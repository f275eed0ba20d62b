//! The allow-list as the console knows it: to complete URLs by, and to say at once which calls get no token.

use evertoken::api::rules::path_covers;

/// Origin and path of a URL, as the browser's own parser has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The origin.
    pub origin: String,
    /// The path.
    pub path: String,
}

/// An entry of the allow-list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Api {
    /// The URL as it stands in the settings.
    pub url: String,
    /// Its origin and path.
    pub place: Place,
}

/// Whether a call to `place` gets a token.
#[must_use]
pub fn covers(apis: &[Api], place: &Place) -> bool {
    apis.iter()
        .any(|api| api.place.origin == place.origin && path_covers(&api.place.path, &place.path))
}

/// Whether what was typed may still become an entry of the list.
#[must_use]
pub fn begins(apis: &[Api], typed: &str) -> bool {
    apis.iter().any(|api| api.url.starts_with(typed.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(origin: &str, path: &str) -> Place {
        Place {
            origin: origin.to_owned(),
            path: path.to_owned(),
        }
    }

    fn apis() -> [Api; 2] {
        [("https://a.example", "/v1/"), ("https://b.example", "/")].map(|(origin, path)| Api {
            url: [origin, path].concat(),
            place: place(origin, path),
        })
    }

    #[test]
    fn origins_are_equal_and_paths_begin_with_whole_segments() {
        for (origin, path, covered) in [
            ("https://a.example", "/v1", true),
            ("https://a.example", "/v1/orders", true),
            ("https://b.example", "/anything", true),
            ("https://a.example", "/v10", false),
            ("https://a.example", "/", false),
            ("https://a.example", "/v1/..%2fadmin", false),
            ("http://a.example", "/v1/", false),
            ("https://a.example:8443", "/v1/", false),
        ] {
            assert_eq!(
                covers(&apis(), &place(origin, path)),
                covered,
                "{origin}{path}"
            );
        }
    }

    #[test]
    fn what_is_typed_towards_an_entry_begins_it() {
        assert!(begins(&apis(), "https://a.exa"));
        assert!(begins(&apis(), " https://b.example"));
        assert!(!begins(&apis(), "https://a.example/v2"));
    }
}
