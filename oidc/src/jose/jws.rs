//! JWS compact serialization (RFC 7515 sections 3.1 and 5.2): parsing, header checks, and verification with a key set.

use base64ct::{Base64UrlUnpadded, Encoding};
use thiserror::Error;

use super::key_set::{KeySet, KeySetError};
use crate::jose::verifier::JwsVerifier;
use crate::jose::verifier::SignatureError;
use crate::json::JsonObject;

pub use super::algorithm::JwsAlgorithm;

/// The largest token that is read: 64 KiB.
pub const MAX_TOKEN_BYTES: usize = 64 * 1024;

/// A token that parsed. Its signature is not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompactJws {
    /// The header's `alg`.
    pub algorithm: JwsAlgorithm,
    /// The header's `kid`.
    pub key_id: Option<String>,
    /// The bytes that are signed.
    pub signing_input: Vec<u8>,
    /// The decoded payload.
    pub payload: Vec<u8>,
    /// The decoded signature.
    pub signature: Vec<u8>,
}

/// Why a token is refused before any cryptography.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum JwsError {
    /// `alg` is missing, `none`, symmetric or unknown.
    #[error("the id_token's signature algorithm is not accepted")]
    Algorithm,
    /// `crit` is present: it names extensions, and none is understood here (RFC 7515 section 4.1.11).
    #[error("the id_token asks for an extension that is not known here")]
    Critical,
    /// The header is not a JSON object, or `kid` is not a string.
    #[error("the id_token's header is malformed")]
    Header,
    /// Not three base64url segments without padding.
    #[error("the id_token is not a signed token")]
    Segments,
    /// Larger than [`MAX_TOKEN_BYTES`].
    #[error("the id_token is too large")]
    TooLarge,
    /// `typ` says that it is another kind of token (RFC 8725 section 3.11).
    #[error("the provider sent another kind of token as the id_token")]
    Type,
}

impl CompactJws {
    /// Splits and decodes `token`; headers that bring their own key (`jwk`, `jku`, `x5u`, `x5c`) are ignored.
    ///
    /// # Errors
    /// [`JwsError`].
    pub fn parse(token: &str) -> Result<Self, JwsError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(JwsError::TooLarge);
        }
        let (signing_input, signature) = token.rsplit_once('.').ok_or(JwsError::Segments)?;
        let (header, payload) = signing_input.split_once('.').ok_or(JwsError::Segments)?;
        let (algorithm, key_id) = read_header(&decode(header)?)?;
        Ok(Self {
            algorithm,
            key_id,
            signing_input: signing_input.as_bytes().to_vec(),
            payload: decode(payload)?,
            signature: decode(signature)?,
        })
    }

    /// Verifies the signature with the only key of `keys` that can have made it, and returns the payload.
    ///
    /// # Errors
    /// [`VerificationError::Key`], [`VerificationError::Signature`].
    pub async fn verify(
        self,
        keys: &KeySet,
        verifier: &dyn JwsVerifier,
    ) -> Result<Vec<u8>, VerificationError> {
        let key = keys.select(self.algorithm, self.key_id.as_deref())?.clone();
        verifier
            .verify(self.algorithm, key, self.signing_input, self.signature)
            .await?;
        Ok(self.payload)
    }
}

/// Why a token was not verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum VerificationError {
    /// The token is refused before any cryptography.
    #[error(transparent)]
    Jws(#[from] JwsError),
    /// No key of the set, or more than one, can have signed the token.
    #[error(transparent)]
    Key(#[from] KeySetError),
    /// The signature is not valid.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// Verifies `token`, a JWS in compact serialization, with the key of `keys` that signed it (RFC 7515 section 5.2).
///
/// Returns the payload's bytes. No claim is read: [`id_token`](crate::oidc::id_token) checks the claims.
///
/// - `token`: three base64url segments without padding, joined by full stops (RFC 7515 section 7.1), [`MAX_TOKEN_BYTES`] at
///   most. The header's `alg` is one of [`JwsAlgorithm`], `kid` chooses the key, `typ` is `JWT` or absent, `crit` is
///   absent.
/// - `keys`: a parsed JWK set (RFC 7517). Exactly one of its keys must fit the header; nothing is fetched, whatever the
///   token's header contains.
/// - `verifier`: the one signature operation; [`crate::native::NativeVerifier`] outside a browser.
///
/// # Errors
/// [`VerificationError`], whatever the bytes: it never panics.
///
/// - [`VerificationError::Jws`]: the token is refused before any cryptography.
/// - [`VerificationError::Key`]: no key fits, or more than one. [`KeySetError::UnknownKey`] may mean that the set is old.
/// - [`VerificationError::Signature`]: the key that fits did not sign this, or cannot be used.
///
/// # Examples
/// The token of RFC 8037 appendix A.4:
///
/// ```
/// use evertoken_oidc::native::NativeVerifier;
/// use evertoken_oidc::jose::jws::{self, JwsError, VerificationError};
/// use evertoken_oidc::jose::key_set::KeySet;
/// use evertoken_oidc::jose::verifier::SignatureError;
///
/// # futures_executor::block_on(async {
/// let keys = KeySet::parse(br#"{"keys":[
///     {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
/// ]}"#)?;
/// let token = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
///     hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
/// let payload = jws::verify(token, &keys, &NativeVerifier).await?;
/// assert_eq!(payload, b"Example of Ed25519 signing");
///
/// let tampered = token.replace("RXhh", "ZXhh");
/// let refused = jws::verify(&tampered, &keys, &NativeVerifier).await;
/// assert_eq!(refused, Err(VerificationError::Signature(SignatureError::Mismatch)));
///
/// // {"alg":"none"}
/// let unsigned = "eyJhbGciOiJub25lIn0.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.";
/// let refused = jws::verify(unsigned, &keys, &NativeVerifier).await;
/// assert_eq!(refused, Err(VerificationError::Jws(JwsError::Algorithm)));
/// # Ok::<(), VerificationError>(())
/// # }).unwrap();
/// ```
pub async fn verify(
    token: &str,
    keys: &KeySet,
    verifier: &dyn JwsVerifier,
) -> Result<Vec<u8>, VerificationError> {
    CompactJws::parse(token)?.verify(keys, verifier).await
}

/// Reads the algorithm and the `kid` of a header, after checking each member by its own type.
///
/// Reads member by member, because the derive of `jsonwebtoken` for the whole header reads `"crit":null` as absent and
/// `"alg":{"RS256":null}` as `"alg":"RS256"`, and rejects a token for the type of a member that is ignored here.
fn read_header(json: &[u8]) -> Result<(JwsAlgorithm, Option<String>), JwsError> {
    let members = JsonObject::parse(json).map_err(|_| JwsError::Header)?;
    let name = members.string("alg").ok().flatten();
    let algorithm = name.and_then(JwsAlgorithm::from_name);
    let algorithm = algorithm.ok_or(JwsError::Algorithm)?;
    if members.has("crit") || members.has("b64") {
        return Err(JwsError::Critical);
    }
    let text = |name| members.string(name).map_err(|_| JwsError::Header);
    match text("typ")? {
        None => {}
        Some(typ) if ["jwt", "application/jwt"].contains(&typ.to_ascii_lowercase().as_str()) => {}
        Some(_) => return Err(JwsError::Type),
    }
    Ok((algorithm, text("kid")?.map(str::to_owned)))
}

fn decode(segment: &str) -> Result<Vec<u8>, JwsError> {
    if segment.is_empty() {
        return Err(JwsError::Segments);
    }
    Base64UrlUnpadded::decode_vec(segment).map_err(|_| JwsError::Segments)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str) -> String {
        let encode = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
        format!(
            "{}.{}.{}",
            encode(header),
            encode("{}"),
            encode("signature")
        )
    }

    #[test]
    fn the_key_that_a_header_brings_along_is_ignored() {
        let parsed = CompactJws::parse(&token(r#"{"alg":"RS256","jku":"https://evil.test/"}"#));
        assert_eq!(parsed.map(|jws| jws.key_id), Ok(None));
    }

    #[test]
    fn a_member_that_is_ignored_may_be_of_any_type() {
        for extra in [r#""jku":5"#, r#""jwk":"x""#, r#""x5c":{}"#, r#""cty":[]"#] {
            let token = token(&format!(r#"{{"alg":"Ed25519","kid":"1",{extra}}}"#));
            let parsed = CompactJws::parse(&token).unwrap();
            assert_eq!(parsed.algorithm, JwsAlgorithm::EdDsa, "{extra}");
            assert_eq!(parsed.key_id.as_deref(), Some("1"), "{extra}");
        }
    }

    #[test]
    fn null_is_absent_but_for_what_names_the_algorithm_or_is_critical() {
        for name in ["typ", "kid"] {
            let token = token(&format!(r#"{{"alg":"RS256","{name}":null}}"#));
            assert!(CompactJws::parse(&token).is_ok(), "{name}");
        }
        for header in [r#"{"alg":null}"#, r#"{"alg":"RS256","crit":null}"#] {
            assert!(CompactJws::parse(&token(header)).is_err(), "{header}");
        }
    }

    #[test]
    fn unsigned_and_symmetric_algorithms_are_refused() {
        for alg in [
            r#""none""#,
            r#""NONE""#,
            r#""nOnE""#,
            r#""HS256""#,
            r#""rs256""#,
            r#""ES256K""#,
            r#"{"RS256":null}"#,
            r#"["RS256"]"#,
            "5",
            "null",
        ] {
            let token = token(&format!(r#"{{"alg":{alg}}}"#));
            assert_eq!(CompactJws::parse(&token), Err(JwsError::Algorithm), "{alg}");
        }
        assert_eq!(CompactJws::parse(&token("{}")), Err(JwsError::Algorithm));
    }

    #[test]
    fn critical_extensions_are_refused() {
        for extra in [
            r#""crit":["x"]"#,
            r#""crit":[]"#,
            r#""crit":1"#,
            r#""crit":null"#,
            r#""b64":false"#,
        ] {
            let token = token(&format!(r#"{{"alg":"RS256",{extra}}}"#));
            assert_eq!(
                CompactJws::parse(&token),
                Err(JwsError::Critical),
                "{extra}"
            );
        }
    }

    #[test]
    fn tokens_of_another_type_are_refused() {
        for typ in ["at+jwt", "logout+jwt", "dpop+jwt"] {
            let token = token(&format!(r#"{{"alg":"RS256","typ":"{typ}"}}"#));
            assert_eq!(CompactJws::parse(&token), Err(JwsError::Type), "{typ}");
        }
        assert!(CompactJws::parse(&token(r#"{"alg":"RS256","typ":"application/JWT"}"#)).is_ok());
    }

    #[test]
    fn only_three_unpadded_base64url_segments_are_accepted() {
        let good = token(r#"{"alg":"RS256"}"#);
        assert!(CompactJws::parse(&good).is_ok());
        let segments: Vec<&str> = good.split('.').collect();
        let (header, payload) = (segments[0], segments[1]);
        for bad in [
            String::new(),
            header.to_owned(),
            format!("{header}.{payload}"),
            format!("{header}.{payload}."),
            format!(".{payload}.AA"),
            format!("{header}..AA"),
            format!("{good}."),
            format!("{good}.AA"),
            format!("{good}.AA.AA"),
            format!(" {good}"),
            format!("{header}.{payload}.AA=="),
            format!("{header}.{payload}.+/+/"),
            format!("{header}.{payload}.AB"), // trailing bits that are not zero
        ] {
            assert_eq!(
                CompactJws::parse(&bad).err(),
                Some(JwsError::Segments),
                "{bad}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[A-Za-z0-9_.=-]{0,200}") {
            let _ = CompactJws::parse(&text);
        }
    }
}
