//! What is set up for a run before it begins: settings and kind of provider.

use super::apis::ADDRESSES;
use super::dice::Dice;
use super::provider::{CLIENT_ID, ISSUER, Manners, Rotation};

#[derive(Clone, Debug)]
pub struct Plan {
    pub manners: Manners,
    pub settings: String,
    silent_ways: Vec<&'static str>,
    /// The first API wants the id_token.
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
    /// Any.
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
        let manners = Manners {
            ahead,
            tells_time,
            lifetime_s: dice.pick(&[120, 600, 3600]),
            refresh_tokens: dice.chance(85) || only_refreshes,
            rotation: dice.pick(&[
                Rotation::Strict,
                Rotation::Strict,
                Rotation::Grace,
                Rotation::Never,
            ]),
            dpop,
            dpop_nonce: dice.chance(50),
            requires_pushed_requests: dice.chance(12),
        };
        let leaves = dice.chance(20);
        let storage = if dice.chance(30) { "local" } else { "session" };
        Self::new(manners, implicit, ladder, leaves, dice.chance(50), storage)
    }

    /// Code flow, refresh tokens that rotate, the whole ladder or the part of it that is asked for.
    /// `bound`: to a key, and requests are pushed.
    pub fn usual(ladder: &str, bound: bool) -> Self {
        let manners = Manners {
            ahead: 0,
            tells_time: true,
            lifetime_s: 3600,
            refresh_tokens: true,
            rotation: Rotation::Strict,
            dpop: bound,
            dpop_nonce: bound,
            requires_pushed_requests: bound,
        };
        Self::new(manners, false, ladder, false, true, "session")
    }

    fn new(
        manners: Manners,
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
        let dpop = manners.dpop;
        let settings = format!(
            r#"{{"provider": {{"issuer": "{ISSUER}", "client_id": "{CLIENT_ID}", "flow": "{flow}", "dpop": {dpop},
                "scope": "openid offline_access", "renewal": [{ladder}]}},
            "apis": [{{"url": "https://api.test/v1/", "token": "{}"}}, {{"url": "https://other.test/", "token": "{}"}}],
            "session": {{"sign_out": "{sign_out}", "storage": "{storage}"}}}}"#,
            kinds[0], kinds[1]
        );
        Self {
            manners,
            settings,
            silent_ways: ["offscreen", "web_auth_flow"]
                .into_iter()
                .filter(|name| ladder.contains(name))
                .collect(),
            id_token_first,
        }
    }

    /// The ways of renewal that need no refresh token.
    pub fn silent_ways(&self) -> &[&'static str] {
        &self.silent_ways
    }

    /// Which token the API at this place of [`ADDRESSES`] believes.
    pub fn wants_id_token(&self, target: usize) -> bool {
        debug_assert!(target < ADDRESSES.len());
        target != 1 && self.id_token_first
    }
}
