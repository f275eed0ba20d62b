//! The provider's signing keys and their rotation, and faulty id_tokens with the mutations of the OpenID conformance suite:
//! a wrong claim is the correct value with "1" appended, a missing claim is removed, a wrong signature is the correct one
//! with every byte XOR 0x5A.

use evertoken_provider_core::{Crypto, Secret, SigningKey, half_hash, sign_compact};
use jsonwebtoken::{Algorithm, Validation};
use serde_json::{Value, json};

use super::Fault;
use crate::random::random_text;

/// The algorithm that most providers sign with.
const ALGORITHM: Algorithm = Algorithm::RS256;

/// Signs with its newest key; the API still accepts id_tokens signed with the older ones.
pub(crate) struct FaultyCrypto {
    /// The fault of the id_tokens from now on.
    pub(super) fault: Option<Fault>,
    client_id: String,
    issuer: String,
    keys: Vec<SigningKey>,
    rotation_is_due: bool,
}

impl FaultyCrypto {
    pub(super) fn new(issuer: String, client_id: String) -> Self {
        Self {
            fault: None,
            client_id,
            issuer,
            keys: vec![SigningKey::new(ALGORITHM, 0)],
            rotation_is_due: false,
        }
    }

    pub(super) fn rotate(&mut self) {
        self.keys.push(SigningKey::new(ALGORITHM, self.keys.len()));
    }

    /// Rotates the key at the next signature: until then the key set contains the old key.
    pub(super) fn rotate_before_next_signing(&mut self) {
        self.rotation_is_due = true;
    }
}

impl Crypto for FaultyCrypto {
    fn secret(&mut self, _: Secret) -> String {
        random_text()
    }

    fn sign(&mut self, mut claims: Value) -> String {
        if std::mem::take(&mut self.rotation_is_due) {
            self.rotate();
        }
        let key = &self.keys[self.keys.len() - 1];
        let mut header = json!({ "alg": ALGORITHM, "typ": "JWT", "kid": key.kid });
        if let Some(fault) = self.fault {
            spoil_claims(&mut claims, fault);
            spoil_header(&mut header, fault);
        }
        sign_compact(&header, claims.to_string().as_bytes(), |input| {
            let mut signature = key.sign(input);
            match self.fault {
                Some(Fault::WrongSignature) => signature.iter_mut().for_each(|byte| *byte ^= 0x5A),
                Some(Fault::AlgNone) => signature.clear(),
                _ => {}
            }
            signature
        })
    }

    /// The key set, with the signing key only: a client that has an older key must fetch it again. If the fault asks for
    /// it, a decoy (a key of the same algorithm that never signs) comes first.
    fn key_set(&self) -> Value {
        let count = self.keys.len();
        let mut keys = vec![self.keys[count - 1].jwk()];
        if self.fault == Some(Fault::MissingKidAmongSeveral) {
            let mut decoy = SigningKey::new(ALGORITHM, count).jwk();
            decoy["kid"] = "decoy".into();
            keys.insert(0, decoy);
        }
        json!({ "keys": keys })
    }

    fn at_hash(&self, access_token: &str) -> String {
        half_hash(ALGORITHM, access_token)
    }

    /// Accepts signatures of every key ever used.
    fn is_genuine(&self, id_token: &str) -> bool {
        let mut validation = Validation::new(ALGORITHM);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.client_id]);
        validation.set_required_spec_claims(&["iss", "aud"]);
        validation.validate_exp = false;
        let mut keys = self.keys.iter().filter_map(SigningKey::decoding_key);
        keys.any(|key| jsonwebtoken::decode::<Value>(id_token, &key, &validation).is_ok())
    }
}

fn spoil_claims(claims: &mut Value, fault: Fault) {
    if let Some(claim) = wrong(fault) {
        let spoilt = format!("{}1", claims[claim].as_str().unwrap_or_default());
        claims[claim] = spoilt.into();
    }
    if fault == Fault::MissingAtHash {
        remove(claims, "at_hash");
    }
}

fn spoil_header(header: &mut Value, fault: Fault) {
    match fault {
        Fault::AlgNone => header["alg"] = "none".into(),
        Fault::MissingKid | Fault::MissingKidAmongSeveral => remove(header, "kid"),
        _ => {}
    }
}

fn wrong(fault: Fault) -> Option<&'static str> {
    match fault {
        Fault::WrongIssuer => Some("iss"),
        Fault::WrongAudience => Some("aud"),
        Fault::WrongNonce => Some("nonce"),
        Fault::WrongAtHash => Some("at_hash"),
        Fault::OtherSubject => Some("sub"),
        _ => None,
    }
}

fn remove(object: &mut Value, member: &str) {
    if let Some(members) = object.as_object_mut() {
        members.remove(member);
    }
}
