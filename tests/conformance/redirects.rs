//! Redirects of the provider's metadata, keys and token endpoint (B29). Adapters follow none.

use serde_json::json;
use url::Url;

use crate::refusal::{
    FLOWS, accepted, exchanges, refused_at_sign_in, refused_while_signed_in, sign_in,
};
use crate::support::{ISSUER, World};

const CONFIGURATION: &str = "https://provider.test/.well-known/openid-configuration";
const KEYS: &str = "https://provider.test/jwks";
const CODE: &str = "network.redirected";

/// From now on `from` redirects to the first of `stations`, which redirects to the next.
fn moves<'a>(from: &'a str, stations: &'a [&str]) -> impl Fn(&World) + 'a {
    move |world| {
        let places = [&[from], stations].concat();
        let moved = places.windows(2);
        let address = |text: &str| Url::parse(text).unwrap().to_string();
        let moved = moved.map(|pair| (address(pair[0]), address(pair[1])));
        *world.provider.moved.borrow_mut() = moved.collect();
    }
}

/// Refused at a sign-in, and at the renewal of a worker that has just started.
fn refused(forge: impl Fn(&World)) {
    refused_at_sign_in(World::new("code"), "redirect", CODE, &forge);
    let world = World::signed_in("code").restart();
    refused_while_signed_in(&world, "redirect", CODE, &forge);
}

const STATIONS: [&str; 6] = [
    "https://provider.test/1",
    "https://provider.test:443/2?a=b",
    "https://provider.test/3",
    "https://provider.test/4",
    "https://provider.test/5",
    "https://provider.test/6",
];

#[test]
fn b29_redirect_on_the_same_origin() {
    for from in [CONFIGURATION, KEYS] {
        for flow in FLOWS {
            accepted(flow, from, moves(from, &STATIONS[..1]));
            accepted(flow, from, moves(from, &STATIONS[..5]));
        }
        refused(moves(from, &STATIONS));
        refused(moves(from, &[from]));
        refused(moves(from, &["https://provider.test/1", from]));
    }
}

#[test]
fn b29_redirect_to_another_origin() {
    for from in [CONFIGURATION, KEYS] {
        for elsewhere in [
            "https://other.test/.well-known/openid-configuration",
            "https://provider.test.other.test/jwks",
            "https://www.provider.test/jwks",
            "https://provider.test:8443/jwks",
            "http://provider.test/jwks",
            "data:application/json,{}",
        ] {
            for stations in [
                &[elsewhere][..],
                &["https://provider.test/1", elsewhere],
                // The way back does not make it good.
                &[elsewhere, "https://provider.test/1"],
            ] {
                refused(|world| moves(from, stations)(world));
                let world = World::new("code");
                moves(from, stations)(&world);
                assert_eq!(sign_in(&world), Some(CODE), "{elsewhere}");
                let fetched = world.provider.fetched_urls.borrow();
                let others = fetched.iter().find(|url| !url.as_str().starts_with(ISSUER));
                assert_eq!(others, None, "{elsewhere}");
            }
        }
    }
}

#[test]
fn b29_redirect_of_a_form() {
    // What an adapter that follows none says of it, and what one says that tells where it leads.
    let world = World::new("code");
    moves("https://provider.test/token", &STATIONS[..1])(&world);
    assert_eq!(sign_in(&world), Some("network.unreachable"));
    let world = World::new("code");
    world.provider.forge_answer("/token", |answer| {
        answer.status = 307;
        answer.body = json!({}).to_string().into_bytes();
        answer.location = Some("https://provider.test/1".parse().unwrap());
    });
    assert_eq!(sign_in(&world), Some("token_endpoint.refused"));
    assert_eq!(exchanges(&world), 1);
    let fetched = world.provider.fetched.borrow();
    assert!(!fetched.iter().any(|path| path == "1"), "{fetched:?}");
}
