//! `jose::jws`: a token has only one reading, and nothing is verified that the keys did not sign.

use evertoken_oidc::jose::jws::{self, CompactJws, MAX_TOKEN_BYTES};
use evertoken_oidc::native::NativeVerifier;
use futures_util::FutureExt;

use crate::input::was_read;
use crate::vectors::{decode, encode, keys, tokens};

pub(crate) const WORDS: &[&str] = &[
    r#"{"alg":"none"}"#,
    r#"{"alg":"HS256"}"#,
    r#","alg":"RS256""#,
    r#","crit":[]"#,
    r#","b64":false"#,
    r#","kid":"p256""#,
    r#","typ":"at+jwt""#,
    r#","jwk":{}"#,
    "eyJhbGciOiJub25lIn0",
    "eyJhbGciOiJFUzI1NiJ9",
    "AA",
    "=",
    ".",
    "..",
];

/// The signed tokens, and the same tokens with the header `{"alg":"none"}`.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let unsigned = tokens().map(|token| {
        let (_, rest) = token.split_once('.').expect("a header");
        format!("{}.{rest}", encode(br#"{"alg":"none"}"#))
    });
    let all = tokens().map(str::to_owned).chain(unsigned);
    all.map(String::into_bytes).collect()
}

/// Input: a token, as text.
pub fn jws(bytes: &[u8]) {
    let token = String::from_utf8_lossy(bytes);
    if let Ok(parsed) = CompactJws::parse(&token) {
        assert_read_in_one_way(&token, &parsed);
    }
    let verified = jws::verify(&token, keys(), &NativeVerifier);
    let verified = verified.now_or_never().expect("it waits for nothing");
    if let Ok(payload) = verified {
        assert_was_signed(&token, &payload);
    }
}

/// Asserts that the parsed parts, encoded again, are the token: no other token has these parts.
fn assert_read_in_one_way(token: &str, parsed: &CompactJws) {
    assert!(token.len() <= MAX_TOKEN_BYTES, "too large");
    let segments: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = segments[..] else {
        panic!("{} segments", segments.len());
    };
    assert_eq!(
        parsed.signing_input,
        format!("{header}.{payload}").into_bytes()
    );
    assert_eq!(encode(&parsed.payload), payload);
    assert_eq!(encode(&parsed.signature), signature);
    assert!(!parsed.signature.is_empty(), "unsigned");
    let bytes = decode(header);
    let header = was_read(&bytes);
    assert_eq!(
        header.get("kid").map(|kid| kid.as_str()),
        parsed.key_id.as_deref().map(Some)
    );
    // Also where it is null.
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let members: serde_json::Value = serde_json::from_slice(text).expect("read before");
    assert!(members.get("crit").is_none(), "critical extensions");
}

/// Asserts that header and payload are those of a signed token, and that `payload` is its decoded payload. Signatures are
/// not compared, because for every ECDSA signature there is a second valid one.
fn assert_was_signed(token: &str, payload: &[u8]) {
    let (signed, _) = token.rsplit_once('.').expect("a signature");
    let known = tokens().filter_map(|known| known.rsplit_once('.'));
    assert!(
        known.map(|(signed, _)| signed).any(|known| known == signed),
        "forged: {token}"
    );
    let (_, sent) = signed.split_once('.').expect("a payload");
    assert_eq!(payload, decode(sent));
}
