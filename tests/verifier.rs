//! The verifier from outside: the RFCs' own tokens under the RFCs' own keys, and each of them tampered with everywhere.

#![expect(
    clippy::unwrap_used,
    reason = "a vector that cannot be read fails its test"
)]

#[path = "verifier/vectors.rs"]
mod vectors;

use evertoken::jose::jws::{self, JwsError, VerificationError};
use evertoken::jose::key_set::{KeySet, KeySetError};
use evertoken::native::NativeVerifier;
use evertoken::platform::SignatureError;
use futures_executor::block_on;
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use proptest::prelude::*;

use vectors::{
    BILBO_KEY, BILBO_PS384, BILBO_RS256, BUSINESS, CLAIMS, DPOP_KEY, DPOP_PROOF, ED25519_KEY,
    EDDSA, ES256, ES256_KEY, HS256, NONE, RS256, RS256_KEY,
};

/// The tokens that are accepted, with their keys and payloads.
const ACCEPTED: [(&str, &str, &[u8]); 4] = [
    (RS256, RS256_KEY, CLAIMS),
    (ES256, ES256_KEY, CLAIMS),
    (EDDSA, ED25519_KEY, b"Example of Ed25519 signing"),
    (BILBO_RS256, BILBO_KEY, BUSINESS),
];

fn set(keys: &[&str]) -> KeySet {
    KeySet::parse(format!(r#"{{"keys":[{}]}}"#, keys.join(",")).as_bytes()).unwrap()
}

fn verify(token: &str, keys: &KeySet) -> Result<Vec<u8>, VerificationError> {
    block_on(jws::verify(token, keys, &NativeVerifier))
}

/// What `jsonwebtoken` alone says of the token's signature.
fn is_sound(token: &str, key: &DecodingKey, algorithm: Algorithm) -> bool {
    let (input, signature) = token.rsplit_once('.').unwrap();
    crypto::verify(signature, input.as_bytes(), key, algorithm).unwrap()
}

#[test]
fn the_rfcs_tokens_are_verified_to_the_rfcs_payloads() {
    for (token, key, payload) in ACCEPTED {
        assert_eq!(verify(token, &set(&[key])), Ok(payload.to_vec()), "{token}");
    }
}

#[test]
fn a_token_finds_its_key_among_the_others() {
    // RFC 7515's RSA key has no `kid`, and Bilbo's token names one.
    let all = set(&[RS256_KEY, ES256_KEY, ED25519_KEY, BILBO_KEY]);
    for (token, _, payload) in [ACCEPTED[1], ACCEPTED[2], ACCEPTED[3]] {
        assert_eq!(verify(token, &all), Ok(payload.to_vec()), "{token}");
    }
    assert_eq!(verify(RS256, &all), Err(KeySetError::Ambiguous.into()));
}

#[test]
fn another_key_of_the_same_kind_is_no_help() {
    let mismatch = Err(SignatureError::Mismatch.into());
    assert_eq!(verify(RS256, &set(&[BILBO_KEY])), mismatch);
    assert_eq!(verify(ES256, &set(&[DPOP_KEY])), mismatch);
    let unknown = Err(KeySetError::UnknownKey.into());
    assert_eq!(verify(EDDSA, &set(&[ES256_KEY])), unknown);
    // The only key without a name may be the one that is meant.
    assert_eq!(verify(BILBO_RS256, &set(&[RS256_KEY])), mismatch);
}

/// RFC 7515 prints its keys with their private members. Whoever publishes such a set has lost the key.
#[test]
fn a_key_set_that_tells_the_private_key_has_no_key() {
    let private = ES256_KEY.replace(
        '}',
        r#","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#,
    );
    assert_eq!(
        verify(ES256, &set(&[&private])),
        Err(KeySetError::UnknownKey.into())
    );
}

/// RFC 7515 A.1 (HS256) and A.5 (none): RFC 8725 sections 3.1 and 3.2. Their headers are good otherwise: `"typ":"JWT"` is
/// accepted.
#[test]
fn algorithms_that_are_not_accepted_are_refused_however_sound() {
    let refused = Err(JwsError::Algorithm.into());
    let keys = set(&[RS256_KEY, ES256_KEY, ED25519_KEY, BILBO_KEY]);
    for token in [HS256, NONE] {
        assert_eq!(verify(token, &keys), refused, "{token}");
    }
}

/// RFC 7520 4.2.
#[test]
fn a_sound_ps384_signature_holds() {
    assert!(verify(BILBO_PS384, &set(&[BILBO_KEY])).is_ok());
    let mismatch = Err(SignatureError::Mismatch.into());
    assert_eq!(
        verify(
            &BILBO_PS384.replacen("cu22e", "cu22f", 1),
            &set(&[BILBO_KEY])
        ),
        mismatch
    );
}

/// RFC 9449 4.1: a sound ES256 signature, but of a token that says it is a DPoP proof, and under a key that it brings itself.
#[test]
fn a_token_of_another_type_is_refused_however_sound() {
    let refused = Err(JwsError::Type.into());
    assert_eq!(verify(DPOP_PROOF, &set(&[DPOP_KEY])), refused);
    let x_and_y = ["x", "y"].map(|name| {
        let key: serde_json::Value = serde_json::from_str(DPOP_KEY).unwrap();
        key[name].as_str().unwrap().to_owned()
    });
    let key = DecodingKey::from_ec_components(&x_and_y[0], &x_and_y[1]).unwrap();
    assert!(is_sound(DPOP_PROOF, &key, Algorithm::ES256));
}

/// Every byte of every token, replaced by a neighbour in the base64url alphabet and by a byte outside it.
#[test]
fn a_token_with_any_byte_changed_is_refused() {
    for (token, key, _) in ACCEPTED {
        let keys = set(&[key]);
        for position in 0..token.len() {
            for other in [neighbour(token.as_bytes()[position]), b'=', b' '] {
                let mut tampered = token.as_bytes().to_vec();
                tampered[position] = other;
                let tampered = String::from_utf8(tampered).unwrap();
                let refused = verify(&tampered, &keys).unwrap_err();
                assert_is_where(&refused, position, token, other);
            }
        }
    }
}

/// A byte of the alphabet that differs in one bit that counts for any position but a segment's last.
fn neighbour(byte: u8) -> u8 {
    match byte {
        b'A' => b'B',
        b'.' => b'-',
        b'-' => b'_',
        b'_' => b'-',
        b'0' => b'1',
        b'a' => b'b',
        other => other - 1,
    }
}

/// The error names the part that was changed: only the header can make it another algorithm, key or type.
fn assert_is_where(refused: &VerificationError, position: usize, token: &str, other: u8) {
    let in_header = position < token.find('.').unwrap();
    let right = match refused {
        VerificationError::Jws(JwsError::Segments) => true,
        VerificationError::Signature(SignatureError::Mismatch) => other != b'=' && other != b' ',
        _ => in_header,
    };
    assert!(right, "{refused:?} at {position} of {token}");
}

proptest! {
    #[test]
    fn a_token_that_was_cut_or_extended_is_refused(
        (token, key, _) in prop::sample::select(&ACCEPTED[..]),
        cut in any::<prop::sample::Index>(),
        more in "[A-Za-z0-9_.-]{1,8}",
    ) {
        let keys = set(&[key]);
        let cut = cut.index(token.len());
        let (start, end) = token.split_at(cut);
        for tampered in [start.to_owned(), end.to_owned() + "x", format!("{start}{more}{end}"), format!("{token}{more}")] {
            prop_assert!(verify(&tampered, &keys).is_err(), "{tampered}");
        }
    }

    #[test]
    fn a_payload_that_is_exchanged_is_refused(
        (token, key, payload) in prop::sample::select(&ACCEPTED[..]),
        other in "[A-Za-z0-9_-]{4}{1,20}",
    ) {
        let (header, rest) = token.split_once('.').unwrap();
        let (_, signature) = rest.split_once('.').unwrap();
        let refused = verify(&format!("{header}.{other}.{signature}"), &set(&[key]));
        prop_assert_eq!(refused, Err(SignatureError::Mismatch.into()), "for {} bytes", payload.len());
    }
}
