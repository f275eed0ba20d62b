//! `oauth::challenge`: a parsed `WWW-Authenticate` can be written and parsed again with the same result, and other
//! challenges beside it change nothing.

use evertoken_oidc::oauth::challenge::TokenChallenge;
use evertoken_oidc::oauth::token_endpoint::Scheme;

pub(crate) const WORDS: &[&str] = &[
    "Bearer",
    "DPoP ",
    "Basic realm=\"x\"",
    "Negotiate YWJj==",
    " error=",
    ", error=\"invalid_token\"",
    "insufficient_scope",
    "insufficient_user_authentication",
    "use_dpop_nonce",
    " scope=\"a b\"",
    "\\\"",
    "\"",
    ", ",
    " = ",
    "\t",
];

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let headers = [
        "",
        "Bearer",
        r#"Bearer realm="x", error="invalid_token", error_description="The token, \"it\", expired""#,
        r#"Bearer error="insufficient_scope", scope="read write""#,
        r#"Bearer error = insufficient_user_authentication, acr_values="a", max_age="5""#,
        r#"DPoP error="use_dpop_nonce", algs="ES256", Bearer realm="x""#,
        r#"Negotiate YWJj==, Basic realm="x, y", bearer ERROR=invalid_token"#,
    ];
    headers.map(|header| header.as_bytes().to_vec()).to_vec()
}

/// Input: a header, as text.
pub fn challenge(bytes: &[u8]) {
    let header = String::from_utf8_lossy(bytes);
    let [bearer, dpop] = [Scheme::Bearer, Scheme::Dpop].map(|scheme| {
        let challenge = TokenChallenge::parse(Some(&header), scheme);
        assert_can_be_said_again(&challenge, scheme);
        assert_unmoved_by_others(&header, &challenge, scheme);
        challenge
    });
    let absent = [&bearer, &dpop].map(|challenge| *challenge == TokenChallenge::Absent);
    assert_eq!(absent[0], absent[1], "the grammar knows no scheme");
    if !absent[0] && bearer != TokenChallenge::OtherScheme {
        assert_ne!(
            dpop,
            TokenChallenge::OtherScheme,
            "bound tokens listen to both schemes"
        );
    }
}

/// Asserts that the challenge, written again, is parsed as the same challenge.
fn assert_can_be_said_again(challenge: &TokenChallenge, scheme: Scheme) {
    use TokenChallenge as Challenge;
    let parameters = match challenge {
        Challenge::Absent | Challenge::OtherScheme => return,
        Challenge::NoError => r#"realm="x""#.to_owned(),
        Challenge::InvalidToken => r#"error="invalid_token""#.to_owned(),
        Challenge::InsufficientScope(None) => "error=insufficient_scope".to_owned(),
        Challenge::InsufficientScope(Some(scope)) => {
            format!("error=insufficient_scope, scope={}", quoted(scope))
        }
        Challenge::InsufficientUserAuthentication(wanted) => {
            let mut parameters = "error=insufficient_user_authentication".to_owned();
            if let Some(acr_values) = &wanted.acr_values {
                parameters.push_str(&format!(", acr_values={}", quoted(acr_values)));
            }
            if let Some(seconds) = wanted.max_age_s {
                parameters.push_str(&format!(", max_age={seconds}"));
            }
            parameters
        }
        Challenge::UseDpopNonce => "error=use_dpop_nonce".to_owned(),
        Challenge::OtherError => "error=another".to_owned(),
    };
    let header = format!("{} {parameters}", scheme.name());
    assert_eq!(
        TokenChallenge::parse(Some(&header), scheme),
        *challenge,
        "{header}"
    );
}

/// A quoted-string (RFC 9110 section 5.6.4).
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
}

/// Asserts that the header is parsed as the same challenge if another challenge precedes it and an empty one follows.
fn assert_unmoved_by_others(header: &str, challenge: &TokenChallenge, scheme: Scheme) {
    if *challenge == TokenChallenge::Absent {
        return;
    }
    for more in [
        format!(r#"Basic realm="x", {header}"#),
        format!(" , {header}, "),
    ] {
        assert_eq!(
            TokenChallenge::parse(Some(&more), scheme),
            *challenge,
            "{more}"
        );
    }
}
