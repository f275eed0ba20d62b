//! Settings, metadata and responses for the tests of all checks.

use super::plan::{Plan, plan};
use super::probe::Client;
use crate::oidc::provider_metadata::{ProviderMetadata, process_response};
use crate::platform::HttpResponse;
use crate::problem::{Problem, ProblemCode, Recovery};
use crate::provider::requirements;
use crate::settings::{Build, Settings};

/// The extension's redirect URI.
pub(super) const REDIRECT_URI: &str = "https://id.chromiumapp.org/";

/// The extension's origin.
pub(super) const ORIGIN: &str = "chrome-extension://id";

/// Valid settings.
pub(super) const SETTINGS: &str = r#"{
    "provider": {
        "issuer": "https://login.test/",
        "client_id": "app",
        "endpoint_origins": ["https://keys.test/"]
    },
    "apis": [ { "url": "https://api.test/v1/" } ]
}"#;

/// The metadata of that provider.
pub(super) const METADATA: &str = r#"{
    "issuer": "https://login.test/",
    "authorization_endpoint": "https://login.test/authorize",
    "token_endpoint": "https://login.test/token",
    "pushed_authorization_request_endpoint": "https://login.test/par",
    "jwks_uri": "https://keys.test/jwks"
}"#;

pub(super) fn plan_of(json: &str) -> Plan {
    plan(Some(json), Build::Release, REDIRECT_URI)
}

pub(super) fn plan_with_three_hosts() -> Plan {
    plan_of(SETTINGS)
}

pub(super) fn settings() -> Settings {
    settings_with(|_| {})
}

pub(super) fn settings_with(change: impl FnOnce(&mut Settings)) -> Settings {
    let mut settings = Settings::parse(SETTINGS, Build::Release).unwrap();
    change(&mut settings);
    settings
}

pub(super) fn metadata() -> ProviderMetadata {
    process_response(&answer(200, METADATA), &requirements(&settings().provider)).unwrap()
}

pub(super) fn answer(status: u16, body: &str) -> HttpResponse {
    HttpResponse::new(status, body.as_bytes().to_vec())
}

pub(super) fn problem(code: ProblemCode, recovery: Recovery) -> Problem {
    Problem {
        code,
        sentence: "A sentence.".to_owned(),
        detail: None,
        recovery,
    }
}

/// What requests to the provider of `settings` are built from.
pub(super) fn client<'a>(settings: &'a Settings, metadata: &'a ProviderMetadata) -> Client<'a> {
    Client {
        provider: &settings.provider,
        metadata,
        redirect_uri: REDIRECT_URI,
        origin: ORIGIN,
    }
}
