//! The requests that the check sends to the provider. None of them can bring tokens.

use url::Url;

use crate::oauth::authorization_request::{self, Prompt, Transaction};
use crate::oauth::pkce::random_text;
use crate::oauth::token_endpoint;
use crate::oidc::provider_metadata::{ProviderMetadata, configuration_url};
use crate::platform::{FormBody, Random, UnixTime};
use crate::provider::client_parameters;
use crate::settings::{Flow, Provider};

/// No client has this one.
const UNKNOWN_CLIENT: &str = "evertoken-setup-check-unknown-client";
/// Nobody can register this one: the name is reserved (RFC 2606 section 2).
const UNREGISTERED_REDIRECT_URI: &str = "https://setup-check.evertoken.invalid/";

/// A request. No `Debug`: it holds a state, a nonce or a verifier.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Where it goes.
    pub url: Url,
    /// The body of a POST; `None` is a GET.
    pub form: Option<FormBody>,
}

/// An authorization request, with at most one mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variation {
    /// As the settings have it.
    Ours,
    /// From a client that nobody knows.
    OtherClient,
    /// To an address that nobody registered.
    OtherRedirectUri,
}

/// What every request is made of.
#[derive(Clone, Copy)]
pub struct Maker<'a> {
    /// The settings.
    pub provider: &'a Provider,
    /// The extension's redirect URI.
    pub redirect_uri: &'a str,
    /// For state, nonce, verifier and the made-up code.
    pub random: &'a dyn Random,
    /// The present moment.
    pub now: UnixTime,
}

/// The request for the metadata of `issuer`; `None` where it is no URL.
#[must_use]
pub fn configuration(issuer: &str) -> Option<Request> {
    let url = configuration_url(issuer).ok()?;
    Some(Request { url, form: None })
}

impl Maker<'_> {
    /// An authorization request that shows nothing (`prompt=none`), or that is pushed where the provider or the
    /// settings want it (RFC 9126), which judges client and redirect URI just as well.
    #[must_use]
    pub fn authorization(&self, metadata: &ProviderMetadata, variation: Variation) -> Request {
        let mut provider = self.provider.clone();
        let mut redirect_uri = self.redirect_uri;
        match variation {
            Variation::Ours => {}
            Variation::OtherClient => UNKNOWN_CLIENT.clone_into(&mut provider.client_id),
            Variation::OtherRedirectUri => redirect_uri = UNREGISTERED_REDIRECT_URI,
        }
        let transaction = self.transaction(redirect_uri);
        let parameters = transaction.parameters(&client_parameters(&provider), Prompt::None, None);
        let pushes = metadata.requires_pushed_requests || provider.pushed_authorization_requests;
        match &metadata.pushed_authorization_request_endpoint {
            Some(endpoint) if pushes => Request {
                url: endpoint.clone(),
                form: Some(authorization_request::form(&parameters)),
            },
            _ => Request {
                url: authorization_request::url(&metadata.authorization_endpoint, &parameters),
                form: None,
            },
        }
    }

    /// The exchange of a made-up code; `None` where the flow has none.
    #[must_use]
    pub fn token(&self, metadata: &ProviderMetadata) -> Option<Request> {
        let endpoint = metadata.token_endpoint.as_ref();
        let endpoint = endpoint.filter(|_| self.provider.flow == Flow::Code)?;
        let transaction = self.transaction(self.redirect_uri);
        let code = random_text(self.random);
        let form = token_endpoint::code_exchange(&self.provider.client_id, &transaction, &code);
        Some(Request {
            url: endpoint.clone(),
            form: Some(form),
        })
    }

    /// Not `web_message`: a page that posts its answer says nothing to a request that frames nothing.
    fn transaction(&self, redirect_uri: &str) -> Transaction {
        let redirect_uri = redirect_uri.to_owned();
        Transaction::new(
            self.provider.flow,
            None,
            redirect_uri,
            self.random,
            self.now,
        )
    }
}

#[cfg(test)]
mod tests;
