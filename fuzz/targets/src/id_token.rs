//! `oidc::id_token::validate_claims`: every check is repeated independently on claims that were accepted.

use std::sync::LazyLock;

use evertoken_oidc::jose::jws::JwsAlgorithm;
use evertoken_oidc::oidc::continuity::FirstIdToken;
use evertoken_oidc::oidc::id_token::{AtHash, Claims, Expectations, IssuedBy, validate_claims};
use evertoken_oidc::secret::Secret;
use evertoken_oidc::time::UnixTime;
use serde_json::Value;

use crate::input::{Input, seed, was_read};
use crate::vectors::ALGORITHMS;

const ISSUER: &str = "https://provider.example/";
const CLIENT_ID: &str = "client";
const NONCE: &str = "nonce-of-the-request";
const NOW_S: i64 = 1_800_000_000;
const TOLERANCE_S: u16 = 60;

/// The left half of SHA-256, SHA-384 and SHA-512 of the access token `access-token`.
const AT_HASHES: [&str; 3] = [
    "Pxa-1wifRlPl7yG_0oJNfw",
    "fPnQAsvCEwe-sRB6O4tsdPgfI-EaOvsY",
    "Rb10lsqrobcpd02MQ_878ctvfDDbaRese_Z50nFw5Jw",
];

pub(crate) const WORDS: &[&str] = &[
    r#","iss":"https://provider.example/""#,
    r#","aud":["client","other"]"#,
    r#","azp":"client""#,
    r#","azp":"other""#,
    r#","nonce":"nonce-of-the-request""#,
    r#","exp":1800003600"#,
    r#","exp":1e300"#,
    r#","iat":-1"#,
    r#","nbf":1800000061"#,
    r#","auth_time":1799999000"#,
    r#","acr":"mfa""#,
    r#","acr":"pwd""#,
    r#","session_expiry":1800000001"#,
    r#","at_hash":"Pxa-1wifRlPl7yG_0oJNfw""#,
    r#","org_id":"org_1""#,
    r#","org_name":"acme""#,
    r#","sub":"alice""#,
    r#","sub":"mallory""#,
    "null",
    "[]",
    "{}",
    "1800000000",
    ".5",
    "e9",
    "\\u0000",
];

/// The accepted authentication context classes.
const ACR_VALUES: &str = "mfa phr";

/// What the client expects in this run.
struct Asked {
    algorithm: JwsAlgorithm,
    at_hash: Option<AtHash>,
    refresh: bool,
    subject: Option<&'static str>,
    max_age_s: Option<u32>,
    organization: Option<&'static str>,
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let claims = |more: &str| {
        format!(
            r#"{{"iss":"{ISSUER}","aud":"{CLIENT_ID}","sub":"alice","exp":1800003600,"iat":1800000000,"nonce":"{NONCE}"{more}}}"#
        )
    };
    let hashed = |hash: &str| claims(&format!(r#","at_hash":"{hash}""#));
    let several =
        claims(r#","azp":"client""#).replace(r#""client","sub""#, r#"["a","client"],"sub""#);
    let times = claims(r#","nbf":1800000000,"auth_time":1799999900,"session_expiry":1800000500"#);
    [
        seed([0; 6], &claims("")),
        seed([0, 2, 0, 1, 0, 0], &hashed(AT_HASHES[0])),
        seed([1, 1, 0, 0, 0, 0], &hashed(AT_HASHES[1])),
        seed([6, 2, 0, 0, 0, 0], &hashed(AT_HASHES[2])),
        seed([0, 0, 1, 0, 0, 0], &claims("").replace(NONCE, "")),
        seed([0, 0, 1, 0, 0, 0], &claims("")),
        seed([0, 0, 0, 0, 1, 0], &times),
        seed([0, 0, 0, 0, 0, 1], &claims(r#","org_id":"org_1""#)),
        seed([0, 0, 0, 0, 0, 2], &claims(r#","org_name":"acme""#)),
        seed([0; 6], &several),
    ]
    .to_vec()
}

/// Input: choices (the algorithm, `at_hash`, authorization or refresh, the user, `max_age`, the organization), then the
/// payload.
pub fn id_token(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let asked = Asked {
        algorithm: input.choice(ALGORITHMS),
        at_hash: input.choice([None, Some(AtHash::Optional), Some(AtHash::Required)]),
        refresh: input.choice([false, true]),
        subject: input.choice([None, Some("alice")]),
        max_age_s: input.choice([None, Some(600)]),
        organization: input.choice([None, Some("org_1"), Some("Acme")]),
    };
    let payload = input.rest();
    let judged = validate_claims(
        payload,
        asked.algorithm,
        &asked.expectations(),
        UnixTime(NOW_S * 1000),
    );
    if let Ok(claims) = judged {
        let sent = was_read(payload);
        assert_whose(&asked, &sent);
        assert_when(&asked, &sent, &claims);
        assert_bound(&asked, &sent);
        assert_eq!(sent["sub"], *claims.identity.sub);
        assert_eq!(sent["sub"], *claims.original.subject);
    }
}

impl Asked {
    fn expectations(&self) -> Expectations<'static> {
        static ACCESS_TOKEN: LazyLock<Secret> = LazyLock::new(|| Secret::new("access-token"));
        static ORIGINAL: LazyLock<FirstIdToken> = LazyLock::new(original);
        Expectations {
            // A request for a class also asks for a recent sign-in.
            acr_values: self.max_age_s.map(|_| ACR_VALUES),
            access_token: self.at_hash.map(|at_hash| (&*ACCESS_TOKEN, at_hash)),
            algorithms: None,
            client_id: CLIENT_ID,
            clock_tolerance_s: TOLERANCE_S,
            issuer: ISSUER,
            max_age_s: self.max_age_s,
            organization: self.organization,
            origin: match self.refresh {
                false => IssuedBy::Authorization {
                    nonce: &ORIGINAL.nonce,
                    subject: self.subject,
                },
                true => IssuedBy::Refresh(&ORIGINAL),
            },
        }
    }
}

/// The first id_token of the session that a refresh belongs to.
fn original() -> FirstIdToken {
    FirstIdToken {
        subject: "alice".to_owned(),
        audiences: vec![CLIENT_ID.to_owned()],
        authorized_party: None,
        authenticated_at: None,
        nonce: Secret::new(NONCE),
        preferred_username: None,
    }
}

/// Asserts `iss`, `aud`, `azp`, `sub`, and the organization.
fn assert_whose(asked: &Asked, sent: &Value) {
    assert_eq!(sent["iss"], ISSUER);
    let audiences = match &sent["aud"] {
        Value::Array(several) => several.as_slice(),
        one => std::slice::from_ref(one),
    };
    assert!(
        audiences.iter().any(|audience| audience == CLIENT_ID),
        "another client's"
    );
    assert!(
        sent.get("azp")
            .map_or(audiences.len() == 1, |party| party == CLIENT_ID)
    );
    assert!(
        sent["sub"]
            .as_str()
            .is_some_and(|sub| (1..=255).contains(&sub.len()))
    );
    if asked.refresh || asked.subject.is_some() {
        assert_eq!(sent["sub"], "alice");
    }
    match asked.organization {
        None => {}
        Some("org_1") => assert_eq!(sent["org_id"], "org_1"),
        Some(_) => assert_eq!(sent["org_name"], "acme"),
    }
}

/// Asserts all times, which are in seconds.
#[expect(clippy::cast_precision_loss, reason = "these dates are exact")]
fn assert_when(asked: &Asked, sent: &Value, claims: &Claims) {
    let time = |name: &str| sent[name].as_f64();
    let (now, tolerance) = (NOW_S as f64, f64::from(TOLERANCE_S));
    let exp = time("exp").expect("exp");
    let iat = time("iat").expect("iat");
    assert!(exp + tolerance > now, "expired");
    assert!(iat <= exp && iat <= now + tolerance, "issued in the future");
    assert!(time("nbf").is_none_or(|nbf| nbf <= now + tolerance));
    assert!(
        claims.expires_at.as_seconds() <= exp,
        "it was given a longer life"
    );
    assert!(claims.issued_at.as_seconds() <= iat);
    if let Some(max_age) = asked.max_age_s {
        let since = time("auth_time").expect("auth_time");
        assert!(since + f64::from(max_age) + tolerance >= now);
    }
}

/// Asserts `nonce` and `at_hash`, which bind the id_token to the request and to the access token.
fn assert_bound(asked: &Asked, sent: &Value) {
    match sent.get("nonce") {
        Some(nonce) => assert_eq!(nonce, NONCE),
        None => assert!(asked.refresh, "no nonce"),
    }
    if let (Some(_), Some(acr)) = (asked.max_age_s, sent.get("acr")) {
        assert!(ACR_VALUES.split(' ').any(|one| acr == one), "{acr}");
    }
    use JwsAlgorithm::{Es256, Es384, Ps256, Rs256, Rs384};
    let hash = match asked.algorithm {
        Es256 | Ps256 | Rs256 => AT_HASHES[0],
        Es384 | Rs384 => AT_HASHES[1],
        _ => AT_HASHES[2],
    };
    match (asked.at_hash, sent.get("at_hash")) {
        (Some(_), Some(sent)) => assert_eq!(sent, hash),
        (Some(AtHash::Required), None) => panic!("no at_hash"),
        _ => {}
    }
}
