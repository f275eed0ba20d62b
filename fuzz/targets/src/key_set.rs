//! `jose::key_set`: a key is selected only if it is published, fits, and is the only one that does.

use base64ct::{Base64UrlUnpadded, Encoding};
use evertoken_oidc::jose::jws::JwsAlgorithm;
use evertoken_oidc::jose::key_set::{Curve, KeySet, MAX_KEYS, PublicKey};
use evertoken_oidc::jose::verifier::JwsVerifier;
use evertoken_oidc::native::NativeVerifier;
use futures_util::FutureExt;
use serde_json::Value;

use crate::input::was_read;
use crate::vectors::{ALGORITHMS, KEY_SET, decode};

pub(crate) const WORDS: &[&str] = &[
    r#""keys":["#,
    r#","kty":"RSA""#,
    r#","kty":"oct""#,
    r#","crv":"P-384""#,
    r#","use":"enc""#,
    r#","key_ops":["verify"]"#,
    r#","alg":"RS256""#,
    r#","alg":"none""#,
    r#","kid":"rsa""#,
    r#","e":"AQ""#,
    r#","e":"AAAB""#,
    r#","d":"AQ""#,
    r#","k":"AQ""#,
    "null",
    "{}",
    "},{",
    "AAAA",
];

/// How many key ids of a set are tried; a few are enough.
const IDS: usize = 2;

/// The algorithms that are tried. Only one for RSA, which is slow: its algorithms differ only in the hash.
const TRIED: [JwsAlgorithm; 4] = [
    JwsAlgorithm::EdDsa,
    JwsAlgorithm::Es256,
    JwsAlgorithm::Es384,
    JwsAlgorithm::Rs256,
];

/// The seeds: the key set, and each of its keys alone.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let set: Value = serde_json::from_str(KEY_SET).expect("JSON");
    let keys = set["keys"].as_array().expect("keys").iter();
    let mut seeds: Vec<String> = keys.map(|key| format!(r#"{{"keys":[{key}]}}"#)).collect();
    seeds.extend([set.to_string(), r#"{"keys":[]}"#.to_owned()]);
    seeds.into_iter().map(String::into_bytes).collect()
}

/// Input: a key set, as JSON.
pub fn key_set(bytes: &[u8]) {
    let Ok(set) = KeySet::parse(bytes) else {
        return;
    };
    let json = was_read(bytes);
    let published = json["keys"].as_array().expect("keys");
    assert!(published.len() <= MAX_KEYS, "too many keys");
    let ids = published.iter().filter_map(|key| key["kid"].as_str());
    let ids = ids.take(IDS).map(Some).chain([None]);
    for id in ids {
        for algorithm in ALGORITHMS {
            if let Ok(key) = set.select(algorithm, id) {
                assert_fits(key, algorithm);
                assert_published_once(key, id, published);
                if TRIED.contains(&algorithm) {
                    assert_signed_nothing(key, algorithm);
                }
            }
        }
    }
}

fn assert_fits(key: &PublicKey, algorithm: JwsAlgorithm) {
    use JwsAlgorithm::{EdDsa, Es256, Es384, Es512, Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
    match (key, algorithm) {
        (PublicKey::Rsa { n, e }, Ps256 | Ps384 | Ps512 | Rs256 | Rs384 | Rs512) => {
            let (n, e) = (decode(n), decode(e));
            assert!(n.len() >= 256, "a short modulus");
            assert_ne!(e, [1], "an exponent that signs anything");
            assert!(n[0] != 0 && e[0] != 0, "zeros hide how short a number is");
        }
        (PublicKey::Ec { curve, x, y }, Es256 | Es384 | Es512) => {
            let (bytes, own) = match curve {
                Curve::P256 => (32, Es256),
                Curve::P384 => (48, Es384),
                Curve::P521 => (66, Es512),
            };
            assert_eq!(algorithm, own);
            assert_eq!((decode(x).len(), decode(y).len()), (bytes, bytes));
        }
        (PublicKey::Ed25519 { x }, EdDsa) => assert_eq!(decode(x).len(), 32),
        _ => panic!("{key:?} was chosen for {algorithm:?}"),
    }
}

/// The number in a base64url text, without leading zeros.
fn number(text: &Value) -> Option<Vec<u8>> {
    let bytes = Base64UrlUnpadded::decode_vec(text.as_str()?.trim_end_matches('=')).ok()?;
    Some(bytes.into_iter().skip_while(|byte| *byte == 0).collect())
}

/// Asserts that an entry of the set is this public key: with this id or without one, without private members, and for
/// signatures.
fn assert_published_once(key: &PublicKey, id: Option<&str>, published: &[Value]) {
    let members: &[(&str, &str)] = match key {
        PublicKey::Rsa { n, e } => &[("kty", "RSA"), ("n", n), ("e", e)],
        PublicKey::Ec { curve, x, y } => {
            &[("kty", "EC"), ("crv", curve.name()), ("x", x), ("y", y)]
        }
        PublicKey::Ed25519 { x } => &[("kty", "OKP"), ("crv", "Ed25519"), ("x", x)],
    };
    let is_it = |entry: &&Value| {
        let is_same = |(name, text): &(&str, &str)| match *name {
            "kty" | "crv" => entry[*name] == **text,
            name => number(&entry[name]) == number(&(*text).into()),
        };
        members.iter().all(is_same)
            && id.is_none_or(|id| entry["kid"] == id || entry["kid"].is_null())
            && ["d", "p", "q", "k"]
                .iter()
                .all(|private| entry[*private].is_null())
            && (entry["use"].is_null() || entry["use"] == "sig")
    };
    assert!(
        published.iter().any(|entry| is_it(&entry)),
        "{key:?} is not published"
    );
}

/// Asserts that the verifier does not panic with an untrusted key, and rejects a signature that no key has made.
fn assert_signed_nothing(key: &PublicKey, algorithm: JwsAlgorithm) {
    let bytes = match key {
        PublicKey::Rsa { n, .. } => decode(n).len(),
        PublicKey::Ec { x, .. } => 2 * decode(x).len(),
        PublicKey::Ed25519 { .. } => 64,
    };
    let verified =
        NativeVerifier.verify(algorithm, key.clone(), b"nothing".to_vec(), vec![7; bytes]);
    let verified = verified.now_or_never().expect("it waits for nothing");
    assert!(verified.is_err(), "{key:?} signed what nobody signed");
}
