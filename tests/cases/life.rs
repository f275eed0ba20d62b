//! A session through the day: sign-ins that end oddly, workers that stop, nights, and tokens of a minute.

use std::time::Duration;

use evertoken::message::SessionState::{SignInNeeded, SignedIn, SignedOut};
use evertoken::platform::{Clock as _, SilentCarrier, UserAgentError};
use evertoken::problem::Recovery;
use evertoken::renewal_method::RenewalMethodId::{Offscreen, WebAuthFlow};
use serde_json::json;

use crate::support::{Fault, World};
use crate::{method, renew, signed_in};

const BOTH: &str = r#"["refresh_token", "offscreen"]"#;
const MINUTE: Duration = Duration::from_secs(60);

fn sign_in(world: &World) -> Result<(), &'static str> {
    let outcome = world.run(world.engine.session().sign_in());
    outcome.map_err(|error| error.code().as_str())
}

#[test]
fn k53_a_token_endpoint_that_turns_the_extension_away_is_told_and_costs_no_session() {
    let turned_away = || Fault::TokenEndpoint(403, json!("Invalid CORS request"));
    let world = World::new("code");
    world.provider.fail(turned_away());
    assert_eq!(sign_in(&world), Err("token_endpoint.refused"));
    let view = world.view();
    assert_eq!(view.state, SignedOut);
    assert_eq!(view.problem.unwrap().recovery, Recovery::FixSettings);
    // It begins while somebody is signed in: the token is kept, and serves once it is over.
    let world = signed_in(BOTH);
    world.provider.fail(turned_away());
    assert!(renew(&world).is_err());
    assert_eq!(world.view().state, SignedIn);
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    world.provider.mend();
    assert_eq!(renew(&world), Ok(()));
}

#[test]
fn k54_a_double_click_that_breaks_the_sign_in_page_loses_nothing() {
    let broken = || Fault::UserAgent(UserAgentError::LoadFailed);
    let world = World::new("code");
    world.provider.fail(broken());
    assert_eq!(sign_in(&world), Err("user_agent.load_failed"));
    let view = world.view();
    assert_eq!((view.state, view.signing_in), (SignedOut, false));
    assert_eq!(view.problem.unwrap().recovery, Recovery::RetryLater);
    world.provider.mend();
    assert_eq!(sign_in(&world), Ok(()), "there is no pause before the next");
    // The same to somebody who is signed in: the session goes on as it was.
    world.provider.fail(broken());
    assert!(sign_in(&world).is_err());
    assert_eq!(world.view().state, SignedIn);
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
}

#[test]
fn k55_a_browser_with_another_redirect_address_uses_that_one_everywhere() {
    const OTHER: &str = "https://extension.ch40m1umapp.qjz9zk/";
    let world = World::with_settings(
        r#"{"provider": {"issuer": "https://provider.test/", "client_id": "client",
            "renewal": ["offscreen", "web_auth_flow"]}, "apis": [{"url": "https://api.test/v1/"}]}"#,
    );
    world.provider.redirect_uri.set(OTHER);
    assert_eq!(sign_in(&world), Ok(()));
    // Nobody has given the permission for that address: the way that needs it says so, and the next one works.
    let refused = Fault::Engine(SilentCarrier::Offscreen, UserAgentError::NotPermitted);
    world.provider.fail(refused);
    assert_eq!((renew(&world), method(&world)), (Ok(()), Some(WebAuthFlow)));
    let requests = world.provider.authorizations.borrow();
    let exchanges = world.provider.token_requests.borrow();
    assert_eq!((requests.len(), exchanges.len()), (3, 2));
    for request in requests.iter() {
        let mut asked = request.query_pairs();
        assert!(asked.any(|(name, value)| name == "redirect_uri" && value == OTHER));
    }
    assert!(exchanges.iter().all(|form| form["redirect_uri"] == OTHER));
}

#[test]
fn k58_a_provider_with_several_accounts_is_told_whose_token_is_renewed() {
    for (hint, sent) in [
        ("null", vec!["id_token_hint"]),
        (r#""email""#, vec!["id_token_hint", "login_hint"]),
    ] {
        let world = World::with_settings(&format!(
            r#"{{"provider": {{"issuer": "https://provider.test/", "client_id": "client", "login_hint": {hint},
                "renewal": ["offscreen"]}}}}"#
        ));
        assert_eq!(sign_in(&world), Ok(()));
        assert_eq!(renew(&world), Ok(()));
        let requests = world.provider.authorizations.borrow();
        let names = requests[1].query_pairs();
        let mut hints: Vec<_> = names
            .map(|(name, _)| name.into_owned())
            .filter(|name| name.ends_with("_hint"))
            .collect();
        hints.sort();
        assert_eq!(hints, sent, "{hint}");
    }
    // One that is not content with a hint asks for the user.
    let world = signed_in(r#"["offscreen"]"#);
    let asks = Fault::Authorization("interaction_required");
    world.provider.fail(asks);
    assert!(renew(&world).is_err());
    assert_eq!(world.view().state, SignInNeeded);
}

#[test]
fn k59_a_provider_that_wants_more_in_a_refresh_than_the_standard_leads_to_the_next_way() {
    for code in ["invalid_request", "invalid_scope"] {
        let world = signed_in(BOTH);
        let refusal = Fault::TokenRefusal("refresh_token", 400, json!({ "error": code }));
        world.provider.fail(refusal);
        assert_eq!((renew(&world), method(&world)), (Ok(()), Some(Offscreen)));
        assert_eq!(world.view().state, SignedIn, "{code}");
    }
}

#[test]
fn k66_a_post_is_sent_again_after_a_401_once_and_with_the_new_token() {
    let world = signed_in(BOTH);
    world.api.revoke_all();
    let post = || world.get("/v1/orders").with_method("POST");
    assert_eq!(world.call(post()).status, 200);
    assert_eq!(world.api.statuses(), [401, 200]);
    let tokens = world.api.tokens();
    assert!(tokens[0].is_some() && tokens[1].is_some() && tokens[0] != tokens[1]);
    // What can be sent only once is not sent again: the page gets the 401.
    world.api.revoke_all();
    assert_eq!(world.call(post().with_stream()).status, 401);
    assert_eq!(world.api.statuses(), [401, 200, 401]);
}

/// Time passes, and alarms ring no sooner than Chrome lets them: half a minute after they were set.
fn pass(world: &World, time: Duration) {
    let end = world.clock.now().plus(time);
    while world.clock.now() < end {
        world.advance(Duration::from_secs(30));
        if world
            .alarm
            .0
            .get()
            .is_some_and(|at| at <= world.clock.now())
        {
            world.run(world.engine.alarm_rang());
        }
    }
}

#[test]
fn k73_tokens_of_a_minute_and_ever_shorter_ones_cost_two_renewals_a_minute_at_most() {
    for lifetime in [60, 30, 10, 5, 2, 1] {
        let world = signed_in(r#"["refresh_token"]"#);
        world.provider.lifetime.set(Duration::from_secs(lifetime));
        assert_eq!(renew(&world), Ok(()));
        pass(&world, 10 * MINUTE);
        let renewals = world.provider.refresh_tokens_sent().len();
        assert!((10..=21).contains(&renewals), "{renewals} of {lifetime} s");
        assert_eq!(world.view().state, SignedIn, "{lifetime} s");
        assert_eq!(world.call(world.get("/v1/me")).status, 200);
    }
    // The end of the provider's session, to which they shrank.
    let world = signed_in(r#"["refresh_token"]"#);
    world.provider.lifetime.set(Duration::from_secs(1));
    assert_eq!(renew(&world), Ok(()));
    world.provider.revoke_refresh_tokens();
    pass(&world, MINUTE);
    assert_eq!(world.view().state, SignInNeeded);
}

#[test]
fn k78_the_first_calls_of_a_new_worker_bear_a_token() {
    let mut world = signed_in(BOTH);
    for _ in 0..3 {
        world = world.restart();
        let calls: Vec<_> = (0..5)
            .map(|_| world.start_call(world.get("/v1/me")))
            .collect();
        assert!(
            calls
                .iter()
                .all(|call| call.result().unwrap().status == 200)
        );
    }
    assert!(world.api.tokens().iter().all(Option::is_some));
}

#[test]
fn k79_the_first_call_after_a_night_is_answered_and_sent_once() {
    for restarted in [false, true] {
        let mut world = signed_in(BOTH);
        // The machine sleeps: no alarm rings.
        world.advance(Duration::from_secs(9 * 60 * 60));
        if restarted {
            world = world.restart();
        }
        assert_eq!(world.call(world.get("/v1/me")).status, 200);
        assert_eq!(world.api.statuses(), [200], "restarted: {restarted}");
        assert_eq!(world.provider.refresh_tokens_sent().len(), 1);
    }
}
