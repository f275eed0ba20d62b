//! The setup of a run: settings and behavior of the provider.

use evertoken_provider_core::{Behavior, RefreshTokenIssue, Rotation, TokenKind};

use super::dice::Dice;
use super::provider::{CLIENT_ID, ISSUER};

#[derive(Clone, Debug)]
pub struct Plan {
    pub behavior: Behavior,
    /// The provider's responses have a `Date` header.
    pub tells_time: bool,
    pub settings: String,
    silent_ways: Vec<&'static str>,
    /// The first API takes the id_token.
    id_token_first: bool,
}

const LADDERS: [&str; 7] = [
    r#""refresh_token", "offscreen", "web_auth_flow""#,
    r#""refresh_token", "offscreen""#,
    r#""refresh_token""#,
    r#""offscreen""#,
    r#""offscreen", "web_auth_flow""#,
    r#""offscreen", "refresh_token""#,
    r#""web_auth_flow", "refresh_token""#,
];

impl Plan {
    /// A random setup.
    pub fn random(dice: &mut Dice) -> Self {
        let implicit = dice.chance(20);
        let dpop = !implicit && dice.chance(15);
        let tells_time = dice.chance(85);
        let ahead = match tells_time && dice.chance(30) {
            true => dice.pick(&[-7_200_000, -300_000, 300_000, 7_200_000]),
            false => 0,
        };
        let ladder = match implicit {
            true => dice.pick(&LADDERS[3..5]),
            false => dice.pick(&LADDERS),
        };
        let only_refreshes = !ladder.contains(',') && ladder.contains("refresh");
        let mut behavior = Behavior {
            clock_offset_ms: ahead,
            token_lifetime_ms: dice.pick(&[120_000, 600_000, 3_600_000]),
            refresh_tokens: match dice.chance(85) || only_refreshes {
                true => RefreshTokenIssue::Always,
                false => RefreshTokenIssue::Never,
            },
            rotation: dice.pick(&[
                Rotation::Strict,
                Rotation::Strict,
                Rotation::Grace(60_000),
                Rotation::Never,
            ]),
            dpop,
            dpop_nonce_required: dice.chance(50),
            ..common()
        };
        behavior.dpop_nonce_required_at_par = behavior.dpop_nonce_required;
        behavior.require_par = dice.chance(12);
        let leaves = dice.chance(20);
        let storage = if dice.chance(30) { "local" } else { "session" };
        let id_token_first = dice.chance(50);
        let plan = Self::new(behavior, implicit, ladder, leaves, id_token_first, storage);
        Self { tells_time, ..plan }
    }

    /// Code flow, rotating refresh tokens, and this ladder. `bound`: tokens are bound to a key, and authorization requests
    /// are pushed.
    pub fn usual(ladder: &str, bound: bool) -> Self {
        let behavior = Behavior {
            dpop: bound,
            dpop_nonce_required: bound,
            dpop_nonce_required_at_par: bound,
            require_par: bound,
            ..common()
        };
        Self::new(behavior, false, ladder, false, true, "session")
    }

    fn new(
        behavior: Behavior,
        implicit: bool,
        ladder: &str,
        leaves: bool,
        id_token_first: bool,
        storage: &str,
    ) -> Self {
        let flow = if implicit { "implicit" } else { "code" };
        let sign_out = if leaves { "provider" } else { "local" };
        let kinds = match id_token_first {
            true => ["id_token", "access_token"],
            false => ["access_token", "access_token"],
        };
        let dpop = behavior.dpop;
        let settings = format!(
            r#"{{"provider": {{"issuer": "{ISSUER}", "client_id": "{CLIENT_ID}", "flow": "{flow}", "dpop": {dpop},
                "scope": "openid offline_access", "renewal": [{ladder}]}},
            "apis": [{{"url": "https://api.test/v1/", "token": "{}"}}, {{"url": "https://other.test/", "token": "{}"}}],
            "session": {{"sign_out": "{sign_out}", "storage": "{storage}"}}}}"#,
            kinds[0], kinds[1]
        );
        Self {
            behavior,
            tells_time: true,
            settings,
            silent_ways: ["offscreen", "web_auth_flow"]
                .into_iter()
                .filter(|name| ladder.contains(name))
                .collect(),
            id_token_first,
        }
    }

    /// The renewal methods that need no refresh token.
    pub fn silent_ways(&self) -> &[&'static str] {
        &self.silent_ways
    }

    /// The kind of token that each of the two APIs takes.
    pub fn accepted_tokens(&self) -> [TokenKind; 2] {
        match self.id_token_first {
            true => [TokenKind::IdToken, TokenKind::AccessToken],
            false => [TokenKind::AccessToken; 2],
        }
    }
}

/// The behavior that all providers of the simulation share. Codes are valid for a day, since the machine may sleep before
/// one is redeemed.
fn common() -> Behavior {
    Behavior {
        token_lifetime_ms: 3_600_000,
        code_lifetime_ms: 86_400_000,
        refresh_tokens: RefreshTokenIssue::Always,
        grant_ends_access_tokens: false,
        sends_iss: false,
        sends_scope: false,
        ..Behavior::default()
    }
}
