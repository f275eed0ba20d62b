//! The key of proofs, in the browser's own IndexedDB and by its own cryptography.

use evertoken::jose::jws::JwsAlgorithm;
use evertoken::jose::key_set::{Curve, PublicKey};
use evertoken::platform::{JwsVerifier, ProofKey, ProofKeyError};
use evertoken_background::platform::proof_key::WebCryptoProofKey;
use evertoken_background::platform::verifier::WebCryptoVerifier;
use futures_util::future::join;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::js::{run, settled, value_of};

/// A worker that has just started: it knows only what is kept.
fn worker() -> WebCryptoProofKey {
    WebCryptoProofKey::default()
}

async fn public(key: &WebCryptoProofKey) -> PublicKey {
    key.public_key().await.unwrap()
}

#[wasm_bindgen_test]
async fn the_key_is_a_point_on_p_256_that_outlives_the_worker() {
    let first = public(&worker()).await;
    let PublicKey::Ec { curve, x, y } = &first else {
        panic!("another kind of key");
    };
    assert_eq!((*curve, x.len(), y.len()), (Curve::P256, 43, 43));
    assert_eq!(public(&worker()).await, first);
}

#[wasm_bindgen_test]
async fn what_one_worker_signs_verifies_under_the_key_that_the_next_one_tells() {
    let input = b"header.payload".to_vec();
    let signature = worker().sign(input.clone()).await.unwrap();
    assert_eq!(signature.len(), 64);
    let key = public(&worker()).await;
    let verified =
        WebCryptoVerifier.verify(JwsAlgorithm::Es256, key.clone(), input, signature.clone());
    assert_eq!(verified.await, Ok(()));
    let other = WebCryptoVerifier.verify(JwsAlgorithm::Es256, key, b"other".to_vec(), signature);
    assert!(other.await.is_err());
}

#[wasm_bindgen_test]
async fn a_forgotten_key_is_gone_and_the_next_one_is_new() {
    let key = worker();
    let first = public(&key).await;
    assert_eq!(key.forget().await, Ok(()));
    let second = public(&key).await;
    assert_ne!(second, first);
    assert_eq!(public(&worker()).await, second);
    assert_eq!(worker().forget().await, Ok(()));
    assert_eq!(
        worker().forget().await,
        Ok(()),
        "nothing to forget is no error"
    );
}

#[wasm_bindgen_test]
async fn a_first_use_from_many_sides_at_once_makes_one_key() {
    worker().forget().await.unwrap();
    let one = worker();
    let (a, b) = join(one.public_key(), one.public_key()).await;
    assert_eq!(a, b);
    // Two contexts of the extension, which share nothing but the database.
    worker().forget().await.unwrap();
    let (one, other) = (worker(), worker());
    let (a, b) = join(one.public_key(), other.public_key()).await;
    assert_eq!(a, b);
    assert_eq!(public(&worker()).await, a.unwrap());
}

#[wasm_bindgen_test]
async fn a_key_that_is_asked_for_while_it_is_being_forgotten_is_the_new_one() {
    let key = worker();
    let old = public(&key).await;
    let (forgotten, new) = join(key.forget(), key.public_key()).await;
    assert_eq!(forgotten, Ok(()));
    assert_ne!(new, Ok(old));
    assert_eq!(Ok(public(&worker()).await), new);
}

#[wasm_bindgen_test]
async fn the_private_half_cannot_be_extracted_and_only_signs() {
    public(&worker()).await;
    settled(
        r#"new Promise((resolve, reject) => {
            const opening = indexedDB.open("evertoken");
            opening.onerror = reject;
            opening.onsuccess = () => {
                const reading = opening.result.transaction("keys").objectStore("keys").get("dpop");
                opening.result.close();
                reading.onsuccess = () => resolve((globalThis.kept = [reading.result]));
            };
        })"#,
    )
    .await;
    let kept = "kept.map(({ privateKey: { extractable, usages, algorithm } }) => \
        ({ extractable, usages, algorithm }))";
    let algorithm = json!({ "name": "ECDSA", "namedCurve": "P-256" });
    let expected = json!([{ "extractable": false, "usages": ["sign"], "algorithm": algorithm }]);
    assert_eq!(value_of(kept), expected);
}

#[wasm_bindgen_test]
async fn a_browser_that_keeps_nothing_is_told_and_nothing_is_signed() {
    run(r#"
        globalThis.realOpen = indexedDB.open;
        indexedDB.open = () => { throw new DOMException("", "SecurityError") };
    "#);
    let key = worker();
    assert_eq!(key.public_key().await, Err(ProofKeyError));
    assert_eq!(key.sign(vec![1]).await, Err(ProofKeyError));
    assert_eq!(key.forget().await, Err(ProofKeyError));
    run("delete indexedDB.open");
    assert!(key.public_key().await.is_ok(), "it works again");
}
