//! The allow-list as the console knows it: to complete URLs by, and to say at once which calls get no token.

use evertoken::api::rules::path_covers;
use evertoken::json::Value;
use evertoken::message::SettingsSources;

/// Where a URL leads, as the browser's own parser has it.
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
    /// As the settings have it.
    pub url: String,
    /// Where that is.
    pub place: Place,
}

/// The URLs of the settings' APIs. What a build has baked in counts alone; what an administrator fixes counts before
/// what the user saved.
#[must_use]
pub fn urls(sources: &SettingsSources) -> Vec<String> {
    let read = |source: &Option<String>| {
        let settings = Value::parse(source.as_deref()?.as_bytes()).ok()?;
        let apis = settings.as_object()?.value("apis")?.as_array()?;
        let url = |api: &Value| Some(api.as_object()?.value("url")?.as_str()?.to_owned());
        Some(apis.iter().filter_map(url).collect())
    };
    match sources.built_in {
        Some(_) => read(&sources.built_in),
        None => read(&sources.managed).or_else(|| read(&sources.saved)),
    }
    .unwrap_or_default()
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

    const TWO: &str = r#"{"apis":[{"url":"https://a.example/v1/"},{"url":"https://b.example/"}]}"#;
    const ONE: &str = r#"{"apis":[{"url":"https://c.example/"}]}"#;

    fn sources(
        built_in: Option<&str>,
        managed: Option<&str>,
        saved: Option<&str>,
    ) -> SettingsSources {
        SettingsSources {
            built_in: built_in.map(str::to_owned),
            managed: managed.map(str::to_owned),
            saved: saved.map(str::to_owned),
        }
    }

    fn place(origin: &str, path: &str) -> Place {
        Place {
            origin: origin.to_owned(),
            path: path.to_owned(),
        }
    }

    fn apis() -> [Api; 2] {
        [
            Api {
                url: "https://a.example/v1/".to_owned(),
                place: place("https://a.example", "/v1/"),
            },
            Api {
                url: "https://b.example/".to_owned(),
                place: place("https://b.example", "/"),
            },
        ]
    }

    #[test]
    fn what_is_baked_in_counts_alone_and_what_is_fixed_before_what_is_saved() {
        let both = ["https://a.example/v1/", "https://b.example/"];
        assert_eq!(urls(&sources(None, None, Some(TWO))), both);
        assert_eq!(urls(&sources(Some(TWO), Some(ONE), Some(ONE))), both);
        assert_eq!(urls(&sources(None, Some(TWO), Some(ONE))), both);
        let fixed_elsewhere = r#"{"provider":{}}"#;
        let saved = urls(&sources(None, Some(fixed_elsewhere), Some(ONE)));
        assert_eq!(saved, ["https://c.example/"]);
        assert!(urls(&sources(Some("{}"), None, Some(ONE))).is_empty());
    }

    #[test]
    fn what_cannot_be_read_names_no_urls() {
        for broken in ["", "[]", "{\"apis\":7}", "{\"apis\":[{}]}", "{"] {
            assert!(
                urls(&sources(None, None, Some(broken))).is_empty(),
                "{broken}"
            );
        }
    }

    #[test]
    fn origins_are_equal_and_paths_begin_with_whole_segments() {
        let covered = |origin, path| covers(&apis(), &place(origin, path));
        assert!(covered("https://a.example", "/v1"));
        assert!(covered("https://a.example", "/v1/orders"));
        assert!(covered("https://b.example", "/anything"));
        assert!(!covered("https://a.example", "/v10"));
        assert!(!covered("https://a.example", "/"));
        assert!(!covered("https://a.example", "/v1/..%2fadmin"));
        assert!(!covered("http://a.example", "/v1/"));
        assert!(!covered("https://a.example:8443", "/v1/"));
    }

    #[test]
    fn what_is_typed_towards_an_entry_begins_it() {
        assert!(begins(&apis(), "https://a.exa"));
        assert!(begins(&apis(), " https://b.example"));
        assert!(!begins(&apis(), "https://a.example/v2"));
    }
}
