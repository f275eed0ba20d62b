//! Provider metadata (OIDC Discovery 1.0 sections 3 and 4).

use thiserror::Error;
use url::Url;

use crate::http::HttpResponse;
use crate::jose::jws::JwsAlgorithm;
use crate::json::JsonObject;
use crate::oauth::authorization_request::Flow;
use crate::oauth::authorization_response::ExpectedIssuer;

/// The metadata of a provider, as far as they are used here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderMetadata {
    /// The issuer, equal to that of the settings character by character.
    pub issuer: String,
    /// The authorization endpoint.
    pub authorization_endpoint: Url,
    /// The token endpoint; the implicit flow does not need it.
    pub token_endpoint: Option<Url>,
    /// The `response_type` that asks for an id_token and an access token (OIDC Core 3.2), in the order that the provider
    /// lists: providers compare it as a string.
    pub implicit_response_type: &'static str,
    /// The URL of the key set (RFC 7517).
    pub jwks_uri: Url,
    /// Authorization responses contain `iss` (RFC 9207 section 3).
    pub response_iss_supported: bool,
    /// The algorithms that id_tokens are signed with, as far as they are accepted here; `None` if the provider lists none.
    pub algorithms: Option<Vec<JwsAlgorithm>>,
    /// The revocation endpoint (RFC 7009).
    pub revocation_endpoint: Option<Url>,
    /// How the user's session at the provider is ended; `None` if the provider offers no way.
    pub end_session: Option<EndSession>,
    /// The pushed authorization request endpoint (RFC 9126).
    pub pushed_authorization_request_endpoint: Option<Url>,
    /// The provider refuses authorization requests that are not pushed.
    pub requires_pushed_requests: bool,
}

impl ProviderMetadata {
    /// The `response_type` of a request for `flow`.
    #[must_use]
    pub fn response_type(&self, flow: Flow) -> &'static str {
        match flow {
            Flow::Code => "code",
            Flow::Implicit => self.implicit_response_type,
        }
    }

    /// The issuer that an authorization response must come from.
    #[must_use]
    pub fn expected_issuer(&self) -> ExpectedIssuer<'_> {
        ExpectedIssuer {
            issuer: &self.issuer,
            iss_supported: self.response_iss_supported,
        }
    }
}

/// What a client needs from a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirements<'a> {
    /// The issuer identifier of the settings, compared character by character.
    pub issuer: &'a str,
    /// The flow that is used.
    pub flow: Flow,
    /// Tokens are bound to a key by ES256 (RFC 9449).
    pub dpop: bool,
    /// Authorization requests are pushed (RFC 9126).
    pub pushed_authorization_requests: bool,
}

/// How the user's session at the provider is ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndSession {
    /// `end_session_endpoint` (OIDC RP-Initiated Logout 1.0).
    RpInitiated(Url),
    /// `/v2/logout` of an Auth0 tenant whose metadata name no `end_session_endpoint`.
    Auth0(Url),
    /// `/logout` of an Amazon Cognito domain, which refuses the standard's parameters.
    Cognito(Url),
}

impl EndSession {
    /// The URL of the endpoint.
    #[must_use]
    pub fn url(&self) -> &Url {
        match self {
            Self::RpInitiated(url) | Self::Auth0(url) | Self::Cognito(url) => url,
        }
    }
}

/// Why metadata are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MetadataError {
    /// The provider signs with none of the accepted algorithms.
    #[error("the provider signs with no algorithm that is accepted here")]
    Algorithm,
    /// The provider supports DPoP, but not with ES256.
    #[error("the provider's DPoP does not accept ES256, the one algorithm there is here")]
    Dpop,
    /// An endpoint is missing, is not a URL, or is not https where the issuer is.
    #[error("the provider's configuration lacks an endpoint, or names one that is not https")]
    Endpoint,
    /// `issuer` differs from the one in the settings (OIDC Discovery 4.3).
    #[error("the provider calls itself by another issuer than the settings do")]
    IssuerMismatch,
    /// Not a JSON object.
    #[error("the provider's configuration cannot be read")]
    Malformed,
    /// No configuration at this address.
    #[error("there is no OpenID provider at the issuer's address")]
    NotFound,
    /// The provider lists its PKCE methods, and S256 is not among them.
    #[error("the provider does not support PKCE with S256")]
    Pkce,
    /// 429 or a 5xx status.
    #[error("the provider is busy or has a fault")]
    Unavailable,
}

impl MetadataError {
    /// Whether the same request may work later.
    #[must_use]
    pub fn is_transient(self) -> bool {
        self == Self::Unavailable
    }
}

/// The URL of `issuer`'s metadata (OIDC Discovery 4): a trailing slash of the issuer is not doubled.
///
/// # Errors
/// [`MetadataError::NotFound`] if the issuer is not a URL.
pub fn configuration_url(issuer: &str) -> Result<Url, MetadataError> {
    let base = issuer.strip_suffix('/').unwrap_or(issuer);
    Url::parse(&format!("{base}/.well-known/openid-configuration"))
        .map_err(|_| MetadataError::NotFound)
}

/// Reads the metadata in `response` and checks that they meet `required`.
///
/// # Errors
/// [`MetadataError`].
pub fn process_response(
    response: &HttpResponse,
    required: &Requirements<'_>,
) -> Result<ProviderMetadata, MetadataError> {
    match response.status {
        200..300 => {}
        429 | 500.. => return Err(MetadataError::Unavailable),
        _ => return Err(MetadataError::NotFound),
    }
    let document = JsonObject::parse(&response.body).map_err(|_| MetadataError::Malformed)?;
    let issuer = document
        .string("issuer")
        .map_err(|_| MetadataError::Malformed)?;
    if issuer != Some(required.issuer) {
        return Err(MetadataError::IssuerMismatch);
    }
    let algorithms = algorithms(&document)?;
    validate_methods(&document, required)?;
    let endpoints = Endpoints {
        document: &document,
        // Plain http can only stand here when the settings allowed it for the issuer (loopback).
        http_allowed: required.issuer.starts_with("http://"),
    };
    let token_endpoint = endpoints.optional("token_endpoint")?;
    if required.flow == Flow::Code && token_endpoint.is_none() {
        return Err(MetadataError::Endpoint);
    }
    let flag = |name| document.boolean(name).map_err(|_| MetadataError::Malformed);
    let pushed_requests = endpoints.usable("pushed_authorization_request_endpoint");
    let requires_pushed_requests = flag("require_pushed_authorization_requests")? == Some(true);
    let pushes = requires_pushed_requests || required.pushed_authorization_requests;
    if pushes && pushed_requests.is_none() {
        return Err(MetadataError::Endpoint);
    }
    Ok(ProviderMetadata {
        issuer: required.issuer.to_owned(),
        authorization_endpoint: endpoints.required("authorization_endpoint")?,
        token_endpoint,
        implicit_response_type: implicit_response_type(&document),
        jwks_uri: endpoints.required("jwks_uri")?,
        response_iss_supported: flag("authorization_response_iss_parameter_supported")?
            == Some(true),
        algorithms,
        revocation_endpoint: endpoints.usable("revocation_endpoint"),
        end_session: end_session(&endpoints, required.issuer),
        pushed_authorization_request_endpoint: pushed_requests,
        requires_pushed_requests,
    })
}

/// The order of the two values that the provider lists. The registered one (OAuth 2.0 Multiple Response Types 5) is
/// preferred, and used if the provider lists neither.
fn implicit_response_type(document: &JsonObject) -> &'static str {
    let listed = document.strings("response_types_supported");
    let listed = listed.ok().flatten().unwrap_or_default();
    let mut spellings = ["id_token token", "token id_token"].into_iter();
    let listed = spellings.find(|spelling| listed.contains(spelling));
    listed.unwrap_or("id_token token")
}

/// The algorithms that id_tokens are signed with, as far as they are accepted here.
fn algorithms(document: &JsonObject) -> Result<Option<Vec<JwsAlgorithm>>, MetadataError> {
    let names = texts(document, "id_token_signing_alg_values_supported")?;
    let accepted = names.map(|names| {
        let known = names.iter().copied().filter_map(JwsAlgorithm::from_name);
        known.collect::<Vec<_>>()
    });
    match accepted {
        Some(none) if none.is_empty() => Err(MetadataError::Algorithm),
        accepted => Ok(accepted),
    }
}

/// Checks that the provider's lists contain the methods of PKCE and DPoP that are used here. A missing list is accepted.
fn validate_methods(
    document: &JsonObject,
    required: &Requirements<'_>,
) -> Result<(), MetadataError> {
    let lacks = |name, wanted: &str| {
        let known = texts(document, name)?;
        Ok(known.is_some_and(|known| !known.contains(&wanted)))
    };
    if required.flow == Flow::Code && lacks("code_challenge_methods_supported", "S256")? {
        return Err(MetadataError::Pkce);
    }
    if required.dpop && lacks("dpop_signing_alg_values_supported", "ES256")? {
        return Err(MetadataError::Dpop);
    }
    Ok(())
}

fn texts<'a>(document: &'a JsonObject, name: &str) -> Result<Option<Vec<&'a str>>, MetadataError> {
    document.strings(name).map_err(|_| MetadataError::Malformed)
}

/// An Auth0 tenant, also behind a custom domain, is recognized by its endpoint for multi-factor challenges.
fn end_session(endpoints: &Endpoints<'_>, issuer: &str) -> Option<EndSession> {
    if let Some(url) = endpoints.usable("end_session_endpoint") {
        let host = url.host_str().unwrap_or_default();
        return Some(match host.ends_with(".amazoncognito.com") {
            true => EndSession::Cognito(url),
            false => EndSession::RpInitiated(url),
        });
    }
    let challenge = endpoints.usable("mfa_challenge_endpoint");
    let of_auth0 = challenge.is_some_and(|url| url.path() == "/mfa/challenge");
    let logout = Url::parse(issuer).and_then(|issuer| issuer.join("/v2/logout"));
    logout.ok().filter(|_| of_auth0).map(EndSession::Auth0)
}

/// The endpoints that a document names.
struct Endpoints<'a> {
    document: &'a JsonObject,
    http_allowed: bool,
}

impl Endpoints<'_> {
    fn optional(&self, name: &str) -> Result<Option<Url>, MetadataError> {
        let secure =
            |url: &Url| url.scheme() == "https" || (self.http_allowed && url.scheme() == "http");
        match self.document.string(name) {
            Ok(Some(text)) => Url::parse(text)
                .ok()
                .filter(secure)
                .map(Some)
                .ok_or(MetadataError::Endpoint),
            Ok(None) => Ok(None),
            Err(_) => Err(MetadataError::Endpoint),
        }
    }

    /// An endpoint that a sign-in does not need: one that is malformed counts as absent.
    fn usable(&self, name: &str) -> Option<Url> {
        self.optional(name).ok().flatten()
    }

    fn required(&self, name: &str) -> Result<Url, MetadataError> {
        self.optional(name)?.ok_or(MetadataError::Endpoint)
    }
}
