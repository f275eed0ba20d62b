//! Signatures that WebCrypto makes here, and some that RFCs print, judged by the adapter.

use base64ct::{Base64UrlUnpadded, Encoding};
use evertoken::jose::jws::JwsAlgorithm;
use evertoken::jose::key_set::{Curve, PublicKey};
use evertoken::platform::{JwsVerifier, SignatureError};
use evertoken_background::platform::verifier::WebCryptoVerifier;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::signer::{Signer, public_key};

const TEXT: &[u8] = b"header.payload";

async fn verify(
    algorithm: JwsAlgorithm,
    key: &PublicKey,
    text: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    WebCryptoVerifier
        .verify(algorithm, key.clone(), text.to_vec(), signature.to_vec())
        .await
}

/// The signature of the `signer`'s key holds, and nothing that differs from it in anything.
async fn holds_only_as_it_was_made(signer: Signer) {
    let Signer {
        algorithm, public, ..
    } = &signer;
    let good = signer.sign(TEXT).await;
    assert_eq!(verify(*algorithm, public, TEXT, &good).await, Ok(()));

    let altered_at = |index: usize| {
        let mut altered = good.clone();
        altered[index] ^= 1;
        altered
    };
    let refused = [
        ("altered at its start", altered_at(0)),
        ("altered at its end", altered_at(good.len() - 1)),
        (
            "without its last byte",
            good.split_last().unwrap().1.to_vec(),
        ),
        (
            "without its first byte",
            good.split_first().unwrap().1.to_vec(),
        ),
        ("with a byte more", [&good[..], &[0]].concat()),
        ("all zero", vec![0; good.len()]),
        ("empty", Vec::new()),
        (
            "made by another key",
            signer.with_another_key().await.sign(TEXT).await,
        ),
        (
            "made over another text",
            signer.sign(b"header.payloae").await,
        ),
    ];
    for (what, signature) in refused {
        let judged = verify(*algorithm, public, TEXT, &signature).await;
        assert_eq!(judged, Err(SignatureError::Mismatch), "a signature {what}");
    }
}

#[wasm_bindgen_test]
async fn an_es256_signature_holds_only_as_it_was_made() {
    holds_only_as_it_was_made(Signer::new(JwsAlgorithm::Es256).await).await;
}

#[wasm_bindgen_test]
async fn an_es384_signature_holds_only_as_it_was_made() {
    holds_only_as_it_was_made(Signer::new(JwsAlgorithm::Es384).await).await;
}

#[wasm_bindgen_test]
async fn an_es512_signature_holds_only_as_it_was_made() {
    holds_only_as_it_was_made(Signer::new(JwsAlgorithm::Es512).await).await;
}

#[wasm_bindgen_test]
async fn an_eddsa_signature_holds_only_as_it_was_made() {
    holds_only_as_it_was_made(Signer::new(JwsAlgorithm::EdDsa).await).await;
}

#[wasm_bindgen_test]
async fn a_ps256_signature_holds_only_as_it_was_made() {
    holds_only_as_it_was_made(Signer::new(JwsAlgorithm::Ps256).await).await;
}

#[wasm_bindgen_test]
async fn a_ps384_signature_holds_only_as_it_was_made() {
    holds_only_as_it_was_made(Signer::new(JwsAlgorithm::Ps384).await).await;
}

#[wasm_bindgen_test]
async fn a_ps512_signature_holds_only_as_it_was_made() {
    holds_only_as_it_was_made(Signer::new(JwsAlgorithm::Ps512).await).await;
}

#[wasm_bindgen_test]
async fn an_rs256_signature_holds_only_as_it_was_made() {
    holds_only_as_it_was_made(Signer::new(JwsAlgorithm::Rs256).await).await;
}

#[wasm_bindgen_test]
async fn an_rs384_signature_holds_only_as_it_was_made() {
    holds_only_as_it_was_made(Signer::new(JwsAlgorithm::Rs384).await).await;
}

#[wasm_bindgen_test]
async fn an_rs512_signature_holds_only_as_it_was_made() {
    holds_only_as_it_was_made(Signer::new(JwsAlgorithm::Rs512).await).await;
}

/// RFC 7518 section 3.5: the salt is as long as the hash.
#[wasm_bindgen_test]
async fn a_ps256_signature_with_a_salt_of_another_length_does_not_hold() {
    let signer = Signer::new(JwsAlgorithm::Ps256).await;
    let signature = signer.with_salt_of(20).sign(TEXT).await;
    let judged = verify(signer.algorithm, &signer.public, TEXT, &signature).await;
    assert_eq!(judged, Err(SignatureError::Mismatch));
}

#[wasm_bindgen_test]
async fn the_signatures_that_rfcs_print_hold() {
    let vectors = [RFC_7515_A_2, RFC_7515_A_3, RFC_8037_A_4];
    for (name, algorithm, jwk, text, signature) in vectors {
        let signature = Base64UrlUnpadded::decode_vec(signature).unwrap();
        let key = public_key(algorithm, jwk);
        let judged = verify(algorithm, &key, text.as_bytes(), &signature).await;
        assert_eq!(judged, Ok(()), "{name}");
    }
}

#[wasm_bindgen_test]
async fn a_point_that_is_not_on_its_curve_is_no_key() {
    for (algorithm, curve, length) in [
        (JwsAlgorithm::Es256, Curve::P256, 32),
        (JwsAlgorithm::Es384, Curve::P384, 48),
        (JwsAlgorithm::Es512, Curve::P521, 66),
    ] {
        let coordinate = Base64UrlUnpadded::encode_string(&vec![1; length]);
        let key = PublicKey::Ec {
            curve,
            x: coordinate.clone(),
            y: coordinate,
        };
        let judged = verify(algorithm, &key, TEXT, &vec![0; 2 * length]).await;
        assert_eq!(judged, Err(SignatureError::UnusableKey), "{}", curve.name());
    }
}

#[wasm_bindgen_test]
async fn a_key_is_not_used_for_an_algorithm_that_is_not_its_own() {
    let p384 = Signer::new(JwsAlgorithm::Es384).await.public;
    let ed25519 = Signer::new(JwsAlgorithm::EdDsa).await.public;
    for (algorithm, key) in [
        (JwsAlgorithm::Es256, &p384),
        (JwsAlgorithm::Es256, &ed25519),
        (JwsAlgorithm::Rs256, &p384),
        (JwsAlgorithm::EdDsa, &p384),
    ] {
        let judged = verify(algorithm, key, TEXT, &[0; 64]).await;
        assert_eq!(judged, Err(SignatureError::UnusableKey), "{algorithm:?}");
    }
}

/// Name, algorithm, public key, signing input, signature.
type Vector = (
    &'static str,
    JwsAlgorithm,
    &'static str,
    &'static str,
    &'static str,
);

const RFC_7515_A_2: Vector = (
    "RFC 7515 A.2",
    JwsAlgorithm::Rs256,
    r#"{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}"#,
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
);

const RFC_7515_A_3: Vector = (
    "RFC 7515 A.3",
    JwsAlgorithm::Es256,
    r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#,
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
);

const RFC_8037_A_4: Vector = (
    "RFC 8037 A.4",
    JwsAlgorithm::EdDsa,
    r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
);
