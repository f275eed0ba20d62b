//! What an id_token is checked against.

use crate::jose::algorithm::JwsAlgorithm;
use crate::oidc::continuity::FirstIdToken;
use crate::secret::Secret;

/// What a valid id_token must agree with.
#[derive(Clone, Debug)]
pub struct Expectations<'a> {
    /// The `acr_values` of the request: the accepted authentication context classes, separated by spaces.
    pub acr_values: Option<&'a str>,
    /// The access token that came with it, and whether `at_hash` is required (it is in the implicit flow).
    pub access_token: Option<(&'a Secret, AtHash)>,
    /// The signature algorithms that the provider uses; `None` accepts every [`JwsAlgorithm`].
    pub algorithms: Option<&'a [JwsAlgorithm]>,
    /// The `client_id` of this client: `aud` must contain it.
    pub client_id: &'a str,
    /// Tolerance for times, in seconds.
    pub clock_tolerance_s: u16,
    /// The issuer, compared character by character.
    pub issuer: &'a str,
    /// The `max_age` of the request: the most seconds since the user signed in at the provider.
    pub max_age_s: Option<u32>,
    /// The `organization` of the request (Auth0): an id `org_...`, or a name.
    pub organization: Option<&'a str>,
    /// The exchange that issued the id_token.
    pub origin: IssuedBy<'a>,
}

/// The exchange that issued an id_token: it determines what binds the id_token to this client.
#[derive(Clone, Copy, Debug)]
pub enum IssuedBy<'a> {
    /// An authorization with this nonce; `subject` is the user of the session that the authorization renews.
    Authorization {
        /// The nonce of the request.
        nonce: &'a Secret,
        /// The required `sub`; `None` at a sign-in.
        subject: Option<&'a str>,
    },
    /// A refresh of the session that began with this id_token (OIDC Core 12.2).
    Refresh(&'a FirstIdToken),
}

/// Whether `at_hash` may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtHash {
    /// Checked where present (OIDC Core 3.1.3.8).
    Optional,
    /// Must be there (OIDC Core 3.2.2.10).
    Required,
}
