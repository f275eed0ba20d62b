//! One authorization from request to checked tokens: what sign-in and silent renewal have in common.

use futures_util::FutureExt;
use url::Url;

use super::{Exchange, Granted, Mode, User};
use crate::error::Error;
use crate::oauth::authorization_request::{self, Prompt, RequestOptions, Transaction};
use crate::oauth::authorization_response::{
    self, AuthorizationError, AuthorizationFailure, AuthorizationResponse,
};
use crate::oauth::pushed_request;
use crate::oauth::token_endpoint::{self, Grant, Scheme, TokenResponse};
use crate::oidc::id_token::{AtHash, IssuedBy};
use crate::oidc::logout::MAX_HINT_BYTES;
use crate::oidc::provider_metadata::{MetadataError, ProviderMetadata};
use crate::platform::{RedirectUrl, SilentCarrier, SilentRequest};
use crate::provider::client_parameters;
use crate::secret::Secret;
use crate::settings::ResponseMode;

impl Exchange {
    /// Asks the provider and checks all that it answers. `user` is the one whose session is renewed.
    pub(in crate::session) async fn authorize(
        &self,
        mode: Mode,
        user: Option<User>,
    ) -> Result<Granted, Error> {
        let metadata = self.discovery.metadata().await?;
        let mut transaction = self.transaction(&mode);
        let mut answer = self
            .ask(&mode, &transaction, &metadata, user.as_ref())
            .boxed_local()
            .await;
        // The user is signed in at the provider by now. That answer is not used, and another one like it ends the sign-in.
        if matches!(mode, Mode::Interactive { .. }) && self.given_up.take() {
            transaction = self.transaction(&mode);
            answer = self
                .ask(&mode, &transaction, &metadata, user.as_ref())
                .boxed_local()
                .await;
            self.given_up.take();
        }
        let answer = answer?;
        let subject = user.map(|user| user.subject);
        let (response, at_hash) = match answer {
            AuthorizationResponse::Code(code) => {
                let response = self.exchange_code(&code, &transaction, &metadata).await?;
                (response, AtHash::Optional)
            }
            AuthorizationResponse::Tokens {
                access_token,
                id_token,
                expires_in_s,
            } => {
                let response = TokenResponse {
                    access_token: Some(access_token),
                    id_token: Some(id_token),
                    refresh_token: None,
                    expires_in_s,
                    scope: None,
                    scheme: Scheme::Bearer,
                };
                (response, AtHash::Required)
            }
        };
        self.has_what_apis_need(&response)?;
        let id_token = response.id_token.clone();
        let id_token = id_token.ok_or(token_endpoint::TokenEndpointError::Malformed)?;
        let origin = IssuedBy::Authorization {
            nonce: &transaction.nonce,
            subject: subject.as_deref(),
        };
        let access_token = response.access_token.as_ref().map(|token| (token, at_hash));
        let step_up = transaction.step_up.as_ref();
        let claims = self
            .verify(&id_token, access_token, origin, step_up, &metadata)
            .await?;
        Ok(self.granted(response, id_token, claims))
    }

    /// Asks the provider and checks its answer. Nothing that the answer brought is redeemed or used.
    pub(in crate::session) async fn dry_run(
        &self,
        mode: Mode,
        user: Option<User>,
    ) -> Result<(), Error> {
        let metadata = self.discovery.metadata().await?;
        let transaction = self.transaction(&mode);
        let answer = self
            .ask(&mode, &transaction, &metadata, user.as_ref())
            .boxed_local()
            .await?;
        drop(answer);
        Ok(())
    }

    async fn ask(
        &self,
        mode: &Mode,
        transaction: &Transaction,
        metadata: &ProviderMetadata,
        user: Option<&User>,
    ) -> Result<AuthorizationResponse, Error> {
        let hint = self.id_token_hint(mode, user);
        let url = self
            .request_url(mode, transaction, metadata, (user, hint))
            .await?;
        let redirect = self.carry(mode, url, transaction, metadata).await?;
        let now = self.platform.clock.now();
        let answer = authorization_response::validate(
            &redirect,
            transaction,
            metadata.expected_issuer(),
            now,
        );
        let interactive = matches!(mode, Mode::Interactive { .. });
        self.given_up
            .note(&redirect, transaction, &answer, interactive);
        // The provider may not know the hint any more: the next request does without it.
        let refused = AuthorizationFailure::Refusal(AuthorizationError::InvalidRequest);
        if hint.is_some() && answer.as_ref().err() == Some(&refused) {
            self.hint_refused.set(true);
        }
        Ok(answer?)
    }

    /// The id_token of the user who is meant, beside `prompt=none` (OIDC Core 3.1.2.1).
    fn id_token_hint<'a>(&self, mode: &Mode, user: Option<&'a User>) -> Option<&'a Secret> {
        let silent = matches!(mode, Mode::Silent(_)) && !self.hint_refused.get();
        let hint = user?.id_token.as_ref();
        hint.filter(|hint| silent && hint.expose().len() <= MAX_HINT_BYTES)
    }

    /// A posted answer needs a page that framed the provider's, so only the offscreen document can take one.
    fn transaction(&self, mode: &Mode) -> Transaction {
        let (provider, user_agent) = (&self.settings.provider, &self.platform.user_agent);
        let framed = *mode == Mode::Silent(SilentCarrier::Offscreen);
        let wanted = provider.response_mode;
        let response_mode = wanted.filter(|mode| framed || *mode != ResponseMode::WebMessage);
        let redirect_uri = match response_mode {
            Some(ResponseMode::WebMessage) => user_agent.web_message_redirect_uri(),
            _ => user_agent.redirect_uri(),
        };
        let now = self.platform.clock.now();
        let random = &*self.platform.random;
        let mut transaction =
            Transaction::new(provider.flow, response_mode, redirect_uri, random, now);
        if let Mode::Interactive { step_up, .. } = mode {
            transaction.step_up.clone_from(step_up);
        }
        transaction
    }

    /// The authorization request, pushed beforehand where the provider or the settings want it (RFC 9126).
    async fn request_url(
        &self,
        mode: &Mode,
        transaction: &Transaction,
        metadata: &ProviderMetadata,
        (user, id_token_hint): (Option<&User>, Option<&Secret>),
    ) -> Result<Url, Error> {
        let provider = &self.settings.provider;
        let prompt = match mode {
            Mode::Interactive {
                another_account: true,
                ..
            } => Prompt::SelectAccount,
            // The provider would answer at once, and nothing would have changed for the API.
            Mode::Interactive {
                step_up: Some(step_up),
                ..
            } if step_up.says_nothing() => Prompt::Login,
            Mode::Interactive { .. } => Prompt::AsNeeded,
            Mode::Silent(_) => Prompt::None,
        };
        let options = RequestOptions {
            response_type: metadata.response_type(provider.flow),
            prompt,
            login_hint: user.and_then(|user| user.login_hint.as_deref()),
            id_token_hint,
        };
        let mut parameters = transaction.parameters(&client_parameters(provider), options);
        if provider.dpop {
            let thumbprint = self.client.proofs.thumbprint().await?;
            parameters.push(("dpop_jkt", thumbprint));
        }
        if metadata.requires_pushed_requests || provider.pushed_authorization_requests {
            let endpoint = metadata.pushed_authorization_request_endpoint.as_ref();
            let endpoint = endpoint.ok_or(MetadataError::Endpoint)?;
            let form = authorization_request::form(&parameters);
            let response = self
                .client
                .post_for_token(endpoint, form, self.timeout())
                .await?;
            parameters = vec![
                ("client_id", provider.client_id.clone()),
                ("request_uri", pushed_request::process_response(&response)?),
            ];
        }
        let endpoint = &metadata.authorization_endpoint;
        Ok(authorization_request::url(endpoint, &parameters))
    }

    async fn carry(
        &self,
        mode: &Mode,
        url: Url,
        transaction: &Transaction,
        metadata: &ProviderMetadata,
    ) -> Result<RedirectUrl, Error> {
        let user_agent = &self.platform.user_agent;
        let redirect = match mode {
            Mode::Interactive { .. } => user_agent.authorize_interactively(url).await?,
            Mode::Silent(carrier) => {
                let posted = transaction.response_mode == Some(ResponseMode::WebMessage);
                let from = metadata.authorization_endpoint.origin();
                let request = SilentRequest {
                    carrier: *carrier,
                    url,
                    timeout: self.timeout(),
                    web_message_from: posted.then(|| from.ascii_serialization()),
                };
                user_agent.authorize_silently(request).await?
            }
        };
        Ok(redirect)
    }

    async fn exchange_code(
        &self,
        code: &Secret,
        transaction: &Transaction,
        metadata: &ProviderMetadata,
    ) -> Result<TokenResponse, Error> {
        let provider = &self.settings.provider;
        let endpoint = metadata.token_endpoint.as_ref();
        let endpoint = endpoint.ok_or(MetadataError::Endpoint)?;
        let further = &provider.token_parameters;
        let form = token_endpoint::code_exchange(&provider.client_id, transaction, code, further);
        let response = self
            .client
            .post_for_token(endpoint, form, self.timeout())
            .await?;
        let dpop = self.client.uses_dpop();
        Ok(token_endpoint::process_response(
            &response,
            Grant::Code,
            dpop,
        )?)
    }
}
