//! What people reported of clients like this one, each as a test of what they rightly expect. `docs/cases.md` lists them.

#![allow(
    clippy::unwrap_used,
    reason = "a world that is not as the test built it fails the test"
)]

mod api;
mod asking;
mod beyond;
mod check;
mod check_providers;
mod checked;
mod events;
mod expired;
mod given_up;
mod leaving;
mod life;
mod parameters;
mod renewal;
#[path = "../support/mod.rs"]
mod support;
mod tokens;

use evertoken::renewal_method::RenewalMethodId;

use crate::support::World;

/// A user is signed in, with a refresh token where `ladder`, a JSON list of renewal methods, names it.
pub(crate) fn signed_in(ladder: &str) -> World {
    signed_in_with(ladder, "")
}

/// The same with more settings of the API, each with a comma in front.
pub(crate) fn signed_in_with(ladder: &str, of_api: &str) -> World {
    let world = World::with_settings(&format!(
        r#"{{"provider": {{"issuer": "https://provider.test/", "client_id": "client", "renewal": {ladder}}},
            "apis": [{{"url": "https://api.test/v1/"{of_api}}}]}}"#
    ));
    let refreshes = ladder.contains("refresh_token");
    world
        .provider
        .change(|behavior| behavior.refresh_tokens = refreshes);
    world.run(world.engine.session().sign_in()).unwrap();
    world
}

pub(crate) fn renew(world: &World) -> Result<(), &'static str> {
    let outcome = world.run(world.engine.session().renew());
    outcome.map_err(|error| error.code().as_str())
}

/// The method of the last renewal that worked.
pub(crate) fn method(world: &World) -> Option<RenewalMethodId> {
    world.view().last_renewal.map(|last| last.method)
}

/// The value of a parameter of the last authorization request.
pub(crate) fn asked(world: &World, name: &str) -> Option<String> {
    let requests = world.provider.authorizations.borrow();
    let mut pairs = requests.last().unwrap().query_pairs();
    pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

/// Signs in; the code of what went wrong.
pub(crate) fn sign_in(world: &World) -> Result<(), &'static str> {
    let outcome = world.run(world.engine.session().sign_in());
    outcome.map_err(|error| error.code().as_str())
}
