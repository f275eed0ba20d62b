//! What tokens say of themselves: oddities that are taken, and those that are refused so that the user can go on.

use std::time::Duration;

use evertoken::message::SessionState::{SignInNeeded, SignedIn, SignedOut};
use evertoken::problem::Recovery;
use evertoken::renewal_method::RenewalMethodId::{Offscreen, RefreshToken};
use serde_json::{Value, json};

use crate::support::World;
use crate::{method, renew, signed_in};

const BOTH: &str = r#"["refresh_token", "offscreen"]"#;

fn sign_in(world: &World) -> Result<(), &'static str> {
    let outcome = world.run(world.engine.session().sign_in());
    outcome.map_err(|error| error.code().as_str())
}

/// Id_tokens that a refresh brings are what `change` makes of them: only they bear no nonce.
fn change_refreshed(world: &World, change: impl Fn(&mut Value) + 'static) {
    world.provider.forge_claims(move |claims| {
        if claims.get("nonce").is_none() {
            change(claims);
        }
    });
}

#[test]
fn k60_a_refreshed_id_token_may_repeat_the_nonce_and_leave_out_auth_time() {
    let world = signed_in(BOTH);
    let signed_in_with = world.provider.authorizations.borrow()[0].clone();
    let nonce = signed_in_with
        .query_pairs()
        .find(|(name, _)| name == "nonce");
    let nonce = nonce.unwrap().1.into_owned();
    change_refreshed(&world, move |claims| claims["nonce"] = json!(nonce));
    assert_eq!(
        (renew(&world), method(&world)),
        (Ok(()), Some(RefreshToken))
    );
    change_refreshed(&world, |claims| {
        claims.as_object_mut().unwrap().remove("auth_time");
    });
    assert_eq!(
        (renew(&world), method(&world)),
        (Ok(()), Some(RefreshToken))
    );
    // A nonce that is not the session's is no repetition: that answer is refused, and the next way asked.
    change_refreshed(&world, |claims| claims["nonce"] = json!("another"));
    assert_eq!((renew(&world), method(&world)), (Ok(()), Some(Offscreen)));
}

#[test]
fn k63_k74_k75_who_cannot_be_identified_is_told_so_and_a_mended_provider_signs_in_at_once() {
    for (claim, value, code) in [
        ("sub", json!("müller"), "id_token.claims"),
        ("sub", json!(1042), "id_token.claims"),
        ("sub", json!(["ada"]), "id_token.claims"),
        ("sub", json!({"id": "ada"}), "id_token.claims"),
        ("nonce", Value::Null, "id_token.nonce"),
    ] {
        let world = World::new("code");
        world.provider.forge_claim(claim, value.clone());
        assert_eq!(sign_in(&world), Err(code), "{claim} {value}");
        let view = world.view();
        assert_eq!(view.state, SignedOut, "{claim} {value}");
        let recovery = view.problem.unwrap().recovery;
        assert_eq!(recovery, Recovery::Report, "{claim} {value}");
        world.provider.forge_claims(|_| {});
        assert_eq!(sign_in(&world), Ok(()), "{claim} {value}");
        assert!(world.view().problem.is_none(), "{claim} {value}");
    }
}

#[test]
fn k63_a_user_whose_name_is_a_directorys_is_the_same_user_after_a_renewal() {
    for sub in [
        "a b",
        "CN=Ada,O=Provider",
        "auth0|5f7c",
        "ADA@PROVIDER.TEST",
    ] {
        let world = signed_in(r#"["refresh_token"]"#);
        sub.clone_into(&mut world.provider.subject.borrow_mut());
        assert_eq!(sign_in(&world), Ok(()), "{sub}");
        assert_eq!(renew(&world), Ok(()), "{sub}");
        assert_eq!(world.view().identity.unwrap().sub, sub);
    }
}

#[test]
fn k65_a_list_of_audiences_is_taken_where_it_says_which_of_them_asked() {
    for (audience, party, outcome) in [
        (json!(["client"]), None, Ok(())),
        (json!(["client", "account"]), Some("client"), Ok(())),
        (json!(["account", "client"]), Some("client"), Ok(())),
        (json!(["client", "account"]), None, Err("id_token.azp")),
        (
            json!(["client", "account"]),
            Some("account"),
            Err("id_token.azp"),
        ),
        (json!(["account"]), Some("client"), Err("id_token.aud")),
    ] {
        let world = World::new("code");
        let told = audience.clone();
        world.provider.forge_claims(move |claims| {
            claims["aud"] = told.clone();
            if let Some(party) = party {
                claims["azp"] = json!(party);
            }
        });
        assert_eq!(sign_in(&world), outcome, "{audience} {party:?}");
    }
}

#[test]
fn k67_times_with_fractions_are_times_also_after_a_restart() {
    for (claim, fraction) in [("iat", 0.5), ("exp", 0.25), ("auth_time", 0.125)] {
        let world = World::with_settings(
            r#"{"provider": {"issuer": "https://provider.test/", "client_id": "client",
                "renewal": ["refresh_token"]}, "apis": [{"url": "https://api.test/v1/"}]}"#,
        );
        world
            .provider
            .change(|behavior| behavior.refresh_tokens = true);
        world.provider.forge_claims(move |claims| {
            let whole = claims[claim].as_f64();
            let whole = whole.unwrap_or(1_800_000_000.0);
            claims[claim] = json!(whole + fraction);
        });
        assert_eq!(sign_in(&world), Ok(()), "{claim}");
        assert_eq!(renew(&world), Ok(()), "{claim}");
        let world = world.restart();
        assert_eq!(renew(&world), Ok(()), "{claim}");
    }
    // A text is none: a comparison with it would say nothing.
    for claim in ["iat", "exp", "auth_time"] {
        let world = World::new("code");
        world.provider.forge_claim(claim, json!("1800003600"));
        assert_eq!(sign_in(&world), Err("id_token.claims"), "{claim}");
    }
}

/// A user is signed in; the API is sent this kind of token.
fn api_wants(token: &str) -> World {
    let world = World::with_settings(&format!(
        r#"{{"provider": {{"issuer": "https://provider.test/", "client_id": "client",
            "renewal": ["offscreen"]}}, "apis": [{{"url": "https://api.test/v1/", "token": "{token}"}}]}}"#
    ));
    world.provider.forge_claims(|claims| {
        claims["exp"] = json!(claims["iat"].as_i64().unwrap() + 600);
    });
    assert_eq!(sign_in(&world), Ok(()));
    world
}

#[test]
fn k80_an_id_token_that_ends_before_the_access_token_is_renewed_in_time() {
    for (token, renewals) in [("id_token", 1), ("access_token", 0)] {
        let world = api_wants(token);
        world.advance(Duration::from_secs(595));
        assert_eq!(world.call(world.get("/v1/me")).status, 200, "{token}");
        assert_eq!(world.api.statuses(), [200], "{token}: no 401 first");
        assert_eq!(
            world.provider.authorization_count(),
            1 + renewals,
            "{token}"
        );
    }
    let due = |token| {
        let world = api_wants(token);
        let alarm = world.alarm.0.get().unwrap();
        alarm.milliseconds_since(world.clock.started()) / 1000
    };
    assert!(due("id_token") <= 540, "before its end, by the usual lead");
    assert!(due("access_token") > 60);
}

#[test]
fn k81_a_provider_that_gives_the_same_token_again_is_not_asked_in_a_loop() {
    let world = World::with_settings(
        r#"{"provider": {"issuer": "https://provider.test/", "client_id": "client",
            "renewal": ["offscreen"]}, "apis": [{"url": "https://api.test/v1/", "token": "access_token"}]}"#,
    );
    assert_eq!(sign_in(&world), Ok(()));
    world.provider.repeats_tokens.set(true);
    world.api.revoke_all();
    for _ in 0..20 {
        assert_eq!(world.call(world.get("/v1/me")).status, 401);
    }
    assert_eq!(world.problem().as_deref(), Some("session.nothing_new"));
    let asked = world.provider.authorization_count() - 1;
    assert_eq!(asked, 1, "twenty calls at once cost one renewal");
    // Ten minutes without a token that serves, and the user is asked.
    crate::renewal::advance(&world, Duration::from_secs(12 * 60));
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    assert_eq!(world.view().state, SignInNeeded);
    world.provider.repeats_tokens.set(false);
    assert_eq!(sign_in(&world), Ok(()));
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    assert_eq!(world.view().state, SignedIn);
}
