//! The provider of `evertoken-provider-core` without cryptography: a fixed marker replaces its signature.

use std::ops::{Deref, DerefMut};

use base64ct::{Base64UrlUnpadded, Encoding};
use evertoken_provider_core::{
    Behavior, Client, ClientRequest, Crypto, Login, Parameters, ProofCheck, Secret, User, half_hash,
};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

pub const ISSUER: &str = "https://provider.test/";
pub const CLIENT_ID: &str = "client";
pub const REDIRECT_URI: &str = "https://extension.chromiumapp.org/";
pub const WEB_MESSAGE_REDIRECT_URI: &str = "chrome-extension://extension/offscreen/callback.html";
/// The prefix of every secret of the provider, by which leaks are found.
pub const SECRET_MARK: &str = "zq-";

type Core = evertoken_provider_core::Provider<Marker>;

/// What a response of the token endpoint means for the worker's refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Brings {
    Nothing,
    /// The worker must store the refresh token `new`.
    RefreshToken {
        old: String,
        new: String,
    },
    /// The refresh token `old`, which was sent, is no longer valid.
    Refusal {
        old: String,
    },
}

pub struct Answer {
    pub status: u16,
    pub body: String,
    pub brings: Brings,
}

pub struct Provider {
    core: Core,
    /// The user's session at the provider, as the browser's cookies identify it.
    session: Option<Login>,
}

impl Deref for Provider {
    type Target = Core;

    fn deref(&self) -> &Core {
        &self.core
    }
}

impl DerefMut for Provider {
    fn deref_mut(&mut self) -> &mut Core {
        &mut self.core
    }
}

impl Provider {
    pub fn new(behavior: Behavior) -> Self {
        let client = Client {
            id: CLIENT_ID.to_owned(),
            redirect_uris: [REDIRECT_URI, WEB_MESSAGE_REDIRECT_URI]
                .map(str::to_owned)
                .to_vec(),
        };
        let issuer = ISSUER.to_owned();
        let mut core = Core::new(issuer, Some(client), ProofCheck::NonceOnly, Marker(0));
        core.behavior = behavior;
        core.set_dpop_nonce("nonce");
        Self {
            core,
            session: None,
        }
    }

    /// A user signs in at the provider, or, with `None`, the provider's session ends.
    pub fn set_session(&mut self, user: Option<&'static str>) {
        let auth_time = self.clock();
        self.session = user.map(|user| Login {
            user: User {
                sub: user.to_owned(),
                name: user.to_owned(),
                email: format!("{user}@provider.test"),
            },
            auth_time,
        });
    }

    /// Whether the code comes from a silent authorization (`prompt=none`).
    pub fn is_silent_code(&self, code: &str) -> bool {
        self.code(code).is_some_and(|code| code.request.is_silent())
    }

    /// The authorization endpoint, after the user has done their part: returns the redirect URL. It answers for the
    /// signed-in user, even if a hint names another user.
    pub fn authorize(&mut self, query: &str) -> Option<String> {
        let login = self.session.clone().ok_or("login_required");
        let response = self.answer_at_once(query, login)?;
        Some(response.location())
    }

    /// Answers a form that was posted to this path.
    pub fn post(&mut self, path: &str, form: Parameters, proof: Option<&str>) -> Answer {
        let sent = form.get("refresh_token").cloned();
        let request = ClientRequest {
            form: Some(form),
            proofs: proof.into_iter().collect(),
            has_authorization: false,
        };
        let outcome = match path {
            "/par" => self.push(&request).map(|body| (201, body)),
            "/revoke" => self.revoke(&request).map(|_| (200, json!({}))),
            _ => self.exchange(&request).map(|body| (200, body)),
        };
        let brings = match (sent, &outcome) {
            (Some(old), Ok((_, body))) => match body["refresh_token"].as_str() {
                Some(new) => Brings::RefreshToken {
                    old,
                    new: new.to_owned(),
                },
                None => Brings::Nothing,
            },
            (Some(old), Err("invalid_grant")) => Brings::Refusal { old },
            _ => Brings::Nothing,
        };
        let (status, body) = outcome.unwrap_or_else(|code| (400, json!({ "error": code })));
        Answer {
            status,
            body: body.to_string(),
            brings,
        }
    }
}

/// Secrets are numbered, and every signature is the same.
pub struct Marker(u64);

/// `{"alg":"ES256","kid":"1"}`
const HEADER: &str = "eyJhbGciOiJFUzI1NiIsImtpZCI6IjEifQ";
/// The only valid signature.
pub const SIGNATURE: &[u8] = b"signed by the provider of the simulation";

impl Crypto for Marker {
    fn secret(&mut self, kind: Secret) -> String {
        self.0 += 1;
        format!("{SECRET_MARK}{kind:?}-{}", self.0)
    }

    fn sign(&mut self, claims: Value) -> String {
        let encode = Base64UrlUnpadded::encode_string;
        let claims = encode(claims.to_string().as_bytes());
        format!("{HEADER}.{claims}.{}", encode(SIGNATURE))
    }

    /// Nothing is signed with this key; it only has to be a valid point on the curve.
    fn key_set(&self) -> Value {
        json!({ "keys": [{
            "kty": "EC", "crv": "P-256", "kid": "1", "use": "sig",
            "x": "GyknFGOISUOAb2sLpg2FrKLUIB8Ug0rdzqpry4pQELM",
            "y": "Stooq7HwWswuMw7RvSb9O1jY1zMhSvKPMgB5c9b8Tuc",
        }] })
    }

    fn at_hash(&self, access_token: &str) -> String {
        half_hash(Algorithm::ES256, access_token)
    }
}
