//! The refresh token grant (RFC 6749 section 6, OIDC Core 12): asking, and judging what it brings, apart.

use super::{Exchange, Granted, access_token};
use crate::error::Error;
use crate::oauth::token_endpoint::{self, Grant, TokenEndpointError};
use crate::oidc::continuity::FirstIdToken;
use crate::oidc::id_token::{AtHash, IssuedBy};
use crate::oidc::provider_metadata::MetadataError;
use crate::platform::HttpResponse;
use crate::secret::Secret;
use crate::session::tokens::{Token, Tokens};
use crate::settings::TokenKind;

impl Exchange {
    /// Sends `refresh_token` once.
    pub(in crate::session) async fn send_refresh(
        &self,
        refresh_token: &Secret,
    ) -> Result<HttpResponse, Error> {
        let metadata = self.discovery.metadata().await?;
        let endpoint = metadata.token_endpoint.as_ref();
        let endpoint = endpoint.ok_or(MetadataError::Endpoint)?;
        let provider = &self.settings.provider;
        let further = &provider.token_parameters;
        let form = token_endpoint::refresh(&provider.client_id, refresh_token, further);
        self.client
            .post_for_token(endpoint, form, self.timeout())
            .await
    }

    /// Judges the answer for the session that began with `original`; `kept` is its id_token until now.
    pub(in crate::session) async fn process_refresh(
        &self,
        response: &HttpResponse,
        original: &FirstIdToken,
        kept: Option<Token>,
    ) -> Result<Granted, Error> {
        let dpop = self.client.uses_dpop();
        let response = token_endpoint::process_response(response, Grant::RefreshToken, dpop)?;
        self.has_what_apis_need(&response)?;
        let Some(id_token) = response.id_token.clone() else {
            if self.settings.uses(TokenKind::IdToken) {
                return Err(TokenEndpointError::NoIdToken.into());
            }
            return Ok(Granted {
                tokens: Tokens {
                    id_token: kept,
                    access_token: access_token(&response, self.platform.clock.now()),
                },
                who: None,
                refresh_token: response.refresh_token,
                scope: self.differing(response.scope),
            });
        };
        let metadata = self.discovery.metadata().await?;
        let bound = response
            .access_token
            .as_ref()
            .map(|token| (token, AtHash::Optional));
        let origin = IssuedBy::Refresh(original);
        let claims = self
            .verify(&id_token, bound, origin, None, &metadata)
            .await?;
        Ok(self.granted(response, id_token, claims))
    }
}
