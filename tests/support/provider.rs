//! A provider that answers as it is told, and remembers what it was asked.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use evertoken::platform::{
    Clock, HttpClient, HttpRequest, HttpResponse, LocalFuture, NetworkError, RedirectUrl,
    SilentEngine, UserAgent, UserAgentError,
};
use futures_channel::oneshot;
use futures_util::FutureExt;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use super::platform::ManualClock;
use super::{CLIENT_ID, ISSUER, REDIRECT_URI};

/// A P-256 key that signs nothing but these tests' tokens.
const SIGNING_KEY: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7i+GPb59aBi94GGJ0bSCtxe3hx4VANxnTxByCG8EZEmhRANCAAQbKScUY4hJQ4BvawumDYWsotQgHxSDSt3OqmvLilAQs0raKKux8FrMLjMO0b0m/TtY2NczIUryjzIAeXPW/E7n";
const X: &str = "GyknFGOISUOAb2sLpg2FrKLUIB8Ug0rdzqpry4pQELM";
const Y: &str = "Stooq7HwWswuMw7RvSb9O1jY1zMhSvKPMgB5c9b8Tuc";

/// What is wrong with the answers from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The authorization endpoint answers this error.
    Authorization(&'static str),
    /// A claim of the id_token has another value; `null` takes it away.
    Claim(&'static str, Value),
    /// A parameter of the authorization response has another value.
    Parameter(&'static str, &'static str),
    /// Every byte of the signature is XORed with 0x5A.
    Signature,
    /// The token endpoint answers this status and body.
    TokenEndpoint(u16, Value),
    /// Nothing answers.
    Unreachable,
    /// The user agent fails so.
    UserAgent(UserAgentError),
}

pub struct Provider {
    clock: Rc<ManualClock>,
    pub authorizations: RefCell<Vec<Url>>,
    pub fault: RefCell<Option<Fault>>,
    pub issued: RefCell<Vec<String>>,
    pub lifetime: Cell<Duration>,
    /// The metadata promise `iss` in authorization responses (RFC 9207).
    pub promises_iss: Cell<bool>,
    pub subject: RefCell<String>,
    pub token_requests: RefCell<Vec<BTreeMap<String, String>>>,
    codes: RefCell<BTreeMap<String, Url>>,
    /// While it is there, silent authorizations wait for it.
    gate: RefCell<Option<Vec<oneshot::Sender<()>>>>,
}

impl Provider {
    pub(super) fn new(clock: Rc<ManualClock>) -> Self {
        Self {
            clock,
            authorizations: RefCell::default(),
            fault: RefCell::default(),
            issued: RefCell::default(),
            lifetime: Cell::new(Duration::from_secs(3600)),
            promises_iss: Cell::new(false),
            subject: RefCell::new("ada".to_owned()),
            token_requests: RefCell::default(),
            codes: RefCell::default(),
            gate: RefCell::default(),
        }
    }

    pub fn fail(&self, fault: Fault) {
        *self.fault.borrow_mut() = Some(fault);
    }

    pub fn mend(&self) {
        *self.fault.borrow_mut() = None;
    }

    /// How many authorization requests came.
    pub fn authorization_count(&self) -> usize {
        self.authorizations.borrow().len()
    }

    /// Silent authorizations are held back from now on.
    pub fn hold(&self) {
        *self.gate.borrow_mut() = Some(Vec::new());
    }

    /// What was held back goes on.
    pub fn release(&self) {
        for waiting in self.gate.take().unwrap_or_default() {
            waiting.send(()).ok();
        }
    }

    fn has(&self, fault: &Fault) -> bool {
        self.fault.borrow().as_ref() == Some(fault)
    }

    fn authorize(&self, url: &Url) -> String {
        self.authorizations.borrow_mut().push(url.clone());
        let asked: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        let mut answer = BTreeMap::from([("state", asked["state"].clone())]);
        let implicit = asked["response_type"] == "token id_token";
        if let Some(Fault::Authorization(code)) = *self.fault.borrow() {
            answer.insert("error", code.to_owned());
        } else if implicit {
            let (access_token, id_token) = self.tokens(&asked["nonce"]);
            answer.insert("access_token", access_token);
            answer.insert("id_token", id_token);
            answer.insert("token_type", "Bearer".to_owned());
            answer.insert("expires_in", self.lifetime.get().as_secs().to_string());
        } else {
            let code = format!("code-{}", self.authorization_count());
            self.codes.borrow_mut().insert(code.clone(), url.clone());
            answer.insert("code", code);
        }
        if let Some(Fault::Parameter(name, value)) = *self.fault.borrow() {
            answer.insert(name, value.to_owned());
        }
        let answer = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(answer)
            .finish();
        format!("{REDIRECT_URI}{}{answer}", if implicit { '#' } else { '?' })
    }

    fn exchange(&self, form: &str) -> (u16, Value) {
        let form: BTreeMap<_, _> = url::form_urlencoded::parse(form.as_bytes())
            .into_owned()
            .collect();
        self.token_requests.borrow_mut().push(form.clone());
        if let Some(Fault::TokenEndpoint(status, body)) = &*self.fault.borrow() {
            return (*status, body.clone());
        }
        let Some(request) = self.codes.borrow_mut().remove(&form["code"]) else {
            return (400, json!({"error": "invalid_grant"}));
        };
        let asked: BTreeMap<_, _> = request.query_pairs().into_owned().collect();
        let challenge = Base64UrlUnpadded::encode_string(&Sha256::digest(&form["code_verifier"]));
        if asked["code_challenge"] != challenge || form["redirect_uri"] != asked["redirect_uri"] {
            return (400, json!({"error": "invalid_grant"}));
        }
        let (access_token, id_token) = self.tokens(&asked["nonce"]);
        let expires_in = self.lifetime.get().as_secs();
        let body = json!({"access_token": access_token, "id_token": id_token,
            "token_type": "bearer", "expires_in": expires_in});
        (200, body)
    }

    fn tokens(&self, nonce: &str) -> (String, String) {
        let access_token = format!("access-{}", self.issued.borrow().len());
        let hash = Sha256::digest(&access_token);
        let now = self.clock.now().0 / 1000;
        let mut claims = json!({
            "iss": ISSUER, "aud": CLIENT_ID, "sub": *self.subject.borrow(), "nonce": nonce,
            "iat": now, "exp": now + i64::try_from(self.lifetime.get().as_secs()).unwrap(),
            "at_hash": Base64UrlUnpadded::encode_string(&hash[..16]),
            "name": "Ada Lovelace", "email": "ada@provider.test",
        });
        if let Some(Fault::Claim(name, value)) = &*self.fault.borrow() {
            match value {
                Value::Null => drop(claims.as_object_mut().unwrap().remove(*name)),
                value => claims[*name] = value.clone(),
            }
        }
        let key = EncodingKey::from_ec_der(&Base64::decode_vec(SIGNING_KEY).unwrap());
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some("1".to_owned());
        let mut id_token = jsonwebtoken::encode(&header, &claims, &key).unwrap();
        if self.has(&Fault::Signature) {
            let (input, signature) = id_token.rsplit_once('.').unwrap();
            let mut signature = Base64UrlUnpadded::decode_vec(signature).unwrap();
            signature.iter_mut().for_each(|byte| *byte ^= 0x5A);
            id_token = format!("{input}.{}", Base64UrlUnpadded::encode_string(&signature));
        }
        self.issued.borrow_mut().push(id_token.clone());
        (access_token, id_token)
    }

    fn answer(&self, request: &HttpRequest) -> (u16, Value) {
        match (request.url.path(), &request.form) {
            ("/.well-known/openid-configuration", None) => (
                200,
                json!({"issuer": ISSUER, "authorization_endpoint": format!("{ISSUER}authorize"),
                    "token_endpoint": format!("{ISSUER}token"), "jwks_uri": format!("{ISSUER}jwks"),
                    "authorization_response_iss_parameter_supported": self.promises_iss.get()}),
            ),
            ("/jwks", None) => {
                let key = json!({"kty": "EC", "crv": "P-256", "kid": "1", "x": X, "y": Y});
                (200, json!({"keys": [key]}))
            }
            ("/token", Some(form)) => self.exchange(&form.0),
            _ => (404, json!({})),
        }
    }
}

/// The provider's endpoints, as a port.
pub(super) struct Endpoints(pub(super) Rc<Provider>);

impl HttpClient for Endpoints {
    fn send(&self, request: HttpRequest) -> LocalFuture<Result<HttpResponse, NetworkError>> {
        let provider = Rc::clone(&self.0);
        async move {
            if provider.has(&Fault::Unreachable) {
                return Err(NetworkError::Unreachable);
            }
            let (status, body) = provider.answer(&request);
            let media_type = "application/json".to_owned();
            Ok(HttpResponse {
                status,
                media_type,
                body: body.to_string().into_bytes(),
            })
        }
        .boxed_local()
    }
}

/// The browser in front of the provider, as a port.
pub(super) struct Window(pub(super) Rc<Provider>);

impl UserAgent for Window {
    fn redirect_uri(&self) -> String {
        REDIRECT_URI.to_owned()
    }

    fn authorize_interactively(
        &self,
        url: Url,
    ) -> LocalFuture<Result<RedirectUrl, UserAgentError>> {
        self.authorize_silently(SilentEngine::WebAuthFlow, url, Duration::from_secs(60))
    }

    fn authorize_silently(
        &self,
        _: SilentEngine,
        url: Url,
        _: Duration,
    ) -> LocalFuture<Result<RedirectUrl, UserAgentError>> {
        let provider = Rc::clone(&self.0);
        async move {
            let wait = provider.gate.borrow_mut().as_mut().map(|gate| {
                let (release, released) = oneshot::channel();
                gate.push(release);
                released
            });
            if let Some(released) = wait {
                released.await.ok();
            }
            if let Some(Fault::UserAgent(error)) = *provider.fault.borrow() {
                provider.authorizations.borrow_mut().push(url);
                return Err(error);
            }
            Ok(RedirectUrl(provider.authorize(&url)))
        }
        .boxed_local()
    }
}
