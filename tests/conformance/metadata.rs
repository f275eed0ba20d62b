//! The provider's metadata (B29).

use serde_json::{Value, json};

use crate::refusal::{
    FLOWS, accepted, exchanges, refused_at_sign_in, refused_while_signed_in, sign_in,
};
use crate::support::{Fault, ISSUER, World};

const CONFIGURATION: &str = "/.well-known/openid-configuration";

/// Asserts a refusal at a sign-in, and at a renewal of a worker that has just started; no authorization request is sent.
fn refused(flow: &str, what: &str, code: &str, forge: impl Fn(&World)) {
    refused_at_sign_in(World::new(flow), what, code, &forge);
    let world = World::signed_in(flow).restart();
    refused_while_signed_in(&world, what, code, &forge);
    assert_eq!(world.provider.authorization_count(), 1, "{what}");
}

/// Sets this member of the metadata; `null` removes it.
fn says(name: &'static str, value: Value) -> impl Fn(&World) {
    move |world| {
        let metadata = json!({ name: value });
        world
            .provider
            .change(|behavior| behavior.metadata = metadata);
    }
}

fn answers(status: u16, body: Value) -> impl Fn(&World) {
    move |world| {
        let fault = Fault::Path(CONFIGURATION, status, body.clone());
        world.provider.fail(fault);
    }
}

#[test]
fn b29_issuer() {
    for wrong in [
        json!(null),
        json!(""),
        json!("https://provider.test"),
        json!("https://PROVIDER.test/"),
        json!("https://provider.test/1"),
        json!("https://other.test/"),
    ] {
        for flow in FLOWS {
            let code = "metadata.issuer_mismatch";
            refused(
                flow,
                &wrong.to_string(),
                code,
                says("issuer", wrong.clone()),
            );
        }
    }
    for wrong in [json!(1), json!([ISSUER])] {
        refused("code", "type", "metadata.malformed", says("issuer", wrong));
    }
}

/// Values of an endpoint that must not be used.
fn no_endpoints() -> [Value; 9] {
    [
        json!("http://provider.test/x"),
        json!("http://localhost/x"),
        json!("ftp://provider.test/x"),
        json!("data:application/json,{}"),
        json!("javascript:alert(1)"),
        json!("/x"),
        json!(""),
        json!(1),
        json!(["https://provider.test/x"]),
    ]
}

#[test]
fn b29_endpoints() {
    for name in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
        for wrong in no_endpoints() {
            let what = format!("{name} {wrong}");
            refused("code", &what, "metadata.endpoint", says(name, wrong));
        }
    }
    // Endpoints that a sign-in does not need: an unusable one counts as absent.
    for name in [
        "revocation_endpoint",
        "end_session_endpoint",
        "pushed_authorization_request_endpoint",
    ] {
        for wrong in no_endpoints() {
            let what = format!("{name} {wrong}");
            accepted("code", &what, says(name, wrong));
        }
    }
    for name in ["authorization_endpoint", "jwks_uri"] {
        for flow in FLOWS {
            refused(flow, name, "metadata.endpoint", says(name, json!(null)));
        }
    }
    let missing = || says("token_endpoint", json!(null));
    refused("code", "token_endpoint", "metadata.endpoint", missing());
    accepted("implicit", "token_endpoint", missing());
}

#[test]
fn b29_endpoint_on_another_origin() {
    // Endpoints may have another origin than the issuer, as Google's do, if they are https.
    let endpoint = "https://keys.example/jwks";
    let world = World::new("code");
    says("jwks_uri", json!(endpoint))(&world);
    assert_eq!(sign_in(&world), None);
    let fetched = world.provider.fetched_urls.borrow();
    let elsewhere = fetched
        .iter()
        .filter(|url| !url.as_str().starts_with(ISSUER));
    let elsewhere: Vec<&str> = elsewhere.map(url::Url::as_str).collect();
    assert_eq!(elsewhere, [endpoint]);
}

#[test]
fn b29_answer() {
    for status in [301, 302, 307, 308, 401, 404] {
        let found = answers(status, json!({"issuer": ISSUER}));
        refused("code", &status.to_string(), "metadata.not_found", found);
    }
    for status in [429, 500, 503] {
        let busy = answers(status, json!({}));
        refused("code", &status.to_string(), "metadata.unavailable", busy);
    }
    for body in [json!([]), json!(null), json!("<html></html>")] {
        refused(
            "code",
            &body.to_string(),
            "metadata.malformed",
            answers(200, body),
        );
    }
    refused("code", "twice", "metadata.malformed", |world| {
        world.provider.forge_answer(CONFIGURATION, |answer| {
            let body = String::from_utf8(answer.body.clone()).unwrap();
            let twice = r#"{"issuer":"https://other.test/","#;
            answer.body = body.replacen('{', twice, 1).into_bytes();
        });
    });
    refused(
        "code",
        "huge",
        "network.too_large",
        says("x", json!("x".repeat(300_000))),
    );
    refused("code", "unreachable", "network.unreachable", |world| {
        world.provider.fail(Fault::Unreachable);
    });
}

#[test]
fn b29_algorithms() {
    let name = "id_token_signing_alg_values_supported";
    for none in [
        json!([]),
        json!(["none"]),
        json!(["HS256", "none"]),
        json!(["ES256K"]),
    ] {
        for flow in FLOWS {
            refused(
                flow,
                &none.to_string(),
                "metadata.algorithm",
                says(name, none.clone()),
            );
        }
    }
    for malformed in [json!("ES256"), json!([1]), json!({})] {
        refused("code", name, "metadata.malformed", says(name, malformed));
    }
    for good in [json!(null), json!(["none", "HS256", "ES256"])] {
        accepted("code", name, says(name, good));
    }
}

#[test]
fn b29_flags() {
    for name in [
        "authorization_response_iss_parameter_supported",
        "require_pushed_authorization_requests",
    ] {
        for wrong in [json!("true"), json!(1)] {
            refused("code", name, "metadata.malformed", says(name, wrong));
        }
    }
    let world = World::new("code");
    assert_eq!(sign_in(&world), None);
    assert_eq!(exchanges(&world), 1);
}
