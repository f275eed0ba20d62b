//! What the setup check looks at, one by one.

use crate::renewal_method::RenewalMethodId;

/// What is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The settings are valid.
    Settings,
    /// Host permission, for the host at this index of [`plan::Plan::hosts`].
    Permission(usize),
    /// The provider's metadata (OIDC Discovery 4).
    Discovery,
    /// The provider's key set (RFC 7517).
    Keys,
    /// Client ID and redirect URI, at the authorization endpoint.
    Authorization,
    /// The token endpoint accepts a public client and the extension's origin.
    TokenEndpoint,
    /// The provider's answer may be framed.
    Framing,
    /// The provider's cookies reach a frame.
    Cookies,
    /// The session has a refresh token, or can get one.
    RefreshToken,
    /// One renewal method works.
    Renewal(RenewalMethodId),
    /// This computer's clock agrees with the provider's.
    Clock,
    /// A call to the API at this index of the settings' `apis`.
    Api(usize),
}

impl Check {
    /// The name of the kind of check, and the text key of its title.
    pub(super) fn name_and_title(self) -> (&'static str, &'static str) {
        match self {
            Self::Settings => ("settings", "doctor_check_settings"),
            Self::Permission(_) => ("permission", "doctor_check_permission"),
            Self::Discovery => ("discovery", "doctor_check_discovery"),
            Self::Keys => ("keys", "doctor_check_keys"),
            Self::Authorization => ("authorization", "doctor_check_authorization"),
            Self::TokenEndpoint => ("token-endpoint", "doctor_check_token_endpoint"),
            Self::Framing => ("framing", "doctor_check_framing"),
            Self::Cookies => ("cookies", "doctor_check_cookies"),
            Self::RefreshToken => ("refresh-token", "doctor_check_refresh_token"),
            Self::Renewal(_) => ("renewal", "doctor_check_renewal"),
            Self::Clock => ("clock", "doctor_check_clock"),
            Self::Api(_) => ("api", "doctor_check_api"),
        }
    }

    /// A stable name, unique among the checks of a plan: part of element ids.
    #[must_use]
    pub fn name(self) -> String {
        let (name, _) = self.name_and_title();
        match self {
            Self::Permission(index) | Self::Api(index) => format!("{name}-{index}"),
            Self::Renewal(method) => format!("{name}-{}", method.name()),
            _ => name.to_owned(),
        }
    }

    /// Whether this check can be made only once `other` passed.
    pub(super) fn rests_on(self, other: Self) -> bool {
        let on_client = matches!(
            self,
            Self::Framing | Self::Cookies | Self::RefreshToken | Self::Renewal(_)
        );
        match other {
            Self::Authorization | Self::TokenEndpoint => on_client,
            Self::Discovery => {
                on_client || matches!(self, Self::Keys | Self::Authorization | Self::TokenEndpoint)
            }
            _ => false,
        }
    }
}
