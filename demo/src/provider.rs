//! An OpenID provider over TLS: discovery, keys, authorization with a sign-in page, tokens, revocation, logout. Its
//! decisions are in `evertoken-provider-core`; here are its pages, its faults and the log of its requests.

mod authorize;
mod client_endpoints;
mod cors;
mod fault;
mod fault_answers;
mod id_token_faults;
mod logout;
mod pages;
mod requests_seen;
mod session_cookie;
mod switches;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::middleware::{from_fn, map_response_with_state};
use axum::routing::{get, post};
pub use evertoken_provider_core::{Behavior, Rotation};
use evertoken_provider_core::{Client, Login, ProofCheck};
use tokio::sync::watch;

use self::authorize::OpenPage;
pub use self::fault::{Endpoint, Fault};
use self::id_token_faults::FaultyCrypto;
pub use self::requests_seen::{Authorization, Logout, Outcome, Revocation, TokenRequest};
use crate::clock::now_ms;
use crate::hold::HeldRequests;
use crate::random::random_text;
use crate::request_log::RequestLog;
use crate::server::{Server, bind, date, serve};
use crate::tls::Certificate;

/// The provider itself, without its sockets.
pub(crate) type Core = evertoken_provider_core::Provider<FaultyCrypto>;

/// The options of a provider.
#[derive(Clone, Debug)]
pub struct ProviderOptions {
    /// The one client that it knows, a public one.
    pub client_id: String,
    /// The client's redirect URIs, compared character by character; a logout may return to them too.
    pub redirect_uris: Vec<String>,
    /// The lifetime of access tokens and id_tokens. Refresh tokens are valid until they are used or revoked.
    pub token_lifetime: Duration,
    /// What it requires and supports at the start. `token_lifetime` overrides its token lifetime.
    pub behavior: Behavior,
    /// Whether web pages of any origin may read its responses (CORS).
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
            behavior: Behavior::default(),
            cors: false,
            port: 0,
        }
    }
}

/// A running provider. It stops when dropped.
pub struct Provider {
    shared: Arc<Shared>,
    issuer: String,
    client_id: String,
    _server: Server,
}

/// The state and logs that all request handlers share.
pub(crate) struct Shared {
    state: Mutex<State>,
    authorizations: RequestLog<Authorization>,
    token_requests: RequestLog<TokenRequest>,
    revocations: RequestLog<Revocation>,
    logouts: RequestLog<Logout>,
    fault: watch::Sender<Option<Fault>>,
    held: HeldRequests,
}

/// The mutable state.
pub(crate) struct State {
    pub(crate) core: Core,
    /// The signed-in users, by the value of their session cookie.
    sessions: HashMap<String, Login>,
    /// Sign-in pages that wait for their form, by the id that the form sends back.
    open_pages: HashMap<String, OpenPage>,
    /// Whether Auth0's `/v2/logout` replaces RP-initiated logout.
    auth0_logout: bool,
    /// Whether the token endpoint refuses every request with an `Origin` header, as Keycloak does for unknown web origins.
    refuse_origins: bool,
}

impl Provider {
    /// Starts a provider at `https://localhost:PORT/`.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn start(certificate: &Certificate, options: ProviderOptions) -> Result<Self> {
        let (listener, port) = bind(options.port).await?;
        let (cors, client_id) = (options.cors, options.client_id.clone());
        let issuer = format!("https://localhost:{port}/");
        let shared = Arc::new(Shared::new(options, issuer.clone()));
        let router = match cors {
            true => router(&shared).layer(from_fn(cors::allow)),
            false => router(&shared),
        };
        Ok(Self {
            shared,
            issuer,
            client_id,
            _server: serve(listener, certificate, router),
        })
    }

    /// The issuer identifier: `https://localhost:PORT/`.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The client that the provider knows.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Registers one more redirect URI of the client.
    pub fn register(&self, redirect_uri: impl Into<String>) {
        if let Some(client) = &mut self.shared.state().core.client {
            client.redirect_uris.push(redirect_uri.into());
        }
    }

    /// Removes every redirect URI of the client.
    pub fn unregister_all(&self) {
        if let Some(client) = &mut self.shared.state().core.client {
            client.redirect_uris.clear();
        }
    }

    pub(crate) fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }
}

/// The routes. Some endpoints also have Auth0's paths, because Auth0's libraries do not read the metadata.
fn router(shared: &Arc<Shared>) -> Router {
    use client_endpoints::{key_set, metadata, moved_metadata, push, revoke, token};
    Router::new()
        .route("/.well-known/openid-configuration", get(metadata))
        .route("/configuration", get(moved_metadata))
        .route("/jwks", get(key_set))
        .route("/.well-known/jwks.json", get(key_set))
        .route("/authorize", get(authorize::authorize))
        .route("/login", post(authorize::sign_in))
        .route("/par", post(push))
        .route("/token", post(token))
        .route("/oauth/token", post(token))
        .route("/revoke", post(revoke))
        .route("/logout", get(logout::rp_initiated))
        .route("/v2/logout", get(logout::auth0))
        .with_state(Arc::clone(shared))
        .layer(map_response_with_state(Arc::clone(shared), date))
}

impl Shared {
    fn new(options: ProviderOptions, issuer: String) -> Self {
        let client = Client {
            id: options.client_id,
            redirect_uris: options.redirect_uris,
        };
        let crypto = FaultyCrypto::new(issuer.clone(), client.id.clone());
        let mut core = Core::new(issuer, Some(client), ProofCheck::Full, crypto);
        core.set_dpop_nonce(random_text());
        core.behavior = options.behavior;
        core.behavior.token_lifetime_ms = milliseconds(options.token_lifetime);
        let state = State {
            core,
            sessions: HashMap::new(),
            open_pages: HashMap::new(),
            auth0_logout: false,
            refuse_origins: false,
        };
        Self {
            state: Mutex::new(state),
            authorizations: RequestLog::default(),
            token_requests: RequestLog::default(),
            revocations: RequestLog::default(),
            logouts: RequestLog::default(),
            fault: watch::Sender::new(None),
            held: HeldRequests::default(),
        }
    }

    /// Locks the state.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.core.now_ms = now_ms();
        state
    }
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
