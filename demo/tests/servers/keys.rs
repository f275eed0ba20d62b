//! Signing keys that change.

use crate::client::{Servers, part, text};
use evertoken_demo::SigningAlgorithm;
use evertoken_demo::provider::{Fault, ProviderOptions};
use serde_json::Value;

fn kids(key_set: &Value) -> Vec<String> {
    let keys = key_set["keys"].as_array().unwrap();
    keys.iter().map(|key| text(key, "kid")).collect()
}

#[tokio::test]
async fn a_new_key_signs_and_the_old_one_is_published_no_more() {
    let servers = Servers::start(ProviderOptions::default()).await;
    let before = servers.key_set().await;
    servers.provider.rotate_keys();
    let after = servers.key_set().await;
    assert_eq!(after["keys"].as_array().unwrap().len(), 1);
    assert_ne!(before["keys"][0]["kid"], after["keys"][0]["kid"]);
    assert_ne!(before["keys"][0]["n"], after["keys"][0]["n"]);
}

#[tokio::test]
async fn a_rotation_just_before_signing_shows_with_the_token_and_not_before() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let before = servers.key_set().await;
    servers.provider.rotate_keys_before_next_signing();
    assert_eq!(servers.key_set().await, before);
    let answer = servers.sign_in(&[]).await;
    assert_eq!(servers.key_set().await, before, "a code is not signed");
    let (_, tokens) = servers
        .exchange(&answer["code"], crate::client::VERIFIER)
        .await;
    let after = kids(&servers.key_set().await);
    assert_ne!(after, kids(&before));
    let header = part(&text(&tokens, "id_token"), 0);
    assert_eq!(header["kid"], after[0]);
    let header = part(&servers.id_token().await, 0);
    assert_eq!(header["kid"], after[0], "it rotates once");
}

#[tokio::test]
async fn without_a_kid_the_key_set_holds_one_key_or_two_that_would_do() {
    for algorithm in [SigningAlgorithm::Rs256, SigningAlgorithm::Es256] {
        let mut servers = Servers::start(ProviderOptions {
            algorithm,
            ..ProviderOptions::default()
        })
        .await;
        for (fault, count) in [(Fault::MissingKid, 1), (Fault::MissingKidAmongSeveral, 2)] {
            servers.provider.set_fault(fault);
            let token = servers.id_token().await;
            assert_eq!(part(&token, 0).get("kid"), None);
            let key_set = servers.key_set().await;
            let keys = key_set["keys"].as_array().unwrap();
            assert_eq!(keys.len(), count);
            assert!(keys.iter().all(|key| key["alg"] == part(&token, 0)["alg"]));
            assert!(keys.windows(2).all(|keys| keys[0]["kid"] != keys[1]["kid"]));
            let material = |key: &Value| [key["n"].clone(), key["x"].clone()];
            assert!(
                keys.windows(2)
                    .all(|keys| material(&keys[0]) != material(&keys[1]))
            );
            assert_eq!(servers.call("/v1/notes", &token).await.status(), 200);
        }
    }
}
