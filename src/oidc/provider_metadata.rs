//! Provider metadata (OIDC Discovery 1.0 sections 3 and 4).

use thiserror::Error;
use url::Url;

use super::json::JsonObject;
use super::jws::JwsAlgorithm;
use crate::platform::HttpResponse;
use crate::settings::{Flow, Provider};

/// The largest metadata document or key set that is read: 256 KiB.
pub const MAX_BYTES: usize = 256 * 1024;

/// What a provider says of itself, as far as it is used here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderMetadata {
    /// Equal to the issuer of the settings, character by character.
    pub issuer: String,
    /// Where authorization requests go.
    pub authorization_endpoint: Url,
    /// Where codes go; the implicit flow has no use for it.
    pub token_endpoint: Option<Url>,
    /// Where the keys are.
    pub jwks_uri: Url,
    /// Authorization responses bear `iss` (RFC 9207 section 3).
    pub response_iss_supported: bool,
}

/// Why metadata are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// The provider signs with none of the accepted algorithms.
    #[error("the provider signs with no algorithm that is accepted here")]
    Algorithm,
    /// An endpoint is missing, is not a URL, or is not https where the issuer is.
    #[error("the provider's configuration lacks an endpoint, or names one that is not https")]
    Endpoint,
    /// `issuer` differs from the one that was asked (OIDC Discovery 4.3).
    #[error("the provider calls itself by another issuer than the settings do")]
    IssuerMismatch,
    /// Not a JSON object.
    #[error("the provider's configuration cannot be read")]
    Malformed,
    /// No configuration at this address.
    #[error("there is no OpenID provider at the issuer's address")]
    NotFound,
    /// 429 or a 5xx status.
    #[error("the provider is busy or has a fault")]
    Unavailable,
}

impl MetadataError {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Algorithm => "metadata.algorithm",
            Self::Endpoint => "metadata.endpoint",
            Self::IssuerMismatch => "metadata.issuer_mismatch",
            Self::Malformed => "metadata.malformed",
            Self::NotFound => "metadata.not_found",
            Self::Unavailable => "metadata.unavailable",
        }
    }

    /// The same request may work later.
    #[must_use]
    pub fn is_transient(self) -> bool {
        self == Self::Unavailable
    }
}

/// Where `issuer`'s metadata are (OIDC Discovery 4): a trailing slash of the issuer is not doubled.
///
/// # Errors
/// [`MetadataError::NotFound`] when the issuer is no URL.
pub fn configuration_url(issuer: &str) -> Result<Url, MetadataError> {
    let base = issuer.strip_suffix('/').unwrap_or(issuer);
    Url::parse(&format!("{base}/.well-known/openid-configuration"))
        .map_err(|_| MetadataError::NotFound)
}

/// Judges the answer to a request for `provider`'s metadata.
///
/// # Errors
/// [`MetadataError`].
pub fn judge(
    response: &HttpResponse,
    provider: &Provider,
) -> Result<ProviderMetadata, MetadataError> {
    match response.status {
        200 => {}
        429 | 500.. => return Err(MetadataError::Unavailable),
        _ => return Err(MetadataError::NotFound),
    }
    let document = JsonObject::parse(&response.body).map_err(|_| MetadataError::Malformed)?;
    let issuer = document
        .string("issuer")
        .map_err(|_| MetadataError::Malformed)?;
    if issuer != Some(provider.issuer.as_str()) {
        return Err(MetadataError::IssuerMismatch);
    }
    let algorithms = document
        .strings("id_token_signing_alg_values_supported")
        .map_err(|_| MetadataError::Malformed)?;
    if algorithms.is_some_and(|names| {
        !names
            .iter()
            .any(|name| JwsAlgorithm::from_name(name).is_some())
    }) {
        return Err(MetadataError::Algorithm);
    }
    // Plain http can only stand here when the settings allowed it for the issuer (loopback).
    let http_allowed = provider.issuer.starts_with("http://");
    let endpoint = |name| match document.string(name) {
        Ok(Some(text)) => Url::parse(text)
            .ok()
            .filter(|url| url.scheme() == "https" || (http_allowed && url.scheme() == "http"))
            .map(Some)
            .ok_or(MetadataError::Endpoint),
        Ok(None) => Ok(None),
        Err(_) => Err(MetadataError::Endpoint),
    };
    let token_endpoint = endpoint("token_endpoint")?;
    if provider.flow == Flow::Code && token_endpoint.is_none() {
        return Err(MetadataError::Endpoint);
    }
    Ok(ProviderMetadata {
        issuer: provider.issuer.clone(),
        authorization_endpoint: endpoint("authorization_endpoint")?
            .ok_or(MetadataError::Endpoint)?,
        token_endpoint,
        jwks_uri: endpoint("jwks_uri")?.ok_or(MetadataError::Endpoint)?,
        response_iss_supported: document
            .boolean("authorization_response_iss_parameter_supported")
            .map_err(|_| MetadataError::Malformed)?
            .unwrap_or(false),
    })
}
