//! Spoilt tokens and responses, as the OpenID conformance suite spoils them.

use std::collections::BTreeSet;

use crate::client::{IMPLICIT, OFFLINE, Servers, answer, claims, part, text};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use evertoken_demo::provider::{Fault, ProviderOptions};
use jsonwebtoken::crypto::verify;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

fn names(claims: &Value) -> BTreeSet<&str> {
    let claims = claims.as_object().unwrap();
    claims.keys().map(String::as_str).collect()
}

#[tokio::test]
async fn a_wrong_claim_is_the_good_one_and_a_one() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let silent = [&IMPLICIT[..], &[("prompt", "none")]].concat();
    let good = claims(&servers.sign_in(&IMPLICIT).await["id_token"]);
    for (fault, claim) in [
        (Fault::WrongIssuer, "iss"),
        (Fault::WrongAudience, "aud"),
        (Fault::WrongNonce, "nonce"),
        (Fault::OtherSubject, "sub"),
    ] {
        servers.provider.set_fault(fault);
        let spoilt = answer(&servers.authorize(&silent).await);
        let right = text(&good, claim);
        assert_eq!(
            claims(&spoilt["id_token"])[claim],
            format!("{right}1"),
            "{fault:?}"
        );
    }
    servers.provider.clear_fault();
    let right = answer(&servers.authorize(&silent).await);
    assert_eq!(claims(&right["id_token"])["sub"], "ada");
}

#[tokio::test]
async fn a_missing_claim_is_the_only_one_missing() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let good = claims(&servers.id_token().await);
    for (fault, claim) in [
        (Fault::MissingIssuer, "iss"),
        (Fault::MissingSubject, "sub"),
        (Fault::MissingAudience, "aud"),
        (Fault::MissingExpiry, "exp"),
        (Fault::MissingIssuedAt, "iat"),
        (Fault::MissingNonce, "nonce"),
        (Fault::MissingAtHash, "at_hash"),
    ] {
        servers.provider.set_fault(fault);
        let spoilt = claims(&servers.id_token().await);
        let mut names = names(&good);
        assert!(names.remove(claim));
        assert_eq!(self::names(&spoilt), names);
    }
}

#[tokio::test]
async fn a_token_without_a_signature_says_so_and_the_api_refuses_it() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    servers.provider.set_fault(Fault::AlgNone);
    let token = servers.id_token().await;
    assert_eq!(part(&token, 0)["alg"], "none");
    assert!(token.ends_with('.') && token.matches('.').count() == 2);
    assert_eq!(servers.call("/v1/notes", &token).await.status(), 401);
}

#[tokio::test]
async fn a_wrong_signature_is_the_right_one_turned_over() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    servers.provider.set_fault(Fault::WrongSignature);
    let token = servers.id_token().await;
    assert_eq!(servers.call("/v1/notes", &token).await.status(), 401);
    let (message, signature) = token.rsplit_once('.').unwrap();
    let mut signature = Base64UrlUnpadded::decode_vec(signature).unwrap();
    signature.iter_mut().for_each(|byte| *byte ^= 0x5A);
    let signature = Base64UrlUnpadded::encode_string(&signature);
    let key: Jwk = serde_json::from_value(servers.key_set().await["keys"][0].clone()).unwrap();
    let key = DecodingKey::from_jwk(&key).unwrap();
    let verified = verify(&signature, message.as_bytes(), &key, Algorithm::RS256);
    assert_eq!(verified.ok(), Some(true));
}

#[tokio::test]
async fn refreshes_are_spoilt_as_well() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let tokens = servers.tokens(&[OFFLINE]).await;
    servers.provider.set_fault(Fault::OtherSubject);
    let (_, tokens) = servers.refresh(&text(&tokens, "refresh_token")).await;
    assert_eq!(claims(&text(&tokens, "id_token"))["sub"], "ada1");
}

#[tokio::test]
async fn the_state_and_the_issuer_of_a_response_can_be_wrong_or_missing() {
    let servers = Servers::start(ProviderOptions::default()).await;
    let issuer = servers.provider.issuer();
    let wrong_issuer = format!("{issuer}1");
    for (fault, state, iss) in [
        (Fault::WrongState, Some("a-state1"), Some(issuer)),
        (Fault::MissingState, None, Some(issuer)),
        (
            Fault::WrongResponseIssuer,
            Some("a-state"),
            Some(&*wrong_issuer),
        ),
        (Fault::MissingResponseIssuer, Some("a-state"), None),
    ] {
        servers.provider.set_fault(fault);
        let spoilt = answer(&servers.authorize(&[("prompt", "none")]).await);
        let parameter = |name| spoilt.get(name).map(String::as_str);
        assert_eq!(
            (parameter("state"), parameter("iss")),
            (state, iss),
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn the_metadata_can_name_another_issuer() {
    let servers = Servers::start(ProviderOptions::default()).await;
    assert_eq!(
        servers.metadata().await["issuer"],
        servers.provider.issuer()
    );
    servers.provider.set_fault(Fault::WrongMetadataIssuer);
    let wrong = format!("{}1", servers.provider.issuer());
    assert_eq!(servers.metadata().await["issuer"], wrong);
}
