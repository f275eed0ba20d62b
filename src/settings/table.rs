//! The table of all settings: their only description. A new setting is an entry here, its texts in `_locales`, a field
//! in [`Settings`](super::Settings) and what uses it; `CONTRIBUTING.md` says how the files that are made of the table are
//! written anew.

use super::reason::Reason;
use super::rules;
use super::setting::{Absent, Kind, List, Setting, Unit, UrlForm};
use super::words::{OF_THE_PROTOCOL, RENEWAL_METHODS, WITH_SETTINGS_OF_THEIR_OWN};

/// All settings of one session, each after the object that holds it, in the order in which forms and documents show
/// them and faults are named.
pub const TABLE: &[Setting] = &[
    Setting {
        path: "provider",
        kind: Kind::Object,
        absent: Absent::Default("{}"),
        label: "options_section_provider",
        hint: "options_section_provider_about",
        ..Setting::BLANK
    },
    Setting {
        path: "provider.issuer",
        kind: Kind::Url(UrlForm::Identifier),
        absent: Absent::Required,
        specification: "OIDC Discovery 3",
        example: "https://login.example.com/",
        label: "options_issuer",
        hint: "options_issuer_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "provider.client_id",
        absent: Absent::Required,
        specification: "RFC 6749 2.2",
        example: "YOUR_CLIENT_ID",
        label: "options_client_id",
        hint: "options_client_id_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "provider.scope",
        absent: Absent::Default("openid profile email"),
        rule: Some(rules::scope_has_openid),
        remark: "must contain `openid`",
        specification: "OIDC Core 3.1.2.1, 5.4, 11",
        example: "openid profile email offline_access",
        label: "options_scope",
        hint: "options_scope_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "provider.flow",
        kind: Kind::Choice(&[
            ("code", "options_flow_code"),
            ("implicit", "options_flow_implicit"),
        ]),
        absent: Absent::Default("code"),
        specification: "OIDC Core 3.1, 3.2; RFC 7636",
        label: "options_flow",
        hint: "options_flow_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "provider.audience",
        specification: "none (Auth0)",
        example: "https://api.example.com/",
        label: "options_audience",
        hint: "options_audience_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "provider.organization",
        remark: "the id_token must name it in `org_id` (if it begins with `org_`) or `org_name`",
        specification: "none (Auth0)",
        example: "org_1234",
        label: "options_organization",
        hint: "options_organization_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "provider.ui_locales",
        remark: "language tags (BCP 47), separated by spaces, the preferred one first",
        specification: "OIDC Core 3.1.2.1",
        example: "fr-CA fr en",
        label: "options_ui_locales",
        hint: "options_ui_locales_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "provider.login_hint",
        kind: Kind::Choice(&[
            ("", "options_login_hint_none"),
            ("email", "options_login_hint_email"),
            ("preferred_username", "options_login_hint_username"),
            ("sub", "options_login_hint_subject"),
        ]),
        remark: "the claim that is sent as `login_hint` with silent authorizations, where a browser may hold several users",
        specification: "OIDC Core 3.1.2.1",
        label: "options_login_hint",
        hint: "options_login_hint_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "provider.max_age_s",
        kind: Kind::seconds(0, 365 * 24 * 60 * 60),
        remark: "the id_token must bear `auth_time`",
        specification: "OIDC Core 3.1.2.1",
        example: "28800",
        label: "options_max_age",
        hint: "options_max_age_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "provider.response_mode",
        kind: Kind::Choice(&[
            ("", "options_response_mode_default"),
            ("query", "options_response_mode_query"),
            ("fragment", "options_response_mode_fragment"),
            ("web_message", "options_response_mode_message"),
        ]),
        absent: Absent::Unset("as the flow has it"),
        rule: Some(rules::no_tokens_in_a_query),
        remark: "no `query` with `implicit`; `web_message` serves `offscreen` only, all else uses the flow's own",
        specification: "OAuth 2.0 Multiple Response Types 2.1",
        label: "options_response_mode",
        hint: "options_response_mode_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "provider.pushed_authorization_requests",
        kind: Kind::Boolean,
        absent: Absent::Default("false"),
        remark: "the metadata must name the endpoint",
        specification: "RFC 9126",
        label: "options_pushed",
        hint: "options_pushed_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "provider.dpop",
        kind: Kind::Boolean,
        absent: Absent::Default("false"),
        rule: Some(rules::dpop_needs_the_code_flow),
        remark: "code flow only; the provider must take ES256",
        specification: "RFC 9449",
        label: "options_dpop",
        hint: "options_dpop_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "provider.authorization_parameters",
        kind: Kind::Parameters(&[OF_THE_PROTOCOL, WITH_SETTINGS_OF_THEIR_OWN]),
        absent: Absent::Default("{}"),
        remark: "none that has a setting or that Evertoken sets; `prompt` (not `none`) in sign-ins alone",
        specification: "RFC 6749 3.1, 8.2; RFC 8707",
        example: r#"{"prompt": "consent"}"#,
        label: "options_authorization_parameters",
        hint: "options_authorization_parameters_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "provider.token_parameters",
        kind: Kind::Parameters(&[OF_THE_PROTOCOL]),
        absent: Absent::Default("{}"),
        remark: "none that Evertoken sets",
        specification: "RFC 6749 3.2, 8.2; RFC 8707",
        example: r#"{"resource": "https://api.example.com/"}"#,
        label: "options_token_parameters",
        hint: "options_token_parameters_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "provider.endpoint_origins",
        kind: Kind::List(List {
            of: &Kind::Url(UrlForm::Origin),
            distinct: false,
            if_empty: None,
        }),
        absent: Absent::Default("[]"),
        remark: "for endpoints on other origins than the issuer's",
        specification: "OIDC Discovery 3",
        example: r#"["https://keys.example.com/"]"#,
        label: "options_origins",
        hint: "options_origins_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "provider.renewal",
        kind: Kind::List(List {
            of: &Kind::Choice(&RENEWAL_METHODS),
            distinct: true,
            if_empty: Some(&Reason::NoRenewal),
        }),
        absent: Absent::DefaultLadder,
        rule: Some(rules::methods_of_the_build),
        specification: "RFC 6749 6; OIDC Core 3.1.2.1",
        example: r#"["offscreen", "web_auth_flow"]"#,
        label: "options_ladder",
        hint: "options_ladder_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "provider.static_token",
        remark: "what the renewal method `static_token` brings; both in a development build alone",
        development_only: true,
        specification: "RFC 6750",
        label: "options_static_token",
        hint: "options_static_token_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "apis",
        kind: Kind::List(List {
            of: &Kind::Object,
            distinct: false,
            if_empty: None,
        }),
        absent: Absent::Default("[]"),
        example: r#"[{"url": "https://api.example.com/v1/"}]"#,
        label: "options_section_apis",
        hint: "options_section_apis_about",
        ..Setting::BLANK
    },
    Setting {
        path: "apis[].url",
        kind: Kind::Url(UrlForm::Prefix),
        absent: Absent::Required,
        remark: "covers its path and all below",
        specification: "RFC 6750",
        example: "https://api.example.com/v1/",
        label: "options_api_url",
        hint: "options_api_url_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "apis[].token",
        kind: Kind::Choice(&[
            ("", "options_token_default"),
            ("id_token", "options_token_id"),
            ("access_token", "options_token_access"),
        ]),
        absent: Absent::Unset("`access_token` with `provider.audience`, else `id_token`"),
        specification: "OIDC Core 2; RFC 6750",
        label: "options_token",
        hint: "options_token_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "apis[].wait_for_sign_in_s",
        kind: Kind::seconds(0, 120),
        absent: Absent::Default("0"),
        remark: "how long a 401 that only a sign-in cures is held for it: GET, HEAD and calls with an `Idempotency-Key`, 100 at most",
        specification: "RFC 9110 9.2.2; RFC 9470",
        label: "options_wait",
        hint: "options_wait_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "apis[].expired_when",
        kind: Kind::Object,
        absent: Absent::Default("{}"),
        label: "options_expired_when",
        hint: "options_expired_when_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "apis[].expired_when.status",
        kind: Kind::List(List {
            of: &Kind::WholeNumber {
                least: 400,
                most: 599,
                unit: Unit::Status,
            },
            distinct: true,
            if_empty: None,
        }),
        absent: Absent::Default("[419, 440, 498]"),
        remark: "answers that mean that the token has expired, besides 401",
        specification: "RFC 9110 15.5",
        label: "options_expired_status",
        hint: "options_expired_status_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "apis[].expired_when.json",
        kind: Kind::Map(&Kind::Text),
        absent: Absent::Default("{}"),
        rule: Some(rules::names_members),
        remark: "members of a JSON body of at most 64 KiB with the value that means it; `[*]` is any entry of a list. The page waits until the body is there",
        specification: "none (GraphQL, Connect)",
        example: r#"{"errors[*].extensions.code": "UNAUTHENTICATED"}"#,
        label: "options_expired_json",
        hint: "options_expired_json_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "apis[].expired_when.headers",
        kind: Kind::Map(&Kind::Text),
        absent: Absent::Default("{}"),
        rule: Some(rules::names_headers),
        remark: "response headers with the value that means it",
        specification: "none (gRPC-Web)",
        example: r#"{"grpc-status": "16"}"#,
        label: "options_expired_headers",
        hint: "options_expired_headers_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "session",
        kind: Kind::Object,
        absent: Absent::Default("{}"),
        label: "options_section_session",
        hint: "options_section_session_about",
        ..Setting::BLANK
    },
    Setting {
        path: "session.storage",
        kind: Kind::Choice(&[
            ("session", "options_storage_session"),
            ("local", "options_storage_local"),
        ]),
        absent: Absent::Default("session"),
        remark: "tokens end with the browser either way; after its next start the session comes back silently, as long as the provider still has it. `local` keeps the refresh token for that, encrypted (ADR 0009)",
        label: "options_storage",
        hint: "options_storage_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "session.renew_before_expiry_s",
        kind: Kind::seconds(0, 3600),
        absent: Absent::Default("60"),
        label: "options_renew_before",
        hint: "options_renew_before_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "session.clock_tolerance_s",
        kind: Kind::seconds(0, 300),
        absent: Absent::Default("60"),
        specification: "OIDC Core 3.1.3.7",
        label: "options_tolerance",
        hint: "options_tolerance_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "session.renewal_timeout_s",
        kind: Kind::seconds(1, 25),
        absent: Absent::Default("10"),
        label: "options_timeout",
        hint: "options_timeout_hint",
        ..Setting::BLANK
    },
    Setting {
        path: "session.sign_out",
        kind: Kind::Choice(&[
            ("local", "options_sign_out_local"),
            ("provider", "options_sign_out_provider"),
        ]),
        absent: Absent::Default("local"),
        remark: "`provider` needs a sign-out endpoint; without one it is as `local`",
        specification: "RFC 7009; OIDC RP-Initiated Logout 2",
        label: "options_sign_out",
        hint: "options_sign_out_hint",
        ..Setting::BLANK
    },
];

/// The setting at `path`, for constants: a path that is not in the table does not compile.
///
/// # Panics
/// When no setting has this path.
#[must_use]
pub const fn setting(path: &str) -> &'static Setting {
    let mut index = 0;
    while index < TABLE.len() {
        if same(TABLE[index].path, path) {
            return &TABLE[index];
        }
        index += 1;
    }
    panic!("no setting has this path")
}

/// `==` for texts, which constants do not have yet.
const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut index = 0;
    while index < one.len() && index < other.len() && one[index] == other[index] {
        index += 1;
    }
    index == one.len() && index == other.len()
}

/// The settings of the object at `path` in `table`; of the root where it is empty.
pub fn members<'a>(table: &'a [Setting], path: &str) -> impl Iterator<Item = &'a Setting> {
    table.iter().filter(move |setting| setting.parent() == path)
}

#[cfg(test)]
mod tests;
