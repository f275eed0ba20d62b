//! What must be true whenever a response is refused, and whenever it is accepted.

use std::time::Duration;

use evertoken::message::SessionState;
use serde_json::{Value, json};

use crate::support::{CLIENT_ID, Fault, ISSUER, World};

/// The time of the clock in these tests: seconds since 1970.
pub(crate) const NOW: i64 = 1_800_000_000;

pub(crate) const FLOWS: [&str; 2] = ["code", "implicit"];

/// A world with these members in the settings' `provider`, in which no user is signed in.
pub(crate) fn world(provider: &Value) -> World {
    let mut settings = json!({
        "provider": {"issuer": ISSUER, "client_id": CLIENT_ID, "renewal": ["offscreen"]},
        "apis": [{"url": "https://api.test/v1/"}],
    });
    for (name, value) in provider.as_object().unwrap() {
        settings["provider"][name] = value.clone();
    }
    World::with_settings(&settings.to_string())
}

/// A world whose sessions are renewed by the refresh token, in which no user is signed in.
pub(crate) fn refreshing() -> World {
    let world = world(&json!({"renewal": ["refresh_token"]}));
    world
        .provider
        .change(|behavior| behavior.refresh_tokens = true);
    world
}

/// Signs in; returns the error code, or `None` if the user is signed in afterwards.
pub(crate) fn sign_in(world: &World) -> Option<&'static str> {
    let outcome = world.run(world.engine.session().sign_in());
    outcome.err().map(|error| error.code().as_str())
}

/// Renews; returns the error code, or `None` if the renewal worked.
pub(crate) fn renew(world: &World) -> Option<&'static str> {
    let outcome = world.run(world.engine.session().renew());
    outcome.err().map(|error| error.code().as_str())
}

/// Asserts that the responses forged by `forge` are refused with `code`, at a sign-in and at the renewal of a session.
pub(crate) fn refused(flow: &str, what: &str, code: &str, forge: impl Fn(&World)) {
    refused_in(|| World::new(flow), what, code, forge);
}

/// As [`refused`], in another world.
pub(crate) fn refused_in(
    world: impl Fn() -> World,
    what: &str,
    code: &str,
    forge: impl Fn(&World),
) {
    refused_at_sign_in(world(), what, code, &forge);
    refused_at_renewal(world(), what, code, &forge);
}

/// Asserts a refusal in both flows, so early that the key set is not fetched.
pub(crate) fn refused_unseen(what: &str, code: &str, forge: impl Fn(&World)) {
    for flow in FLOWS {
        refused(flow, what, code, &forge);
        let world = World::new(flow);
        forge(&world);
        assert_eq!(sign_in(&world), Some(code), "{what}");
        let fetched = world.provider.fetched.borrow();
        assert!(!fetched.iter().any(|path| path == "/jwks"), "{what}");
    }
}

/// Asserts a refusal at a sign-in: no user is signed in, nothing is stored, no further request is sent, and calls have no
/// token.
pub(crate) fn refused_at_sign_in(world: World, what: &str, code: &str, forge: impl Fn(&World)) {
    forge(&world);
    assert_eq!(sign_in(&world), Some(code), "{what}, at sign-in");
    assert_eq!(exchanges(&world), due(&world, code, 0), "{what}: exchanges");
    assert_eq!(world.problem().as_deref(), Some(code), "{what}");
    assert_nobody_is_signed_in(&world, what);
}

fn assert_nobody_is_signed_in(world: &World, what: &str) {
    assert_nothing_follows(world, what);
    let view = world.view();
    assert_eq!(view.state, SessionState::SignedOut, "{what}");
    assert_eq!((view.identity, view.expires_at), (None, None), "{what}");
    assert_eq!(world.store.record(), None, "{what}");
    assert_eq!(world.alarm.0.get(), None, "{what}: no renewal is due");
    assert_eq!(world.call(world.get("/v1/me")).status, 401, "{what}");
    assert_eq!(world.api.tokens(), [None], "{what}");
}

/// Asserts a refusal at a renewal: the session stays unchanged, and calls use its token.
pub(crate) fn refused_at_renewal(world: World, what: &str, code: &str, forge: impl Fn(&World)) {
    assert_eq!(sign_in(&world), None, "{what}");
    refused_while_signed_in(&world, what, code, forge);
}

/// As [`refused_at_renewal`], in a world in which a user is already signed in.
pub(crate) fn refused_while_signed_in(
    world: &World,
    what: &str,
    code: &str,
    forge: impl Fn(&World),
) {
    let (record, view) = (world.store.record(), world.view());
    let (exchanged, authorized) = (exchanges(world), world.provider.authorization_count());
    forge(world);
    assert_eq!(renew(world), Some(code), "{what}, at a renewal");
    let exchanged = exchanges(world) - exchanged;
    assert_eq!(exchanged, due(world, code, authorized), "{what}: exchanges");
    assert_eq!(world.store.record(), record, "{what}");
    assert_session_stays(world, what);
    let now = world.view();
    assert_eq!(
        (now.identity, now.expires_at, now.scope),
        (view.identity, view.expires_at, view.scope),
        "{what}"
    );
    assert_eq!(world.problem().as_deref(), Some(code), "{what}");
}

/// Asserts that the response to a refresh is refused with `code`, and that the session keeps its tokens.
pub(crate) fn refused_at_refresh(what: &str, code: &str, forge: impl Fn(&World)) {
    let world = refreshing();
    assert_eq!(sign_in(&world), None, "{what}");
    let tokens = stored_tokens(&world);
    forge(&world);
    assert_eq!(renew(&world), Some(code), "{what}, at a refresh");
    assert_eq!(exchanges(&world), 2, "{what}: the code and one refresh");
    assert_eq!(stored_tokens(&world), tokens, "{what}");
    assert_session_stays(&world, what);
}

/// Asserts that a renewal fails with `code`, that the session needs a sign-in, and that its tokens stay unchanged.
pub(crate) fn waits_for_sign_in(world: World, what: &str, code: &str, forge: impl Fn(&World)) {
    assert_eq!(sign_in(&world), None, "{what}");
    let (tokens, exchanged) = (stored_tokens(&world), exchanges(&world));
    let authorized = world.provider.authorization_count();
    forge(&world);
    assert_eq!(renew(&world), Some(code), "{what}, at a renewal");
    let exchanged = exchanges(&world) - exchanged;
    assert_eq!(
        exchanged,
        due(&world, code, authorized),
        "{what}: exchanges"
    );
    assert_nothing_follows(&world, what);
    assert_eq!(world.view().state, SessionState::SignInNeeded, "{what}");
    assert_eq!(stored_tokens(&world), tokens, "{what}");
}

/// Asserts that nothing of the session is left, and that a sign-in is needed.
pub(crate) fn assert_session_ended(world: &World, what: &str) {
    assert_nothing_follows(world, what);
    let view = world.view();
    assert_eq!(view.state, SessionState::SignInNeeded, "{what}");
    assert_eq!((view.identity, view.expires_at), (None, None), "{what}");
    let record = world.store.record().unwrap();
    for token in world.provider.issued.borrow().iter() {
        assert!(!record.contains(token.as_str()), "{what}");
    }
    assert!(!record.contains("refresh-"), "{what}: the refresh token");
    assert_eq!(world.call(world.get("/v1/me")).status, 401, "{what}");
    assert_eq!(world.api.tokens(), [None], "{what}");
}

fn assert_session_stays(world: &World, what: &str) {
    assert_nothing_follows(world, what);
    assert_eq!(world.view().state, SessionState::SignedIn, "{what}");
    let first = world.provider.issued.borrow()[0].clone();
    assert_eq!(world.call(world.get("/v1/me")).status, 200, "{what}");
    assert_eq!(world.api.tokens(), [Some(first)], "{what}");
}

/// Asserts that no further request follows a refusal, neither at once nor later.
pub(crate) fn assert_nothing_follows(world: &World, what: &str) {
    let asked = || {
        (
            exchanges(world),
            world.api.seen.borrow().len(),
            world.provider.authorization_count(),
            world.provider.fetched.borrow().len(),
        )
    };
    let before = asked();
    world.settle();
    world.advance(Duration::from_secs(300));
    assert_eq!(asked(), before, "{what}: nothing follows");
}

/// Asserts that the responses forged by `forge` are accepted at a sign-in and at a renewal, and that calls use the new
/// token.
pub(crate) fn accepted(flow: &str, what: &str, forge: impl Fn(&World)) {
    accepted_in(World::new(flow), what, forge);
}

/// As [`accepted`], in another world.
pub(crate) fn accepted_in(world: World, what: &str, forge: impl Fn(&World)) {
    forge(&world);
    for step in [sign_in, renew] {
        assert_eq!(step(&world), None, "{what}");
        assert_eq!(world.view().state, SessionState::SignedIn, "{what}");
        assert!(world.store.record().is_some(), "{what}");
    }
    let issued = world.provider.issued.borrow().clone();
    world.call(world.get("/v1/me"));
    assert_eq!(world.api.tokens(), [Some(issued[2].clone())], "{what}");
}

/// Sets a claim of the id_token to this value, before it is signed.
pub(crate) fn claim(name: &'static str, value: Value) -> impl Fn(&World) {
    move |world| world.provider.forge_claim(name, value.clone())
}

/// Sets a header member of the id_token to this value, before it is signed.
pub(crate) fn header(name: &'static str, value: Value) -> impl Fn(&World) {
    move |world| {
        let value = value.clone();
        world
            .provider
            .forge_header(move |header| header[name] = value.clone());
    }
}

/// The provider has this fault.
pub(crate) fn fault(fault: Fault) -> impl Fn(&World) {
    move |world| world.provider.fail(fault.clone())
}

/// The number of requests to the token endpoint.
pub(crate) fn exchanges(world: &World) -> usize {
    world.provider.token_requests.borrow().len()
}

/// The tokens in the store.
pub(crate) fn stored_tokens(world: &World) -> Value {
    let record: Value = serde_json::from_str(&world.store.record().unwrap()).unwrap();
    record["state"]["tokens"].clone()
}

/// How many token requests may precede a refusal with `code`: the redirect is validated before its code is used.
fn due(world: &World, code: &str, authorized: usize) -> usize {
    let judged_first = ["response.", "authorization.", "metadata."];
    let before = judged_first.iter().any(|area| code.starts_with(area));
    let authorizations = world.provider.authorizations.borrow();
    let asked_for_code = authorizations[authorized..].iter().any(|url| {
        url.query_pairs()
            .any(|(name, value)| name == "response_type" && value == "code")
    });
    usize::from(asked_for_code && !before)
}
