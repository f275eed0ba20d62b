//! An OpenID provider: discovery, keys, authorization with a sign-in page, token endpoint.

mod authorize;
mod desk;
mod log;
mod metadata;
mod pages;
mod request;
mod token;
mod trouble;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::routing::{get, post};
use tokio::sync::watch;

use self::desk::Desk;
pub use self::log::{Authorization, Outcome, TokenRequest};
pub use self::trouble::{Endpoint, Fault};
use crate::gate::Gate;
use crate::journal::Journal;
use crate::keys::SigningAlgorithm;
use crate::mint::Mint;
use crate::server::{Server, bind, serve};
use crate::tls::Certificate;

/// How a provider is set up.
#[derive(Clone, Debug)]
pub struct ProviderOptions {
    /// The one client that it knows, a public one.
    pub client_id: String,
    /// The client's redirect URIs, compared character by character.
    pub redirect_uris: Vec<String>,
    /// How long tokens live.
    pub token_lifetime: Duration,
    /// How id_tokens are signed.
    pub algorithm: SigningAlgorithm,
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
    desk: Desk,
    authorizations: Journal<Authorization>,
    token_requests: Journal<TokenRequest>,
    fault: watch::Sender<Option<Fault>>,
    gate: Gate,
}

impl Provider {
    /// Starts a provider at `https://localhost:PORT/`.
    ///
    /// # Errors
    /// When the port is taken or there is no randomness.
    pub async fn start(certificate: &Certificate, options: ProviderOptions) -> Result<Self> {
        let ProviderOptions {
            client_id,
            redirect_uris,
            token_lifetime,
            algorithm,
            port,
        } = options;
        let (listener, port) = bind(port).await?;
        let issuer = format!("https://localhost:{port}/");
        let shared = Arc::new(Shared {
            mint: Arc::new(Mint::new(issuer, client_id, algorithm, token_lifetime)?),
            redirect_uris: Mutex::new(redirect_uris),
            desk: Desk::default(),
            authorizations: Journal::default(),
            token_requests: Journal::default(),
            fault: watch::Sender::new(None),
            gate: Gate::default(),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(metadata::metadata))
            .route("/jwks", get(metadata::key_set))
            .route("/authorize", get(authorize::authorize))
            .route("/login", post(authorize::sign_in))
            .route("/token", post(token::token))
            .with_state(Arc::clone(&shared));
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

    /// Every authorization request until now, oldest first.
    #[must_use]
    pub fn log(&self) -> Vec<Authorization> {
        self.shared.authorizations.entries()
    }

    /// The authorization requests with `prompt=none` until now.
    #[must_use]
    pub fn silent_authorizations(&self) -> usize {
        self.log()
            .iter()
            .filter(|request| request.is_silent())
            .count()
    }

    /// Waits until `count` authorization requests have come since the start.
    ///
    /// # Errors
    /// When they do not come within 30 s.
    pub async fn wait_for_authorizations(&self, count: usize) -> Result<()> {
        self.shared
            .authorizations
            .wait_for(count, "authorization requests", |_| true)
            .await
    }

    /// Every token request until now, oldest first.
    #[must_use]
    pub fn token_requests(&self) -> Vec<TokenRequest> {
        self.shared.token_requests.entries()
    }

    /// Spoils every following answer.
    pub fn set_fault(&self, fault: Fault) {
        self.shared.fault.send_replace(Some(fault));
    }

    /// Answers rightly again, also requests that hang.
    pub fn clear_fault(&self) {
        self.shared.fault.send_replace(None);
    }

    /// Signs every user out at the provider.
    pub fn end_sessions(&self) {
        self.shared.desk.end_sessions();
    }

    /// Signs with a new key from now on and publishes that one alone.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn rotate_keys(&self) -> Result<()> {
        self.shared.mint.rotate_keys()
    }

    /// Lets tokens issued from now on live this long.
    pub fn set_token_lifetime(&self, lifetime: Duration) {
        self.shared.mint.set_lifetime(lifetime);
    }

    /// Parks every following authorization request.
    pub fn hold(&self) {
        self.shared.gate.hold();
    }

    /// Answers what is parked, and what follows.
    pub fn release(&self) {
        self.shared.gate.release();
    }

    /// Waits until exactly `count` authorization requests are parked.
    ///
    /// # Errors
    /// When that does not happen within 30 s.
    pub async fn parked(&self, count: usize) -> Result<()> {
        self.shared.gate.parked(count).await
    }

    pub(crate) fn mint(&self) -> Arc<Mint> {
        Arc::clone(&self.shared.mint)
    }
}

impl Shared {
    fn redirect_uris(&self) -> MutexGuard<'_, Vec<String>> {
        self.redirect_uris
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
