//! The id_token: the numbered steps of OIDC Core 3.1.3.7, 3.2.2.11 and 12.2.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;
use sha2::{Digest, Sha256, Sha384, Sha512};
use thiserror::Error;

use super::json::JsonObject;
use super::jws::{CompactJws, JwsAlgorithm, JwsError};
use super::key_set::PublicKey;
use crate::message::Identity;
use crate::platform::{JwsVerifier, SignatureError, UnixTime};
use crate::secret::Secret;

/// What a good id_token must agree with.
#[derive(Clone, Debug)]
pub struct Expectations<'a> {
    /// The access token that came with it, and whether `at_hash` is required (it is in the implicit flow).
    pub access_token: Option<(&'a Secret, AtHash)>,
    /// This client.
    pub client_id: &'a str,
    /// Tolerance for times, in seconds.
    pub clock_tolerance_s: u16,
    /// The issuer, compared character by character.
    pub issuer: &'a str,
    /// The nonce of the request.
    pub nonce: &'a Secret,
    /// The `sub` of the session that is renewed.
    pub subject: Option<&'a str>,
}

/// Whether `at_hash` may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtHash {
    /// Checked where present (OIDC Core 3.1.3.8).
    Optional,
    /// Must be there (OIDC Core 3.2.2.10).
    Required,
}

/// The claims of a verified id_token that the session uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// When it expires.
    pub expires_at: UnixTime,
    /// When it was issued.
    pub issued_at: UnixTime,
    /// Who it is about.
    pub identity: Identity,
}

/// Why an id_token is refused; one variant per check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IdTokenError {
    /// `at_hash` is missing where it is required, or is another access token's.
    #[error("the id_token belongs to another access token")]
    AccessTokenHash,
    /// `aud` does not hold this client.
    #[error("the id_token was issued to another client")]
    Audience,
    /// `azp` is missing with several audiences, or is another client.
    #[error("the id_token was issued to another authorized party")]
    AuthorizedParty,
    /// The payload is not a JSON object, or a claim is missing or of the wrong type.
    #[error("the id_token's claims are malformed")]
    Claims,
    /// `exp` is past.
    #[error("the id_token has expired already")]
    Expired,
    /// `iat` is in the future or after `exp`.
    #[error("the id_token's time of issue is impossible; is the clock right?")]
    IssuedAt,
    /// `iss` is another issuer.
    #[error("the id_token comes from another issuer than the settings name")]
    Issuer,
    /// The token is refused before its claims are read.
    #[error(transparent)]
    Jws(#[from] JwsError),
    /// `nonce` is missing or another request's.
    #[error("the id_token was issued for another request")]
    Nonce,
    /// `nbf` is in the future.
    #[error("the id_token is not valid yet; is the clock right?")]
    NotBefore,
    /// `sub` is another user than the session's.
    #[error("another user is signed in at the provider now")]
    OtherUser,
    /// The signature does not hold.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

impl IdTokenError {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::AccessTokenHash => "id_token.at_hash",
            Self::Audience => "id_token.aud",
            Self::AuthorizedParty => "id_token.azp",
            Self::Claims => "id_token.claims",
            Self::Expired => "id_token.exp",
            Self::IssuedAt => "id_token.iat",
            Self::Issuer => "id_token.iss",
            Self::Jws(JwsError::Algorithm) => "id_token.alg",
            Self::Jws(JwsError::Critical) => "id_token.crit",
            Self::Jws(JwsError::Header) => "id_token.header",
            Self::Jws(JwsError::Segments) => "id_token.segments",
            Self::Jws(JwsError::TooLarge) => "id_token.too_large",
            Self::Jws(JwsError::Type) => "id_token.typ",
            Self::Nonce => "id_token.nonce",
            Self::NotBefore => "id_token.nbf",
            Self::OtherUser => "id_token.sub",
            Self::Signature(SignatureError::Mismatch) => "id_token.signature",
            Self::Signature(SignatureError::UnusableKey) => "id_token.key",
        }
    }
}

/// Verifies `jws` with `key` and judges its claims at `now`.
///
/// # Errors
/// [`IdTokenError`]; the first check that fails decides.
pub async fn verify(
    jws: CompactJws,
    key: PublicKey,
    expected: &Expectations<'_>,
    now: UnixTime,
    verifier: &dyn JwsVerifier,
) -> Result<Claims, IdTokenError> {
    let CompactJws {
        algorithm,
        signing_input,
        payload,
        signature,
        ..
    } = jws;
    verifier
        .verify(algorithm, key, signing_input, signature)
        .await?;
    judge_claims(&payload, algorithm, expected, now)
}

/// Judges the payload of an id_token whose signature holds.
///
/// # Errors
/// [`IdTokenError`]; the first check that fails decides.
pub fn judge_claims(
    payload: &[u8],
    algorithm: JwsAlgorithm,
    expected: &Expectations<'_>,
    now: UnixTime,
) -> Result<Claims, IdTokenError> {
    let claims = JsonObject::parse(payload).map_err(|_| IdTokenError::Claims)?;
    // 3.1.3.7 step 2: iss.
    if text(&claims, "iss")? != Some(expected.issuer) {
        return Err(IdTokenError::Issuer);
    }
    // Steps 3 to 5: aud and azp.
    let audiences = audiences(&claims)?;
    if !audiences.contains(&expected.client_id) {
        return Err(IdTokenError::Audience);
    }
    match text(&claims, "azp")? {
        Some(party) if party != expected.client_id => return Err(IdTokenError::AuthorizedParty),
        None if audiences.len() > 1 => return Err(IdTokenError::AuthorizedParty),
        _ => {}
    }
    // Step 9 and 10: exp, iat, nbf.
    let (expires_at, issued_at) = judge_times(&claims, expected.clock_tolerance_s, now)?;
    // Step 11: nonce.
    if text(&claims, "nonce")? != Some(expected.nonce.expose()) {
        return Err(IdTokenError::Nonce);
    }
    // 3.1.3.8 and 3.2.2.9: at_hash.
    if let Some((access_token, required)) = expected.access_token {
        match text(&claims, "at_hash")? {
            Some(hash) if hash != access_token_hash(algorithm, access_token) => {
                return Err(IdTokenError::AccessTokenHash);
            }
            None if required == AtHash::Required => return Err(IdTokenError::AccessTokenHash),
            _ => {}
        }
    }
    // OIDC Core 2: sub; 12.2: on renewal it stays the same.
    let sub = text(&claims, "sub")?.filter(|sub| (1..=255).contains(&sub.len()) && sub.is_ascii());
    let sub = sub.ok_or(IdTokenError::Claims)?;
    if expected.subject.is_some_and(|before| before != sub) {
        return Err(IdTokenError::OtherUser);
    }
    let identity = identity(&claims, sub);
    Ok(Claims {
        expires_at,
        issued_at,
        identity,
    })
}

fn text<'a>(claims: &'a JsonObject, name: &str) -> Result<Option<&'a str>, IdTokenError> {
    claims.string(name).map_err(|_| IdTokenError::Claims)
}

fn audiences(claims: &JsonObject) -> Result<Vec<&str>, IdTokenError> {
    match claims.value("aud") {
        Some(Value::String(one)) => Ok(vec![one.as_str()]),
        Some(Value::Array(_)) => claims
            .strings("aud")
            .map(Option::unwrap_or_default)
            .map_err(|_| IdTokenError::Claims),
        _ => Err(IdTokenError::Audience),
    }
}

/// `exp`, `iat` and `nbf`, with `tolerance_s` seconds granted to the provider's clock.
fn judge_times(
    claims: &JsonObject,
    tolerance_s: u16,
    now: UnixTime,
) -> Result<(UnixTime, UnixTime), IdTokenError> {
    let date = |name| claims.number(name).map_err(|_| IdTokenError::Claims);
    let now = now.as_seconds();
    let tolerance = f64::from(tolerance_s);
    let exp = date("exp")?.filter(|exp| (0.0..=MAX_DATE).contains(exp));
    let exp = exp.ok_or(IdTokenError::Claims)?;
    if exp + tolerance <= now {
        return Err(IdTokenError::Expired);
    }
    let iat = date("iat")?.filter(|iat| (0.0..=MAX_DATE).contains(iat));
    let iat = iat.ok_or(IdTokenError::Claims)?;
    if iat - tolerance > now || iat > exp {
        return Err(IdTokenError::IssuedAt);
    }
    if date("nbf")?.is_some_and(|nbf| nbf - tolerance > now) {
        return Err(IdTokenError::NotBefore);
    }
    #[expect(clippy::cast_possible_truncation, reason = "both are within MAX_DATE")]
    let instant = |seconds: f64| UnixTime((seconds * 1000.0) as i64);
    Ok((instant(exp), instant(iat)))
}

/// The last second of the year 9999: later dates are mistakes.
const MAX_DATE: f64 = 253_402_300_799.0;

/// The left half of the hash that belongs to the signature algorithm (OIDC Core 3.1.3.6).
fn access_token_hash(algorithm: JwsAlgorithm, access_token: &Secret) -> String {
    use JwsAlgorithm::{EdDsa, Es256, Es384, Ps256, Rs256, Rs384, Rs512};
    let token = access_token.expose();
    let hash = match algorithm {
        Es256 | Ps256 | Rs256 => Sha256::digest(token).to_vec(),
        Es384 | Rs384 => Sha384::digest(token).to_vec(),
        // Ed25519 signs over SHA-512, which is what providers hash with.
        EdDsa | Rs512 => Sha512::digest(token).to_vec(),
    };
    let (left, _) = hash.split_at(hash.len() / 2);
    Base64UrlUnpadded::encode_string(left)
}

fn identity(claims: &JsonObject, sub: &str) -> Identity {
    // Only for display: a claim of the wrong type is as good as none.
    let display = |name| claims.string(name).ok().flatten().map(str::to_owned);
    Identity {
        sub: sub.to_owned(),
        name: ["name", "preferred_username", "nickname"]
            .into_iter()
            .find_map(display),
        email: display("email"),
    }
}
