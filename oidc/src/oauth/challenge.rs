//! The `WWW-Authenticate` header (RFC 9110 section 11.6.1) and what it says about the token that was sent (RFC 6750 section
//! 3, RFC 9449 sections 7.1 and 9, RFC 9470 section 3).

use super::step_up::StepUp;
use super::token_endpoint::Scheme;
use crate::text::cut;

/// The most bytes of a scope that are read: it is kept to be shown, and an API could fill the storage with it.
const MAX_SCOPE_BYTES: usize = 512;

/// What the challenges of one response say about the token that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenChallenge {
    /// No challenge at all, or none that can be read.
    Absent,
    /// Challenges, but none of the token's scheme.
    OtherScheme,
    /// A challenge of the token's scheme without an `error`.
    NoError,
    /// `error="invalid_token"`.
    InvalidToken,
    /// `error="insufficient_scope"`, with the required scope, of which 512 bytes at most are read.
    InsufficientScope(Option<String>),
    /// `error="insufficient_user_authentication"` (RFC 9470 section 3), with the required authentication.
    InsufficientUserAuthentication(StepUp),
    /// `error="use_dpop_nonce"`: the proof must contain the nonce of this response.
    UseDpopNonce,
    /// Another `error`.
    OtherError,
}

impl TokenChallenge {
    /// Parses the header for a token of `scheme`. Several headers must be joined by commas, as `Headers.get` does it.
    #[must_use]
    pub fn parse(header: Option<&str>, scheme: Scheme) -> Self {
        let challenges = header.and_then(parse_challenges).unwrap_or_default();
        let of = |scheme: Scheme| {
            let name = scheme.name();
            let ours = challenges
                .iter()
                .filter(|one| one.scheme.eq_ignore_ascii_case(name));
            let with_error = ours.clone().find(|one| one.parameter("error").is_some());
            with_error.or_else(|| ours.clone().next())
        };
        // An API without DPoP answers with a bearer challenge, whatever token it was sent.
        let Some(challenge) = of(scheme).or_else(|| of(Scheme::Bearer)) else {
            return if challenges.is_empty() {
                Self::Absent
            } else {
                Self::OtherScheme
            };
        };
        match challenge.parameter("error") {
            None => Self::NoError,
            Some("invalid_token") => Self::InvalidToken,
            Some("insufficient_scope") => {
                let scope = challenge.parameter("scope");
                Self::InsufficientScope(scope.map(|scope| cut(scope, MAX_SCOPE_BYTES)))
            }
            Some("insufficient_user_authentication") => {
                let seconds = challenge.parameter("max_age");
                Self::InsufficientUserAuthentication(StepUp::new(
                    challenge.parameter("acr_values"),
                    seconds.and_then(seconds_of),
                ))
            }
            Some("use_dpop_nonce") => Self::UseDpopNonce,
            Some(_) => Self::OtherError,
        }
    }
}

/// Digits and nothing else: `parse` alone would take a sign.
fn seconds_of(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Challenge {
    scheme: String,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    fn parameter(&self, name: &str) -> Option<&str> {
        let found = self
            .parameters
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// `None` where the header does not follow the grammar.
fn parse_challenges(header: &str) -> Option<Vec<Challenge>> {
    let mut rest = Rest(header);
    let mut challenges: Vec<Challenge> = Vec::new();
    loop {
        rest.skip(&[' ', '\t', ',']);
        if rest.0.is_empty() {
            return Some(challenges);
        }
        let name = rest.token()?.to_owned();
        // A token followed by `=` continues the challenge before it; any other token is a scheme.
        let mut after = Rest(rest.0);
        after.skip(&[' ', '\t']);
        if !challenges.is_empty() && after.0.starts_with('=') {
            after.take('=')?;
            after.skip(&[' ', '\t']);
            let value = after.value()?;
            rest = after;
            challenges.last_mut()?.parameters.push((name, value));
        } else {
            rest.skip_token68();
            challenges.push(Challenge {
                scheme: name,
                parameters: Vec::new(),
            });
        }
    }
}

/// What is still to be read.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn skip(&mut self, characters: &[char]) {
        self.0 = self.0.trim_start_matches(characters);
    }

    fn take(&mut self, character: char) -> Option<()> {
        self.0 = self.0.strip_prefix(character)?;
        Some(())
    }

    fn token(&mut self) -> Option<&'a str> {
        let end = self
            .0
            .find(|c: char| !is_token_character(c))
            .unwrap_or(self.0.len());
        let (token, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        (!token.is_empty()).then_some(token)
    }

    fn value(&mut self) -> Option<String> {
        if self.take('"').is_none() {
            return self.token().map(str::to_owned);
        }
        let mut value = String::new();
        let mut characters = self.0.chars();
        loop {
            match characters.next()? {
                '"' => break,
                '\\' => value.push(characters.next()?),
                character => value.push(character),
            }
        }
        self.0 = characters.as_str();
        Some(value)
    }

    /// Skips `1*SP token68` where one stands between a scheme and the next comma.
    fn skip_token68(&mut self) {
        let text = self.0.trim_start_matches(' ');
        let is_in_body = |c: char| c.is_ascii_alphanumeric() || "-._~+/".contains(c);
        let after_body = text.trim_start_matches(is_in_body);
        let rest = after_body.trim_start_matches('=').trim_start();
        let is_spaced = text.len() < self.0.len();
        let has_body = after_body.len() < text.len();
        // Not looked for further on: a header of many names and no comma would be read once for each.
        if is_spaced && has_body && (rest.is_empty() || rest.starts_with(',')) {
            self.0 = rest;
        }
    }
}

fn is_token_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(header: &str) -> TokenChallenge {
        TokenChallenge::parse(Some(header), Scheme::Bearer)
    }

    #[test]
    fn no_header_is_no_challenge() {
        assert_eq!(
            TokenChallenge::parse(None, Scheme::Bearer),
            TokenChallenge::Absent
        );
        assert_eq!(parsed(""), TokenChallenge::Absent);
        assert_eq!(parsed(" , ,"), TokenChallenge::Absent);
    }

    #[test]
    fn scheme_and_parameter_names_ignore_case() {
        assert_eq!(
            parsed("bEARER ERROR=invalid_token"),
            TokenChallenge::InvalidToken
        );
    }

    #[test]
    fn an_error_is_found_quoted_and_unquoted_and_with_spaces_around_the_equals_sign() {
        for header in [
            r#"Bearer error="invalid_token""#,
            "Bearer error=invalid_token",
            r#"Bearer realm="a, b \"c\" =", error = "invalid_token""#,
            r#"Bearer realm="x",error="invalid_token",error_description="expired""#,
        ] {
            assert_eq!(parsed(header), TokenChallenge::InvalidToken, "{header}");
        }
    }

    #[test]
    fn the_bearer_challenge_is_found_among_others() {
        let header =
            r#"Basic realm="x", Bearer realm="y", error="invalid_token", Negotiate YWJj=="#;
        assert_eq!(parsed(header), TokenChallenge::InvalidToken);
        assert_eq!(parsed("Negotiate YWJj==, Bearer"), TokenChallenge::NoError);
    }

    #[test]
    fn an_error_of_another_scheme_is_not_the_bearer_tokens() {
        let header = r#"DPoP error="invalid_token", Bearer realm="x""#;
        assert_eq!(parsed(header), TokenChallenge::NoError);
        assert_eq!(
            parsed(r#"DPoP error="use_dpop_nonce""#),
            TokenChallenge::OtherScheme
        );
        assert_eq!(parsed("Basic"), TokenChallenge::OtherScheme);
    }

    #[test]
    fn a_bound_token_listens_to_its_own_scheme_and_then_to_bearer() {
        let parsed = |header| TokenChallenge::parse(Some(header), Scheme::Dpop);
        let both = r#"Bearer realm="x", dpop error="use_dpop_nonce", error_description="again""#;
        assert_eq!(parsed(both), TokenChallenge::UseDpopNonce);
        let only_bearer = r#"Bearer error="invalid_token""#;
        assert_eq!(parsed(only_bearer), TokenChallenge::InvalidToken);
        assert_eq!(parsed("Basic"), TokenChallenge::OtherScheme);
    }

    #[test]
    fn the_wanted_scope_is_told() {
        assert_eq!(
            parsed(r#"Bearer error="insufficient_scope", scope="a b""#),
            TokenChallenge::InsufficientScope(Some("a b".to_owned()))
        );
    }

    #[test]
    fn the_wanted_authentication_is_told() {
        let wanted = |parameters: &str| {
            let header = format!("Bearer error=insufficient_user_authentication{parameters}");
            match parsed(&header) {
                TokenChallenge::InsufficientUserAuthentication(wanted) => wanted,
                other => panic!("{header}: {other:?}"),
            }
        };
        assert_eq!(wanted(""), StepUp::default());
        assert_eq!(
            wanted(r#", acr_values="mfa phr", MAX_AGE="60""#),
            StepUp::new(Some("mfa phr"), Some(60))
        );
        assert_eq!(wanted(", max_age=5"), StepUp::new(None, Some(5)));
        for age in ["+5", "-5", "", "5s", "5.0", "99999999999"] {
            let parameters = format!(r#", acr_values="mfa", max_age="{age}""#);
            assert_eq!(wanted(&parameters), StepUp::new(Some("mfa"), None), "{age}");
        }
    }

    #[test]
    fn what_does_not_follow_the_grammar_is_no_challenge() {
        for header in [
            "=",
            "Bearer error=\"open",
            "Bearer a=b, error=",
            "\"Bearer\"",
            "Bearer é",
        ] {
            assert_eq!(parsed(header), TokenChallenge::Absent, "{header}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_header_makes_it_panic(header in ".{0,80}") {
            let _ = TokenChallenge::parse(Some(&header), Scheme::Bearer);
        }
    }
}
