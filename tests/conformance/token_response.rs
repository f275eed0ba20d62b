//! Successful responses of the token endpoint (B26).

use serde_json::{Value, json};

use crate::refusal::{accepted, exchanges, refused, refused_at_refresh, renew, sign_in, world};
use crate::support::{Fault, World};

fn member(name: &'static str, value: Value) -> impl Fn(&World) {
    move |world| world.provider.fail(Fault::TokenMember(name, value.clone()))
}

fn answer(status: u16, body: Value) -> impl Fn(&World) {
    move |world| {
        world
            .provider
            .fail(Fault::TokenEndpoint(status, body.clone()))
    }
}

/// Asserts a refusal at a code exchange, at a silent renewal and at a refresh.
pub(crate) fn refused_everywhere(what: &str, code: &str, forge: impl Fn(&World)) {
    refused("code", what, code, &forge);
    refused_at_refresh(what, code, &forge);
}

/// Changes the text of a valid response with `forge`.
pub(crate) fn text(forge: fn(String) -> String) -> impl Fn(&World) {
    move |world| {
        world.provider.forge_answer("/token", move |answer| {
            let good = String::from_utf8(answer.body.clone()).unwrap();
            answer.body = forge(good).into_bytes();
        });
    }
}

pub(crate) const MALFORMED: &str = "token_endpoint.malformed";

#[test]
fn b26_form() {
    for body in [
        json!([]),
        json!(null),
        json!(1),
        json!("<html></html>"),
        json!({}),
    ] {
        refused_everywhere(&body.to_string(), MALFORMED, answer(200, body.clone()));
    }
    refused_everywhere("a list", MALFORMED, text(|good| format!("[{good}]")));
    refused_everywhere("cut off", MALFORMED, text(|good| good.replace('}', "")));
    let marked = text(|good| format!("\u{feff}{good}"));
    accepted("code", "a byte order mark", marked);
    refused_everywhere(
        "twice",
        MALFORMED,
        text(|good| good.replacen('{', r#"{"access_token":"x","#, 1)),
    );
    for media_type in [
        "",
        "text/html",
        "text/plain",
        "application/jwt",
        "application/x-www-form-urlencoded",
    ] {
        accepted("code", media_type, |world| {
            world.provider.forge_answer("/token", move |answer| {
                answer.media_type = media_type.to_owned();
            });
        });
    }
    refused_everywhere("huge", "network.too_large", |world| {
        let huge = json!("x".repeat(300_000));
        world.provider.fail(Fault::TokenMember("x", huge));
    });
}

#[test]
fn b26_members() {
    for name in ["access_token", "token_type"] {
        for wrong in [json!(""), json!(1), json!(["x"]), json!({})] {
            refused_everywhere(name, MALFORMED, member(name, wrong));
        }
    }
    let null = || json!(null);
    refused_everywhere("token_type", MALFORMED, member("token_type", null()));
    // The id_token alone is enough for the API of these settings.
    accepted("code", "no access_token", member("access_token", null()));
    for (name, wrong) in [
        ("id_token", json!("")),
        ("id_token", json!(1)),
        ("id_token", json!(["x"])),
        ("refresh_token", json!(1)),
        ("refresh_token", json!(["x"])),
        ("refresh_token", json!(true)),
    ] {
        refused_everywhere(name, MALFORMED, member(name, wrong));
    }
    // Values that are only displayed make no sign-in fail; empty and null values count as absent.
    for (name, value) in [
        ("scope", json!("")),
        ("scope", json!(1)),
        ("scope", json!(["openid", "email"])),
        ("scope", json!(true)),
        ("refresh_token", json!("")),
    ] {
        accepted("code", &format!("{name} {value}"), member(name, value));
    }
    for name in ["refresh_token", "scope", "expires_in"] {
        accepted("code", name, |world| {
            world.provider.forge_answer("/token", move |answer| {
                let mut body: Value = serde_json::from_slice(&answer.body).unwrap();
                body[name] = Value::Null;
                answer.body = body.to_string().into_bytes();
            });
        });
    }
    refused(
        "code",
        "no id_token",
        MALFORMED,
        member("id_token", json!(null)),
    );
    let code = "token_endpoint.no_id_token";
    refused_at_refresh("an API needs it", code, member("id_token", json!(null)));
}

#[test]
fn b26_token_type() {
    for other in [
        "mac",
        "DPoP",
        "dpop",
        "N_A",
        "Bearer ",
        "Bearer,DPoP",
        "bearer2",
    ] {
        let code = "token_endpoint.token_type";
        refused_everywhere(other, code, member("token_type", json!(other)));
    }
    for bearer in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        accepted("code", bearer, member("token_type", json!(bearer)));
    }
    refused("implicit", "mac", "response.token_type", |world| {
        world.provider.fail(Fault::Parameter("token_type", "mac"));
    });
    refused("implicit", "DPoP", "response.token_type", |world| {
        world.provider.fail(Fault::Parameter("token_type", "DPoP"));
    });
}

/// A world whose API takes the access token.
fn access(flow: &str) -> World {
    world(&json!({"flow": flow, "audience": "https://api.test/"}))
}

#[test]
fn b26_lifetime() {
    for wrong in [
        json!(-1),
        json!(-0.5),
        json!(true),
        json!([3600]),
        json!(""),
        json!("soon"),
        json!("-1"),
        json!("1e3"),
    ] {
        refused_everywhere(&wrong.to_string(), MALFORMED, member("expires_in", wrong));
    }
    for (said, lifetime) in [
        (json!(3600), 3600),
        (json!(3600.9), 3600),
        (json!("3600"), 3600),
        (json!(1e12), 31_536_000),
        (json!(9_223_372_036_854_775_i64), 31_536_000),
        (json!(1e300), 31_536_000),
        (json!("18446744073709551615"), 31_536_000),
    ] {
        let world = access("code");
        world
            .provider
            .fail(Fault::TokenMember("expires_in", said.clone()));
        for step in [sign_in, renew] {
            assert_eq!(step(&world), None, "{said}");
            let (now, until) = (world.clock.started(), world.view().expires_at.unwrap());
            assert_eq!(until.milliseconds_since(now), lifetime * 1000, "{said}");
            assert!(world.alarm.0.get().is_some_and(|at| at > now && at < until));
        }
        assert_eq!(world.call(world.get("/v1/me")).status, 200, "{said}");
    }
    let world = access("implicit");
    world
        .provider
        .fail(Fault::Parameter("expires_in", "18446744073709551615"));
    assert_eq!(sign_in(&world), None);
    let until = world.view().expires_at.unwrap();
    let lifetime = until.milliseconds_since(world.clock.started());
    assert_eq!(lifetime, 31_536_000_000, "a year at most is believed");
}

#[test]
fn b26_no_life_at_all() {
    let world = access("code");
    member("expires_in", json!(0))(&world);
    assert_eq!(sign_in(&world), None);
    assert_eq!(world.view().expires_at, None);
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    assert_eq!(exchanges(&world), 1, "no renewal for every call");
}

#[test]
fn b26_scope() {
    for step in ["sign-in", "renewal"] {
        let world = World::new("code");
        if step == "renewal" {
            assert_eq!(sign_in(&world), None);
            assert_eq!(world.view().scope, None);
        }
        world
            .provider
            .change(|behavior| behavior.granted_scope = Some("openid"));
        let done = if step == "sign-in" {
            sign_in(&world)
        } else {
            renew(&world)
        };
        assert_eq!(done, None, "{step}");
        assert_eq!(world.view().scope.as_deref(), Some("openid"), "{step}");
        let world = world.restart();
        assert_eq!(
            world.view().scope.as_deref(),
            Some("openid"),
            "{step}: stored"
        );
    }
}
