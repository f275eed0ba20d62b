//! The setup check, at the providers of public reports: it fails nothing that is right, and names what is wrong.

use std::time::Duration;

use evertoken::doctor::Verdict::{CouldNotTell, Failed, Passed, Skipped};
use evertoken::doctor::api::{self, Call};
use evertoken::platform::SilentCarrier;
use evertoken::platform::UserAgentError::{
    self, FramingRefused, InteractionRequired, PageShown, Refused, ServerError,
};
use serde_json::{Value, json};
use url::Url;

use crate::checked::{Checked, Fetched, Site};
use crate::support::{Fault, World};

pub(crate) const LOGIN_PAGE: Fetched = Fetched::Answer(200, "text/html", "<form>Sign in</form>");
pub(crate) const INVALID_GRANT: Fetched =
    Fetched::Answer(400, "application/json", r#"{"error":"invalid_grant"}"#);
const INVALID_CLIENT: Fetched =
    Fetched::Answer(401, "application/json", r#"{"error":"invalid_client"}"#);
pub(crate) const ALL: &str = r#"["refresh_token", "offscreen", "web_auth_flow"]"#;

/// A world with these ways of renewal, and nobody signed in.
pub(crate) fn world(ladder: &str) -> World {
    let world = World::with_settings(&format!(
        r#"{{"provider": {{"issuer": "https://provider.test/", "client_id": "client", "renewal": {ladder}}},
            "apis": [{{"url": "https://api.test/v1/"}}]}}"#
    ));
    describe(&world, json!({}));
    world.provider.change(|it| it.refresh_tokens = true);
    world
}

/// The metadata hold this beside the usual. No provider of the paper takes pushed requests.
pub(crate) fn describe(world: &World, mut metadata: Value) {
    metadata["pushed_authorization_request_endpoint"] = Value::Null;
    world.provider.change(|it| it.metadata = metadata);
}

pub(crate) fn signed_in(ladder: &str) -> World {
    let world = world(ladder);
    world.run(world.engine.session().sign_in()).unwrap();
    world
}

/// The silent ways fail so: the hidden frame, and the hidden window.
pub(crate) fn silent_ways(frame: UserAgentError, window: UserAgentError) -> Fault {
    Fault::Engines(frame, window)
}

#[test]
fn f5_an_unknown_client_is_blamed_on_the_client_alone_whatever_page_is_shown() {
    let site = Site {
        authorize: LOGIN_PAGE,
        token: INVALID_CLIENT,
    };
    for window in [
        InteractionRequired,
        Refused(400),
        Refused(403),
        ServerError(500),
    ] {
        let world = world(ALL);
        world.provider.fail(silent_ways(FramingRefused, window));
        let found = Checked::new(&world, &site);
        assert_eq!(found.failed(), ["token-endpoint"], "{found:?}");
        assert_eq!(found.text("token-endpoint"), "doctor_client_refused");
        assert_eq!(found.verdict("authorization"), CouldNotTell);
        for rests in [
            "framing",
            "cookies",
            "renewal-offscreen",
            "renewal-web_auth_flow",
        ] {
            assert_eq!(found.verdict(rests), Skipped, "{rests}: {found:?}");
        }
        assert!(!found.offers_sign_in(), "{found:?}");
    }
}

#[test]
fn f5_a_client_that_is_known_and_not_public_is_told_from_one_that_is_unknown() {
    let world = world(ALL);
    world.provider.fail(Fault::Authorization("login_required"));
    let site = Site {
        authorize: LOGIN_PAGE,
        token: INVALID_CLIENT,
    };
    let found = Checked::new(&world, &site);
    assert_eq!(found.text("token-endpoint"), "doctor_secret");
    assert_eq!(found.verdict("authorization"), Passed);
}

#[test]
fn f6_framing_fails_where_the_same_answer_arrives_in_a_window() {
    for (world, frame, expected) in [
        (signed_in(ALL), FramingRefused, Failed),
        (signed_in(ALL), PageShown, CouldNotTell),
        (world(ALL), FramingRefused, Failed),
    ] {
        let bars = Some((SilentCarrier::Offscreen, frame));
        world.provider.change(|it| it.bars = bars);
        let found = Checked::new(&world, &Site::default());
        assert_eq!(found.verdict("framing"), expected, "{frame}: {found:?}");
        assert_eq!(found.verdict("renewal-offscreen"), Failed, "{found:?}");
        assert_eq!(found.verdict("renewal-web_auth_flow"), Passed, "{found:?}");
    }
}

#[test]
fn f6_a_page_right_after_a_sign_in_is_a_fault_and_an_hour_later_it_may_be_the_login_page() {
    let pages = || silent_ways(FramingRefused, InteractionRequired);
    let world = signed_in(r#"["offscreen"]"#);
    world.provider.fail(pages());
    let found = Checked::new(&world, &Site::default());
    assert_eq!(
        found.failed(),
        ["framing", "renewal-offscreen"],
        "{found:?}"
    );
    let world = signed_in(r#"["offscreen"]"#);
    world.advance(Duration::from_secs(3000));
    world.provider.fail(pages());
    let found = Checked::new(&world, &Site::default());
    assert_eq!(found.failed(), [""; 0], "{found:?}");
    assert!(found.offers_sign_in(), "{found:?}");
}

#[test]
fn f8_only_the_defined_error_refuses_a_client_and_a_session_by_the_code_flow_proves_it() {
    for (status, body, signed_out) in [
        (401, "Unauthorized", CouldNotTell),
        (401, "", CouldNotTell),
        (401, r#"{"error":"no nonce"}"#, CouldNotTell),
        (401, r#"{"error":{"code":401}}"#, CouldNotTell),
        (400, "no nonce in store", CouldNotTell),
        (404, "{}", CouldNotTell),
        (401, r#"{"error":"invalid_client"}"#, Failed),
        (400, r#"{"error":"invalid_client"}"#, Failed),
    ] {
        let site = Site {
            token: Fetched::Answer(status, "text/html", body),
            ..Site::default()
        };
        let found = Checked::new(&world(ALL), &site);
        assert_eq!(
            found.verdict("token-endpoint"),
            signed_out,
            "{status} {body}"
        );
        let found = Checked::new(&signed_in(ALL), &site);
        assert_eq!(found.verdict("token-endpoint"), Passed, "{status} {body}");
        // Where no renewal works, a client that is refused now is.
        let later = signed_in(r#"["offscreen"]"#);
        later.provider.fail(Fault::Authorization("login_required"));
        let found = Checked::new(&later, &site);
        let expected = if signed_out == Failed { Failed } else { Passed };
        assert_eq!(found.verdict("token-endpoint"), expected, "{status} {body}");
    }
}

#[test]
fn f9_before_a_sign_in_no_list_says_that_there_are_no_refresh_tokens() {
    let listing = |world: &World| {
        let lists = json!({ "grant_types_supported": ["authorization_code"], "scopes_supported": ["openid"] });
        describe(world, lists);
    };
    let nobody = world(r#"["refresh_token"]"#);
    listing(&nobody);
    let found = Checked::new(&nobody, &Site::default());
    assert_eq!(found.text("refresh-token"), "doctor_refresh_signed_out");
    let with = signed_in(r#"["refresh_token"]"#);
    listing(&with);
    assert_eq!(
        Checked::new(&with, &Site::default()).verdict("refresh-token"),
        Passed
    );
    let without = world(r#"["refresh_token"]"#);
    listing(&without);
    without.provider.change(|it| it.refresh_tokens = false);
    without.run(without.engine.session().sign_in()).unwrap();
    let found = Checked::new(&without, &Site::default());
    assert_eq!(found.verdict("refresh-token"), Failed);
    assert_eq!(found.text("refresh-token"), "doctor_refresh_not_given");
}

#[test]
fn f11_a_redirect_in_json_is_a_redirect_and_an_echo_is_none() {
    for (body, authorization) in [
        (
            r#"{"redirect":true,"url":"https://extension.chromiumapp.org/?error=login_required&state=x"}"#,
            Passed,
        ),
        (
            r#"{"location":"https://extension.chromiumapp.org/#error=interaction_required"}"#,
            Passed,
        ),
        (
            r#"{"url":"https://extension.chromiumapp.org/?error=invalid_scope"}"#,
            Failed,
        ),
        (
            r#"{"redirect_uri":"https://extension.chromiumapp.org/"}"#,
            CouldNotTell,
        ),
        (
            r#"{"url":"https://extension.chromiumapp.org.evil.test/?error=login_required"}"#,
            CouldNotTell,
        ),
        (
            r#"{"url":"https://login.test/?error=login_required"}"#,
            CouldNotTell,
        ),
        (
            r#"["https://extension.chromiumapp.org/?error=login_required"]"#,
            CouldNotTell,
        ),
    ] {
        let site = Site {
            authorize: Fetched::Answer(200, "application/json", body),
            ..Site::default()
        };
        let found = Checked::new(&world(r#"["refresh_token"]"#), &site);
        assert_eq!(
            found.verdict("authorization"),
            authorization,
            "{body}: {found:?}"
        );
    }
}

#[test]
fn f11_that_a_client_is_public_is_known_after_a_sign_in_only() {
    let found = Checked::new(&world(ALL), &Site::default());
    assert_eq!(found.text("token-endpoint"), "doctor_token_passed");
    let found = Checked::new(&signed_in(ALL), &Site::default());
    assert_eq!(found.text("token-endpoint"), "doctor_token_gave");
}

#[test]
fn f12_an_api_is_not_blamed_for_a_token_that_could_not_be_renewed() {
    for broken in [
        Fault::TokenEndpoint(503, json!({})),
        Fault::TokenRefusal("refresh_token", 400, json!({ "error": "invalid_grant" })),
        Fault::TokenMember("token_type", Value::Null),
    ] {
        let world = signed_in(r#"["refresh_token"]"#);
        world.provider.fail(broken.clone());
        world.api.revoke_all();
        let found = Checked::new(&world, &Site::default());
        assert_eq!(
            found.verdict("api-0"),
            CouldNotTell,
            "{broken:?}: {found:?}"
        );
        assert_eq!(found.text("api-0"), "doctor_api_old_token", "{broken:?}");
    }
    // One that refuses what was renewed a moment ago is.
    for always in [None, Some(401)] {
        let world = signed_in(ALL);
        world.api.revoke_all();
        world.api.always.set(always);
        let found = Checked::new(&world, &Site::default());
        let expected = if always.is_some() { Failed } else { Passed };
        assert_eq!(found.verdict("api-0"), expected, "{found:?}");
    }
}

#[test]
fn k37_an_api_that_shows_a_page_in_place_of_a_401_is_not_said_to_take_the_token() {
    let own = "https://api.test/login";
    for (status, media_type, from, text) in [
        (200, "text/html; charset=utf-8", own, "doctor_api_page"),
        (200, "application/xhtml+xml", own, "doctor_api_page"),
        (
            200,
            "text/html",
            "https://login.test/x",
            "doctor_api_elsewhere",
        ),
        (
            200,
            "application/json",
            "https://login.test/x",
            "doctor_api_elsewhere",
        ),
        (401, "", "https://login.test/x", "doctor_api_elsewhere"),
        (200, "application/json", own, "doctor_api_passed"),
        (404, "text/html", own, "doctor_api_nothing_there"),
    ] {
        let url = Url::parse("https://api.test/v1/").unwrap();
        let header = |name: &str| (name == "content-type").then(|| media_type.to_owned());
        let call = Call::of_response(&url, status, &header, from);
        let found = api::diagnose(world(ALL).engine.settings(), 0, Some(&call), true);
        assert_eq!(found.text.key, text, "{status} {media_type} {from}");
        let is_page = text == "doctor_api_page" || text == "doctor_api_elsewhere";
        let expected = if is_page { CouldNotTell } else { Passed };
        assert_eq!(found.verdict, expected, "{status} {media_type} {from}");
    }
    let url = Url::parse("https://api.test/v1/").unwrap();
    assert_eq!(Call::led_elsewhere(&url, "https://api.test/login"), None);
    let led = Call::led_elsewhere(&url, "https://login.test/x").unwrap();
    let found = api::diagnose(world(ALL).engine.settings(), 0, Some(&led), true);
    assert_eq!(found.text.arguments, ["login.test".into()]);
}

#[test]
fn k12_another_issuer_is_offered_only_where_its_metadata_are() {
    let tenant = "https://provider.test/0000/v2.0/";
    let found = |at_tenant: Option<(u16, Value)>| {
        let world = world(ALL);
        describe(&world, json!({ "issuer": tenant }));
        if let Some((status, body)) = at_tenant {
            let path = "/0000/v2.0/.well-known/openid-configuration";
            world.provider.fail(Fault::Path(path, status, body));
        }
        Checked::new(&world, &Site::default())
    };
    for nothing in [
        None,
        Some((200, json!("<html>"))),
        Some((200, json!({ "issuer": "https://provider.test/" }))),
        Some((400, json!({ "issuer": tenant }))),
    ] {
        let found = found(nothing.clone());
        assert_eq!(
            found.text("discovery"),
            "doctor_issuer_unsupported",
            "{nothing:?}"
        );
        assert_eq!(found.copied("discovery"), None, "{nothing:?}");
    }
    for there in [
        Some((200, json!({ "issuer": tenant }))),
        Some((503, json!({}))),
    ] {
        let found = found(there.clone());
        assert_eq!(found.text("discovery"), "doctor_issuer_other", "{there:?}");
        assert_eq!(
            found.copied("discovery").as_deref(),
            Some(tenant),
            "{there:?}"
        );
    }
}

#[test]
fn metadata_and_keys_that_redirect_on_their_origin_are_found_and_elsewhere_not_asked_for() {
    let world = signed_in(ALL);
    let at = |path: &str| ["https://provider.test", path].concat();
    let moves = |moved: &[(&str, String)]| {
        let moved = moved.iter().map(|(from, to)| (at(from), to.clone()));
        *world.provider.moved.borrow_mut() = moved.collect();
        let found = Checked::new(&world, &Site::default());
        ["discovery", "keys"].map(|check| found.verdict(check))
    };
    let metadata = "/.well-known/openid-configuration";
    let here = [
        (metadata, at("/moved")),
        ("/moved", at("/again")),
        ("/jwks", at("/keys")),
    ];
    assert_eq!(moves(&here), [Passed, Passed]);
    let elsewhere = "https://elsewhere.test/".to_owned();
    assert_eq!(moves(&[(metadata, elsewhere.clone())])[0], Failed);
    assert_eq!(moves(&[("/jwks", elsewhere)]), [Passed, Failed]);
}
