//! The requests that the setup check sends to the provider. None of them can bring tokens.

use url::Url;

use crate::oauth::authorization_request::{self, Prompt, RequestOptions, Transaction};
use crate::oauth::pkce::random_text;
use crate::oauth::token_endpoint;
use crate::oidc::provider_metadata::{ProviderMetadata, configuration_url};
use crate::platform::{FormBody, Random, UnixTime};
use crate::provider::client_parameters;
use crate::settings::{Flow, Provider};

/// A request. No `Debug`: it holds a state, a nonce or a verifier.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Where it goes.
    pub url: Url,
    /// The body of a POST; `None` is a GET.
    pub form: Option<FormBody>,
}

impl Request {
    /// A GET of `url`.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self { url, form: None }
    }

    fn post(url: &Url, form: FormBody) -> Self {
        Self {
            url: url.clone(),
            form: Some(form),
        }
    }

    /// The request for the metadata of `issuer`; `None` where that is no URL.
    #[must_use]
    pub fn for_metadata(issuer: &str) -> Option<Self> {
        configuration_url(issuer).ok().map(Self::get)
    }
}

/// The client as the provider sees it: what authorization and token requests are built from.
#[derive(Clone, Copy)]
pub struct Client<'a> {
    /// The provider's settings.
    pub provider: &'a Provider,
    /// The provider's metadata.
    pub metadata: &'a ProviderMetadata,
    /// The extension's redirect URI.
    pub redirect_uri: &'a str,
    /// The extension's origin.
    pub origin: &'a str,
}

impl Client<'_> {
    /// Whether sign-ins push their requests (RFC 9126): the provider or the settings want it.
    #[must_use]
    pub fn pushes(&self) -> bool {
        let endpoint = &self.metadata.pushed_authorization_request_endpoint;
        let wanted =
            self.metadata.requires_pushed_requests || self.provider.pushed_authorization_requests;
        wanted && endpoint.is_some()
    }

    /// The authorization request of a silent renewal (`prompt=none`), which shows no page (OIDC Core 3.1.2.1).
    #[must_use]
    pub fn authorization(&self, random: &dyn Random, now: UnixTime) -> Request {
        let parameters = self.parameters(random, now);
        let endpoint = &self.metadata.authorization_endpoint;
        Request::get(authorization_request::url(endpoint, &parameters))
    }

    /// The same request, pushed; `None` where the provider has no endpoint for that.
    #[must_use]
    pub fn pushed(&self, random: &dyn Random, now: UnixTime) -> Option<Request> {
        let endpoint = self
            .metadata
            .pushed_authorization_request_endpoint
            .as_ref()?;
        let parameters = self.parameters(random, now);
        let form = authorization_request::form(&parameters);
        Some(Request::post(endpoint, form))
    }

    /// The exchange of a made-up code; `None` where the flow exchanges none.
    #[must_use]
    pub fn token(&self, random: &dyn Random, now: UnixTime) -> Option<Request> {
        let endpoint = self.metadata.token_endpoint.as_ref();
        let endpoint = endpoint.filter(|_| self.provider.flow == Flow::Code)?;
        let transaction = self.transaction(random, now);
        let code = random_text(random);
        let (client_id, further) = (&self.provider.client_id, &self.provider.token_parameters);
        let form = token_endpoint::code_exchange(client_id, &transaction, &code, further);
        Some(Request::post(endpoint, form))
    }

    fn parameters(&self, random: &dyn Random, now: UnixTime) -> Vec<(&str, String)> {
        let client = client_parameters(self.provider);
        let transaction = self.transaction(random, now);
        transaction.parameters(
            &client,
            RequestOptions {
                response_type: self.metadata.response_type(self.provider.flow),
                prompt: Prompt::None,
                login_hint: None,
                id_token_hint: None,
            },
        )
    }

    /// Without `web_message`: its answer is a page, which says nothing to a request that frames nothing.
    fn transaction(&self, random: &dyn Random, now: UnixTime) -> Transaction {
        let redirect_uri = self.redirect_uri.to_owned();
        Transaction::new(self.provider.flow, None, redirect_uri, random, now)
    }
}

#[cfg(test)]
mod tests;
