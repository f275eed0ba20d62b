//! A protected API: `/v1/*` requires a token of the provider, all other paths answer without one.

mod answer;
mod resources;
mod web_app;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::map_response_with_state;
use axum::response::Response;

use evertoken_provider_core::{Credential, ProofCheck};
pub use evertoken_provider_core::{Scheme, TokenKind as AcceptedToken};

use crate::clock::now_ms;
use crate::dpop_headers::{PROOF, hand_out_nonce};
use crate::hold::HeldRequests;
use crate::provider::{self, Provider};
use crate::random::random_text;
use crate::request_log::RequestLog;
use crate::server::{Server, bind, date, serve};
use crate::tls::Certificate;
pub use crate::token_mark::TokenMark;

/// The options of an API.
#[derive(Clone, Debug)]
pub struct ApiOptions {
    /// Which of the provider's tokens it accepts.
    pub accepts: AcceptedToken,
    /// One of the certificate's [`NAMES`](crate::tls::NAMES), for [`Api::url`].
    pub host: &'static str,
    /// The port on loopback; 0 for any free one.
    pub port: u16,
    /// The folder of a web app that is served beside the API, under `/app/`.
    pub app: Option<PathBuf>,
}

impl Default for ApiOptions {
    fn default() -> Self {
        Self {
            accepts: AcceptedToken::default(),
            host: "localhost",
            port: 0,
            app: None,
        }
    }
}

/// One call, as the API saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiCall {
    /// When it arrived: milliseconds since 1970, by the machine's clock.
    pub at_ms: i64,
    /// The host and port that the caller named.
    pub host: String,
    /// Its method.
    pub method: String,
    /// Its path, without the query.
    pub path: String,
    /// The scheme of its `Authorization` header.
    pub scheme: Option<Scheme>,
    /// The fingerprint of its token.
    pub token: Option<TokenMark>,
    /// The status of the response; `None` while the call is held or slow, and if its caller aborted it.
    pub status: Option<u16>,
    /// The length of its body in bytes.
    pub body_len: usize,
}

/// A running API. It stops when dropped.
pub struct Api {
    shared: Arc<Shared>,
    host: &'static str,
    port: u16,
    _server: Server,
}

struct Shared {
    provider: Arc<provider::Shared>,
    api: Mutex<evertoken_provider_core::Api>,
    calls: RequestLog<ApiCall>,
    held: HeldRequests,
}

impl Api {
    /// Starts an API at `https://HOST:PORT/` that accepts the tokens of `provider`.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn start(
        certificate: &Certificate,
        provider: &Provider,
        options: ApiOptions,
    ) -> Result<Self> {
        let (listener, port) = bind(options.port).await?;
        let shared = Arc::new(Shared {
            provider: provider.shared(),
            api: Mutex::new(evertoken_provider_core::Api::new(
                Some(options.accepts),
                ProofCheck::Full,
                random_text(),
            )),
            calls: RequestLog::default(),
            held: HeldRequests::default(),
        });
        let router = Router::new()
            .merge(options.app.map(web_app::serve).unwrap_or_default())
            .fallback(call)
            .layer(DefaultBodyLimit::disable())
            .with_state(Arc::clone(&shared))
            .layer(map_response_with_state(provider.shared(), date));
        Ok(Self {
            shared,
            host: options.host,
            port,
            _server: serve(listener, certificate, router),
        })
    }

    /// The base URL of protected calls: `https://HOST:PORT/v1/`.
    #[must_use]
    pub fn base(&self) -> String {
        self.url("/v1/")
    }

    /// `https://HOST:PORT` and `path`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("https://{}:{}{path}", self.host, self.port)
    }

    /// The port, for other names of this machine.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Every call until now, oldest first.
    #[must_use]
    pub fn log(&self) -> Vec<ApiCall> {
        self.shared.calls.entries()
    }

    /// Waits until `count` calls have been answered since the start.
    ///
    /// # Errors
    /// When they are not answered within 30 s.
    pub async fn wait_for_answers(&self, count: usize) -> Result<()> {
        self.shared
            .calls
            .wait_for(count, "answers", |call| call.status.is_some())
            .await
    }

    /// Answers 401 from now on to every token issued until now.
    pub fn revoke_all(&self) {
        self.shared.provider.state().core.revoke_all_tokens();
    }

    /// Sets whether proofs must contain this API's nonce (RFC 9449 section 9); initially false.
    pub fn set_dpop_nonce_required(&self, required: bool) {
        self.shared.api().nonce_required = required;
    }

    /// Holds every following call until [`release`](Self::release).
    pub fn hold(&self) {
        self.shared.held.hold();
    }

    /// Answers the held calls, and holds no further ones.
    pub fn release(&self) {
        self.shared.held.release();
    }

    /// Waits until exactly `count` calls are held. A call that its caller aborted is no longer held.
    ///
    /// # Errors
    /// When that does not happen within 30 s.
    pub async fn parked(&self, count: usize) -> Result<()> {
        self.shared.held.parked(count).await
    }
}

async fn call(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let header = headers.get(AUTHORIZATION);
    let header = header.and_then(|header| header.to_str().ok());
    let credential = header.and_then(Credential::parse);
    let host = host(&uri, &headers);
    let entry = shared.calls.push(ApiCall {
        at_ms: now_ms(),
        host: host.clone(),
        method: method.to_string(),
        path: uri.path().to_owned(),
        scheme: credential.map(|credential| credential.scheme),
        token: credential.map(|credential| TokenMark::of(credential.token)),
        status: None,
        body_len: body.len(),
    });
    shared.held.wait().await;
    let call = answer::Call {
        method: &method,
        host: &host,
        uri: &uri,
        headers: &headers,
        credential,
        body: &body,
    };
    let mut response = answer::answer(&shared, call);
    shared.calls.change(entry, |entry| {
        entry.status = Some(response.status().as_u16())
    });
    let api = shared.api();
    if headers.contains_key(PROOF) && api.nonce_required {
        hand_out_nonce(response.headers_mut(), &api.dpop.nonce);
    }
    response
}

impl Shared {
    fn api(&self) -> MutexGuard<'_, evertoken_provider_core::Api> {
        self.api.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// HTTP/2 names the host in the URI, HTTP/1.1 in a header.
fn host(uri: &Uri, headers: &HeaderMap) -> String {
    let header = || headers.get(HOST).and_then(|host| host.to_str().ok());
    let authority = uri.authority().map(|authority| authority.as_str());
    authority.or_else(header).unwrap_or_default().to_owned()
}
