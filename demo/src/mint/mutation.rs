//! The mutations of the OpenID conformance suite. A wrong claim is the good value and a "1", a missing
//! claim is removed, a wrong signature is the good one with every byte XOR 0x5A.

use serde_json::Value;

use crate::provider::Fault;

/// Spoils the claims of an id_token that was issued at `issued_at`, in seconds since 1970.
pub(super) fn spoil_claims(claims: &mut Value, fault: Option<Fault>, issued_at: i64) {
    let Some(fault) = fault else { return };
    if fault == Fault::Expired {
        claims["iat"] = (issued_at - 7200).into();
        claims["exp"] = (issued_at - 3600).into();
    }
    if let Some(claim) = wrong(fault) {
        let spoilt = format!("{}1", claims[claim].as_str().unwrap_or_default());
        claims[claim] = spoilt.into();
    }
    if let Some(claim) = missing(fault) {
        remove(claims, claim);
    }
}

pub(super) fn spoil_header(header: &mut Value, fault: Option<Fault>) {
    match fault {
        Some(Fault::AlgNone) => header["alg"] = "none".into(),
        Some(Fault::MissingKid | Fault::MissingKidAmongSeveral) => remove(header, "kid"),
        _ => {}
    }
}

pub(super) fn spoil_signature(signature: &mut Vec<u8>, fault: Option<Fault>) {
    match fault {
        Some(Fault::WrongSignature) => signature.iter_mut().for_each(|byte| *byte ^= 0x5A),
        Some(Fault::AlgNone) => signature.clear(),
        _ => {}
    }
}

fn wrong(fault: Fault) -> Option<&'static str> {
    match fault {
        Fault::WrongIssuer => Some("iss"),
        Fault::WrongAudience => Some("aud"),
        Fault::WrongNonce => Some("nonce"),
        Fault::WrongAtHash => Some("at_hash"),
        Fault::OtherSubject => Some("sub"),
        _ => None,
    }
}

fn missing(fault: Fault) -> Option<&'static str> {
    match fault {
        Fault::MissingIssuer => Some("iss"),
        Fault::MissingSubject => Some("sub"),
        Fault::MissingAudience => Some("aud"),
        Fault::MissingExpiry => Some("exp"),
        Fault::MissingIssuedAt => Some("iat"),
        Fault::MissingNonce => Some("nonce"),
        Fault::MissingAtHash => Some("at_hash"),
        _ => None,
    }
}

fn remove(object: &mut Value, member: &str) {
    if let Some(members) = object.as_object_mut() {
        members.remove(member);
    }
}
