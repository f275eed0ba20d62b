//! An id_token on its whole way: text, header, key set, signature by WebCrypto, claims.

use base64ct::{Base64UrlUnpadded, Encoding};
use evertoken::jose::jws::JwsAlgorithm;
use evertoken::oidc::id_token::{self, Claims, Expectations, IdTokenError, IssuedBy};
use evertoken::platform::{SignatureError, UnixTime};
use evertoken::secret::Secret;
use evertoken_background::platform::verifier::WebCryptoVerifier;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::signer::Signer;

const ISSUER: &str = "https://provider.test/";
const NOW: UnixTime = UnixTime(1_800_000_000_000);

/// A token for `client`, in answer to the request with this nonce.
async fn issued(signer: &Signer, nonce: &str) -> String {
    let encode = |json: Value| Base64UrlUnpadded::encode_string(json.to_string().as_bytes());
    let header = encode(json!({ "alg": "ES256", "typ": "JWT" }));
    let claims = encode(json!({
        "iss": ISSUER, "aud": "client", "sub": "user-1", "name": "Ada", "nonce": nonce,
        "iat": 1_800_000_000, "exp": 1_800_003_600,
    }));
    let input = format!("{header}.{claims}");
    let signature = Base64UrlUnpadded::encode_string(&signer.sign(input.as_bytes()).await);
    format!("{input}.{signature}")
}

async fn provider() -> Signer {
    Signer::new(JwsAlgorithm::Es256).await
}

/// What the request with the nonce `n-1` makes of the token.
async fn verified(signer: &Signer, token: &str) -> Result<Claims, IdTokenError> {
    let expected = Expectations {
        access_token: None,
        acr_values: None,
        algorithms: None,
        client_id: "client",
        clock_tolerance_s: 60,
        issuer: ISSUER,
        max_age_s: None,
        organization: None,
        origin: IssuedBy::Authorization {
            nonce: &Secret::new("n-1"),
            subject: None,
        },
    };
    id_token::verify(token, &signer.keys, &expected, NOW, &WebCryptoVerifier).await
}

#[wasm_bindgen_test]
async fn a_good_token_says_who_is_signed_in_and_for_how_long() {
    let provider = provider().await;
    let claims = verified(&provider, &issued(&provider, "n-1").await)
        .await
        .unwrap();
    assert_eq!(claims.identity.sub, "user-1");
    assert_eq!(claims.identity.name.as_deref(), Some("Ada"));
    assert_eq!(claims.issued_at, NOW);
    assert_eq!(claims.expires_at, UnixTime(NOW.0 + 3_600_000));
}

#[wasm_bindgen_test]
async fn a_good_token_of_another_request_is_refused() {
    let provider = provider().await;
    let token = issued(&provider, "n-2").await;
    assert_eq!(verified(&provider, &token).await, Err(IdTokenError::Nonce));
}

#[wasm_bindgen_test]
async fn a_token_that_somebody_else_signed_is_refused() {
    let token = issued(&provider().await, "n-1").await;
    let mismatch = Err(IdTokenError::Signature(SignatureError::Mismatch));
    assert_eq!(verified(&provider().await, &token).await, mismatch);
}

#[wasm_bindgen_test]
async fn a_signature_does_not_hold_for_other_claims() {
    let provider = provider().await;
    let of_another_request = issued(&provider, "n-2").await;
    let (_, signature) = of_another_request.rsplit_once('.').unwrap();
    let token = issued(&provider, "n-1").await;
    let (input, _) = token.rsplit_once('.').unwrap();
    let mismatch = Err(IdTokenError::Signature(SignatureError::Mismatch));
    assert_eq!(
        verified(&provider, &format!("{input}.{signature}")).await,
        mismatch
    );
}
