//! The claims `iss`, `aud`, `azp`, `sub`, `nonce`, `at_hash` and the organization (B17, B18, B22, B23, B25).

use std::rc::Rc;

use evertoken::message::SessionState;
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use crate::refusal::{
    FLOWS, NOW, accepted, accepted_in, claim, refused, refused_at_sign_in, sign_in,
    waits_for_sign_in, world,
};
use crate::support::{CLIENT_ID, Fault, World, half_hash};

/// Asserts that an id_token with this value of a claim is refused in both flows.
fn refused_value(name: &'static str, value: Value, code: &str) {
    for flow in FLOWS {
        refused(
            flow,
            &format!("{name} {value}"),
            code,
            claim(name, value.clone()),
        );
    }
}

fn refused_without(name: &'static str, code: &str) {
    for flow in FLOWS {
        refused(flow, name, code, |world| world.provider.forge_without(name));
    }
}

/// Sets two claims to these values.
fn two(first: (&'static str, Value), second: (&'static str, Value)) -> impl Fn(&World) {
    move |world| {
        let (first, second) = (first.clone(), second.clone());
        world.provider.forge_claims(move |claims| {
            claims[first.0] = first.1.clone();
            claims[second.0] = second.1.clone();
        });
    }
}

#[test]
fn b17_issuer() {
    refused_without("iss", "id_token.iss");
    for iss in [
        "",
        "https://provider.test",
        "https://provider.test//",
        "https://PROVIDER.test/",
        "HTTPS://provider.test/",
        "http://provider.test/",
        "https://provider.test/1",
        "https://provider.test:443/",
        "https://provider.test/ ",
        "https://provider.test/\u{0}",
        "https://pr\u{43e}vider.test/",
        "https://provider\u{3002}test/",
        "https://other.test/",
    ] {
        refused_value("iss", json!(iss), "id_token.iss");
    }
    refused_value("iss", json!(null), "id_token.iss");
    for iss in [json!(1), json!({}), json!(["https://provider.test/"])] {
        refused_value("iss", iss, "id_token.claims");
    }
}

#[test]
fn b18_audience() {
    refused_without("aud", "id_token.aud");
    for aud in [
        json!(null),
        json!(1),
        json!({}),
        json!(""),
        json!("client1"),
        json!("CLIENT"),
        json!("client other"),
        json!([]),
        json!(["x"]),
    ] {
        refused_value("aud", aud, "id_token.aud");
    }
    for aud in [json!([CLIENT_ID, 1]), json!([[CLIENT_ID]])] {
        refused_value("aud", aud, "id_token.claims");
    }
    accepted("code", "a list of one", claim("aud", json!([CLIENT_ID])));
}

#[test]
fn b18_authorized_party() {
    let several = json!([CLIENT_ID, "other"]);
    refused_value("aud", several.clone(), "id_token.azp");
    for azp in ["other", "", "CLIENT"] {
        refused_value("azp", json!(azp), "id_token.azp");
    }
    for azp in [json!(1), json!([CLIENT_ID])] {
        refused_value("azp", azp, "id_token.claims");
    }
    for flow in FLOWS {
        accepted(flow, "null is absent", claim("azp", json!(null)));
        let among_several = two(("aud", several.clone()), ("azp", json!(null)));
        refused(flow, "null among several", "id_token.azp", among_several);
        let party = |azp| two(("aud", several.clone()), ("azp", json!(azp)));
        refused(flow, "azp", "id_token.azp", party("other"));
        // Providers list a client's APIs as further audiences; no setting says which of them are trusted.
        accepted(flow, "several audiences, and this client", party(CLIENT_ID));
        accepted(flow, "azp", claim("azp", json!(CLIENT_ID)));
    }
}

/// Sets `at_hash` to what `hash` returns for the access token of the response.
fn access_token_hash(hash: impl Fn(&str) -> String + Clone + 'static) -> impl Fn(&World) {
    move |world| {
        let (provider, hash) = (Rc::clone(&world.provider), hash.clone());
        world.provider.forge_claims(move |claims| {
            let access_token = format!("access-{}", provider.issued.borrow().len());
            claims["at_hash"] = hash(&access_token).into();
        });
    }
}

#[test]
fn b22_access_token_hash() {
    for flow in FLOWS {
        let refused = |what: &str, forge: &dyn Fn(&World)| {
            refused(flow, what, "id_token.at_hash", forge);
        };
        let good = |token: &str| half_hash(Algorithm::ES256, token);
        accepted(flow, "the good one", access_token_hash(good));
        refused(
            "another token's",
            &access_token_hash(move |_| good("access")),
        );
        refused("empty", &claim("at_hash", json!("")));
        refused(
            "padded",
            &access_token_hash(move |token| good(token) + "=="),
        );
        refused(
            "the whole hash",
            &access_token_hash(move |token| good(token) + &good(token)),
        );
        for algorithm in [Algorithm::ES384, Algorithm::RS512] {
            let half = move |token: &str| half_hash(algorithm, token);
            refused("of another algorithm", &access_token_hash(half));
            // Cut to the length of the correct hash: 16 bytes are 22 characters.
            let cut = move |token: &str| half(token).chars().take(22).collect();
            refused("of another algorithm, cut", &access_token_hash(cut));
        }
    }
    for wrong in [json!(1), json!([])] {
        refused_value("at_hash", wrong, "id_token.claims");
    }
    accepted("code", "null is absent", claim("at_hash", json!(null)));
    refused(
        "implicit",
        "null",
        "id_token.at_hash",
        claim("at_hash", json!(null)),
    );
    refused("implicit", "missing", "id_token.at_hash", |world| {
        world.provider.forge_without("at_hash");
    });
}

#[test]
fn b22_access_token_of_another_answer() {
    // The id_token is valid, but the access token was replaced.
    refused("code", "access_token", "id_token.at_hash", |world| {
        world
            .provider
            .fail(Fault::TokenMember("access_token", json!("another's")));
    });
    refused("implicit", "access_token", "id_token.at_hash", |world| {
        world
            .provider
            .fail(Fault::Parameter("access_token", "another's"));
    });
}

#[test]
fn b23_subject() {
    refused_without("sub", "id_token.claims");
    for sub in [
        json!(null),
        json!(""),
        json!(1),
        json!(["ada"]),
        json!("a".repeat(256)),
        json!("ad\u{e1}"),
    ] {
        refused_value("sub", sub, "id_token.claims");
    }
    let longest = "a".repeat(255);
    for flow in FLOWS {
        let world = World::new(flow);
        world.provider.subject.borrow_mut().clone_from(&longest);
        accepted_in(world, "255 letters", |_| {});
    }
}

/// A world whose settings name this organization.
fn organization(asked: &str) -> World {
    world(&json!({ "organization": asked }))
}

#[test]
fn b25_organization() {
    for (asked, claim_name, wrong) in [
        ("org_abc", "org_id", ["org_abd", "ORG_ABC", "org_abc ", ""]),
        ("acme", "org_name", ["other", "ACME", "acme ", ""]),
    ] {
        accepted_in(organization(asked), asked, |_| {});
        let code = "id_token.organization";
        for wrong in wrong {
            let forge = claim(claim_name, json!(wrong));
            refused_at_sign_in(organization(asked), wrong, code, &forge);
            waits_for_sign_in(organization(asked), wrong, code, &forge);
        }
        let missing = |world: &World| world.provider.forge_without(claim_name);
        refused_at_sign_in(organization(asked), "missing", code, missing);
        waits_for_sign_in(organization(asked), "missing", code, missing);
        let forge = claim(claim_name, json!(1));
        refused_at_sign_in(organization(asked), "type", "id_token.claims", forge);
        let forge = claim(claim_name, json!(null));
        refused_at_sign_in(organization(asked), "null is absent", code, forge);
    }
    // A name is compared in lower case, as Auth0 sends it; `org_id` does not replace `org_name`.
    let lower = claim("org_name", json!("acme"));
    accepted_in(organization("Acme"), "lower case", lower);
    let other_kind = organization("acme");
    refused_at_sign_in(other_kind, "kind", "id_token.organization", |world| {
        world.provider.forge_claims(|claims| {
            let claims = claims.as_object_mut().unwrap();
            claims.remove("org_name");
            claims.insert("org_id".to_owned(), json!("acme"));
        });
    });
}

#[test]
fn b25_session_expiry() {
    for expiry in [
        json!(NOW),
        json!(NOW - 1),
        json!(0),
        json!(-1),
        json!(NOW * 1000),
        json!("1800000600"),
    ] {
        refused_value("session_expiry", expiry, "id_token.claims");
    }
    accepted(
        "code",
        "null is absent",
        claim("session_expiry", json!(null)),
    );
    for (expiry, ends) in [(NOW + 600, NOW + 600), (NOW + 7200, NOW + 3600)] {
        let world = World::new("code");
        world.provider.forge_claim("session_expiry", json!(expiry));
        assert_eq!(sign_in(&world), None);
        assert_eq!(world.view().state, SessionState::SignedIn);
        let expires_at = world.view().expires_at.map(|at| at.0 / 1000);
        assert_eq!(expires_at, Some(ends), "the sooner of the two");
    }
}
