//! Well-known providers: how they are recognized, and where things are registered there.

use evertoken::oidc::capabilities::Capabilities;
use url::Url;

/// A provider that there is a page of documentation for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Brand {
    /// Auth0 by Okta.
    Auth0,
    /// Okta.
    Okta,
    /// Microsoft Entra ID.
    EntraId,
    /// Keycloak.
    Keycloak,
    /// Google.
    Google,
    /// Any other.
    #[default]
    Other,
}

impl Brand {
    /// All of them, in the order of the chooser.
    pub const ALL: [Self; 6] = [
        Self::Auth0,
        Self::Okta,
        Self::EntraId,
        Self::Keycloak,
        Self::Google,
        Self::Other,
    ];

    /// Its proper name, which is the same in every language; `None` for any other provider.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Auth0 => Some("Auth0"),
            Self::Okta => Some("Okta"),
            Self::EntraId => Some("Microsoft Entra ID"),
            Self::Keycloak => Some("Keycloak"),
            Self::Google => Some("Google"),
            Self::Other => None,
        }
    }

    /// Its value in the chooser of the page.
    #[must_use]
    pub fn id(self) -> &'static str {
        ["auth0", "okta", "entra", "keycloak", "google", "other"][self as usize]
    }

    /// The provider with this [`id`](Self::id); any other where there is none.
    #[must_use]
    pub fn of_id(id: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|brand| brand.id() == id).unwrap_or_default()
    }

    /// The keys of the texts that say where the client is registered, and where the addresses are pasted.
    #[must_use]
    pub fn instructions(self) -> [&'static str; 2] {
        match self {
            Self::Auth0 => ["options_at_auth0", "options_paste_auth0"],
            Self::Okta => ["options_at_okta", "options_paste_okta"],
            Self::EntraId => ["options_at_entra", "options_paste_entra"],
            Self::Keycloak => ["options_at_keycloak", "options_paste_keycloak"],
            Self::Google => ["options_at_google", "options_paste_google"],
            Self::Other => ["options_at_other", "options_paste_other"],
        }
    }

    /// The provider that an issuer belongs to, by its address.
    #[must_use]
    pub fn of_issuer(issuer: &str) -> Self {
        let Ok(url) = Url::parse(issuer) else {
            return Self::Other;
        };
        let host = url.host_str().unwrap_or_default();
        let under = |domains: &[&str]| domains.iter().any(|domain| host.ends_with(domain));
        if under(&[".auth0.com"]) {
            Self::Auth0
        } else if under(&[".okta.com", ".oktapreview.com", ".okta-emea.com"]) {
            Self::Okta
        } else if host == "login.microsoftonline.com" || under(&[".ciamlogin.com"]) {
            Self::EntraId
        } else if host == "accounts.google.com" {
            Self::Google
        } else if url.path().contains("/realms/") {
            Self::Keycloak
        } else {
            Self::Other
        }
    }

    /// The provider that publishes these metadata, also under a domain of a customer's.
    #[must_use]
    pub fn of_metadata(metadata: &Capabilities) -> Self {
        match Self::of_issuer(&metadata.issuer) {
            Self::Other if metadata.mfa_challenge => Self::Auth0,
            Self::Other
                if metadata
                    .authorization_path
                    .ends_with("/protocol/openid-connect/auth") =>
            {
                Self::Keycloak
            }
            Self::Other
                if metadata
                    .authorization_path
                    .ends_with("/oauth2/v2.0/authorize") =>
            {
                Self::EntraId
            }
            brand => brand,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_issuers_of_the_documentation_are_recognized() {
        for (issuer, brand) in [
            ("https://your-tenant.eu.auth0.com/", Brand::Auth0),
            ("https://your-org.okta.com/oauth2/default", Brand::Okta),
            ("https://login.microsoftonline.com/1/v2.0", Brand::EntraId),
            ("https://keycloak.example.com/realms/demo", Brand::Keycloak),
            ("https://accounts.google.com", Brand::Google),
            ("https://auth0.com.evil.test/", Brand::Other),
            ("https://evilokta.com/", Brand::Other),
            ("nonsense", Brand::Other),
        ] {
            assert_eq!(Brand::of_issuer(issuer), brand, "{issuer}");
        }
    }

    #[test]
    fn a_provider_under_its_customers_domain_is_recognized_by_what_it_says() {
        let metadata = |path: &str, mfa_challenge| Capabilities {
            issuer: "https://login.example.com/".to_owned(),
            authorization_path: path.to_owned(),
            mfa_challenge,
            ..Capabilities::default()
        };
        assert_eq!(
            Brand::of_metadata(&metadata("/authorize", true)),
            Brand::Auth0
        );
        assert_eq!(
            Brand::of_metadata(&metadata("/x/protocol/openid-connect/auth", false)),
            Brand::Keycloak
        );
        assert_eq!(
            Brand::of_metadata(&metadata("/authorize", false)),
            Brand::Other
        );
    }

    #[test]
    fn each_is_found_by_its_word_and_has_its_lines() {
        for brand in Brand::ALL {
            assert_eq!(Brand::of_id(brand.id()), brand);
            for key in brand.instructions() {
                assert!(evertoken_pages::text::find(key, &[]).is_some(), "{key}");
            }
        }
        assert_eq!(Brand::of_id("?"), Brand::Other);
    }
}
