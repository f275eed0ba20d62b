//! `oauth::authorization_response`: a response is accepted only if it has the right `state`, no parameter twice, and its
//! parameters in the expected part of the URL.

use evertoken_oidc::http::RedirectUrl;
use evertoken_oidc::oauth::authorization_request::Transaction;
use evertoken_oidc::oauth::authorization_request::{Flow, ResponseMode};
use evertoken_oidc::oauth::authorization_response::{
    AuthorizationFailure, AuthorizationResponse, ExpectedIssuer, validate,
};
use evertoken_oidc::secret::Secret;
use evertoken_oidc::time::UnixTime;
use url::{Url, form_urlencoded};

use crate::input::{Input, seed};

const ISSUER: &str = "https://provider.example/";
const STATE: &str = "state-of-the-request";
const REDIRECT_URI: &str = "https://extension.chromiumapp.org/";
const NOW: UnixTime = UnixTime(1_800_000_000_000);
const HOUR_MS: i64 = 3_600_000;

pub(crate) const WORDS: &[&str] = &[
    "&state=state-of-the-request",
    "&state=",
    "%73tate=state-of-the-request",
    "&code=code",
    "&error=login_required",
    "&error=access_denied",
    "&iss=https%3A%2F%2Fprovider.example%2F",
    "&iss=https%3A%2F%2Fevil.example%2F",
    "&id_token=a.b.c",
    "&access_token=token",
    "&token_type=Bearer",
    "&expires_in=3600",
    "&response=a.b.c",
    "#",
    "?",
    "&",
    "%00",
    "+",
];

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let code = "code=code&state=state-of-the-request&iss=https%3A%2F%2Fprovider.example%2F";
    let tokens = "access_token=token&token_type=Bearer&id_token=a.b.c&expires_in=3600&state=state-of-the-request";
    let refusal = "error=login_required&state=state-of-the-request";
    [
        seed([0, 0, 0, 0], &format!("{REDIRECT_URI}?{code}")),
        seed([0, 1, 1, 0], &format!("{REDIRECT_URI}?{code}")),
        seed([0, 2, 0, 0], &format!("{REDIRECT_URI}#{code}")),
        seed([0, 3, 0, 0], &format!("{REDIRECT_URI}#{code}")),
        seed([0, 0, 0, 1], &format!("{REDIRECT_URI}?{code}")),
        seed([1, 0, 0, 0], &format!("{REDIRECT_URI}#{tokens}")),
        seed([1, 2, 1, 0], &format!("{REDIRECT_URI}#{tokens}")),
        seed([0, 0, 0, 0], &format!("{REDIRECT_URI}?{refusal}")),
        seed([1, 0, 0, 0], &format!("{REDIRECT_URI}#{refusal}")),
        seed([1, 0, 0, 0], &format!("{REDIRECT_URI}?{refusal}")),
    ]
    .to_vec()
}

/// Input: choices (the flow, the response mode, whether the metadata promise `iss`, the age of the request), then the
/// redirect.
pub fn authorization_response(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let flow = input.choice([Flow::Code, Flow::Implicit]);
    let modes = [
        ResponseMode::Query,
        ResponseMode::Fragment,
        ResponseMode::WebMessage,
    ];
    let response_mode = input.choice([None, Some(modes[0]), Some(modes[1]), Some(modes[2])]);
    let expected = ExpectedIssuer {
        issuer: ISSUER,
        iss_supported: input.choice([false, true]),
    };
    let age_ms = input.choice([0, HOUR_MS, HOUR_MS - 1, -HOUR_MS]);
    let transaction = transaction(flow, response_mode, UnixTime(NOW.0 - age_ms));
    let redirect = RedirectUrl(input.text().into_owned());
    let outcome = validate(&redirect, &transaction, expected, NOW);
    if !matches!(outcome, Ok(_) | Err(AuthorizationFailure::Refusal(_))) {
        return; // It was refused.
    }
    let in_fragment = transaction.expects_fragment();
    let mut answer = Answer::read(&redirect.0, in_fragment);
    if outcome.is_err() && answer.get("error").is_empty() {
        // An error response, and nothing else, is accepted in the other part too.
        answer = Answer::read(&redirect.0, !in_fragment);
        for secret in ["code", "access_token", "id_token"] {
            assert!(answer.get(secret).is_empty(), "a {secret} beside an error");
        }
    }
    assert!(age_ms < HOUR_MS, "an answer was taken after an hour");
    assert_eq!(answer.get("state"), [STATE]);
    assert_eq!(answer.elsewhere("state"), 0, "a second state");
    assert!(
        answer.get("response").is_empty(),
        "a signed answer, unverified"
    );
    assert!(answer.get("iss").iter().all(|issuer| *issuer == ISSUER));
    match outcome {
        Ok(response) => assert_is_what_was_sent(&response, &answer, flow, expected),
        Err(_) => assert_eq!(answer.get("error").len(), 1),
    }
}

fn assert_is_what_was_sent(
    response: &AuthorizationResponse,
    answer: &Answer,
    flow: Flow,
    expected: ExpectedIssuer<'_>,
) {
    assert!(answer.get("error").is_empty(), "an error and a grant");
    let named = !answer.get("iss").is_empty() || !answer.get("id_token").is_empty();
    assert!(named || !expected.iss_supported, "no issuer");
    match (response, flow) {
        (AuthorizationResponse::Code(code), Flow::Code) => assert_sent(code, answer, "code"),
        (
            AuthorizationResponse::Tokens {
                access_token,
                id_token,
                ..
            },
            Flow::Implicit,
        ) => {
            assert_sent(access_token, answer, "access_token");
            assert_sent(id_token, answer, "id_token");
            let [token_type] = answer.get("token_type")[..] else {
                panic!("not one token_type");
            };
            assert!(token_type.eq_ignore_ascii_case("bearer"));
        }
        _ => panic!("another flow answered than was asked"),
    }
}

fn assert_sent(secret: &Secret, answer: &Answer, name: &str) {
    assert!(!secret.expose().is_empty(), "an empty {name}");
    assert_eq!(answer.get(name), [secret.expose()]);
}

/// The parameters of a redirect, parsed without any check.
struct Answer {
    expected: Vec<(String, String)>,
    other: Vec<(String, String)>,
}

impl Answer {
    fn read(redirect: &str, in_fragment: bool) -> Self {
        let url = Url::parse(redirect).expect("the redirect was read before");
        let pairs = |text: Option<&str>| {
            let pairs = form_urlencoded::parse(text.unwrap_or_default().as_bytes());
            pairs.into_owned().collect::<Vec<_>>()
        };
        let (query, fragment) = (pairs(url.query()), pairs(url.fragment()));
        match in_fragment {
            false => Self {
                expected: query,
                other: fragment,
            },
            true => Self {
                expected: fragment,
                other: query,
            },
        }
    }

    fn get(&self, name: &str) -> Vec<&str> {
        let named = self.expected.iter().filter(|(known, _)| known == name);
        named.map(|(_, value)| value.as_str()).collect()
    }

    fn elsewhere(&self, name: &str) -> usize {
        self.other.iter().filter(|(known, _)| known == name).count()
    }
}

fn transaction(
    flow: Flow,
    response_mode: Option<ResponseMode>,
    created_at: UnixTime,
) -> Transaction {
    Transaction {
        created_at,
        flow,
        nonce: Secret::new("nonce"),
        redirect_uri: REDIRECT_URI.to_owned(),
        response_mode,
        state: Secret::new(STATE),
        step_up: None,
        verifier: Secret::new("verifier"),
    }
}
