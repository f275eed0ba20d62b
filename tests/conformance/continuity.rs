//! The claims that must stay the same when a session is renewed (B23 on renewal, B24).

use serde_json::{Value, json};

use crate::refusal::{
    FLOWS, NOW, assert_session_ended, claim, refreshing, refused, refused_at_refresh, renew,
    sign_in, stored_tokens,
};
use crate::support::{CLIENT_ID, World};

/// Sets these claims in the following id_tokens; `null` removes one.
fn say(world: &World, changes: &Value) {
    let changes = changes.clone();
    world.provider.forge_claims(move |claims| {
        let claims = claims.as_object_mut().unwrap();
        for (name, value) in changes.as_object().unwrap() {
            match value {
                Value::Null => drop(claims.remove(name)),
                value => drop(claims.insert(name.clone(), value.clone())),
            }
        }
    });
}

#[test]
fn b23_another_user_at_a_renewal() {
    for flow in FLOWS {
        let world = World::signed_in(flow);
        *world.provider.subject.borrow_mut() = "grace".to_owned();
        assert_eq!(renew(&world), Some("id_token.sub"), "{flow}");
        assert_session_ended(&world, flow);
    }
    let world = refreshing();
    assert_eq!(sign_in(&world), None);
    *world.provider.subject.borrow_mut() = "grace".to_owned();
    assert_eq!(renew(&world), Some("id_token.sub"));
    assert_session_ended(&world, "refresh");
}

#[test]
fn b23_another_user_at_a_sign_in() {
    for flow in FLOWS {
        let world = World::signed_in(flow);
        *world.provider.subject.borrow_mut() = "grace".to_owned();
        assert_eq!(sign_in(&world), None, "{flow}");
        let identity = world.view().identity;
        assert_eq!(identity.map(|who| who.sub).as_deref(), Some("grace"));
        let record = world.store.record().unwrap();
        let issued = world.provider.issued.borrow();
        assert!(!record.contains(issued[0].as_str()), "{flow}");
    }
    // The old user's refresh token must be gone: it would bring the old user back.
    let world = refreshing();
    assert_eq!(sign_in(&world), None);
    assert!(world.store.record().unwrap().contains("refresh-"));
    world
        .provider
        .change(|behavior| behavior.refresh_tokens = false);
    *world.provider.subject.borrow_mut() = "grace".to_owned();
    assert_eq!(sign_in(&world), None);
    assert!(!world.store.record().unwrap().contains("refresh-"));
}

/// Refreshes a session: the first id_token has the claims `first`, the refreshed one `then`. Returns the error code and the
/// world.
fn refresh(first: &Value, then: &Value) -> (Option<&'static str>, World) {
    let world = refreshing();
    say(&world, first);
    assert_eq!(sign_in(&world), None, "{first}");
    say(&world, then);
    (renew(&world), world)
}

#[test]
fn b24_refreshed_claims() {
    let several = json!([CLIENT_ID, "other"]);
    let party = json!({"aud": several, "azp": CLIENT_ID});
    let signed_in_at = json!({"auth_time": NOW - 60});
    let none = json!({});
    for (first, then, code) in [
        (&none, json!({"iss": "https://other.test/"}), "id_token.iss"),
        (&none, json!({"iss": null}), "id_token.iss"),
        (&none, json!({"sub": null}), "id_token.claims"),
        (&none, json!({"aud": null}), "id_token.aud"),
        (&none, json!({"aud": "other"}), "id_token.aud"),
        (&none, json!({"aud": several}), "id_token.azp"),
        (&none, json!({"azp": CLIENT_ID}), "id_token.azp"),
        (&none, json!({"azp": "other"}), "id_token.azp"),
        (&none, json!({"nonce": "other"}), "id_token.nonce"),
        (&none, json!({"nonce": ""}), "id_token.nonce"),
        (&none, json!({"at_hash": "AAAA"}), "id_token.at_hash"),
        (
            &party,
            json!({"aud": CLIENT_ID, "azp": CLIENT_ID}),
            "id_token.aud",
        ),
        (
            &party,
            json!({"aud": several, "azp": "other"}),
            "id_token.azp",
        ),
        (
            &signed_in_at,
            json!({"auth_time": NOW - 59}),
            "id_token.auth_time",
        ),
        (
            &signed_in_at,
            json!({"auth_time": NOW - 61}),
            "id_token.auth_time",
        ),
        (
            &signed_in_at,
            json!({"auth_time": "now"}),
            "id_token.claims",
        ),
    ] {
        let (refused, world) = refresh(first, &then);
        assert_eq!(refused, Some(code), "{then}");
        let tokens = stored_tokens(&world)["id_token"]["value"].clone();
        assert_eq!(tokens, json!(world.provider.issued.borrow()[0]), "{then}");
    }
    refused_at_refresh(
        "iss",
        "id_token.iss",
        claim("iss", json!("https://other.test/")),
    );
}

#[test]
fn b24_refreshed_claims_that_may_differ() {
    let party = json!({"aud": [CLIENT_ID, "other"], "azp": CLIENT_ID});
    for (first, then) in [
        (json!({}), json!({"aud": [CLIENT_ID]})),
        (json!({}), json!({"auth_time": null, "at_hash": null})),
        (json!({"auth_time": null}), json!({"auth_time": NOW})),
        (json!({"azp": CLIENT_ID}), json!({"azp": null})),
        (
            party,
            json!({"aud": ["other", CLIENT_ID], "azp": CLIENT_ID}),
        ),
    ] {
        let (refused, world) = refresh(&first, &then);
        assert_eq!(refused, None, "{first} {then}");
        let id_token = &stored_tokens(&world)["id_token"]["value"];
        assert_eq!(*id_token, json!(world.provider.issued.borrow()[2]));
    }
    // Later id_tokens may contain the nonce of the request that began the session.
    let world = refreshing();
    assert_eq!(sign_in(&world), None);
    let first = first_nonce(&world);
    world.provider.forge_claim("nonce", json!(first));
    assert_eq!(renew(&world), None);
}

fn first_nonce(world: &World) -> String {
    let asked = world.provider.authorizations.borrow();
    let nonce = asked[0].query_pairs().find(|(name, _)| name == "nonce");
    nonce.unwrap().1.into_owned()
}

#[test]
fn b24_silent_renewal() {
    for flow in FLOWS {
        let refused = |name: &'static str, value: Value, code| {
            refused(flow, name, code, claim(name, value));
        };
        refused("iss", json!("https://other.test/"), "id_token.iss");
        refused("aud", json!(["other"]), "id_token.aud");
        refused("azp", json!("other"), "id_token.azp");
        // `auth_time` may change: the user may have signed in again at the provider meanwhile.
        let world = World::signed_in(flow);
        world.provider.forge_claim("auth_time", json!(NOW + 30));
        assert_eq!(renew(&world), None, "{flow}");
    }
}
