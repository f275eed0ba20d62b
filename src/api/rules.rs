//! The allow-list: parsed origin equality and whole path segments, never a text prefix.

use std::time::Duration;

use sha2::{Digest, Sha256};
use url::{Origin, Url};

use crate::session::tokens::TokenNeed;
use crate::settings::{ExpiredWhen, Settings, TokenKind};

/// The compiled allow-list.
#[derive(Clone, Debug, Default)]
pub struct Rules(Vec<Rule>);

/// One entry of the allow-list.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its place in the settings' list.
    pub index: usize,
    /// The place of the first entry with the same origin.
    pub(crate) first_of_origin: usize,
    /// Which token its calls get.
    pub token: TokenKind,
    /// How long its calls may wait for the user to sign in.
    pub wait_for_sign_in: Duration,
    /// What its answers mean by "the token has expired", besides 401.
    pub(super) expired_when: ExpiredWhen,
    origin: Origin,
    path: String,
}

impl Rule {
    /// The token that a call to `url` under this rule needs.
    pub(crate) fn token_need(&self, url: &Url) -> TokenNeed {
        let [a, b, c, d, ..] = *Sha256::digest(url.path()) else {
            unreachable!("a digest has 32 bytes")
        };
        TokenNeed {
            api: self.index,
            kind: self.token,
            path: Some(u32::from_be_bytes([a, b, c, d])),
        }
    }
}

impl Rules {
    /// Compiles the settings' `apis`.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let mut rules: Vec<Rule> = Vec::new();
        for (index, api) in settings.apis.iter().enumerate() {
            let Ok(url) = Url::parse(&api.url) else {
                continue;
            };
            let origin = url.origin();
            let before = rules.iter().find(|rule| rule.origin == origin);
            rules.push(Rule {
                index,
                first_of_origin: before.map_or(index, |rule| rule.index),
                token: settings.provider.token_for(api),
                wait_for_sign_in: Duration::from_secs(api.wait_for_sign_in_s.into()),
                expired_when: api.expired_when.clone(),
                path: url.path().to_owned(),
                origin,
            });
        }
        Self(rules)
    }

    /// How many entries the settings have.
    pub(crate) fn len(&self) -> usize {
        self.0.last().map_or(0, |rule| rule.index + 1)
    }

    /// The first entry that covers `url`.
    #[must_use]
    pub fn covering(&self, url: &Url) -> Option<&Rule> {
        // A `blob:` URL has the origin of the page that made it.
        if !url.has_host() {
            return None;
        }
        let origin = url.origin();
        let mut rules = self.0.iter();
        rules.find(|rule| rule.origin == origin && path_covers(&rule.path, url.path()))
    }
}

/// Whether an entry with the path `entry` covers `path`, at the same origin. Both as a URL parser has them.
#[must_use]
pub fn path_covers(entry: &str, path: &str) -> bool {
    let mut own = segments(path);
    let mut wanted = segments(entry).peekable();
    let all = wanted.peek().is_none();
    wanted.all(|segment| own.next() == Some(segment)) && (all || !climbs(segments(path)))
}

/// The path's segments without a trailing empty one: `/v1` and `/v1/` are the same place.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.trim_end_matches('/').split('/').skip(1)
}

/// Whether some server would read a way out of the path in `segments`.
///
/// Plain and percent-encoded dot segments are resolved by the URL parser. What is hidden from it is not, and servers
/// differ: some decode `%2f` and `%5c` before they resolve dots, or decode twice, or take what stands behind `;` for
/// parameters of the segment, or end a name at a zero byte, or know other spellings of a dot and a slash. None of those
/// spellings stands in a sound path, so that it is not asked what they hide.
fn climbs<'a>(mut segments: impl Iterator<Item = &'a str>) -> bool {
    segments.any(|segment| {
        let decoded = decode(segment);
        let mut parts = decoded.split(['/', '\\']);
        decoded.contains(HIDDEN) || parts.any(|part| part.split(';').next() == Some(".."))
    })
}

/// What stands in a decoded segment for a dot, a slash or an end that only some servers see.
const HIDDEN: char = '\0';

/// `segment` in lower case, with `%2e`, `%2f` and `%5c` decoded however often they are encoded, and with [`HIDDEN`] for `%00`,
/// for the bytes that UTF-8 never has (`%c0`, `%c1`), for full-width dots and slashes (`%ef%bc`), and for `%u`.
fn decode(segment: &str) -> String {
    let mut decoded = String::with_capacity(segment.len());
    let mut rest = segment;
    while let Some((before, after)) = rest.split_once('%') {
        decoded.push_str(before);
        // `%25` is a `%` that was encoded once more.
        let code = after.trim_start_matches("25");
        let character = match code.as_bytes() {
            [b'2', b'e' | b'E', ..] => '.',
            [b'2', b'f' | b'F', ..] => '/',
            [b'5', b'c' | b'C', ..] => '\\',
            [b'0', b'0', ..] | [b'c' | b'C', b'0' | b'1', ..] | [b'u' | b'U', ..] => HIDDEN,
            [b'e' | b'E', b'f' | b'F', b'%', b'b' | b'B', b'c' | b'C', ..] => HIDDEN,
            _ => '%',
        };
        decoded.push(character);
        rest = match character {
            '%' => code,
            _ => code.get(2..).unwrap_or_default(),
        };
    }
    decoded + rest
}
