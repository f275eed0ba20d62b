//! An OpenID provider: discovery, keys, authorization with a sign-in page, tokens, revocation, logout.

mod authorize;
mod client;
mod cookie;
mod cors;
mod desk;
mod fault;
mod log;
mod logout;
mod metadata;
mod once;
mod pages;
mod policy;
mod pushed;
mod refresh;
mod request;
mod response;
mod revoke;
mod switches;
mod token;
mod trouble;
mod watch;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::middleware::{from_fn, map_response_with_state};
use axum::routing::{get, post};
use tokio::sync::watch as channel;

use self::authorize::OpenPage;
use self::desk::Desk;
pub use self::fault::{Endpoint, Fault};
pub use self::log::{
    Authorization, Logout, LogoutOutcome, Outcome, Revocation, RevocationOutcome, TokenOutcome,
    TokenRequest,
};
use self::logout::OpenLogout;
use self::once::Once;
pub use self::policy::Policy;
use self::pushed::Pushed;
use self::refresh::RefreshTokens;
use crate::dpop::DpopGuard;
use crate::gate::Gate;
use crate::journal::Journal;
use crate::keys::SigningAlgorithm;
use crate::mint::Mint;
use crate::server::{Server, bind, date, serve};
use crate::tls::Certificate;

/// How a provider is set up.
#[derive(Clone, Debug)]
pub struct ProviderOptions {
    /// The one client that it knows, a public one.
    pub client_id: String,
    /// The client's redirect URIs, compared character by character; after a logout too.
    pub redirect_uris: Vec<String>,
    /// How long access tokens and id_tokens live. Refresh tokens live until they are used or revoked.
    pub token_lifetime: Duration,
    /// How id_tokens are signed.
    pub algorithm: SigningAlgorithm,
    /// What it demands and offers at first.
    pub policy: Policy,
    /// Whether web pages of any origin may read its answers.
    pub cors: bool,
    /// The port on loopback; 0 for any free one.
    pub port: u16,
}

impl Default for ProviderOptions {
    fn default() -> Self {
        Self {
            client_id: "evertoken-demo".to_owned(),
            redirect_uris: Vec::new(),
            token_lifetime: Duration::from_secs(300),
            algorithm: SigningAlgorithm::default(),
            policy: Policy::default(),
            cors: false,
            port: 0,
        }
    }
}

/// A running provider. It stops when dropped.
pub struct Provider {
    shared: Arc<Shared>,
    _server: Server,
}

struct Shared {
    mint: Arc<Mint>,
    redirect_uris: Mutex<Vec<String>>,
    policy: Mutex<Policy>,
    desk: Desk,
    refresh_tokens: RefreshTokens,
    dpop: DpopGuard,
    open_pages: Once<OpenPage>,
    open_logouts: Once<OpenLogout>,
    pushed: Once<Pushed>,
    authorizations: Journal<Authorization>,
    token_requests: Journal<TokenRequest>,
    revocations: Journal<Revocation>,
    logouts: Journal<Logout>,
    fault: channel::Sender<Option<Fault>>,
    gate: Gate,
}

impl Provider {
    /// Starts a provider at `https://localhost:PORT/`.
    ///
    /// # Errors
    /// When the port is taken or there is no randomness.
    pub async fn start(certificate: &Certificate, options: ProviderOptions) -> Result<Self> {
        let (listener, port) = bind(options.port).await?;
        let cors = options.cors;
        let shared = Arc::new(Shared::new(options, format!("https://localhost:{port}/"))?);
        let router = match cors {
            true => router(&shared).layer(from_fn(cors::allow)),
            false => router(&shared),
        };
        Ok(Self {
            shared,
            _server: serve(listener, certificate, router),
        })
    }

    /// The issuer identifier: `https://localhost:PORT/`.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.shared.mint.issuer
    }

    /// The client that the provider knows.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.shared.mint.client_id
    }

    /// Registers one more redirect URI of the client.
    pub fn register(&self, redirect_uri: impl Into<String>) {
        self.shared.redirect_uris().push(redirect_uri.into());
    }

    /// Forgets every redirect URI of the client.
    pub fn unregister_all(&self) {
        self.shared.redirect_uris().clear();
    }

    pub(crate) fn mint(&self) -> Arc<Mint> {
        Arc::clone(&self.shared.mint)
    }
}

/// The paths that stand twice have Auth0's names too, which its own libraries take for granted.
fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(metadata::metadata))
        .route("/jwks", get(metadata::key_set))
        .route("/.well-known/jwks.json", get(metadata::key_set))
        .route("/authorize", get(authorize::authorize))
        .route("/login", post(authorize::sign_in))
        .route("/par", post(pushed::push))
        .route("/token", post(token::token))
        .route("/oauth/token", post(token::token))
        .route("/revoke", post(revoke::revoke))
        .route("/logout", get(logout::by_query).post(logout::by_form))
        .route("/logout/confirm", post(logout::confirm))
        .route("/v2/logout", get(logout::auth0))
        .with_state(Arc::clone(shared))
        .layer(map_response_with_state(Arc::clone(&shared.mint), date))
}

impl Shared {
    fn new(options: ProviderOptions, issuer: String) -> Result<Self> {
        let ProviderOptions {
            client_id,
            redirect_uris,
            token_lifetime,
            algorithm,
            policy,
            cors: _,
            port: _,
        } = options;
        Ok(Self {
            mint: Arc::new(Mint::new(issuer, client_id, algorithm, token_lifetime)?),
            redirect_uris: Mutex::new(redirect_uris),
            policy: Mutex::new(policy),
            desk: Desk::default(),
            refresh_tokens: RefreshTokens::default(),
            dpop: DpopGuard::new()?,
            open_pages: Once::default(),
            open_logouts: Once::default(),
            pushed: Once::default(),
            authorizations: Journal::default(),
            token_requests: Journal::default(),
            revocations: Journal::default(),
            logouts: Journal::default(),
            fault: channel::Sender::new(None),
            gate: Gate::default(),
        })
    }

    fn redirect_uris(&self) -> MutexGuard<'_, Vec<String>> {
        self.redirect_uris
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn policy(&self) -> Policy {
        *self.policy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the client registered this address.
    fn is_registered(&self, redirect_uri: Option<&str>) -> bool {
        redirect_uri.is_some_and(|uri| self.redirect_uris().iter().any(|known| known == uri))
    }
}
