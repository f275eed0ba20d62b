//! One authorization from request to checked tokens: what sign-in and silent renewal have in common.

use std::rc::Rc;
use std::time::Duration;

use super::tokens::{Token, Tokens};
use crate::error::Error;
use crate::message::Identity;
use crate::oauth::authorization_request::{Prompt, Transaction};
use crate::oauth::authorization_response::{self, AuthorizationResponse};
use crate::oauth::token_endpoint::{self, TokenResponse};
use crate::oidc::discovery::Discovery;
use crate::oidc::id_token::{self, AtHash, Claims, Expectations};
use crate::oidc::jws::CompactJws;
use crate::oidc::provider_metadata::{MetadataError, ProviderMetadata};
use crate::platform::{Platform, SilentEngine, UnixTime};
use crate::settings::{Flow, Settings};

/// How the provider is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Interactive,
    Silent(SilentEngine),
}

/// What a good authorization brings.
pub(super) struct Granted {
    pub(super) tokens: Tokens,
    pub(super) identity: Identity,
}

pub(super) struct Exchange {
    discovery: Discovery,
    platform: Platform,
    settings: Rc<Settings>,
}

impl Exchange {
    pub(super) fn new(platform: Platform, settings: Rc<Settings>) -> Self {
        let provider = Rc::new(settings.provider.clone());
        Self {
            discovery: Discovery::new(platform.clone(), provider),
            platform,
            settings,
        }
    }

    /// Asks the provider and checks all that it answers. `subject` is the user of the session that is renewed.
    pub(super) async fn authorize(
        &self,
        mode: Mode,
        subject: Option<&str>,
    ) -> Result<Granted, Error> {
        let provider = &self.settings.provider;
        let metadata = self.discovery.metadata().await?;
        let transaction = Transaction::new(
            provider.flow,
            self.platform.user_agent.redirect_uri(),
            &*self.platform.random,
        );
        let prompt = match mode {
            Mode::Interactive => Prompt::AsNeeded,
            Mode::Silent(_) => Prompt::None,
        };
        let url = transaction.request_url(provider, &metadata.authorization_endpoint, prompt);
        let user_agent = &self.platform.user_agent;
        let redirect = match mode {
            Mode::Interactive => user_agent.authorize_interactively(url).await?,
            Mode::Silent(engine) => {
                user_agent
                    .authorize_silently(engine, url, self.timeout())
                    .await?
            }
        };
        let response = authorization_response::judge(&redirect, &transaction, &metadata)?;
        let (tokens, at_hash) = match response {
            AuthorizationResponse::Code(code) => {
                let form = token_endpoint::code_exchange(&provider.client_id, &transaction, &code);
                let endpoint = metadata
                    .token_endpoint
                    .as_ref()
                    .ok_or(MetadataError::Endpoint)?;
                let request = token_endpoint::request(endpoint, form, self.timeout());
                let response = self.platform.http.send(request).await?;
                (token_endpoint::judge(&response)?, AtHash::Optional)
            }
            AuthorizationResponse::Tokens {
                access_token,
                id_token,
                expires_in_s,
            } => (
                TokenResponse {
                    access_token,
                    id_token,
                    expires_in_s,
                },
                AtHash::Required,
            ),
        };
        debug_assert_eq!(at_hash == AtHash::Required, provider.flow == Flow::Implicit);
        self.grant(tokens, at_hash, &transaction, &metadata, subject)
            .await
    }

    /// Verifies the id_token; only then are there tokens.
    async fn grant(
        &self,
        response: TokenResponse,
        at_hash: AtHash,
        transaction: &Transaction,
        metadata: &ProviderMetadata,
        subject: Option<&str>,
    ) -> Result<Granted, Error> {
        let provider = &self.settings.provider;
        let jws =
            CompactJws::parse(response.id_token.expose()).map_err(id_token::IdTokenError::from)?;
        let key = self.discovery.key_for(&jws, metadata).await?;
        let expected = Expectations {
            access_token: Some((&response.access_token, at_hash)),
            client_id: &provider.client_id,
            clock_tolerance_s: self.settings.session.clock_tolerance_s,
            issuer: &provider.issuer,
            nonce: &transaction.nonce,
            subject,
        };
        let now = self.platform.clock.now();
        let claims = id_token::verify(jws, key, &expected, now, &*self.platform.verifier).await?;
        Ok(granted(response, claims, now))
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(self.settings.session.renewal_timeout_s.into())
    }
}

fn granted(response: TokenResponse, claims: Claims, now: UnixTime) -> Granted {
    let lifetime = claims.expires_at.milliseconds_since(claims.issued_at);
    let id_token = Token {
        value: response.id_token,
        received_at: now,
        expires_at: Some(UnixTime(now.0.saturating_add(lifetime))),
    };
    let access_token = Token {
        value: response.access_token,
        received_at: now,
        expires_at: response
            .expires_in_s
            .map(|seconds| now.plus(Duration::from_secs(seconds))),
    };
    Granted {
        tokens: Tokens {
            id_token,
            access_token,
        },
        identity: claims.identity,
    }
}
