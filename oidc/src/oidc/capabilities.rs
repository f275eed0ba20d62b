//! What a provider says that it supports, shown to users who choose settings.
//! [`provider_metadata`](super::provider_metadata) decides whether a sign-in can work.

use url::Url;

use crate::json::JsonObject;

/// What a provider supports according to its metadata (OIDC Discovery 1.0 section 3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// The provider's `issuer`.
    pub issuer: String,
    /// The code flow is supported.
    pub code: bool,
    /// PKCE with S256 (RFC 7636).
    pub pkce: bool,
    /// The metadata list the refresh token grant, or the scope `offline_access`.
    pub refresh_tokens: bool,
    /// The scope `offline_access` is supported (OIDC Core section 11).
    pub offline_access: bool,
    /// Pushed authorization requests (RFC 9126).
    pub pushed_requests: bool,
    /// Proof of possession (RFC 9449).
    pub dpop: bool,
    /// RP-initiated logout.
    pub logout: bool,
    /// The algorithms that id_tokens are signed with.
    pub algorithms: Vec<String>,
    /// There is `mfa_challenge_endpoint`, which every tenant of Auth0 has, whatever its domain.
    pub mfa_challenge: bool,
    /// The path of the authorization endpoint.
    pub authorization_path: String,
    /// The origins of the endpoints that are called by `fetch`, other than the issuer's: they need host permission.
    pub other_origins: Vec<String>,
}

/// Reads the metadata in `body`; `None` if it is not a JSON object with an issuer.
#[must_use]
pub fn read(body: &[u8]) -> Option<Capabilities> {
    let document = JsonObject::parse(body).ok()?;
    let issuer = document.string("issuer").ok()??.to_owned();
    let says = |list: &str, word: &str| {
        let words = texts(&document, list);
        words.map(|words| words.contains(&word))
    };
    let offline_access = says("scopes_supported", "offline_access") == Some(true);
    let authorization_endpoint = endpoint(&document, "authorization_endpoint");
    Some(Capabilities {
        code: says("response_types_supported", "code") == Some(true),
        pkce: says("code_challenge_methods_supported", "S256") == Some(true),
        refresh_tokens: offline_access
            || says("grant_types_supported", "refresh_token") == Some(true),
        offline_access,
        pushed_requests: document.has("pushed_authorization_request_endpoint"),
        dpop: texts(&document, "dpop_signing_alg_values_supported").is_some(),
        logout: document.has("end_session_endpoint"),
        algorithms: texts(&document, "id_token_signing_alg_values_supported")
            .unwrap_or_default()
            .into_iter()
            .map(str::to_owned)
            .collect(),
        mfa_challenge: endpoint(&document, "mfa_challenge_endpoint")
            .is_some_and(|url| url.path() == "/mfa/challenge"),
        authorization_path: authorization_endpoint
            .map_or_else(String::new, |url| url.path().to_owned()),
        other_origins: other_origins(&document, &issuer),
        issuer,
    })
}

fn texts<'a>(document: &'a JsonObject, name: &str) -> Option<Vec<&'a str>> {
    document.strings(name).ok()?
}

fn endpoint(document: &JsonObject, name: &str) -> Option<Url> {
    Url::parse(document.string(name).ok()??).ok()
}

fn other_origins(document: &JsonObject, issuer: &str) -> Vec<String> {
    let own = Url::parse(issuer).ok().map(|url| url.origin());
    let called = [
        "token_endpoint",
        "jwks_uri",
        "revocation_endpoint",
        "pushed_authorization_request_endpoint",
    ];
    let mut origins = Vec::new();
    for url in called.iter().filter_map(|name| endpoint(document, name)) {
        let origin = url.origin().ascii_serialization();
        if url.scheme() == "https" && Some(url.origin()) != own && !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    origins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_metadata_name_is_supported() {
        let document = r#"{
          "issuer": "https://p.test/",
          "authorization_endpoint": "https://p.test/authorize",
          "token_endpoint": "https://token.test/token",
          "jwks_uri": "https://keys.test:8443/keys",
          "revocation_endpoint": "https://token.test/revoke",
          "response_types_supported": ["code", "id_token"],
          "code_challenge_methods_supported": ["plain", "S256"],
          "scopes_supported": ["openid", "offline_access"],
          "pushed_authorization_request_endpoint": "https://p.test/par",
          "dpop_signing_alg_values_supported": ["ES256"],
          "end_session_endpoint": "https://p.test/logout",
          "mfa_challenge_endpoint": "https://p.test/mfa/challenge",
          "id_token_signing_alg_values_supported": ["RS256", "HS256"]
        }"#;
        let expected = Capabilities {
            issuer: "https://p.test/".to_owned(),
            code: true,
            pkce: true,
            refresh_tokens: true,
            offline_access: true,
            pushed_requests: true,
            dpop: true,
            logout: true,
            algorithms: vec!["RS256".to_owned(), "HS256".to_owned()],
            mfa_challenge: true,
            authorization_path: "/authorize".to_owned(),
            other_origins: vec![
                "https://token.test".to_owned(),
                "https://keys.test:8443".to_owned(),
            ],
        };
        assert_eq!(read(document.as_bytes()), Some(expected));
    }

    #[test]
    fn what_the_metadata_do_not_name_is_not_supported() {
        let document = r#"{"issuer": "https://p.test", "token_endpoint": "https://p.test/token",
            "grant_types_supported": ["authorization_code"], "response_types_supported": "code"}"#;
        let expected = Capabilities {
            issuer: "https://p.test".to_owned(),
            ..Capabilities::default()
        };
        assert_eq!(read(document.as_bytes()), Some(expected));
    }

    #[test]
    fn refresh_tokens_are_told_by_the_grant_too() {
        let document = r#"{"issuer": "i", "grant_types_supported": ["refresh_token"]}"#;
        let read = read(document.as_bytes()).unwrap();
        assert!(read.refresh_tokens && !read.offline_access);
    }

    #[test]
    fn what_names_no_issuer_is_no_provider() {
        for document in ["", "[]", "{}", r#"{"issuer": 5}"#] {
            assert_eq!(read(document.as_bytes()), None, "{document}");
        }
    }
}
