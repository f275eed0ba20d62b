//! The times of an id_token (B19 to B21). The tolerance of the settings is a minute.

use evertoken::platform::Clock as _;
use serde_json::{Value, json};

use crate::refusal::{
    FLOWS, NOW, accepted, accepted_in, claim, refused, refused_at_refresh, refused_at_sign_in,
    refused_in, renew, sign_in, waits_for_sign_in, world,
};
use crate::support::World;

/// Sets `iat` and `exp` of the id_token.
fn issued(iat: i64, exp: i64) -> impl Fn(&World) {
    move |world| {
        world.provider.forge_claims(move |claims| {
            claims["iat"] = iat.into();
            claims["exp"] = exp.into();
        });
    }
}

/// Invalid dates for a claim that may be missing.
fn no_dates() -> [Value; 7] {
    [
        json!("1800000000"),
        json!(true),
        json!([NOW]),
        json!(-1),
        json!(1e19),
        json!(NOW * 1000),
        json!(253_402_300_800_u64),
    ]
}

fn refused_value(name: &'static str, value: Value, code: &str) {
    for flow in FLOWS {
        refused(
            flow,
            &format!("{name} {value}"),
            code,
            claim(name, value.clone()),
        );
    }
}

#[test]
fn b19_expiry() {
    for wrong in no_dates().into_iter().chain([json!(null)]) {
        refused_value("exp", wrong, "id_token.claims");
    }
    for flow in FLOWS {
        refused(flow, "missing", "id_token.claims", |world| {
            world.provider.forge_without("exp");
        });
        for ago in [60, 61, 3600, NOW] {
            let what = format!("{ago} s ago");
            refused(flow, &what, "id_token.exp", issued(0, NOW - ago));
        }
        // An id_token that expired within the tolerance is accepted, but `expires_at` is in the past.
        let world = World::new(flow);
        issued(NOW - 600, NOW - 59)(&world);
        assert_eq!(sign_in(&world), None);
        let end = world.view().expires_at.unwrap();
        assert!(end <= world.clock.now());
        assert_eq!(renew(&world), Some("session.nothing_new"));
        let fraction = claim("exp", json!(1_800_003_600.5));
        accepted(flow, "a fraction", fraction);
    }
    let strict = || {
        let settings = json!({
            "provider": {"issuer": crate::support::ISSUER, "client_id": crate::support::CLIENT_ID,
                "renewal": ["offscreen"]},
            "apis": [{"url": "https://api.test/v1/"}],
            "session": {"clock_tolerance_s": 0},
        });
        World::with_settings(&settings.to_string())
    };
    refused_in(strict, "now", "id_token.exp", issued(NOW - 600, NOW));
    accepted_in(strict(), "in a second", issued(NOW - 600, NOW + 1));
}

#[test]
fn b20_time_of_issue() {
    for wrong in no_dates() {
        refused_value("iat", wrong, "id_token.claims");
    }
    for flow in FLOWS {
        refused(flow, "missing", "id_token.claims", |world| {
            world.provider.forge_without("iat");
        });
        let refused = |what: &str, iat, exp| {
            refused(flow, what, "id_token.iat", issued(iat, exp));
        };
        refused("61 s ahead", NOW + 61, NOW + 3600);
        refused("a day ahead", NOW + 86_400, NOW + 90_000);
        refused("after its expiry", NOW + 30, NOW + 20);
        refused("more than an hour ago", NOW - 3661, NOW + 3600);
        refused("ages ago", 1, NOW + 3600);
        accepted(flow, "a minute ahead", issued(NOW + 60, NOW + 3600));
        accepted(flow, "an hour ago", issued(NOW - 3660, NOW + 3600));
    }
    let old = "id_token.iat";
    refused_at_refresh("ages ago", old, issued(1, NOW + 3600));
}

#[test]
fn b21_not_before() {
    for wrong in no_dates() {
        refused_value("nbf", wrong, "id_token.claims");
    }
    refused_value("nbf", json!(NOW + 61), "id_token.nbf");
    refused_value("nbf", json!(NOW + 86_400), "id_token.nbf");
    for flow in FLOWS {
        accepted(flow, "a minute ahead", claim("nbf", json!(NOW + 60)));
        accepted(flow, "null is absent", claim("nbf", json!(null)));
    }
}

/// A world whose settings require a sign-in at most ten minutes ago (`max_age`).
fn recent(flow: &str) -> World {
    world(&json!({"flow": flow, "max_age_s": 600}))
}

#[test]
fn b21_authentication_time() {
    for flow in FLOWS {
        let missing = |world: &World| world.provider.forge_without("auth_time");
        let recent = || recent(flow);
        refused_in(recent, "missing", "id_token.auth_time", missing);
        let null = claim("auth_time", json!(null));
        refused_in(recent, "null is absent", "id_token.auth_time", null);
        for wrong in no_dates() {
            let what = wrong.to_string();
            refused_in(recent, &what, "id_token.claims", claim("auth_time", wrong));
        }
        for old in [json!(0), json!(NOW - 661)] {
            let forge = claim("auth_time", old);
            refused_at_sign_in(recent(), "too old", "id_token.max_age", &forge);
            waits_for_sign_in(recent(), "too old", "id_token.max_age", &forge);
        }
        let oldest = claim("auth_time", json!(NOW - 660));
        accepted_in(recent(), "ten minutes and the tolerance", oldest);
        let asked = recent();
        accepted_in(asked, "now", |_| {});
        // Without `max_age` in the request, `auth_time` may be missing.
        accepted(flow, "missing", missing);
        accepted(flow, "ages ago", claim("auth_time", json!(0)));
    }
}

/// A world in which a user is signed in, and an API requires another sign-in, with these classes and at most one minute
/// ago.
fn asked_to_step_up(flow: &str) -> World {
    const CHALLENGE: &str =
        r#"Bearer error="insufficient_user_authentication", acr_values="mfa phr", max_age=60"#;
    let world = World::signed_in(flow);
    *world.api.challenge.borrow_mut() = Some(CHALLENGE);
    world.api.revoke_all();
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    world.settle();
    world
}

#[test]
fn b21_authentication_context() {
    let wrong = [
        (json!("pwd"), "id_token.acr"),
        (json!("MFA"), "id_token.acr"),
        (json!("mfa phr"), "id_token.acr"),
        (json!(""), "id_token.acr"),
        (json!(1), "id_token.claims"),
        (json!(["mfa"]), "id_token.claims"),
    ];
    for flow in FLOWS {
        for (acr, code) in &wrong {
            let world = asked_to_step_up(flow);
            let before = world.api.tokens();
            claim("acr", acr.clone())(&world);
            assert_eq!(sign_in(&world), Some(*code), "{acr}");
            *world.api.challenge.borrow_mut() = None;
            world.call(world.get("/v1/me"));
            assert_eq!(
                world.api.tokens()[1],
                before[0],
                "{acr}: what came is not used"
            );
            accepted(flow, "not asked for", claim("acr", acr.clone()));
        }
        let old = asked_to_step_up(flow);
        claim("auth_time", json!(NOW - 121))(&old);
        assert_eq!(sign_in(&old), Some("id_token.max_age"));
        for right in ["mfa", "phr"] {
            let world = asked_to_step_up(flow);
            claim("acr", json!(right))(&world);
            assert_eq!(sign_in(&world), None, "{right}");
        }
        assert_eq!(sign_in(&asked_to_step_up(flow)), None, "missing");
        let null = asked_to_step_up(flow);
        claim("acr", json!(null))(&null);
        assert_eq!(sign_in(&null), None, "null is absent");
    }
}

#[test]
fn b21_max_age_is_sent() {
    for flow in FLOWS {
        let world = recent(flow);
        accepted_in(world, flow, |_| {});
        let world = recent(flow);
        assert_eq!(sign_in(&world), None);
        let asked = world.provider.authorizations.borrow();
        let sent = asked[0].query_pairs().find(|(name, _)| name == "max_age");
        assert_eq!(
            sent.map(|(_, value)| value.into_owned()).as_deref(),
            Some("600")
        );
    }
}
