//! The provider's token endpoint: codes, refresh tokens, proofs of possession.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::mint::Occasion;
use super::{Fault, Parameters, Provider};

impl Provider {
    pub(super) fn exchange(&self, form: &Parameters, proof: Option<&str>) -> (u16, Value) {
        self.token_requests.borrow_mut().push(form.clone());
        if let Some(Fault::TokenEndpoint(status, body)) = &*self.fault.borrow() {
            return (*status, body.clone());
        }
        if let Some(Fault::TokenRefusal(grant, body)) = &*self.fault.borrow()
            && form["grant_type"] == *grant
        {
            return (400, body.clone());
        }
        if let Some(refusal) = self.refuse_proof(proof) {
            return refusal;
        }
        let occasion = match form["grant_type"].as_str() {
            "authorization_code" => self.redeem_code(form),
            _ => self.redeem_refresh_token(form),
        };
        match occasion {
            Some(occasion) => (200, self.token_answer(&occasion, proof.is_some())),
            None => (400, json!({"error": "invalid_grant"})),
        }
    }

    fn redeem_code(&self, form: &Parameters) -> Option<Occasion> {
        let asked = self.codes.borrow_mut().remove(&form["code"])?;
        let challenge = Base64UrlUnpadded::encode_string(&Sha256::digest(&form["code_verifier"]));
        let good =
            asked["code_challenge"] == challenge && form["redirect_uri"] == asked["redirect_uri"];
        good.then_some(Occasion {
            asked,
            refreshed: false,
        })
    }

    /// A token that is sent again although another took its place ends the whole family (RFC 9700 section 4.14.2).
    fn redeem_refresh_token(&self, form: &Parameters) -> Option<Occasion> {
        let mut known = self.refresh_tokens.borrow_mut();
        let Some(asked) = known.get(&form["refresh_token"]).cloned() else {
            known.clear();
            return None;
        };
        if self.manners.borrow().rotates {
            known.remove(&form["refresh_token"]);
        }
        Some(Occasion {
            asked,
            refreshed: true,
        })
    }

    fn token_answer(&self, occasion: &Occasion, proved: bool) -> Value {
        let manners = self.manners.borrow().clone();
        let (access_token, id_token) = self.tokens(occasion);
        let bound = manners.dpop && proved;
        let mut answer = json!({
            "access_token": access_token,
            "token_type": if bound { "DPoP" } else { "bearer" },
            "expires_in": self.lifetime.get().as_secs(),
        });
        if !occasion.refreshed || manners.refresh_brings_id_token {
            answer["id_token"] = id_token.into();
        }
        if manners.refresh_tokens && (manners.rotates || !occasion.refreshed) {
            let refresh_token = format!("refresh-{}", self.issued.borrow().len());
            answer["refresh_token"] = refresh_token.as_str().into();
            let asked = occasion.asked.clone();
            self.refresh_tokens
                .borrow_mut()
                .insert(refresh_token, asked);
        }
        if let Some(scope) = manners.granted_scope {
            answer["scope"] = scope.into();
        }
        if let Some(Fault::TokenMember(name, value)) = &*self.fault.borrow() {
            match value {
                Value::Null => drop(answer.as_object_mut().unwrap().remove(*name)),
                value => answer[*name] = value.clone(),
            }
        }
        answer
    }

    fn refuse_proof(&self, proof: Option<&str>) -> Option<(u16, Value)> {
        let wanted = self.manners.borrow().dpop_nonce?;
        let claims: Value = proof.map(payload)?;
        let good = claims["nonce"] == wanted;
        (!good).then(|| (400, json!({"error": "use_dpop_nonce"})))
    }
}

/// The payload of a JWS, unverified.
pub fn payload(jws: &str) -> Value {
    let segment = jws.split('.').nth(1).unwrap();
    serde_json::from_slice(&Base64UrlUnpadded::decode_vec(segment).unwrap()).unwrap()
}
