//! What a provider's page or error text blames, by the words that providers use.
//!
//! Nothing of such a text is shown: it may repeat the request.

/// What is to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blame {
    /// The audience is not known.
    Audience,
    /// The client is not known.
    Client,
    /// The extension's origin is not allowed.
    Origin,
    /// The redirect URI is not registered.
    RedirectUri,
    /// A scope is not known.
    Scope,
    /// A secret is expected.
    Secret,
}

/// Words that only one mistake brings up, on a page of any status. The earlier ones count more: pages speak of an
/// invalid client where its redirect URI is meant.
const PHRASES: [(Blame, &[&str]); 6] = [
    (
        Blame::RedirectUri,
        &[
            // Auth0
            "callback url mismatch",
            "list of allowed callback urls",
            // Entra ID
            "aadsts50011",
            "aadsts500113",
            // Google, Cognito
            "redirect_uri_mismatch",
            "redirect_mismatch",
            // Keycloak
            "invalid parameter redirect_uri",
            // Okta
            "redirect_uri parameter must be",
            "illegal_redirect_uri",
            // oidc-provider, Authelia, others
            "redirect_uri did not match",
            "redirect_uri parameter does not match",
            "invalid_redirect_uri",
            "invalid redirect_uri",
            "invalid redirect uri",
            "invalid redirect url",
        ],
    ),
    (
        Blame::Origin,
        &[
            "aadsts9002326",
            "aadsts9002327",
            "invalid origin",
            "origin not allowed",
            "not allowed for client",
        ],
    ),
    (
        Blame::Secret,
        &[
            "aadsts7000218",
            "client_secret is missing",
            "client secret",
            "client_secret",
            "client_assertion",
            "client authentication",
            "client credentials",
        ],
    ),
    (
        Blame::Audience,
        &[
            "aadsts500011",
            "aadsts650057",
            "invalid_target",
            "service not found",
            "invalid audience",
            "unknown audience",
        ],
    ),
    (
        Blame::Scope,
        &[
            "aadsts70011",
            "aadsts650053",
            "invalid_scope",
            "invalid scope",
            "invalid scopes",
        ],
    ),
    (
        Blame::Client,
        &[
            "aadsts700016",
            "oauth client was not found",
            "client not found",
            "client was not found",
            "client disabled",
            "client is invalid",
            "client does not exist",
            "unknown client",
            "invalid_client",
            "invalid client",
            "value for client_id",
        ],
    ),
];

/// Words that an error page uses for one mistake, and a page of another kind for anything.
const HINTS: [(Blame, &[&str]); 2] = [
    (
        Blame::RedirectUri,
        &[
            "redirect_uri",
            "redirect uri",
            "redirect url",
            "callback url",
            "reply url",
        ],
    ),
    (Blame::Client, &["client_id", "client id", "client"]),
];

/// What a text with these words blames, whatever page it stands on.
pub(super) fn of_phrases(text: &str) -> Option<Blame> {
    first(&PHRASES, &words(text))
}

/// What a page of status 4xx blames.
pub(super) fn of_error_page(text: &str) -> Option<Blame> {
    let text = words(text);
    first(&PHRASES, &text).or_else(|| {
        let named = HINTS.iter().filter(|(_, hints)| has_any(&text, hints));
        let mut named = named.map(|(blame, _)| *blame);
        // A page that names both says nothing.
        named.next().filter(|_| named.next().is_none())
    })
}

fn first(table: &[(Blame, &[&str])], text: &str) -> Option<Blame> {
    let found = table.iter().find(|(_, phrases)| has_any(text, phrases));
    found.map(|(blame, _)| *blame)
}

/// Whole words, so that `client` is not found in `clientele`.
fn has_any(text: &str, phrases: &[&str]) -> bool {
    let has = |phrase: &&str| text.contains(&[" ", phrase, " "].concat());
    phrases.iter().any(has)
}

/// The words of a page in lower case (the phrases are ASCII), each between blanks: no tags, no entities, and not the
/// parameters of a request that the page repeats.
fn words(text: &str) -> String {
    let mut text = text.to_ascii_lowercase();
    for name in ["redirect_uri", "client_id", "client_secret"] {
        for echo in ["=", "%3d", "\\u003d", "&#61;", "\":", "&quot;:"] {
            text = text.replace(&[name, echo].concat(), " ");
        }
    }
    let mut words = String::from(" ");
    let mut rest = text.as_str();
    while let Some(character) = rest.chars().next() {
        let skipped = match character {
            '<' => rest.find('>').map(|end| end + 1),
            '&' => rest.find(';').filter(|end| *end < 10).map(|end| end + 1),
            _ => None,
        };
        if character.is_alphanumeric() || character == '_' {
            words.push(character);
        } else if !words.ends_with(' ') {
            words.push(' ');
        }
        let next = skipped.unwrap_or(character.len_utf8());
        rest = rest.get(next..).unwrap_or_default();
    }
    words.push(' ');
    words
}

/// What two pages have in common when they are the same page: its words without numbers and ids.
pub(super) fn fingerprint(text: &str) -> String {
    let is_a_word = |word: &&str| word.len() <= 20 && word.chars().all(char::is_alphabetic);
    let words = words(text);
    words
        .split(' ')
        .filter(is_a_word)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests;
