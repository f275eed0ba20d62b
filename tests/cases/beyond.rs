//! Cases beyond the reports: the same kinds, other samples. What providers answer.

use std::time::Duration;

use evertoken::message::SessionState::{SignInNeeded, SignedIn};
use evertoken::platform::UnixTime;
use evertoken::renewal_method::RenewalMethodId::{Offscreen, RefreshToken};
use serde_json::json;

use crate::renewal::advance;
use crate::support::{Fault, Signing, World};
use crate::{method, renew, signed_in};

const BOTH: &str = r#"["refresh_token", "offscreen"]"#;
const HOUR: Duration = Duration::from_secs(60 * 60);

fn sign_in(world: &World) -> Result<(), &'static str> {
    let outcome = world.run(world.engine.session().sign_in());
    outcome.map_err(|error| error.code().as_str())
}

#[test]
fn x01_a_dead_refresh_token_by_still_other_names_leads_to_the_next_way_or_to_a_sign_in() {
    for (status, body) in [
        (400, json!("")),
        (401, json!("Unauthorized")),
        (400, json!("<html></html>")),
        (
            400,
            json!({"errors": [{"message": "Invalid refresh token"}]}),
        ),
        (
            400,
            json!({"statusCode": 400, "message": ["refresh_token"]}),
        ),
        (
            401,
            json!({"detail": "Token is blacklisted", "code": "token_not_valid"}),
        ),
        (401, json!([])),
        (401, json!(null)),
        (
            400,
            json!({"error": {"type": "OAuthException", "code": 190}}),
        ),
        (400, json!({"Error": "invalid_grant"})),
        (403, json!({"error": "access_denied"})),
        (404, json!({"error": "session_not_found"})),
        (410, json!({"error": "token_revoked"})),
        (422, json!({"error": "invalid_grant"})),
        (200, json!({"ok": false, "error": "token_revoked"})),
        (200, json!({"error": "invalid_grant", "access_token": null})),
        (201, json!({"error": 1})),
    ] {
        let world = signed_in(BOTH);
        let refusal = || Fault::TokenRefusal("refresh_token", status, body.clone());
        world.provider.fail(refusal());
        assert_eq!(renew(&world), Ok(()), "{status} {body}");
        assert_eq!(method(&world), Some(Offscreen), "{status} {body}");
        let alone = signed_in(r#"["refresh_token"]"#);
        alone.provider.fail(refusal());
        assert!(renew(&alone).is_err(), "{status} {body}");
        assert_eq!(alone.view().state, SignInNeeded, "{status} {body}");
        advance(&alone, 4 * HOUR);
        assert_eq!(
            alone.provider.refresh_tokens_sent().len(),
            1,
            "{status} {body}"
        );
        alone.provider.mend();
        assert_eq!(sign_in(&alone), Ok(()), "{status} {body}");
    }
}

/// Silent authorizations find nobody signed in, as where the browser keeps the provider's cookies from frames.
fn nobody_in_frames(world: &World) {
    world.provider.forge_redirect(|url| {
        let (page, answer) = url.split_once('?').unwrap();
        let state = answer.split('&').find(|part| part.starts_with("state="));
        format!("{page}?error=login_required&{}", state.unwrap())
    });
}

#[test]
fn x02_trouble_at_the_token_endpoint_beside_a_frame_without_a_session_heals_by_itself() {
    for trouble in [
        Fault::TokenRefusal("refresh_token", 503, json!({})),
        Fault::TokenRefusal("refresh_token", 403, json!("<html></html>")),
        Fault::TokenRefusal("refresh_token", 429, json!({"error": "slow_down"})),
        Fault::Silent("/token"),
    ] {
        let world = signed_in(BOTH);
        nobody_in_frames(&world);
        world.provider.fail(trouble.clone());
        world.advance(HOUR / 2);
        assert!(renew(&world).is_err(), "{trouble:?}");
        assert_eq!(world.view().state, SignedIn, "{trouble:?}");
        // It goes on until the tokens have ended: now the user may help, and need not.
        advance(&world, HOUR);
        assert_eq!(world.view().state, SignInNeeded, "{trouble:?}");
        world.provider.mend();
        advance(&world, HOUR / 4);
        assert_eq!(world.view().state, SignedIn, "{trouble:?}");
        assert_eq!(method(&world), Some(RefreshToken), "{trouble:?}");
    }
}

#[test]
fn x03_keys_with_members_of_other_kinds_of_keys_are_keys() {
    for extra in [
        json!({"d": null, "p": null, "q": null, "dp": null, "k": null, "oth": null}),
        json!({"n": "", "e": ""}),
        json!({"x5c": [""], "x5t": "", "x5u": "", "exp": ""}),
        json!({"use": "sig", "key_ops": ["verify"], "ext": true}),
        json!({"nbf": 1, "exp": 2, "status": "active"}),
        json!({"issuer": "https://provider.test/", "certificates": []}),
    ] {
        let world = World::new("code");
        let mut key = Signing::public_key(Some("1"));
        for (name, value) in extra.as_object().unwrap() {
            key[name] = value.clone();
        }
        let set = json!({"keys": [key], "comment": null});
        world.provider.signing.borrow_mut().key_set = set;
        assert_eq!(sign_in(&world), Ok(()), "{extra}");
    }
}

#[test]
fn x04_endpoints_with_a_query_keep_it() {
    let world = World::new("code");
    let at = |path: &str| format!("https://provider.test/{path}?p=b2c_1_sign_in");
    let metadata = json!({
        "authorization_endpoint": at("authorize"), "token_endpoint": at("token"), "jwks_uri": at("jwks"),
    });
    world
        .provider
        .change(|behavior| behavior.metadata = metadata);
    assert_eq!(sign_in(&world), Ok(()));
    let requests = world.provider.authorizations.borrow();
    let mut asked = requests[0].query_pairs();
    assert!(asked.any(|(name, value)| name == "p" && value == "b2c_1_sign_in"));
    assert_eq!(requests[0].query().unwrap().matches('?').count(), 0);
    let fetched = world.provider.fetched_urls.borrow();
    let with_query = fetched.iter().filter(|url| url.query().is_some());
    assert_eq!(with_query.count(), 2, "{fetched:?}");
}

#[test]
fn x05_answers_with_more_than_was_asked_for_are_answers() {
    for more in [
        "&session_state=abc&client_info=eyJ1aWQi",
        "&scope=openid%20email&authuser=0&hd=example.com&prompt=none",
        "&scope=openid&scope=email",
        "&error_description=&error_uri=",
        "&foo[]=1&foo[]=2&=&%",
        "#_=_",
        "#",
    ] {
        let world = World::new("code");
        world.provider.forge_redirect(move |url| url + more);
        assert_eq!(sign_in(&world), Ok(()), "{more}");
        assert_eq!(renew(&world), Ok(()), "{more}");
    }
    for more in ["&session_state=abc", "&scope=openid&scope=email"] {
        let world = World::new("implicit");
        world.provider.forge_redirect(move |url| url + more);
        assert_eq!(sign_in(&world), Ok(()), "{more}");
    }
}

#[test]
fn x06_answers_from_a_cache_that_keeps_an_old_date_do_not_turn_the_clock_back() {
    for path in ["/.well-known/openid-configuration", "/jwks"] {
        for seconds in [-6 * 60 * 60, 6 * 60 * 60] {
            let world = World::new("code");
            let date = UnixTime(world.clock.started().0 + seconds * 1000);
            world
                .provider
                .forge_answer(path, move |answer| answer.server_time = Some(date));
            assert_eq!(sign_in(&world), Ok(()), "{path} {seconds}");
            assert_eq!(renew(&world), Ok(()), "{path} {seconds}");
            assert_eq!(world.call(world.get("/v1/me")).status, 200);
            let end = world.view().expires_at.unwrap();
            let life = end.milliseconds_since(world.clock.started()) / 1000;
            assert_eq!(life, 3600, "{path} {seconds}");
        }
    }
}

#[test]
fn x07_claims_that_are_only_shown_may_be_anything() {
    for (claim, value) in [
        ("name", json!({"given": "Ada"})),
        ("name", json!(["Ada"])),
        ("name", json!("")),
        ("email", json!(false)),
        ("email_verified", json!("true")),
        ("preferred_username", json!(7)),
        ("picture", json!("x".repeat(20_000))),
        ("groups", json!({"admins": true})),
        ("amr", json!("pwd")),
        ("acr", json!(null)),
        ("sid", json!(1)),
        ("locale", json!({"language": "en"})),
        ("updated_at", json!("2020-01-01")),
        ("jti", json!(1)),
    ] {
        let world = signed_in(BOTH);
        world.provider.forge_claim(claim, value.clone());
        assert_eq!(sign_in(&world), Ok(()), "{claim} {value}");
        assert_eq!(renew(&world), Ok(()), "{claim} {value}");
        assert_eq!(world.view().identity.unwrap().sub, "ada");
    }
}

#[test]
fn x08_a_token_that_is_good_for_years_is_no_trouble() {
    let world = World::new("code");
    world.provider.lifetime.set(HOUR * 24 * 365 * 20);
    assert_eq!(sign_in(&world), Ok(()));
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    assert!(world.alarm.0.get().unwrap() > world.clock.started());
    let world = world.restart();
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    assert_eq!(world.provider.authorization_count(), 1);
}
