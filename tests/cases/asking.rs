//! What the provider is asked, and what its refusals say.

use evertoken::message::SessionState::SignInNeeded;
use evertoken::message::{PageRequest, WorkerReply};
use evertoken::problem::Recovery;
use evertoken::settings::{Build, Reason, Settings};
use serde_json::{Value, json};

use crate::support::{Fault, World};
use crate::{asked, renew, sign_in, signed_in, signed_in_with};

#[test]
fn f2_the_implicit_flow_is_asked_for_in_the_spelling_that_the_provider_lists() {
    for (listed, sent) in [
        (json!(null), "id_token token"),
        (json!(["code"]), "id_token token"),
        (json!(["token id_token"]), "token id_token"),
        (
            json!(["code", "token id_token", "id_token token"]),
            "id_token token",
        ),
    ] {
        let world = World::new("implicit");
        let metadata = json!({ "response_types_supported": listed });
        world
            .provider
            .change(|behavior| behavior.metadata = metadata);
        assert_eq!(sign_in(&world), Ok(()));
        assert_eq!(asked(&world, "response_type").as_deref(), Some(sent));
    }
}

#[test]
fn f7_a_silent_request_says_whose_session_is_meant() {
    let world = signed_in(r#"["offscreen"]"#);
    assert_eq!(
        asked(&world, "id_token_hint"),
        None,
        "not while the user signs in"
    );
    let held = world.provider.issued.borrow().first().unwrap().clone();
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(asked(&world, "id_token_hint"), Some(held));
}

#[test]
fn f7_a_hint_that_is_refused_is_left_out_of_the_next_request() {
    let world = signed_in(r#"["offscreen", "web_auth_flow"]"#);
    world.provider.fail(Fault::Authorization("invalid_request"));
    assert!(renew(&world).is_err());
    assert_eq!(
        asked(&world, "id_token_hint"),
        None,
        "the next way does without"
    );
    world.provider.mend();
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(asked(&world, "id_token_hint"), None);
}

#[test]
fn f7_a_hint_that_is_too_long_is_left_out() {
    let world = signed_in(r#"["offscreen"]"#);
    let groups = vec!["0ea4ba20-5b6b-4e2d-9fb2-ad5d28a8fc75"; 200];
    world.provider.forge_claim("groups", json!(groups));
    assert_eq!((renew(&world), renew(&world)), (Ok(()), Ok(())));
    assert_eq!(asked(&world, "id_token_hint"), None);
}

#[test]
fn k30_a_user_whom_the_provider_turns_away_is_told_so() {
    let world = World::new("code");
    world.provider.fail(Fault::Authorization("unauthorized"));
    assert_eq!(sign_in(&world), Err("authorization.unauthorized"));
    assert_eq!(world.view().problem.unwrap().recovery, Recovery::SignIn);
}

#[test]
fn k29_a_sign_in_page_that_stood_open_too_long_is_not_a_busy_provider() {
    let world = World::new("code");
    world
        .provider
        .fail(Fault::Authorization("temporarily_unavailable"));
    assert_eq!(
        sign_in(&world),
        Err("authorization.temporarily_unavailable")
    );
    world
        .provider
        .forge_redirect(|url| url + "&error_description=authentication_expired");
    assert_eq!(sign_in(&world), Err("authorization.authentication_expired"));
    assert_eq!(world.view().problem.unwrap().recovery, Recovery::RetryLater);
}

#[test]
fn k52_f13_a_provider_that_forgets_to_say_who_it_is_is_no_other_provider() {
    let world = World::new("code");
    world.provider.promises_iss.set(true);
    world.provider.change(|behavior| behavior.sends_iss = true);
    assert_eq!(sign_in(&world), Ok(()));
    world.provider.change(|behavior| behavior.sends_iss = false);
    assert_eq!(renew(&world), Err("response.issuer_missing"));
    world.provider.fail(Fault::Authorization("login_required"));
    assert_eq!(renew(&world), Err("authorization.login_required"));
    assert_eq!(world.view().state, SignInNeeded);
}

#[test]
fn f3_a_refusal_of_the_flow_is_not_hidden_behind_its_place() {
    let world = World::new("implicit");
    world.provider.forge_redirect(|url| {
        let (page, answer) = url.split_once('#').unwrap();
        let state = answer.split('&').find(|part| part.starts_with("state="));
        format!("{page}?error=unsupported_response_type&{}", state.unwrap())
    });
    let refused = Err("authorization.unsupported_response_type");
    assert_eq!(sign_in(&world), refused);
}

#[test]
fn k35_an_api_with_a_star_is_refused_with_a_word() {
    for url in [
        "https://*.example.com/",
        "https://api.example.com/*",
        "https://api.example.com/v1/*/me",
    ] {
        let settings = json!({
            "provider": {"issuer": "https://p.test/", "client_id": "c"}, "apis": [{"url": url}],
        });
        let refused = Settings::parse(&settings.to_string(), Build::Release).unwrap_err();
        assert_eq!(
            (refused.path.as_str(), refused.reason),
            ("apis[0].url", Reason::Wildcard)
        );
    }
}

/// The token endpoint answers as Azure AD B2C does where no scope of an API was asked for.
fn give_no_access_token(world: &World) {
    world.provider.forge_answer("/token", |answer| {
        let mut body: Value = serde_json::from_slice(&answer.body).unwrap();
        let body = body.as_object_mut().unwrap();
        for name in ["access_token", "expires_in", "scope"] {
            body.remove(name);
        }
        body.insert("id_token_expires_in".to_owned(), json!(3600));
        answer.body = json!(body).to_string().into_bytes();
    });
}

#[test]
fn k11_an_id_token_alone_is_enough_where_no_api_wants_an_access_token() {
    for ladder in [r#"["offscreen"]"#, r#"["refresh_token"]"#] {
        let world = signed_in(ladder);
        give_no_access_token(&world);
        sign_in(&world).unwrap();
        assert_eq!(world.call(world.get("/v1/me")).status, 200, "{ladder}");
        renew(&world).unwrap();
        // The record of such a session is read again.
        let world = world.restart();
        assert_eq!(world.call(world.get("/v1/me")).status, 200, "{ladder}");
        assert!(world.view().expires_at.is_some(), "{ladder}");
    }
}

#[test]
fn k11_an_api_that_wants_an_access_token_is_told_what_is_missing() {
    let world = signed_in_with(r#"["offscreen"]"#, r#", "token": "access_token""#);
    give_no_access_token(&world);
    assert_eq!(sign_in(&world), Err("token_endpoint.no_access_token"));
    assert_eq!(renew(&world), Err("token_endpoint.no_access_token"));
    let problem = world.view().problem.unwrap();
    assert_eq!(problem.recovery, Recovery::FixSettings);
}

#[test]
fn k15_another_account_can_be_chosen_and_takes_the_place_of_the_first() {
    let world = signed_in(r#"["offscreen"]"#);
    assert_eq!(asked(&world, "prompt"), None);
    assert_eq!(world.run(world.engine.session().sign_out()), Ok(()));
    assert_eq!(sign_in(&world), Ok(()));
    assert_eq!(asked(&world, "prompt"), None, "the provider may remember");
    "grace".clone_into(&mut world.provider.subject.borrow_mut());
    let reply = world.run(world.engine.answer(PageRequest::UseAnotherAccount));
    assert_eq!(asked(&world, "prompt").as_deref(), Some("select_account"));
    let WorkerReply::View(view) = reply else {
        panic!("{reply:?}");
    };
    assert_eq!(view.identity.unwrap().sub, "grace");
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(asked(&world, "prompt").as_deref(), Some("none"));
    assert_eq!(world.view().identity.unwrap().sub, "grace");
}
