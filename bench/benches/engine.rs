//! The engine's hot decisions, without a browser: `cargo bench -p evertoken-bench`.

#![expect(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench that cannot be set up ends; criterion's macros make public functions"
)]

use std::hint::black_box;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use criterion::{Criterion, criterion_group, criterion_main};
use evertoken::api::rules::Rules;
use evertoken::api::triage::{Case, triage};
use evertoken::jose::jws::JwsAlgorithm;
use evertoken::jose::key_set::KeySet;
use evertoken::native::NativeVerifier;
use evertoken::oauth::challenge::TokenChallenge;
use evertoken::oauth::token_endpoint::Scheme;
use evertoken::oidc::id_token::{self, Expectations, IssuedBy};
use evertoken::platform::UnixTime;
use evertoken::secret::Secret;
use evertoken::settings::{Build, Settings};
use evertoken_provider_core::SigningKey;
use futures_executor::block_on;
use jsonwebtoken::Algorithm;
use serde_json::json;
use url::Url;

const NOW_S: i64 = 1_800_000_000;

/// A thousand rules of a hundred hosts; the last one is for `https://api.test/v1/`.
fn rules() -> Rules {
    let others = (1..1_000).map(|rule| format!("https://api{}.test/v{rule}/", rule % 100));
    let urls = others.chain(["https://api.test/v1/".to_owned()]);
    let apis: Vec<_> = urls.map(|url| json!({ "url": url })).collect();
    let settings = json!({
        "provider": { "issuer": "https://provider.test/", "client_id": "client" },
        "apis": apis,
    });
    Rules::new(&Settings::parse(&settings.to_string(), Build::Release).unwrap())
}

fn rule_match(criterion: &mut Criterion) {
    let rules = rules();
    let covered = |url: &str| Url::parse(url).is_ok_and(|url| rules.covering(&url).is_some());
    let last = "https://api.test/v1/albums/7?expand=tracks";
    let none = "https://api7.test/v1/albums/7?expand=tracks";
    assert!(covered(last) && !covered(none));
    for (name, text) in [
        ("the last of 1,000 rules", last),
        ("none of 1,000 rules", none),
    ] {
        let url = Url::parse(text).unwrap();
        criterion.bench_function(&format!("rule match/{name}"), |bencher| {
            bencher.iter(|| rules.covering(black_box(&url)).is_some());
        });
        criterion.bench_function(&format!("rule match/parse the URL, {name}"), |bencher| {
            bencher.iter(|| covered(black_box(text)));
        });
    }
}

fn decisions(criterion: &mut Criterion) {
    let case = Case {
        status: 401,
        challenge: TokenChallenge::InvalidToken,
        sent: Some(1),
        now: Some(1),
        first_attempt: true,
        fresh: false,
        replayable: true,
        unproven: false,
        crossed_origins: false,
        renewal_allowed: true,
    };
    criterion.bench_function("triage/a revoked token", |bencher| {
        bencher.iter(|| triage(black_box(&case)));
    });
    let short = r#"Bearer error="invalid_token""#;
    let long = r#"Basic realm="a, \"quoted\" realm", Negotiate YII=, Bearer realm="api", error="insufficient_scope", error_description="The request requires higher privileges", scope="read:albums write:albums""#;
    for (name, header) in [("one", short), ("three schemes", long)] {
        criterion.bench_function(&format!("challenge/{name}"), |bencher| {
            bencher.iter(|| TokenChallenge::parse(Some(black_box(header)), Scheme::Bearer));
        });
    }
}

/// An id_token as providers issue them.
fn signed(algorithm: Algorithm) -> (String, KeySet) {
    let encode =
        |json: serde_json::Value| Base64UrlUnpadded::encode_string(json.to_string().as_bytes());
    let header = encode(json!({ "typ": "JWT", "alg": algorithm, "kid": "1" }));
    let payload = encode(json!({
        "iss": "https://provider.test/", "aud": "client", "sub": "auth0|5f7c8ec7c33c6c004bbafe82", "nonce": "nonce",
        "iat": NOW_S, "exp": NOW_S + 36_000, "auth_time": NOW_S, "name": "Ada Lovelace", "email": "ada@example.test",
        "email_verified": true, "picture": "https://provider.test/ada.png", "updated_at": "2026-11-01T12:00:00.000Z",
    }));
    let input = format!("{header}.{payload}");
    let signing_key = SigningKey::new(algorithm, 0);
    let signature = Base64UrlUnpadded::encode_string(&signing_key.sign(input.as_bytes()));
    let mut key = signing_key.public_key();
    key["kid"] = "1".into();
    let keys = json!({ "keys": [key] }).to_string();
    let token = format!("{input}.{signature}");
    (token, KeySet::parse(keys.as_bytes()).unwrap())
}

fn id_token_check(criterion: &mut Criterion) {
    let nonce = Secret::new("nonce");
    let expected = Expectations {
        access_token: None,
        acr_values: None,
        algorithms: None,
        client_id: "client",
        clock_tolerance_s: 60,
        issuer: "https://provider.test/",
        max_age_s: None,
        organization: None,
        origin: IssuedBy::Authorization {
            nonce: &nonce,
            subject: None,
        },
    };
    let now = UnixTime((NOW_S + 1) * 1_000);
    for algorithm in [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA] {
        let (token, keys) = signed(algorithm);
        let check = || {
            block_on(id_token::verify(
                &token,
                &keys,
                &expected,
                now,
                &NativeVerifier,
            ))
        };
        check().unwrap();
        criterion.bench_function(&format!("id_token/{algorithm:?}"), |bencher| {
            bencher.iter(check);
        });
        // All but the signature, which is the library's here and the browser's there.
        let payload = token.split('.').nth(1).unwrap();
        let payload = Base64UrlUnpadded::decode_vec(payload).unwrap();
        if algorithm == Algorithm::RS256 {
            criterion.bench_function("id_token/claims alone", |bencher| {
                bencher.iter(|| {
                    id_token::validate_claims(
                        black_box(&payload),
                        JwsAlgorithm::Rs256,
                        &expected,
                        now,
                    )
                });
            });
        }
    }
}

criterion_group! {
    name = engine;
    config = Criterion::default().without_plots();
    targets = rule_match, decisions, id_token_check
}
criterion_main!(engine);
