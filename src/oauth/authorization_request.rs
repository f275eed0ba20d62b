//! The authorization request (RFC 6749 section 4.1.1, OIDC Core 3.1.2.1 and 3.2.2.1).

use url::Url;

use super::pkce::{code_challenge, random_text};
use crate::platform::Random;
use crate::secret::Secret;
use crate::settings::{Flow, Provider};

/// Whether the provider may show pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// `prompt=none`: answer at once, show nothing.
    None,
    /// No `prompt`: the provider shows what it must.
    AsNeeded,
}

/// What has to be remembered of one request to judge its one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// The flow that was asked for.
    pub flow: Flow,
    /// Bound to the id_token by its `nonce` claim.
    pub nonce: Secret,
    /// As sent; the same text goes to the token endpoint.
    pub redirect_uri: String,
    /// Echoed by the answer.
    pub state: Secret,
    /// The PKCE code verifier; unused in the implicit flow.
    pub verifier: Secret,
}

impl Transaction {
    /// A fresh transaction: state, nonce and verifier of 256 bits each.
    #[must_use]
    pub fn new(flow: Flow, redirect_uri: String, random: &dyn Random) -> Self {
        Self {
            flow,
            nonce: random_text(random),
            redirect_uri,
            state: random_text(random),
            verifier: random_text(random),
        }
    }

    /// The URL that carries the request to `endpoint`, whose own query is kept (RFC 6749 section 3.1).
    #[must_use]
    pub fn request_url(&self, provider: &Provider, endpoint: &Url, prompt: Prompt) -> Url {
        let mut url = endpoint.clone();
        let mut query = url.query_pairs_mut();
        query
            .append_pair("client_id", &provider.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", &provider.scope)
            .append_pair("state", self.state.expose())
            .append_pair("nonce", self.nonce.expose());
        match self.flow {
            Flow::Code => query
                .append_pair("response_type", "code")
                .append_pair("code_challenge", &code_challenge(&self.verifier))
                .append_pair("code_challenge_method", "S256"),
            Flow::Implicit => query.append_pair("response_type", "token id_token"),
        };
        if let Some(audience) = &provider.audience {
            query.append_pair("audience", audience);
        }
        if prompt == Prompt::None {
            query.append_pair("prompt", "none");
        }
        drop(query);
        url
    }
}
