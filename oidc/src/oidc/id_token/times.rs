//! The times of an id_token: `exp`, `iat`, `nbf`, `auth_time`, and Auth0's `session_expiry`. All in seconds since 1970.

use super::error::IdTokenError;
use super::expectations::Expectations;
use crate::json::JsonObject;
use crate::time::UnixTime;

/// The last second of the year 9999: later dates are mistakes.
const MAX_DATE: f64 = 253_402_300_799.0;
/// The most seconds between the issue of a token and its receipt: no response is accepted later.
const MAX_AGE_S: f64 = 3600.0;

pub(super) struct Times {
    pub(super) expires_at: UnixTime,
    pub(super) issued_at: UnixTime,
    pub(super) authenticated_at: Option<f64>,
}

impl Times {
    /// Steps 9, 10 and 13 of OIDC Core 3.1.3.7, with the tolerance for differences between the clocks.
    pub(super) fn validate(
        claims: &JsonObject,
        expected: &Expectations<'_>,
        now: UnixTime,
    ) -> Result<Self, IdTokenError> {
        let now = now.as_seconds();
        let tolerance = f64::from(expected.clock_tolerance_s);
        let exp = date(claims, "exp")?.ok_or(IdTokenError::Claims)?;
        if exp + tolerance <= now {
            return Err(IdTokenError::Expired);
        }
        let iat = date(claims, "iat")?.ok_or(IdTokenError::Claims)?;
        if iat - tolerance > now || iat > exp || iat + MAX_AGE_S + tolerance < now {
            return Err(IdTokenError::IssuedAt);
        }
        if date(claims, "nbf")?.is_some_and(|nbf| nbf - tolerance > now) {
            return Err(IdTokenError::NotBefore);
        }
        let authenticated_at = date(claims, "auth_time")?;
        if let Some(max_age) = expected.max_age_s {
            let since = authenticated_at.ok_or(IdTokenError::AuthenticationTime)?;
            if since + f64::from(max_age) + tolerance < now {
                return Err(IdTokenError::AuthenticationTooOld);
            }
        }
        let session_ends = date(claims, "session_expiry")?;
        if session_ends.is_some_and(|end| end <= iat) {
            return Err(IdTokenError::Claims);
        }
        Ok(Self {
            expires_at: instant(session_ends.map_or(exp, |end| end.min(exp))),
            issued_at: instant(iat),
            authenticated_at,
        })
    }
}

/// A `NumericDate` (RFC 7519 section 2) between 1970 and 9999.
fn date(claims: &JsonObject, name: &str) -> Result<Option<f64>, IdTokenError> {
    match claims.number(name) {
        Ok(None) => Ok(None),
        Ok(Some(seconds)) if (0.0..=MAX_DATE).contains(&seconds) => Ok(Some(seconds)),
        _ => Err(IdTokenError::Claims),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "within MAX_DATE")]
fn instant(seconds: f64) -> UnixTime {
    UnixTime((seconds * 1000.0) as i64)
}
