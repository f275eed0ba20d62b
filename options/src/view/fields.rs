//! The fields of the form, as a table: where each stands in the settings, its words, what it says when it is empty.

/// A field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its place in the settings, or in an entry of `apis`.
    pub path: &'static str,
    /// Its name: a text's key.
    pub label: &'static str,
    /// What it is for: a text's key.
    pub hint: &'static str,
    /// How it is filled in.
    pub kind: Kind,
}

/// How a field is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A line of text, with what holds while it is empty, or an example.
    Line(&'static str),
    /// A whole number of seconds, with what holds while it is empty.
    Seconds(&'static str),
    /// Several lines, each an entry of a list.
    Lines(&'static str),
    /// One of some words, each with its text's key; the first holds by default.
    Choice(&'static [(&'static str, &'static str)]),
    /// On or off.
    Switch,
}

/// The provider's name for itself.
pub const ISSUER: Field = Field {
    path: "provider.issuer",
    label: "options_issuer",
    hint: "options_issuer_hint",
    kind: Kind::Line("https://"),
};

/// The client's name at the provider.
pub const CLIENT_ID: Field = Field {
    path: "provider.client_id",
    label: "options_client_id",
    hint: "options_client_id_hint",
    kind: Kind::Line(""),
};

/// The address of an API; its path is one in an entry of `apis`.
pub const API_URL: Field = Field {
    path: "url",
    label: "options_api_url",
    hint: "options_api_url_hint",
    kind: Kind::Line("https://"),
};

/// What else there is to say of an API.
pub const API: [Field; 2] = [
    Field {
        path: "token",
        label: "options_token",
        hint: "options_token_hint",
        kind: Kind::Choice(&[
            ("", "options_token_default"),
            ("id_token", "options_token_id"),
            ("access_token", "options_token_access"),
        ]),
    },
    Field {
        path: "wait_for_sign_in_s",
        label: "options_wait",
        hint: "options_wait_hint",
        kind: Kind::Seconds("0"),
    },
];

/// What else there is to say of the provider.
pub const PROVIDER: [Field; 10] = [
    Field {
        path: "provider.scope",
        label: "options_scope",
        hint: "options_scope_hint",
        kind: Kind::Line("openid profile email"),
    },
    Field {
        path: "provider.flow",
        label: "options_flow",
        hint: "options_flow_hint",
        kind: Kind::Choice(&[
            ("code", "options_flow_code"),
            ("implicit", "options_flow_implicit"),
        ]),
    },
    Field {
        path: "provider.audience",
        label: "options_audience",
        hint: "options_audience_hint",
        kind: Kind::Line(""),
    },
    Field {
        path: "provider.organization",
        label: "options_organization",
        hint: "options_organization_hint",
        kind: Kind::Line(""),
    },
    Field {
        path: "provider.login_hint",
        label: "options_login_hint",
        hint: "options_login_hint_hint",
        kind: Kind::Choice(&[
            ("", "options_login_hint_none"),
            ("email", "options_login_hint_email"),
            ("preferred_username", "options_login_hint_username"),
            ("sub", "options_login_hint_subject"),
        ]),
    },
    Field {
        path: "provider.max_age_s",
        label: "options_max_age",
        hint: "options_max_age_hint",
        kind: Kind::Seconds(""),
    },
    Field {
        path: "provider.response_mode",
        label: "options_response_mode",
        hint: "options_response_mode_hint",
        kind: Kind::Choice(&[
            ("", "options_response_mode_default"),
            ("query", "options_response_mode_query"),
            ("fragment", "options_response_mode_fragment"),
            ("web_message", "options_response_mode_message"),
        ]),
    },
    Field {
        path: "provider.pushed_authorization_requests",
        label: "options_pushed",
        hint: "options_pushed_hint",
        kind: Kind::Switch,
    },
    Field {
        path: "provider.dpop",
        label: "options_dpop",
        hint: "options_dpop_hint",
        kind: Kind::Switch,
    },
    Field {
        path: "provider.endpoint_origins",
        label: "options_origins",
        hint: "options_origins_hint",
        kind: Kind::Lines("https://"),
    },
];

/// How the session is kept.
pub const SESSION: [Field; 5] = [
    Field {
        path: "session.storage",
        label: "options_storage",
        hint: "options_storage_hint",
        kind: Kind::Choice(&[
            ("session", "options_storage_session"),
            ("local", "options_storage_local"),
        ]),
    },
    Field {
        path: "session.renew_before_expiry_s",
        label: "options_renew_before",
        hint: "options_renew_before_hint",
        kind: Kind::Seconds("60"),
    },
    Field {
        path: "session.clock_tolerance_s",
        label: "options_tolerance",
        hint: "options_tolerance_hint",
        kind: Kind::Seconds("60"),
    },
    Field {
        path: "session.renewal_timeout_s",
        label: "options_timeout",
        hint: "options_timeout_hint",
        kind: Kind::Seconds("10"),
    },
    Field {
        path: "session.sign_out",
        label: "options_sign_out",
        hint: "options_sign_out_hint",
        kind: Kind::Choice(&[
            ("local", "options_sign_out_local"),
            ("provider", "options_sign_out_provider"),
        ]),
    },
];

/// The ladder, which is a list of its own kind.
pub const LADDER: &str = "provider.renewal";

/// The place of a field in the entry `index` of `apis`.
#[must_use]
pub fn of_api(index: usize, field: &Field) -> String {
    format!("apis[{index}].{}", field.path)
}

/// All places that the form shows, in the order of the page.
#[must_use]
pub fn places(apis: usize) -> Vec<String> {
    let first = [ISSUER.path, CLIENT_ID.path].map(str::to_owned);
    let mut places: Vec<String> = first.into();
    places.push(of_api(0, &API_URL));
    places.extend(PROVIDER.map(|field| field.path.to_owned()));
    places.push(LADDER.to_owned());
    for index in 0..apis {
        places.extend((index > 0).then(|| of_api(index, &API_URL)));
        places.extend(API.map(|field| of_api(index, &field)));
    }
    places.extend(SESSION.map(|field| field.path.to_owned()));
    places
}

#[cfg(test)]
mod tests {
    use evertoken::settings::draft::Draft;
    use evertoken::settings::{Build, Settings, faults};
    use evertoken_pages::text;

    use super::*;

    const LEAST: &str = r#"{"provider":{"issuer":"https://p.test/","client_id":"c"},"apis":[{"url":"https://a.test/"}]}"#;

    fn all() -> Vec<(String, Field)> {
        let alone = [ISSUER, CLIENT_ID]
            .into_iter()
            .chain(PROVIDER)
            .chain(SESSION);
        let alone = alone.map(|field| (field.path.to_owned(), field));
        let of_api = [API_URL]
            .into_iter()
            .chain(API)
            .map(|field| (of_api(0, &field), field));
        alone.chain(of_api).collect()
    }

    #[test]
    fn every_place_is_a_setting() {
        for (path, field) in all() {
            let mut draft = Draft::parse(LEAST).unwrap();
            // A number is of the wrong type, or out of range, everywhere.
            draft.set_number(&path, "99999999");
            let faults = faults(&draft.to_json(), Build::Release);
            assert_eq!(faults[0].path, path, "{field:?}");
            assert_ne!(faults[0].reason.code(), "unknown", "{path}");
        }
    }

    #[test]
    fn what_an_empty_field_shows_is_what_holds() {
        let expected = Settings::parse(LEAST, Build::Release).unwrap();
        for (path, field) in all() {
            let mut draft = Draft::parse(LEAST).unwrap();
            match field.kind {
                Kind::Seconds(shown) => draft.set_number(&path, shown),
                Kind::Line(shown) if shown != "https://" && !shown.is_empty() => {
                    draft.set_text(&path, shown)
                }
                Kind::Choice(choices) => draft.set_text(&path, choices[0].0),
                _ => continue,
            }
            let settings = Settings::parse(&draft.to_json(), Build::Release).unwrap();
            assert_eq!(settings, expected, "{path}");
        }
    }

    #[test]
    fn every_word_of_a_choice_is_accepted() {
        for (path, field) in all() {
            let Kind::Choice(choices) = field.kind else {
                continue;
            };
            for (word, key) in choices {
                let mut draft = Draft::parse(LEAST).unwrap();
                draft.set_text(&path, word);
                assert!(
                    faults(&draft.to_json(), Build::Release).is_empty(),
                    "{path}: {word}"
                );
                assert!(text::find(key, &[]).is_some(), "{key}");
            }
        }
    }

    #[test]
    fn every_place_is_shown_once() {
        let places = places(2);
        let mut once = places.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), places.len());
        for (path, _) in all() {
            assert!(places.contains(&path), "{path}");
        }
    }
}
