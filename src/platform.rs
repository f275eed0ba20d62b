//! The ports: everything the engine needs from the world outside, and what each owes the engine.
//!
//! No decision in the engine reads a clock, randomness, storage or the network by itself. Adapters for
//! the extension live in `background/`; [`crate::native`] has the ones that tests and tools share.
//! Everything is single-threaded: futures are not `Send` and state is shared by `Rc`.

use std::fmt::{self, Display};
use std::rc::Rc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;
use url::Url;

use crate::jose::key_set::PublicKey;
use crate::message::Broadcast;
use crate::secret::Secret;

pub use evertoken_oidc::http::{FormBody, HttpResponse, RedirectUrl};
pub use evertoken_oidc::jose::verifier::{JwsVerifier, LocalFuture, SignatureError};
pub use evertoken_oidc::random::Random;
pub use evertoken_oidc::time::UnixTime;

/// Wall clock and timers.
pub trait Clock {
    /// The current time. It need not be monotonic.
    fn now(&self) -> UnixTime;

    /// Ends after `duration`. Only time limits rest on it: the worker may be stopped meanwhile.
    fn sleep(&self, duration: Duration) -> LocalFuture<()>;
}

/// Runs a task to its end even when nobody waits for it.
pub trait Spawner {
    /// Starts `task`.
    fn spawn(&self, task: LocalFuture<()>);
}

/// A request to one of the provider's endpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// Where it goes; never carries a token.
    pub url: Url,
    /// `None` is a GET; `Some` a POST of this `application/x-www-form-urlencoded` body.
    pub form: Option<FormBody>,
    /// A larger answer is [`NetworkError::TooLarge`].
    pub max_bytes: usize,
    /// The proof of possession that goes with it (RFC 9449 section 4.1).
    pub dpop_proof: Option<Secret>,
    /// Limit for the whole exchange, body included.
    pub timeout: Duration,
}

/// Talks to the provider's endpoints (metadata, keys, token): no cookies, no cache. No redirect is followed: that of a GET is
/// told by [`HttpResponse::location`], that of a POST is [`NetworkError::Unreachable`].
pub trait HttpClient {
    /// Sends `request` once.
    fn send(&self, request: HttpRequest) -> LocalFuture<Result<HttpResponse, NetworkError>>;
}

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// The caller gave the exchange up.
    #[error("the request was cancelled")]
    Cancelled,
    /// The extension has no host permission for the address, so the browser keeps the answer back.
    #[error("Evertoken has no permission for the provider's address")]
    NotPermitted,
    /// There is no network.
    #[error("this computer is offline")]
    Offline,
    /// A redirect to another origin, or one more than are followed.
    #[error("the provider's server redirects to another address")]
    Redirected,
    /// No answer within the time limit.
    #[error("the server did not answer in time")]
    Timeout,
    /// The answer is larger than the limit.
    #[error("the server's answer is too large")]
    TooLarge,
    /// No connection, no name, no valid certificate, or a redirect of a POST.
    #[error("the server could not be reached")]
    Unreachable,
}

/// The records that the engine stores, one key each, so that one corrupt record costs only itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Record {
    /// What happened last, for pages to show.
    Activity,
    /// Whose answers the browser's HTTP cache may hold.
    Answers,
    /// What a worker was in the middle of.
    Journal,
    /// A sign-in has worked with these settings.
    Proven,
    /// Who was signed in when the browser was closed.
    Remembered,
    /// Who is signed in, and the tokens.
    Session,
}

impl Record {
    /// The storage key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Activity => "evertoken.activity",
            Self::Answers => "evertoken.answers",
            Self::Journal => "evertoken.journal",
            Self::Proven => "evertoken.proven",
            Self::Remembered => "evertoken.remembered",
            Self::Session => "evertoken.session",
        }
    }

    /// It is still there when the browser is started again, or the extension was updated.
    #[must_use]
    pub const fn outlives_browser(self) -> bool {
        matches!(self, Self::Answers | Self::Proven | Self::Remembered)
    }

    /// It names a user, or holds a secret, and outlives the browser.
    #[must_use]
    pub const fn is_sealed(self) -> bool {
        matches!(self, Self::Answers | Self::Remembered)
    }
}

/// Storage that outlives the worker and that only trusted extension contexts can read. A record that is sealed
/// is kept encrypted, by a key that cannot be extracted.
pub trait SessionStore {
    /// The record as it was last written, or `None`. What an earlier version stored as a JSON text comes as that text.
    fn read(&self, record: Record) -> LocalFuture<Result<Option<Value>, StoreError>>;
    /// Replaces the record. When the future ends a new worker finds it so.
    fn write(&self, record: Record, value: Value) -> LocalFuture<Result<(), StoreError>>;
    /// Removes the record; removing what is not there succeeds.
    fn remove(&self, record: Record) -> LocalFuture<Result<(), StoreError>>;
}

/// Why storage failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The record is damaged, or of a newer version.
    #[error("what the browser had stored of the session cannot be read")]
    Corrupt,
    /// The record could not be read.
    #[error("the browser's storage could not be read")]
    Read,
    /// The record could not be written, perhaps for its quota.
    #[error("the browser's storage could not be written")]
    Write,
}

/// The way an authorization request is carried to the provider without showing anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SilentCarrier {
    /// An iframe in an offscreen document, answered by the callback page's `postMessage`.
    Offscreen,
    /// `identity.launchWebAuthFlow` with `interactive: false`.
    WebAuthFlow,
}

/// One silent authorization. No `Debug`: its URL holds state and nonce.
#[derive(Clone, PartialEq, Eq)]
pub struct SilentRequest {
    /// What carries it.
    pub carrier: SilentCarrier,
    /// The authorization request.
    pub url: Url,
    /// How long it may take.
    pub timeout: Duration,
    /// The origin whose page posts the answer (`response_mode=web_message`); `None` where it comes by redirect.
    pub web_message_from: Option<String>,
}

/// Carries authorization requests to the provider and brings back the redirect.
///
/// Every call ends with the full redirect URL, query and fragment included, or with an error; it never
/// interprets it. An answer that was posted comes in the form of a redirect with a fragment.
pub trait UserAgent {
    /// The redirect URI, exactly as it is registered with the provider.
    fn redirect_uri(&self) -> String;
    /// The redirect URI of answers that are posted (`web_message`): a page of the extension's own origin.
    fn web_message_redirect_uri(&self) -> String;
    /// Shows the provider's pages in a window of the browser's own.
    fn authorize_interactively(&self, url: Url)
    -> LocalFuture<Result<RedirectUrl, UserAgentError>>;
    /// Shows nothing.
    fn authorize_silently(
        &self,
        request: SilentRequest,
    ) -> LocalFuture<Result<RedirectUrl, UserAgentError>>;
    /// Opens the provider's sign-out page, and shows it only where the provider asks something.
    fn end_session(&self, url: Url) -> LocalFuture<Result<RedirectUrl, UserAgentError>>;
}

/// Why the user agent brought no redirect back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UserAgentError {
    /// The user closed the sign-in window.
    #[error("the sign-in window was closed before sign-in was done")]
    Closed,
    /// `X-Frame-Options` or CSP `frame-ancestors` keeps the page out of the offscreen document.
    #[error("the provider does not allow its answer in a frame")]
    FramingRefused,
    /// The provider wanted to show a page where none may be shown.
    #[error("the provider asks for a page that only you can answer")]
    InteractionRequired,
    /// The provider's page could not be loaded.
    #[error("the provider's sign-in page could not be loaded")]
    LoadFailed,
    /// No address for the provider's host name.
    #[error("the provider's host name is unknown")]
    NameNotResolved,
    /// The extension has no host permission for the provider's address, or for the one that it redirects to.
    #[error("Evertoken has no permission for the addresses that a silent renewal needs")]
    NotPermitted,
    /// There is no network.
    #[error("this computer is offline")]
    Offline,
    /// A page came instead of an answer.
    #[error("the provider showed a page instead of an answer")]
    PageShown,
    /// A page with this 4xx status came instead of an answer.
    #[error("the provider refused the request with a page of status {0}")]
    Refused(u16),
    /// A page with this 5xx status came instead of an answer.
    #[error("the provider has a fault (status {0})")]
    ServerError(u16),
    /// No redirect within the time limit.
    #[error("the provider did not send the browser back in time")]
    Timeout,
    /// The browser lacks what this carrier needs, or refused it.
    #[error("the browser refused to open the provider's page")]
    Unavailable,
}

/// The ES256 key of DPoP proofs (RFC 9449). It outlives the worker and cannot be extracted.
pub trait ProofKey {
    /// The public key; makes the key where there is none.
    fn public_key(&self) -> LocalFuture<Result<PublicKey, ProofKeyError>>;
    /// The 64 bytes r and s (RFC 7518 section 3.4) over `signing_input`.
    fn sign(&self, signing_input: Vec<u8>) -> LocalFuture<Result<Vec<u8>, ProofKeyError>>;
    /// Deletes the key; the next proof has a new one.
    fn forget(&self) -> LocalFuture<Result<(), ProofKeyError>>;
}

/// The browser could not keep the key, or not use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the browser could not keep or use the key of the session")]
pub struct ProofKeyError;

/// The extension's one alarm: it wakes a stopped worker.
pub trait Alarm {
    /// Sets it for this instant, or takes it away.
    fn set(&self, at: Option<UnixTime>);
}

/// The extension's open pages, and its badge.
pub trait Pages {
    /// Tells every open page. Nobody listening is no error.
    fn announce(&self, news: Broadcast);
    /// Asks the user, who may have no page open, to sign in: shown until it is taken back, and never twice at once.
    fn call_user(&self);
    /// Takes the call back; where there is none, nothing happens.
    fn call_off(&self);
    /// Shows the setup check: no sign-in has worked with these settings yet, and one failed.
    fn open_setup(&self);
}

/// All ports together, as the engine holds them.
#[derive(Clone)]
pub struct Platform {
    /// What wakes the worker for a renewal.
    pub alarm: Rc<dyn Alarm>,
    /// Wall clock and timers.
    pub clock: Rc<dyn Clock>,
    /// The provider's endpoints.
    pub http: Rc<dyn HttpClient>,
    /// Open pages.
    pub pages: Rc<dyn Pages>,
    /// The key of DPoP proofs.
    pub proof_key: Rc<dyn ProofKey>,
    /// Randomness.
    pub random: Rc<dyn Random>,
    /// Tasks that outlive their caller.
    pub spawner: Rc<dyn Spawner>,
    /// Storage.
    pub store: Rc<dyn SessionStore>,
    /// The browser, as the provider sees it.
    pub user_agent: Rc<dyn UserAgent>,
    /// Signatures.
    pub verifier: Rc<dyn JwsVerifier>,
}

impl Display for SilentCarrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Offscreen => "offscreen",
            Self::WebAuthFlow => "web_auth_flow",
        })
    }
}
