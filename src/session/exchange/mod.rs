//! What the session and the provider exchange: authorization, refresh, leaving. Whatever comes back is checked here.

mod authorization;
mod given_up;
mod leaving;
mod refresh;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use self::given_up::GivenUp;
use super::tokens::{Token, Tokens};
use crate::error::Error;
use crate::jose::jws::CompactJws;
use crate::message::Identity;
use crate::oauth::step_up::{StepUp, stricter};
use crate::oauth::token_endpoint::{Scheme, TokenEndpointError, TokenResponse};
use crate::oidc::continuity::FirstIdToken;
use crate::oidc::id_token::{self, AtHash, Claims, Expectations, IdTokenError, IssuedBy};
use crate::oidc::provider_metadata::ProviderMetadata;
use crate::platform::{Platform, SilentCarrier, UnixTime};
use crate::provider::client::Client;
use crate::provider::discovery::Discovery;
use crate::renewal_method::RenewalMethodId;
use crate::secret::Secret;
use crate::settings::{Settings, TokenKind};

/// The longest life of an access token that is believed: a year. What is beyond is a mistake.
const MAX_LIFETIME_S: u64 = 365 * 24 * 60 * 60;

/// How the provider is asked for an authorization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Interactive {
        /// The authentication that an API asked for.
        step_up: Option<StepUp>,
        /// The user chooses an account, whatever the provider remembers.
        another_account: bool,
    },
    Silent(SilentCarrier),
}

/// The user whose session is renewed.
pub(super) struct User {
    pub(super) subject: String,
    /// `login_hint` (OIDC Core 3.1.2.1): which account the provider should use.
    pub(super) login_hint: Option<String>,
    /// The id_token that the session has: `id_token_hint`.
    pub(super) id_token: Option<Secret>,
}

/// What an answer brings that has passed every check.
pub(super) struct Granted {
    pub(super) tokens: Tokens,
    /// Who is signed in; `None` where the answer bore no id_token: the user stays the same.
    pub(super) who: Option<(Identity, FirstIdToken)>,
    pub(super) refresh_token: Option<Secret>,
    /// The scope, where the provider granted another than was asked.
    pub(super) scope: Option<String>,
}

pub(super) struct Exchange {
    pub(super) client: Rc<Client>,
    discovery: Discovery,
    /// The provider has refused a request that bore an `id_token_hint`.
    hint_refused: Cell<bool>,
    given_up: GivenUp,
    platform: Platform,
    settings: Rc<Settings>,
}

impl Exchange {
    pub(super) fn new(platform: Platform, settings: Rc<Settings>) -> Self {
        let provider = Rc::new(settings.provider.clone());
        let client = Rc::new(Client::new(platform.clone(), provider.dpop));
        let clock = Rc::clone(&platform.clock);
        Self {
            discovery: Discovery::new(Rc::clone(&client), clock, provider),
            client,
            hint_refused: Cell::new(false),
            given_up: GivenUp::default(),
            platform,
            settings,
        }
    }

    /// Verifies `id_token`, for which an API may have asked for an authentication; only then is what came with it worth anything.
    async fn verify(
        &self,
        id_token: &Secret,
        access_token: Option<(&Secret, AtHash)>,
        origin: IssuedBy<'_>,
        step_up: Option<&StepUp>,
        metadata: &ProviderMetadata,
    ) -> Result<Claims, Error> {
        let provider = &self.settings.provider;
        let jws = CompactJws::parse(id_token.expose()).map_err(IdTokenError::from)?;
        let keys = self.discovery.keys_for(&jws, metadata).await?;
        let expected = Expectations {
            access_token,
            acr_values: step_up.and_then(|step_up| step_up.acr_values.as_deref()),
            algorithms: metadata.algorithms.as_deref(),
            client_id: &provider.client_id,
            clock_tolerance_s: self.settings.session.clock_tolerance_s,
            issuer: &provider.issuer,
            max_age_s: stricter(
                provider.max_age_s,
                step_up.and_then(|step_up| step_up.max_age_s),
            ),
            organization: provider.organization.as_deref(),
            origin,
        };
        let (token, verifier) = (id_token.expose(), &*self.platform.verifier);
        Ok(id_token::verify(token, &keys, &expected, self.client.now(), verifier).await?)
    }

    /// An answer without an access token is good as long as no API is sent one.
    fn has_what_apis_need(&self, response: &TokenResponse) -> Result<(), TokenEndpointError> {
        match response.access_token.is_none() && self.settings.uses(TokenKind::AccessToken) {
            true => Err(TokenEndpointError::NoAccessToken),
            false => Ok(()),
        }
    }

    /// When an id_token with these claims ends, by our clock: at its `exp`, as the provider's clock has been measured. Before
    /// that, after the lifetime that it names or at `exp`, whichever comes first; `exp` alone would make every token of a
    /// provider whose clock is behind look expired.
    fn end_of(&self, claims: &Claims, now: UnixTime) -> UnixTime {
        if let Some(end) = self.client.clock.when(claims.expires_at) {
            return end;
        }
        let lifetime = claims.expires_at.milliseconds_since(claims.issued_at);
        let end = UnixTime(now.0.saturating_add(lifetime));
        match claims.expires_at > now {
            true => end.min(claims.expires_at),
            false => end,
        }
    }

    /// The tokens of an answer whose id_token holds. Instants are ours.
    fn granted(&self, response: TokenResponse, id_token: Secret, claims: Claims) -> Granted {
        let now = self.platform.clock.now();
        let id_token = Token {
            value: id_token,
            received_at: now,
            expires_at: Some(self.end_of(&claims, now)),
            scheme: Scheme::Bearer,
        };
        Granted {
            tokens: Tokens {
                id_token: Some(id_token),
                access_token: access_token(&response, now),
            },
            who: Some((claims.identity, claims.original)),
            refresh_token: self.kept(response.refresh_token),
            scope: self.differing(response.scope),
        }
    }

    /// A granted scope, where it is not what was asked for (RFC 6749 section 5.1); the order says nothing.
    fn differing(&self, granted: Option<String>) -> Option<String> {
        let values = |scope: &str| scope.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
        granted.filter(|granted| values(granted) != values(&self.settings.provider.scope))
    }

    /// A refresh token is kept only where the settings have a use for it.
    fn kept(&self, refresh_token: Option<Secret>) -> Option<Secret> {
        let ladder = &self.settings.provider.renewal;
        refresh_token.filter(|_| ladder.contains(&RenewalMethodId::RefreshToken))
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(self.settings.session.renewal_timeout_s.into())
    }
}

fn access_token(response: &TokenResponse, now: UnixTime) -> Option<Token> {
    // A token that ends as it comes says nothing that could be used: then only a 401 tells.
    let said = response.expires_in_s.filter(|seconds| *seconds > 0);
    let lifetime = said.map(|seconds| Duration::from_secs(seconds.min(MAX_LIFETIME_S)));
    Some(Token {
        value: response.access_token.clone()?,
        received_at: now,
        expires_at: lifetime.map(|lifetime| now.plus(lifetime)),
        scheme: response.scheme,
    })
}
