//! A provider, and a client that asks it.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use evertoken_provider_core::{
    AuthorizationRequest, Authorized, Client, ClientRequest, Crypto, Login, Parameters, ProofCheck,
    Provider, Secret, SigningKey, User, half_hash, sign_compact,
};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

pub(crate) const REDIRECT_URI: &str = "https://client.example/";
pub(crate) const OFFLINE: (&str, &str) = ("scope", "openid offline_access");
const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-as-the-rfc-says";
pub(crate) const NOW_MS: i64 = 1_800_000_000_000;

pub(crate) struct Counted(u32);

impl Crypto for Counted {
    fn secret(&mut self, kind: Secret) -> String {
        self.0 += 1;
        format!("{kind:?}-{}", self.0)
    }

    fn sign(&mut self, claims: Value) -> String {
        let header = json!({ "alg": "ES256" });
        let key = SigningKey::new(Algorithm::ES256, 0);
        sign_compact(&header, claims.to_string().as_bytes(), |input| {
            key.sign(input)
        })
    }

    fn key_set(&self) -> Value {
        json!({ "keys": [] })
    }

    fn at_hash(&self, access_token: &str) -> String {
        half_hash(Algorithm::ES256, access_token)
    }
}

pub(crate) fn provider() -> Provider<Counted> {
    let client = Client {
        id: "client".to_owned(),
        redirect_uris: vec![REDIRECT_URI.to_owned()],
    };
    let issuer = "https://provider.example/".to_owned();
    let mut provider = Provider::new(issuer, Some(client), ProofCheck::Full, Counted(0));
    provider.now_ms = NOW_MS;
    provider
}

pub(crate) fn login() -> Login {
    Login {
        user: User {
            sub: "ada".to_owned(),
            name: "Ada Lovelace".to_owned(),
            email: "ada@provider.example".to_owned(),
        },
        auth_time: NOW_MS / 1000,
    }
}

/// A valid request of the code flow, with `changes` applied; an empty value removes a parameter.
pub(crate) fn request(changes: &[(&str, &str)]) -> Parameters {
    let challenge = Base64UrlUnpadded::encode_string(&Sha256::digest(VERIFIER));
    let right = [
        ("client_id", "client"),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "code"),
        ("scope", "openid profile"),
        ("state", "a-state"),
        ("nonce", "a-nonce"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    parameters(&[&right, changes].concat())
}

fn parameters(pairs: &[(&str, &str)]) -> Parameters {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let mut parameters: Parameters = pairs.iter().map(owned).collect();
    parameters.retain(|_, value| !value.is_empty());
    parameters
}

/// A form that was posted, and the proofs that came with it.
pub(crate) fn form<'a>(pairs: &[(&str, &str)], proofs: &[&'a str]) -> ClientRequest<'a> {
    let pairs = [&[("client_id", "client")], pairs].concat();
    ClientRequest {
        form: Some(parameters(&pairs)),
        proofs: proofs.to_vec(),
        has_authorization: false,
    }
}

/// The answer to a request of the signed-in user: its parameters.
pub(crate) fn authorize(provider: &mut Provider<Counted>, sent: &Parameters) -> Parameters {
    let request = provider.requested(sent).unwrap();
    let pushed = sent.contains_key("request_uri");
    match provider.authorize(&request, pushed, Some(&login())) {
        Authorized::Response(response) => response.parameters,
        Authorized::SignIn => panic!("a page would be shown"),
        Authorized::Shown(error) => panic!("{error} would be shown"),
    }
}

pub(crate) fn code(provider: &mut Provider<Counted>, changes: &[(&str, &str)]) -> String {
    authorize(provider, &request(changes))["code"].clone()
}

pub(crate) fn exchange(
    provider: &mut Provider<Counted>,
    code: &str,
    proofs: &[&str],
) -> Result<Value, &'static str> {
    exchange_with(provider, code, VERIFIER, proofs)
}

pub(crate) fn exchange_with(
    provider: &mut Provider<Counted>,
    code: &str,
    verifier: &str,
    proofs: &[&str],
) -> Result<Value, &'static str> {
    let pairs = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", REDIRECT_URI),
        ("code", code),
        ("code_verifier", verifier),
    ];
    provider.exchange(&form(&pairs, proofs))
}

pub(crate) fn refresh(
    provider: &mut Provider<Counted>,
    refresh_token: &str,
    proofs: &[&str],
) -> Result<Value, &'static str> {
    let pairs = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
    ];
    provider.exchange(&form(&pairs, proofs))
}

/// The tokens of a sign-in with a refresh token.
pub(crate) fn tokens(provider: &mut Provider<Counted>) -> Value {
    let code = code(provider, &[OFFLINE]);
    exchange(provider, &code, &[]).unwrap()
}

/// A member of a JSON object that is a string.
pub(crate) fn text(object: &Value, member: &str) -> String {
    object[member].as_str().unwrap().to_owned()
}

/// The error code that a request is refused with.
pub(crate) fn refused(
    provider: &mut Provider<Counted>,
    changes: &[(&str, &str)],
) -> Option<&'static str> {
    let request = AuthorizationRequest(request(changes));
    match provider.authorize(&request, false, Some(&login())) {
        Authorized::Response(response) => response.error,
        Authorized::Shown(error) => Some(error),
        Authorized::SignIn => None,
    }
}
