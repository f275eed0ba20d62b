//! The provider's state, and what its endpoints share.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::Behavior;
use crate::authorization::PushedRequest;
use crate::dpop::{DpopNonces, ExpectedProof, ProofCheck, ProofError};
use crate::refresh_tokens::RefreshToken;
use crate::request::ClientRequest;
use crate::token_endpoint::Code;
use crate::tokens::{Crypto, IssuedToken};

/// A user of the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The subject identifier (OIDC Core 2).
    pub sub: String,
    /// The claim `name`.
    pub name: String,
    /// The claim `email`.
    pub email: String,
}

/// A user's session at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The user who signed in.
    pub user: User,
    /// When the user signed in, by the provider's clock: seconds since 1970.
    pub auth_time: i64,
}

/// An authorization grant: the code, the refresh tokens and the tokens issued for it belong to it.
#[derive(Clone)]
pub struct Grant {
    /// The id of the grant.
    pub id: String,
    /// The user who consented, and when that user signed in.
    pub login: Login,
    /// The scope values granted, separated by spaces.
    pub scope: String,
    /// The `organization` of the request, for `org_id` or `org_name` (Auth0).
    pub organization: Option<String>,
}

impl Grant {
    /// Whether `value` is one of the scope values granted.
    #[must_use]
    pub fn allows(&self, value: &str) -> bool {
        self.scope.split(' ').any(|granted| granted == value)
    }
}

/// The one client that a provider knows, a public one.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its `client_id`.
    pub id: String,
    /// Its redirect URIs, compared character by character; a logout may return to them too.
    pub redirect_uris: Vec<String>,
}

/// The purpose of a secret that the driver generates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    /// An access token.
    AccessToken,
    /// An authorization code.
    Code,
    /// The name of a grant.
    Grant,
    /// The `jti` of an id_token.
    TokenId,
    /// A refresh token.
    RefreshToken,
    /// The last part of the `request_uri` of a pushed request.
    RequestUri,
}

/// An OpenID provider with the secrets and signatures of `C`.
pub struct Provider<C> {
    /// What it requires and supports.
    pub behavior: Behavior,
    /// The client that it knows; `None` accepts every `client_id` and redirect URI.
    pub client: Option<Client>,
    /// The current time, in milliseconds since 1970, by a correct clock. The driver sets it before each request.
    pub now_ms: i64,
    /// Generates its secrets and signs its id_tokens.
    pub crypto: C,
    pub(crate) codes: BTreeMap<String, Code>,
    pub(crate) dpop: DpopNonces,
    pub(crate) ended_grants: BTreeSet<String>,
    pub(crate) issued: Vec<IssuedToken>,
    pub(crate) pushed: BTreeMap<String, PushedRequest>,
    pub(crate) refresh_tokens: BTreeMap<String, RefreshToken>,
    issuer: String,
}

impl<C: Crypto> Provider<C> {
    /// A provider with this issuer identifier. `proofs`: how strictly it checks proofs of possession.
    pub fn new(issuer: String, client: Option<Client>, proofs: ProofCheck, crypto: C) -> Self {
        Self {
            behavior: Behavior::default(),
            client,
            now_ms: 0,
            crypto,
            codes: BTreeMap::new(),
            dpop: DpopNonces::new(proofs, String::new()),
            ended_grants: BTreeSet::new(),
            issued: Vec::new(),
            pushed: BTreeMap::new(),
            refresh_tokens: BTreeMap::new(),
            issuer,
        }
    }

    /// The issuer identifier.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The URL of `path` below the issuer.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer.trim_end_matches('/'))
    }

    /// An endpoint by its name in the metadata and its usual path.
    fn endpoint(&self, (member, path): (&str, &str)) -> String {
        let elsewhere = self.behavior.metadata[member].as_str();
        elsewhere.map_or_else(|| self.url(path), str::to_owned)
    }

    /// What the provider's clock shows: milliseconds since 1970.
    #[must_use]
    pub fn clock_ms(&self) -> i64 {
        self.now_ms + self.behavior.clock_offset_ms
    }

    /// The time of the provider's clock, in seconds since 1970.
    #[must_use]
    pub fn clock(&self) -> i64 {
        self.clock_ms().div_euclid(1000)
    }

    /// The metadata (OIDC Discovery 3), with [`Behavior::metadata`] merged in.
    #[must_use]
    pub fn metadata(&self) -> Value {
        let mut metadata = json!({
            "issuer": self.issuer,
            "authorization_endpoint": self.url("/authorize"),
            "token_endpoint": self.url("/token"),
            "jwks_uri": self.url("/jwks"),
            "revocation_endpoint": self.url("/revoke"),
            "end_session_endpoint": self.url("/logout"),
            "pushed_authorization_request_endpoint": self.url("/par"),
            "require_pushed_authorization_requests": self.behavior.require_par,
        });
        if !self.behavior.metadata.is_null() {
            merge_patch(&mut metadata, self.behavior.metadata.clone());
        }
        metadata
    }

    /// The nonce that proofs of possession must contain now.
    #[must_use]
    pub fn dpop_nonce(&self) -> &str {
        &self.dpop.nonce
    }

    /// Requires this nonce from now on; a proof with another one is answered `use_dpop_nonce`.
    pub fn set_dpop_nonce(&mut self, nonce: impl Into<String>) {
        self.dpop.nonce = nonce.into();
    }

    /// Whether the client registered this redirect URI.
    #[must_use]
    pub fn is_registered(&self, redirect_uri: Option<&str>) -> bool {
        redirect_uri.is_some_and(|uri| {
            let client = self.client.as_ref();
            client.is_none_or(|client| client.redirect_uris.iter().any(|known| known == uri))
        })
    }

    /// Whether the provider knows this `client_id`.
    #[must_use]
    pub fn knows(&self, client_id: Option<&str>) -> bool {
        let client = self.client.as_ref();
        client_id.is_some_and(|id| client.is_none_or(|client| client.id == id))
    }

    /// Checks that the client names itself and sends no secret, as a public client must (RFC 6749 section 3.2.1).
    pub(crate) fn identify(&self, request: &ClientRequest<'_>) -> Result<(), &'static str> {
        if request.form.is_none() {
            return Err("invalid_request");
        }
        let shows_a_secret = request.has_authorization || request.get("client_secret").is_some();
        match self.behavior.confidential || shows_a_secret || !self.knows(request.get("client_id"))
        {
            true => Err("invalid_client"),
            false => Ok(()),
        }
    }

    /// The thumbprint of the key whose possession a request to this endpoint proves; `None` if the request has no proof or
    /// the provider ignores proofs.
    pub(crate) fn proven_key(
        &mut self,
        request: &ClientRequest<'_>,
        endpoint: (&str, &str),
        nonce_required: bool,
    ) -> Result<Option<String>, ProofError> {
        if !self.behavior.dpop || request.proofs.is_empty() {
            return Ok(None);
        }
        let expected = ExpectedProof {
            method: "POST",
            url: &self.endpoint(endpoint),
            access_token: None,
            now: self.clock(),
            nonce_required,
        };
        self.dpop.check(&request.proofs, &expected).map(Some)
    }
}

/// JSON Merge Patch (RFC 7396).
pub fn merge_patch(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (name, value) in patch {
        if value.is_null() {
            target.as_object_mut().map(|members| members.remove(&name));
        } else {
            merge_patch(&mut target[name.as_str()], value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_changes_adds_and_takes_away_members() {
        let mut settings =
            json!({ "provider": { "flow": "code", "scope": "openid" }, "apis": [1] });
        merge_patch(
            &mut settings,
            json!({ "provider": { "flow": "implicit", "scope": null }, "apis": [], "session": { "a": 1 } }),
        );
        let expected =
            json!({ "provider": { "flow": "implicit" }, "apis": [], "session": { "a": 1 } });
        assert_eq!(settings, expected);
    }
}
