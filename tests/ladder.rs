//! The renewal ladder: which rung is tried, which is skipped, what a failure of several means.

#![allow(
    clippy::unwrap_used,
    reason = "a world that is not as the test built it fails the test"
)]

mod support;

use std::time::Duration;

use evertoken::message::SessionState;
use evertoken::platform::{SilentCarrier, UserAgentError};
use evertoken::settings::{Build, Reason, RenewalMethodId, Settings};

use crate::support::{Fault, World};

fn world() -> World {
    let world = World::with_settings(
        r#"{"provider": {"issuer": "https://provider.test/", "client_id": "client",
            "renewal": ["offscreen", "web_auth_flow"]}, "apis": [{"url": "https://api.test/v1/"}]}"#,
    );
    world.run(world.engine.session().sign_in()).unwrap();
    world
}

fn renew(world: &World) -> Result<(), &'static str> {
    let outcome = world.run(world.engine.session().renew());
    outcome.map_err(|error| error.code().as_str())
}

fn method(world: &World) -> Option<RenewalMethodId> {
    world.view().last_renewal.map(|last| last.method)
}

/// The engines that carried something, in order.
fn carried(world: &World) -> Vec<SilentCarrier> {
    world
        .provider
        .silent
        .borrow()
        .iter()
        .map(|request| request.carrier)
        .collect()
}

/// The iframe ends so; the other engine is well.
fn in_the_iframe(error: UserAgentError) -> Fault {
    Fault::Engine(SilentCarrier::Offscreen, error)
}

#[test]
fn a_rung_that_this_provider_rules_out_is_skipped_for_a_day() {
    use SilentCarrier::{Offscreen, WebAuthFlow};
    let world = world();
    world
        .provider
        .fail(in_the_iframe(UserAgentError::FramingRefused));
    assert_eq!((renew(&world), renew(&world)), (Ok(()), Ok(())));
    assert_eq!(method(&world), Some(RenewalMethodId::WebAuthFlow));
    assert_eq!(carried(&world), [Offscreen, WebAuthFlow, WebAuthFlow]);
    let world = world.restart();
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(carried(&world).len(), 4, "a stopped worker remembers");
    world.provider.mend();
    world.advance(Duration::from_secs(24 * 3600));
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(method(&world), Some(RenewalMethodId::Offscreen));
}

#[test]
fn a_sign_in_gives_every_rung_another_chance() {
    let world = world();
    world
        .provider
        .fail(in_the_iframe(UserAgentError::FramingRefused));
    assert_eq!(renew(&world), Ok(()));
    world.provider.mend();
    world.run(world.engine.session().sign_in()).unwrap();
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(method(&world), Some(RenewalMethodId::Offscreen));
}

#[test]
fn a_rung_that_goes_without_the_users_cookies_is_skipped_once_another_worked() {
    let world = world();
    world
        .provider
        .fail(in_the_iframe(UserAgentError::InteractionRequired));
    assert_eq!((renew(&world), renew(&world)), (Ok(()), Ok(())));
    assert_eq!(carried(&world).len(), 3);
}

#[test]
fn a_rung_without_permission_is_tried_again_as_soon_as_it_may_have_it() {
    let world = world();
    world
        .provider
        .fail(in_the_iframe(UserAgentError::NotPermitted));
    assert_eq!(renew(&world), Ok(()));
    world.provider.mend();
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(method(&world), Some(RenewalMethodId::Offscreen));
}

#[test]
fn where_no_rung_works_the_weightiest_reason_is_told() {
    for (iframe, code, state) in [
        (
            UserAgentError::FramingRefused,
            "user_agent.load_failed",
            SessionState::SignedIn,
        ),
        (
            UserAgentError::PageShown,
            "user_agent.page_shown",
            SessionState::SignInNeeded,
        ),
        (
            UserAgentError::NameNotResolved,
            "user_agent.name_not_resolved",
            SessionState::SignedIn,
        ),
    ] {
        let world = world();
        world
            .provider
            .fail(Fault::Engines(iframe, UserAgentError::LoadFailed));
        assert_eq!(renew(&world), Err(code));
        assert_eq!(world.view().state, state, "{code}");
    }
}

#[test]
fn a_posted_answer_is_asked_for_in_the_iframe_only() {
    let world = World::with_settings(
        r#"{"provider": {"issuer": "https://provider.test/", "client_id": "client",
            "renewal": ["offscreen", "web_auth_flow"], "response_mode": "web_message"}}"#,
    );
    world.run(world.engine.session().sign_in()).unwrap();
    world.provider.fail(in_the_iframe(UserAgentError::Timeout));
    assert_eq!(renew(&world), Ok(()));
    world.provider.mend();
    let requests = world.provider.authorizations.borrow();
    let value = |index: usize, name: &str| {
        let found = requests[index].query_pairs().find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    };
    for index in [0, 2] {
        assert_eq!(value(index, "response_mode"), None);
        assert_eq!(
            value(index, "redirect_uri").as_deref(),
            Some(support::REDIRECT_URI)
        );
    }
    assert_eq!(value(1, "response_mode").as_deref(), Some("web_message"));
    let posted_to = value(1, "redirect_uri");
    assert_eq!(
        posted_to.as_deref(),
        Some(support::WEB_MESSAGE_REDIRECT_URI)
    );
    let silent = world.provider.silent.borrow();
    assert_eq!(
        silent[0].web_message_from.as_deref(),
        Some("https://provider.test")
    );
    assert_eq!(silent[1].web_message_from, None);
}

#[test]
fn a_posted_answer_renews() {
    let world = World::with_settings(
        r#"{"provider": {"issuer": "https://provider.test/", "client_id": "client",
            "renewal": ["offscreen"], "response_mode": "web_message"}}"#,
    );
    world.run(world.engine.session().sign_in()).unwrap();
    assert_eq!(renew(&world), Ok(()));
    let exchanged = world.provider.token_requests.borrow();
    assert_eq!(
        exchanged[1]["redirect_uri"],
        support::WEB_MESSAGE_REDIRECT_URI
    );
}

#[test]
fn requests_are_pushed_where_the_provider_or_the_settings_want_it() {
    for (metadata, setting, pushed) in [
        (false, false, false),
        (true, false, true),
        (false, true, true),
    ] {
        let world = World::with_settings(&format!(
            r#"{{"provider": {{"issuer": "https://provider.test/", "client_id": "client",
                "pushed_authorization_requests": {setting}, "renewal": ["offscreen"]}}}}"#
        ));
        let required = serde_json::json!({"require_pushed_authorization_requests": metadata});
        world
            .provider
            .change(|behavior| behavior.metadata = required);
        world.run(world.engine.session().sign_in()).unwrap();
        assert_eq!(renew(&world), Ok(()));
        for url in world.provider.authorizations.borrow().iter() {
            let names: Vec<_> = url
                .query_pairs()
                .map(|(name, _)| name.into_owned())
                .collect();
            assert_eq!(names == ["client_id", "request_uri"], pushed, "{names:?}");
        }
    }
}

#[test]
fn a_pushed_request_that_is_refused_is_told() {
    for (status, body, code) in [
        (
            400,
            serde_json::json!({"error": "invalid_request"}),
            "pushed_request.refused",
        ),
        (
            201,
            serde_json::json!({"expires_in": 60}),
            "pushed_request.malformed",
        ),
        (201, serde_json::json!("<html>"), "pushed_request.malformed"),
        (503, serde_json::json!({}), "pushed_request.unavailable"),
    ] {
        let world = World::with_settings(
            r#"{"provider": {"issuer": "https://provider.test/", "client_id": "client",
                "pushed_authorization_requests": true}}"#,
        );
        world.provider.fail(Fault::Path("/par", status, body));
        let error = world.run(world.engine.session().sign_in()).unwrap_err();
        assert_eq!(error.code(), code);
        assert_eq!(world.provider.authorization_count(), 0);
    }
}

#[test]
fn a_silent_request_names_the_user_by_the_claim_that_the_settings_choose() {
    for (setting, hint) in [
        ("null", None),
        (r#""email""#, Some("ada@provider.test")),
        (r#""preferred_username""#, Some("lovelace")),
        (r#""sub""#, Some("ada")),
    ] {
        let world = World::with_settings(&format!(
            r#"{{"provider": {{"issuer": "https://provider.test/", "client_id": "client",
                "login_hint": {setting}, "renewal": ["offscreen"]}}}}"#
        ));
        let claim = Fault::Claim("preferred_username", "lovelace".into());
        world.provider.fail(claim);
        world.run(world.engine.session().sign_in()).unwrap();
        assert_eq!(renew(&world), Ok(()));
        let requests = world.provider.authorizations.borrow();
        let sent = |index: usize| {
            let mut pairs = requests[index].query_pairs();
            let found = pairs.find(|(name, _)| name == "login_hint");
            found.map(|(_, value)| value.into_owned())
        };
        assert_eq!((sent(0), sent(1).as_deref()), (None, hint), "{setting}");
    }
}

#[test]
fn every_authorization_request_names_the_languages_that_the_settings_name() {
    for (setting, languages) in [("null", None), (r#""fr-CA fr""#, Some("fr-CA fr"))] {
        let world = World::with_settings(&format!(
            r#"{{"provider": {{"issuer": "https://provider.test/", "client_id": "client",
                "ui_locales": {setting}, "renewal": ["offscreen"]}}}}"#
        ));
        world.run(world.engine.session().sign_in()).unwrap();
        assert_eq!(renew(&world), Ok(()));
        let requests = world.provider.authorizations.borrow();
        assert_eq!(requests.len(), 2);
        for request in requests.iter() {
            let mut pairs = request.query_pairs();
            let sent = pairs.find(|(name, _)| name == "ui_locales");
            let sent = sent.map(|(_, value)| value.into_owned());
            assert_eq!(sent.as_deref(), languages);
        }
    }
}

#[test]
fn a_page_that_only_the_user_can_answer_asks_for_a_sign_in() {
    for code in ["mfa_required", "unmet_authentication_requirements"] {
        let world = world();
        world.provider.fail(Fault::Authorization(code));
        let expected = format!("authorization.{code}");
        assert_eq!(renew(&world), Err(expected.as_str()));
        assert_eq!(world.view().state, SessionState::SignInNeeded);
        assert_eq!(carried(&world).len(), 2, "the other engine was asked too");
    }
}

const FIXED: &str = r#"{"provider": {"issuer": "https://provider.test/", "client_id": "client",
    "static_token": "made-here", "renewal": ["static_token"]}, "apis": [{"url": "https://api.test/v1/"}]}"#;

#[test]
fn a_fixed_token_replaces_a_refused_one_once_and_the_user_stays() {
    let world = World::with_settings(FIXED);
    world.run(world.engine.session().sign_in()).unwrap();
    let user = world.view().identity;
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(method(&world), Some(RenewalMethodId::StaticToken));
    assert_eq!(world.view().identity, user);
    world.call(world.get("/v1/me"));
    let sent = world.api.tokens();
    assert_eq!(sent.last().unwrap().as_deref(), Some("made-here"));
    assert_eq!(renew(&world), Err("session.nothing_new"));
}

#[test]
fn a_fixed_token_that_the_settings_do_not_have_is_told() {
    let world = World::with_settings(&FIXED.replace(r#""static_token": "made-here","#, ""));
    world.run(world.engine.session().sign_in()).unwrap();
    assert_eq!(renew(&world), Err("session.no_engine"));
}

#[test]
fn a_fixed_token_is_for_development() {
    assert!(Settings::parse(FIXED, Build::Development).is_ok());
    for (path, without) in [
        ("provider.static_token", r#", "renewal": ["static_token"]"#),
        ("provider.renewal", r#""static_token": "made-here", "#),
    ] {
        let refused = Settings::parse(&FIXED.replace(without, ""), Build::Release).unwrap_err();
        let found = (refused.path.as_str(), refused.reason);
        assert_eq!(found, (path, Reason::DevelopmentOnly));
    }
    let named = Settings::parse(
        &FIXED.replace(r#", "renewal": ["static_token"]"#, ""),
        Build::Development,
    );
    let ladder = named.unwrap().provider.renewal;
    assert!(
        !ladder.contains(&RenewalMethodId::StaticToken),
        "not by default"
    );
}
