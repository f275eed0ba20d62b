//! A provider that answers, once the user has signed in, the request that was pending before (LemonLDAP::NG does).

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use evertoken::doctor::probe::Client;
use evertoken::message::SessionState;
use evertoken::oidc::provider_metadata::{Requirements, process_response};
use evertoken::platform::{HttpResponse, UserAgentError};
use evertoken::settings::Flow;

use crate::support::{Fault, REDIRECT_URI, World};
use crate::{renew, sign_in, signed_in};

/// The state of the last authorization request.
fn last_state(world: &World) -> String {
    crate::asked(world, "state").unwrap()
}

/// The next `times` sign-ins are answered with a refusal of the request whose state that is.
fn answer_another(world: &World, state: String, times: u32) {
    let left = Rc::new(Cell::new(times));
    world.provider.forge_redirect(move |url| {
        let Some(rest) = left.get().checked_sub(1) else {
            return url;
        };
        left.set(rest);
        format!("{REDIRECT_URI}?error=consent_required&state={state}")
    });
}

/// A world where a silent request was given up, and its state.
fn given_up() -> (World, String) {
    let world = signed_in(r#"["offscreen"]"#);
    world
        .provider
        .fail(Fault::UserAgent(UserAgentError::PageShown));
    assert!(renew(&world).is_err());
    assert_eq!(world.view().state, SessionState::SignInNeeded);
    world.provider.mend();
    let state = last_state(&world);
    (world, state)
}

#[test]
fn f4_an_answer_to_a_request_that_was_given_up_starts_the_sign_in_once_more() {
    let (world, state) = given_up();
    let before = world.provider.authorization_count();
    answer_another(&world, state, 1);
    assert_eq!(sign_in(&world), Ok(()));
    assert_eq!(world.provider.authorization_count(), before + 2);
    assert_eq!(world.view().state, SessionState::SignedIn);
}

#[test]
fn f4_the_sign_in_starts_once_more_and_no_more() {
    let (world, state) = given_up();
    let before = world.provider.authorization_count();
    answer_another(&world, state.clone(), 2);
    assert_eq!(sign_in(&world), Err("response.state_mismatch"));
    assert_eq!(world.provider.authorization_count(), before + 2);
    // And the next press begins anew.
    answer_another(&world, state, 1);
    assert_eq!(sign_in(&world), Ok(()));
}

#[test]
fn f4_a_worker_that_was_stopped_meanwhile_changes_nothing() {
    let (world, state) = given_up();
    let world = world.restart();
    answer_another(&world, state, 1);
    assert_eq!(sign_in(&world), Ok(()));
}

#[test]
fn f4_a_window_that_was_closed_was_given_up_too() {
    let world = World::new("code");
    world
        .provider
        .fail(Fault::UserAgent(UserAgentError::Closed));
    assert_eq!(sign_in(&world), Err("user_agent.closed"));
    assert_eq!(world.provider.authorization_count(), 1, "a no is a no");
    world.provider.mend();
    let state = last_state(&world);
    answer_another(&world, state, 1);
    assert_eq!(sign_in(&world), Ok(()));
}

#[test]
fn f4_the_probe_of_a_setup_check_was_given_up_too() {
    let world = World::new("code");
    let metadata = world.provider.metadata();
    let answer = HttpResponse::new(200, metadata.to_string().into_bytes());
    let settings = world.engine.settings();
    let requirements = Requirements {
        issuer: &settings.provider.issuer,
        flow: Flow::Code,
        dpop: false,
        pushed_authorization_requests: false,
    };
    let metadata = process_response(&answer, &requirements).unwrap();
    let client = Client {
        provider: &settings.provider,
        metadata: &metadata,
        redirect_uri: REDIRECT_URI,
        origin: "chrome-extension://extension",
    };
    let platform = world.platform();
    let probe = client.authorization(&*platform.random, platform.clock.now());
    let mut pairs = probe.url.query_pairs();
    let state = pairs.find_map(|(name, state)| (name == "state").then_some(state));
    answer_another(&world, state.unwrap().into_owned(), 1);
    assert_eq!(sign_in(&world), Ok(()));
}

#[test]
fn f4_no_answer_to_another_request_is_ever_used_and_a_forged_state_starts_nothing() {
    for forged in ["", "other", &"x".repeat(43), &"ä".repeat(16)] {
        let (world, _) = given_up();
        let before = world.provider.authorization_count();
        answer_another(&world, forged.to_owned(), 1);
        assert_eq!(sign_in(&world), Err("response.state_mismatch"));
        assert_eq!(world.provider.authorization_count(), before + 1, "{forged}");
    }
    // What was answered once is over: nothing is asked again for a replay.
    let world = signed_in(r#"["offscreen"]"#);
    let state = last_state(&world);
    answer_another(&world, state, 1);
    assert_eq!(sign_in(&world), Err("response.state_mismatch"));
    assert_eq!(world.provider.authorization_count(), 2);
    // A good code beside the state of a request that was given up is not exchanged.
    let (world, state) = given_up();
    let exchanged = world.provider.token_requests.borrow().len();
    world
        .provider
        .forge_redirect(move |_| format!("{REDIRECT_URI}?code=good&state={state}"));
    assert_eq!(sign_in(&world), Err("response.state_mismatch"));
    assert_eq!(world.provider.token_requests.borrow().len(), exchanged);
    // A renewal has other ways, and starts nothing by such an answer.
    let (world, state) = given_up();
    assert_eq!(sign_in(&world), Ok(()));
    let before = world.provider.authorization_count();
    answer_another(&world, state, 1);
    assert_eq!(renew(&world), Err("response.state_mismatch"));
    assert_eq!(world.provider.authorization_count(), before + 1);
    world.advance(Duration::from_secs(60));
    assert_eq!(world.provider.authorization_count(), before + 1);
}
