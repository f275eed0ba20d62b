//! The provider of `evertoken-provider-core` behind the engine's ports. A test sets the faults of its responses; the
//! provider records its requests.

mod browser;
mod endpoints;
mod forgery;
mod signing;

use std::cell::{Cell, RefCell, RefMut};
use std::collections::BTreeMap;
use std::future::Future;
use std::rc::Rc;
use std::time::Duration;

use evertoken::platform::{Clock, SilentCarrier, SilentRequest, UnixTime, UserAgentError};
pub use evertoken_provider_core::Parameters;
use evertoken_provider_core::{Behavior, Login, ProofCheck, RefreshTokenIssue, Rotation, User};
use serde_json::{Value, json};
use url::Url;

use self::forgery::Forgery;
use self::signing::ScriptedCrypto;
use super::gate::Gate;
use super::platform::ManualClock;
use crate::support::REDIRECT_URI;

pub use self::browser::Browser;
pub use self::endpoints::{Endpoints, payload};
#[allow(
    unused_imports,
    reason = "each test binary uses its own part of the world"
)]
pub use self::signing::{Signing, half_hash};

/// A fault of the responses from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The authorization endpoint answers this error.
    Authorization(&'static str),
    /// A claim of the id_token has another value; `null` removes it.
    Claim(&'static str, Value),
    /// The parameters of the authorization response are in the wrong part of the URL.
    Misplaced,
    /// A parameter of the authorization response is missing.
    NoParameter(&'static str),
    /// A parameter of the authorization response has another value.
    Parameter(&'static str, &'static str),
    /// A parameter of the authorization response occurs twice.
    Twice(&'static str),
    /// Every byte of the signature is XORed with 0x5A.
    Signature,
    /// The token endpoint answers this status and body.
    TokenEndpoint(u16, Value),
    /// This path answers this status and body.
    Path(&'static str, u16, Value),
    /// This path does not answer.
    Silent(&'static str),
    /// A member of the token response has another value; `null` removes it.
    TokenMember(&'static str, Value),
    /// The token endpoint refuses this grant with this status and body.
    TokenRefusal(&'static str, u16, Value),
    /// The provider cannot be reached.
    Unreachable,
    /// This way of silent authorization fails with this error.
    Engine(SilentCarrier, UserAgentError),
    /// The offscreen document fails with the first error, the other ways of silent authorization with the second.
    Engines(UserAgentError, UserAgentError),
    /// The user agent fails with this error, for every kind of authorization.
    UserAgent(UserAgentError),
}

/// What the provider requires and supports.
#[derive(Clone, Debug)]
pub struct ProviderBehavior {
    /// The way of silent authorization that does not work with this provider, and the error.
    pub bars: Option<(SilentCarrier, UserAgentError)>,
    /// How far its clock is ahead of the machine's, in seconds.
    pub clock_offset_s: i64,
    /// It answers token requests that have a proof with DPoP tokens.
    pub dpop: bool,
    /// The nonce that proofs must contain; `None` requires none.
    pub dpop_nonce: Option<&'static str>,
    /// Additional members of the metadata; `null` removes a member.
    pub metadata: Value,
    /// The metadata promise `iss` in authorization responses (RFC 9207), and the responses contain it.
    pub sends_iss: bool,
    /// It issues refresh tokens.
    pub refresh_tokens: bool,
    /// Every use of a refresh token issues a new one, and revokes the old one.
    pub rotates: bool,
    /// The response to a refresh contains an id_token.
    pub refresh_brings_id_token: bool,
    /// The `scope` of its token responses.
    pub granted_scope: Option<&'static str>,
}

impl Default for ProviderBehavior {
    fn default() -> Self {
        Self {
            bars: None,
            clock_offset_s: 0,
            dpop: false,
            dpop_nonce: None,
            metadata: Value::Null,
            sends_iss: false,
            refresh_tokens: false,
            rotates: true,
            refresh_brings_id_token: true,
            granted_scope: None,
        }
    }
}

pub struct Provider {
    clock: Rc<ManualClock>,
    core: RefCell<evertoken_provider_core::Provider<ScriptedCrypto>>,
    pub authorizations: RefCell<Vec<Url>>,
    pub behavior: RefCell<ProviderBehavior>,
    pub fault: Rc<RefCell<Option<Fault>>>,
    forgery: Rc<Forgery>,
    /// Every id_token and access token issued until now.
    pub issued: Rc<RefCell<Vec<String>>>,
    pub lifetime: Cell<Duration>,
    pub signing: Rc<RefCell<Signing>>,
    /// The metadata promise `iss` in authorization responses (RFC 9207).
    pub promises_iss: Cell<bool>,
    /// Every response contains the first access token again.
    pub repeats_tokens: Rc<Cell<bool>>,
    /// Addresses that have moved, each with the one that it redirects to.
    pub moved: RefCell<Vec<(String, String)>>,
    /// Where the browser takes answers for the extension.
    pub redirect_uri: Cell<&'static str>,
    /// The `Retry-After` of its responses.
    pub retry_after: Cell<Option<Duration>>,
    /// The silent authorization requests, in order.
    pub silent: RefCell<Vec<SilentRequest>>,
    /// `sub` of every id_token, including those of refreshes.
    pub subject: Rc<RefCell<String>>,
    pub token_requests: RefCell<Vec<Parameters>>,
    /// The authorization requests that were pushed.
    pub pushed: RefCell<Vec<Parameters>>,
    /// The proofs of possession that were sent, each with the path of its request.
    pub proofs: RefCell<Vec<(String, String)>>,
    /// The refresh tokens that were revoked.
    pub revocations: RefCell<Vec<String>>,
    /// The sign-out URLs that were opened.
    pub logouts: RefCell<Vec<Url>>,
    /// The paths that were fetched, in order.
    pub fetched: RefCell<Vec<String>>,
    /// The URLs that were fetched, in order.
    pub fetched_urls: RefCell<Vec<Url>>,
    /// Holds silent authorizations back while it is closed.
    pub gate: Gate,
    /// Gates by path: requests have arrived, and their responses are held back.
    path_gates: RefCell<BTreeMap<&'static str, Gate>>,
}

impl Provider {
    pub(super) fn new(clock: Rc<ManualClock>, issuer: &str) -> Self {
        let crypto = ScriptedCrypto::default();
        "ada".clone_into(&mut crypto.subject.borrow_mut());
        Self {
            clock,
            authorizations: RefCell::default(),
            behavior: RefCell::default(),
            fault: Rc::clone(&crypto.fault),
            forgery: Rc::clone(&crypto.forgery),
            issued: Rc::clone(&crypto.issued),
            lifetime: Cell::new(Duration::from_secs(3600)),
            signing: Rc::clone(&crypto.signing),
            promises_iss: Cell::new(false),
            repeats_tokens: Rc::clone(&crypto.repeats_tokens),
            moved: RefCell::default(),
            redirect_uri: Cell::new(REDIRECT_URI),
            retry_after: Cell::default(),
            silent: RefCell::default(),
            subject: Rc::clone(&crypto.subject),
            token_requests: RefCell::default(),
            pushed: RefCell::default(),
            proofs: RefCell::default(),
            revocations: RefCell::default(),
            logouts: RefCell::default(),
            fetched: RefCell::default(),
            fetched_urls: RefCell::default(),
            gate: Gate::default(),
            path_gates: RefCell::default(),
            core: RefCell::new(evertoken_provider_core::Provider::new(
                issuer.to_owned(),
                None,
                ProofCheck::Full,
                crypto,
            )),
        }
    }

    pub fn fail(&self, fault: Fault) {
        *self.fault.borrow_mut() = Some(fault);
    }

    pub fn mend(&self) {
        *self.fault.borrow_mut() = None;
    }

    /// Changes what the provider does from now on.
    pub fn change(&self, change: impl FnOnce(&mut ProviderBehavior)) {
        change(&mut self.behavior.borrow_mut());
    }

    /// The number of authorization requests.
    pub fn authorization_count(&self) -> usize {
        self.authorizations.borrow().len()
    }

    /// The refresh tokens that were sent, in order.
    pub fn refresh_tokens_sent(&self) -> Vec<String> {
        let requests = self.token_requests.borrow();
        let sent = requests.iter();
        sent.filter_map(|form| form.get("refresh_token").cloned())
            .collect()
    }

    /// Revokes every refresh token issued until now.
    pub fn revoke_refresh_tokens(&self) {
        self.core().revoke_refresh_tokens();
    }

    /// Holds the responses to requests to `path` back from now on: the requests themselves arrive.
    pub fn hold_path(&self, path: &'static str) {
        self.path_gates.borrow_mut().entry(path).or_default().hold();
    }

    /// Releases the responses of `path` that were held back.
    pub fn release_path(&self, path: &str) {
        let gate = self.path_gates.borrow_mut().remove(path);
        gate.inspect(Gate::release);
    }

    /// Waits while `path` is held.
    fn pass_path(&self, path: &str) -> impl Future<Output = ()> + use<> {
        let gates = self.path_gates.borrow();
        let turn = gates.get(path).map(Gate::pass);
        async {
            if let Some(turn) = turn {
                turn.await;
            }
        }
    }

    fn has(&self, fault: &Fault) -> bool {
        self.fault.borrow().as_ref() == Some(fault)
    }

    /// The time of the provider's clock.
    fn now(&self) -> UnixTime {
        let offset = self.behavior.borrow().clock_offset_s;
        UnixTime(self.clock.now().0 + offset * 1000)
    }

    /// Its metadata.
    pub fn metadata(&self) -> Value {
        self.core().metadata()
    }

    /// The core provider, updated to the current time and behavior.
    pub(super) fn core(&self) -> RefMut<'_, evertoken_provider_core::Provider<ScriptedCrypto>> {
        let behavior = self.behavior.borrow();
        let mut metadata =
            json!({ "authorization_response_iss_parameter_supported": self.promises_iss.get() });
        for (name, value) in behavior.metadata.as_object().into_iter().flatten() {
            metadata[name] = value.clone();
        }
        let mut core = self.core.borrow_mut();
        core.now_ms = self.clock.now().0;
        core.set_dpop_nonce(behavior.dpop_nonce.unwrap_or_default());
        core.behavior = Behavior {
            clock_offset_ms: behavior.clock_offset_s * 1000,
            token_lifetime_ms: i64::try_from(self.lifetime.get().as_millis()).unwrap(),
            refresh_tokens: match behavior.refresh_tokens {
                true => RefreshTokenIssue::Always,
                false => RefreshTokenIssue::Never,
            },
            rotation: match behavior.rotates {
                true => Rotation::Strict,
                false => Rotation::Never,
            },
            refresh_id_token: behavior.refresh_brings_id_token,
            grant_ends_access_tokens: false,
            dpop: behavior.dpop,
            dpop_nonce_required: behavior.dpop_nonce.is_some(),
            sends_iss: behavior.sends_iss,
            sends_scope: false,
            metadata,
            ..Behavior::default()
        };
        core
    }

    /// The session of the user at the provider, which began with the test.
    fn login(&self) -> Login {
        Login {
            user: User {
                sub: self.subject.borrow().clone(),
                name: "Ada Lovelace".to_owned(),
                email: "ada@provider.test".to_owned(),
            },
            auth_time: self.clock.started().0 / 1000,
        }
    }
}
