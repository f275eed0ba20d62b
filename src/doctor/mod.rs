//! The setup check: what was observed, told line by line. Observations in, lines out; nothing here touches anything.
//!
//! [`plan`] says which lines there will be; [`probe`] makes the requests that the options page sends for them; a module
//! for each check judges what came back. No line holds a token, a code, a state, a nonce or a verifier.

pub mod api;
pub mod authorization;
mod blame;
pub mod clock;
pub mod discovery;
pub mod keys;
mod line;
pub mod observed;
pub mod permission;
pub mod plan;
pub mod probe;
pub mod refresh_token;
pub mod renewal;
#[cfg(test)]
mod samples;
pub mod token_endpoint;

pub use self::line::{Action, Argument, Fix, Line, Text, Verdict};
use crate::settings::RenewalEngine;

/// What is checked, in the order of the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// The settings are valid.
    Settings,
    /// Host permission: the index is that of the [`plan::Plan::hosts`].
    Permission(usize),
    /// The provider's metadata.
    Discovery,
    /// The provider's keys.
    Keys,
    /// Client ID and redirect URI, as the authorization endpoint sees them.
    Authorization,
    /// The token endpoint takes requests of a public client from the extension's origin.
    TokenEndpoint,
    /// The provider's answer may be framed.
    Framing,
    /// The user's session at the provider reaches a frame.
    Cookies,
    /// Silent renewal in an iframe.
    Offscreen,
    /// Silent renewal by `identity.launchWebAuthFlow`.
    WebAuthFlow,
    /// Renewal by the refresh token grant.
    RefreshGrant,
    /// There is a refresh token.
    RefreshToken,
    /// This computer's clock and the provider's.
    Clock,
    /// One call: the index is that of the settings' `apis`.
    Api(usize),
}

impl Check {
    /// The line of a way of renewal.
    #[must_use]
    pub fn of_engine(engine: RenewalEngine) -> Self {
        match engine {
            RenewalEngine::Offscreen => Self::Offscreen,
            RenewalEngine::WebAuthFlow => Self::WebAuthFlow,
            RenewalEngine::RefreshToken => Self::RefreshGrant,
        }
    }

    /// The line's title: a text's key. Permissions and APIs are told apart by the plan's subjects.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Settings => "doctor_check_settings",
            Self::Permission(_) => "doctor_check_permission",
            Self::Discovery => "doctor_check_discovery",
            Self::Keys => "doctor_check_keys",
            Self::Authorization => "doctor_check_authorization",
            Self::TokenEndpoint => "doctor_check_token_endpoint",
            Self::Framing => "doctor_check_framing",
            Self::Cookies => "doctor_check_cookies",
            Self::Offscreen => "doctor_check_offscreen",
            Self::WebAuthFlow => "doctor_check_web_auth_flow",
            Self::RefreshGrant => "doctor_check_refresh_grant",
            Self::RefreshToken => "doctor_check_refresh_token",
            Self::Clock => "doctor_check_clock",
            Self::Api(_) => "doctor_check_api",
        }
    }

    /// A stable name of the line, for addresses in the page and for tests.
    #[must_use]
    pub fn name(self) -> String {
        let name = match self {
            Self::Settings => "settings",
            Self::Permission(index) => return format!("permission-{index}"),
            Self::Discovery => "discovery",
            Self::Keys => "keys",
            Self::Authorization => "authorization",
            Self::TokenEndpoint => "token-endpoint",
            Self::Framing => "framing",
            Self::Cookies => "cookies",
            Self::Offscreen => "offscreen",
            Self::WebAuthFlow => "web-auth-flow",
            Self::RefreshGrant => "refresh-grant",
            Self::RefreshToken => "refresh-token",
            Self::Clock => "clock",
            Self::Api(index) => return format!("api-{index}"),
        };
        name.to_owned()
    }
}
