//! The id_token: the numbered steps of OIDC Core 3.1.3.7, 3.2.2.11 and 12.2.

mod error;
mod expectations;
mod times;

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256, Sha384, Sha512};

pub use self::error::IdTokenError;
pub use self::expectations::{AtHash, Expectations, IssuedBy};
use self::times::Times;
use super::continuity::{FirstIdToken, Subject};
use super::identity::Identity;
use crate::jose::jws::{CompactJws, JwsAlgorithm, JwsError};
use crate::jose::key_set::KeySet;
use crate::jose::verifier::JwsVerifier;
use crate::json::{JsonObject, Value};
use crate::secret::Secret;
use crate::time::UnixTime;

/// The claims of a verified id_token that the session uses.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims {
    /// `exp`, or the end of the user's session at the provider (`session_expiry`), if that is sooner.
    pub expires_at: UnixTime,
    /// `iat`
    pub issued_at: UnixTime,
    /// The user that the id_token identifies.
    pub identity: Identity,
    /// The claims that later refreshes are compared with.
    pub original: FirstIdToken,
}

/// Verifies the id_token `token` with the key of `keys` that signed it, and checks its claims (OIDC Core 3.1.3.7; 3.2.2.11 for
/// the implicit flow, 12.2 for a refresh).
///
/// - `token`, `keys`: as for [`jws::verify`](crate::jose::jws::verify). Encrypted id_tokens are not supported.
/// - `expected`: what the claims must agree with; its times are whole seconds.
/// - `now`: milliseconds since 1970, by the provider's clock as well as it is known. The claims' times are seconds, with or
///   without a fraction, and are compared with the tolerance [`Expectations::clock_tolerance_s`]. [`Claims::expires_at`]
///   does not include the tolerance.
///
/// # Errors
/// [`IdTokenError`], whatever the bytes; the first check that fails decides: the algorithm, the key, the signature, then
/// `iss`, `aud`, `azp`, `exp`, `iat`, `nbf`, `auth_time`, `acr`, `nonce`, `at_hash`, the organization and `sub`.
///
/// # Examples
/// ```
/// use evertoken_oidc::native::NativeVerifier;
/// use evertoken_oidc::oidc::id_token::{Expectations, IdTokenError, IssuedBy, verify};
/// use evertoken_oidc::jose::key_set::KeySet;
/// use evertoken_oidc::time::UnixTime;
/// use evertoken_oidc::secret::Secret;
///
/// # futures_executor::block_on(async {
/// let keys = KeySet::parse(br#"{"keys":[{"kty":"OKP","kid":"ed25519","crv":"Ed25519",
///     "x":"QnBdS84suroa7D6Uf8RmcXIIoKlgnQIDTklgu6EMSEc"}]}"#)?;
/// // {"iss":"https://provider.example/","aud":"client","sub":"alice",
/// //  "exp":1800003600,"iat":1800000000,"nonce":"nonce-of-the-request"}
/// let token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSIsImtpZCI6ImVkMjU1MTkifQ.\
///     eyJpc3MiOiJodHRwczovL3Byb3ZpZGVyLmV4YW1wbGUvIiwiYXVkIjoiY2xpZW50Iiwic3ViIjoiYWxpY2UiLCJleHAiOjE4MDAwMDM2MDAs\
///     ImlhdCI6MTgwMDAwMDAwMCwibm9uY2UiOiJub25jZS1vZi10aGUtcmVxdWVzdCJ9.\
///     FJI3n4d6QrmgSnb0qbi4sL15wCYZb3QybLFqGXtftvSd0Le50KKjYKHmCNzjPBbYun53nu3yIeluMB_Q6KxoCA";
/// let nonce = Secret::new("nonce-of-the-request");
/// let expected = Expectations {
///     access_token: None, acr_values: None, algorithms: None, max_age_s: None, organization: None,
///     client_id: "client", clock_tolerance_s: 60, issuer: "https://provider.example/",
///     origin: IssuedBy::Authorization { nonce: &nonce, subject: None },
/// };
/// let claims = verify(token, &keys, &expected, UnixTime(1_800_000_001_000), &NativeVerifier).await?;
/// assert_eq!(claims.identity.sub, "alice");
/// assert_eq!(claims.expires_at, UnixTime(1_800_003_600_000));
/// let late = verify(token, &keys, &expected, UnixTime(1_800_003_660_000), &NativeVerifier).await;
/// assert_eq!(late, Err(IdTokenError::Expired));
/// # Ok::<(), IdTokenError>(())
/// # }).unwrap();
/// ```
pub async fn verify(
    token: &str,
    keys: &KeySet,
    expected: &Expectations<'_>,
    now: UnixTime,
    verifier: &dyn JwsVerifier,
) -> Result<Claims, IdTokenError> {
    let jws = CompactJws::parse(token)?;
    let algorithm = jws.algorithm;
    if expected
        .algorithms
        .is_some_and(|known| !known.contains(&algorithm))
    {
        return Err(JwsError::Algorithm.into());
    }
    let payload = jws.verify(keys, verifier).await?;
    validate_claims(&payload, algorithm, expected, now)
}

/// Checks the payload of an id_token whose signature holds.
///
/// # Errors
/// [`IdTokenError`]; the first check that fails decides.
pub fn validate_claims(
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
    let azp = text(&claims, "azp")?;
    match azp {
        Some(party) if party != expected.client_id => return Err(IdTokenError::AuthorizedParty),
        None if audiences.len() > 1 => return Err(IdTokenError::AuthorizedParty),
        _ => {}
    }
    // Steps 9, 10 and 13: exp, iat, nbf, auth_time.
    let times = Times::validate(&claims, expected, now)?;
    // Step 12: acr.
    validate_authentication_context(&claims, expected)?;
    // Step 11: nonce. 3.1.3.8 and 3.2.2.9: at_hash.
    let nonce = text(&claims, "nonce")?;
    if let IssuedBy::Authorization { nonce: asked, .. } = expected.origin
        && nonce != Some(asked.expose())
    {
        return Err(IdTokenError::Nonce);
    }
    validate_access_token_hash(&claims, algorithm, expected)?;
    validate_organization(&claims, expected)?;
    // OIDC Core 2: sub; 12.2: on renewal it stays the same.
    let sub = text(&claims, "sub")?.filter(|sub| (1..=255).contains(&sub.len()) && sub.is_ascii());
    let subject = Subject {
        sub: sub.ok_or(IdTokenError::Claims)?,
        audiences,
        azp,
        auth_time: times.authenticated_at,
        nonce,
    };
    let mut original = validate_subject(&subject, expected.origin)?;
    original.preferred_username = display(&claims, "preferred_username");
    Ok(Claims {
        expires_at: times.expires_at,
        issued_at: times.issued_at,
        identity: identity(&claims, subject.sub),
        original,
    })
}

/// Checks that the user is the session's (OIDC Core 12.2). Returns the claims that later refreshes are compared with: those
/// of the last authorization.
fn validate_subject(
    subject: &Subject<'_>,
    origin: IssuedBy<'_>,
) -> Result<FirstIdToken, IdTokenError> {
    match origin {
        IssuedBy::Authorization {
            subject: Some(before),
            ..
        } if before != subject.sub => Err(IdTokenError::OtherUser),
        IssuedBy::Authorization { nonce, .. } => Ok(FirstIdToken {
            subject: subject.sub.to_owned(),
            audiences: subject
                .audiences
                .iter()
                .copied()
                .map(str::to_owned)
                .collect(),
            authorized_party: subject.azp.map(str::to_owned),
            authenticated_at: subject.auth_time,
            nonce: nonce.clone(),
            preferred_username: None,
        }),
        IssuedBy::Refresh(original) => {
            original.validate(subject)?;
            Ok(original.clone())
        }
    }
}

fn validate_access_token_hash(
    claims: &JsonObject,
    algorithm: JwsAlgorithm,
    expected: &Expectations<'_>,
) -> Result<(), IdTokenError> {
    let Some((access_token, required)) = expected.access_token else {
        return Ok(());
    };
    match text(claims, "at_hash")? {
        Some(hash) if hash != access_token_hash(algorithm, access_token) => {
            Err(IdTokenError::AccessTokenHash)
        }
        None if required == AtHash::Required => Err(IdTokenError::AccessTokenHash),
        _ => Ok(()),
    }
}

/// Checks that `acr`, if it is present, is one of the requested `acr_values` (RFC 9470 section 5).
fn validate_authentication_context(
    claims: &JsonObject,
    expected: &Expectations<'_>,
) -> Result<(), IdTokenError> {
    let Some(asked) = expected.acr_values else {
        return Ok(());
    };
    match text(claims, "acr")? {
        Some(acr) if !asked.split_ascii_whitespace().any(|one| one == acr) => {
            Err(IdTokenError::AuthenticationContext)
        }
        _ => Ok(()),
    }
}

/// Checks Auth0's organization: an id `org_...` must be the claim `org_id`, a name (a-z, 0-9, `-`, `_`) the claim
/// `org_name` in lower case.
fn validate_organization(
    claims: &JsonObject,
    expected: &Expectations<'_>,
) -> Result<(), IdTokenError> {
    let Some(asked) = expected.organization else {
        return Ok(());
    };
    let named = if asked.starts_with("org_") {
        text(claims, "org_id")? == Some(asked)
    } else {
        text(claims, "org_name")? == Some(asked.to_ascii_lowercase().as_str())
    };
    if named {
        Ok(())
    } else {
        Err(IdTokenError::Organization)
    }
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

/// The left half of the hash that belongs to the signature algorithm (OIDC Core 3.1.3.6).
fn access_token_hash(algorithm: JwsAlgorithm, access_token: &Secret) -> String {
    use JwsAlgorithm::{EdDsa, Es256, Es384, Es512, Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
    let token = access_token.expose();
    let hash = match algorithm {
        Es256 | Ps256 | Rs256 => Sha256::digest(token).to_vec(),
        Es384 | Ps384 | Rs384 => Sha384::digest(token).to_vec(),
        // Ed25519 signs over SHA-512, which is what providers hash with.
        EdDsa | Es512 | Ps512 | Rs512 => Sha512::digest(token).to_vec(),
    };
    let (left, _) = hash.split_at(hash.len() / 2);
    Base64UrlUnpadded::encode_string(left)
}

fn identity(claims: &JsonObject, sub: &str) -> Identity {
    Identity {
        sub: sub.to_owned(),
        name: ["name", "preferred_username", "nickname"]
            .into_iter()
            .find_map(|name| display(claims, name)),
        email: display(claims, "email"),
    }
}

/// A claim for display; one of the wrong type is ignored.
fn display(claims: &JsonObject, name: &str) -> Option<String> {
    claims.string(name).ok().flatten().map(str::to_owned)
}
