//! The token endpoint (RFC 6749 sections 4.1.3 and 6, with PKCE) and the revocation endpoint (RFC 7009).

use base64ct::{Base64UrlUnpadded, Encoding as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::authorization::AuthorizationRequest;
use crate::behavior::RefreshTokenIssue;
use crate::provider::{Grant, Provider};
use crate::request::ClientRequest;
use crate::tokens::{Crypto, TokenOrder};

/// The token endpoint: its member in the metadata and its path.
const TOKEN: (&str, &str) = ("token_endpoint", "/token");

/// An authorization code.
pub struct Code {
    /// The authorization request that it was issued for.
    pub request: AuthorizationRequest,
    /// The grant that it belongs to.
    pub grant: Grant,
    /// When it was issued: milliseconds since 1970, by the provider's clock.
    pub issued_at_ms: i64,
    /// How often it was sent to the token endpoint.
    pub uses: u32,
}

impl<C: Crypto> Provider<C> {
    /// The code with this text, if it was ever issued.
    #[must_use]
    pub fn code(&self, code: &str) -> Option<&Code> {
        self.codes.get(code)
    }

    /// Whether a code was sent to the token endpoint twice.
    #[must_use]
    pub fn has_seen_a_code_twice(&self) -> bool {
        self.codes.values().any(|code| code.uses > 1)
    }

    /// Answers a token request with the token response (RFC 6749 section 5.1).
    ///
    /// # Errors
    /// The code of the error answer (RFC 6749 section 5.2, RFC 9449 section 5).
    pub fn exchange(&mut self, request: &ClientRequest<'_>) -> Result<Value, &'static str> {
        let grant_type = request.get("grant_type").ok_or("invalid_request")?;
        self.identify(request)?;
        // The proof is checked before the grant is used up: after `use_dpop_nonce` the client sends the same code or
        // refresh token again.
        let nonce_required = self.behavior.dpop_nonce_required;
        let jkt = self
            .proven_key(request, TOKEN, nonce_required)
            .map_err(|error| error.code())?;
        match grant_type {
            "authorization_code" => self.redeem_code(request, jkt.as_deref()),
            "refresh_token" => self.refresh(request, jkt.as_deref()),
            _ => Err("unsupported_grant_type"),
        }
    }

    fn redeem_code(
        &mut self,
        request: &ClientRequest<'_>,
        jkt: Option<&str>,
    ) -> Result<Value, &'static str> {
        let code = request.get("code").ok_or("invalid_request")?;
        let verifier = request.get("code_verifier").ok_or("invalid_request")?;
        let now_ms = self.clock_ms();
        let code = self.codes.get_mut(code).ok_or("invalid_grant")?;
        // Counted whatever follows: a code that was sent with a wrong verifier is used up.
        code.uses += 1;
        let (asked, grant) = (code.request.clone(), code.grant.clone());
        if code.uses > 1 {
            self.end_grant(&grant.id);
            return Err("invalid_grant");
        }
        let age_ms = now_ms - code.issued_at_ms;
        let challenge = Base64UrlUnpadded::encode_string(&Sha256::digest(verifier));
        let bound_to = asked.get("dpop_jkt").filter(|_| self.behavior.dpop);
        let good = age_ms <= self.behavior.code_lifetime_ms
            && asked.get("code_challenge") == Some(&challenge)
            && asked.get("redirect_uri") == request.get("redirect_uri")
            && bound_to.is_none_or(|bound| Some(bound) == jkt);
        if !good {
            return Err("invalid_grant");
        }
        let has_refresh_token = match self.behavior.refresh_tokens {
            RefreshTokenIssue::Never => false,
            RefreshTokenIssue::OfflineAccess => grant.allows("offline_access"),
            RefreshTokenIssue::Always => true,
        };
        let mut body = self.token_response(&grant, request, asked.get("nonce"), jkt);
        if has_refresh_token {
            body["refresh_token"] = self.new_refresh_token(&grant, jkt).into();
        }
        Ok(body)
    }

    fn refresh(
        &mut self,
        request: &ClientRequest<'_>,
        jkt: Option<&str>,
    ) -> Result<Value, &'static str> {
        let presented = request.get("refresh_token").ok_or("invalid_request")?;
        let scope = request.get("scope");
        let grant = self.redeem_refresh_token(presented, jkt, scope)?;
        // The refresh token keeps the whole granted scope, even if this request asks for less.
        let narrowed = Grant {
            scope: scope.unwrap_or(&grant.scope).to_owned(),
            ..grant.clone()
        };
        let mut body = self.token_response(&narrowed, request, None, jkt);
        if self.rotates() && self.behavior.refresh_tokens != RefreshTokenIssue::Never {
            body["refresh_token"] = self.new_refresh_token(&grant, jkt).into();
        }
        let has_id_token = self.behavior.refresh_id_token && narrowed.allows("openid");
        if let (false, Some(members)) = (has_id_token, body.as_object_mut()) {
            members.remove("id_token");
        }
        Ok(body)
    }

    /// The token response without a refresh token.
    fn token_response(
        &mut self,
        grant: &Grant,
        request: &ClientRequest<'_>,
        nonce: Option<&str>,
        jkt: Option<&str>,
    ) -> Value {
        let tokens = self.make_tokens(&TokenOrder {
            grant,
            client_id: request.get("client_id").unwrap_or_default(),
            nonce,
            jkt,
        });
        let mut body = json!({
            "access_token": tokens.access_token,
            "token_type": if jkt.is_some() { "DPoP" } else { "Bearer" },
            "expires_in": self.behavior.token_lifetime_ms / 1000,
            "id_token": tokens.id_token,
        });
        if self.behavior.sends_scope {
            body["scope"] = grant.scope.as_str().into();
        }
        body
    }

    /// Revokes a refresh token or an access token (RFC 7009); returns whether the token was known. `token_type_hint` is
    /// ignored.
    ///
    /// # Errors
    /// The code of the error answer.
    pub fn revoke(&mut self, request: &ClientRequest<'_>) -> Result<bool, &'static str> {
        self.identify(request)?;
        let token = request.get("token").ok_or("invalid_request")?;
        match self.refresh_tokens.get(token) {
            Some(known) => {
                let grant_id = known.grant.id.clone();
                self.end_grant(&grant_id);
                Ok(true)
            }
            None => Ok(self.revoke_access_tokens(|issued| issued.token == token)),
        }
    }
}
