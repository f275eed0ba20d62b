//! The form of an authorization response (B03, B06 to B08).

use evertoken::message::SessionState;

use crate::refusal::{FLOWS, accepted, fault, refused, refused_in, renew, sign_in};
use crate::support::{Fault, ISSUER, World};

/// Adds these parameters to the redirect.
fn with(parameters: &'static str) -> impl Fn(&World) {
    move |world| {
        world
            .provider
            .forge_redirect(move |url| format!("{url}&{parameters}"));
    }
}

#[test]
fn b03_missing_parameters() {
    let gone = |name| fault(Fault::NoParameter(name));
    refused("code", "code", "response.incomplete", gone("code"));
    refused(
        "code",
        "empty code",
        "response.incomplete",
        fault(Fault::Parameter("code", "")),
    );
    for name in ["access_token", "id_token"] {
        refused("implicit", name, "response.incomplete", gone(name));
        let empty = fault(Fault::Parameter(name, ""));
        refused("implicit", name, "response.incomplete", empty);
    }
    refused(
        "implicit",
        "token_type",
        "response.token_type",
        gone("token_type"),
    );
    for flow in FLOWS {
        let bare = |url: String| url.split(['?', '#']).next().unwrap().to_owned();
        refused(flow, "nothing", "response.state_mismatch", |world| {
            world.provider.forge_redirect(bare);
        });
        refused(flow, "no URL", "response.incomplete", |world| {
            world.provider.forge_redirect(|_| "about".to_owned());
        });
    }
}

#[test]
fn b06_duplicated_parameter() {
    for (flow, names) in [
        ("code", &["state", "code"][..]),
        (
            "implicit",
            &["state", "id_token", "access_token", "token_type"],
        ),
    ] {
        for name in names {
            let code = "response.duplicate_parameter";
            refused(flow, name, code, fault(Fault::Twice(name)));
        }
        refused(
            flow,
            "error",
            "response.duplicate_parameter",
            with("error=a&error=b"),
        );
    }
}

/// A server that does not know the response type answers in the query (RFC 6749 section 4.1.2.1).
#[test]
fn b07_refusal_in_the_other_part() {
    for flow in FLOWS {
        let moved = |more: &'static str| {
            move |world: &World| {
                world.provider.forge_redirect(move |url| {
                    let parts: Vec<&str> = url.split(['?', '&', '#']).collect();
                    let state = parts.iter().find(|part| part.starts_with("state="));
                    let mark = if url.contains('#') { '?' } else { '#' };
                    format!("{}{mark}{more}&{}", parts[0], state.unwrap())
                });
            }
        };
        let code = "authorization.unsupported_response_type";
        let refusal = moved("error=unsupported_response_type");
        refused(flow, "a refusal", code, refusal);
        for more in [
            "error=x&code=y",
            "error=x&access_token=y",
            "error=x&id_token=y",
        ] {
            refused(flow, more, "response.misplaced", moved(more));
        }
        refused(
            flow,
            "of another request",
            "response.state_mismatch",
            |world| {
                world.provider.forge_redirect(|url| {
                    let mark = if url.contains('#') { '?' } else { '#' };
                    let page = url.split(['?', '#']).next().unwrap().to_owned();
                    format!("{page}{mark}error=login_required&state=another")
                });
            },
        );
    }
}

#[test]
fn b07_tokens_beside_a_code() {
    for more in [
        "id_token=x",
        "access_token=x",
        "access_token=x&id_token=y&token_type=Bearer",
    ] {
        for promised in [false, true] {
            refused("code", more, "response.misplaced", move |world| {
                world.provider.promises_iss.set(promised);
                with(more)(world);
            });
        }
    }
    // Nothing of it could be used.
    accepted(
        "code",
        "what is no token",
        with("token_type=Bearer&expires_in=60"),
    );
}

#[test]
fn b07_parameters_in_the_wrong_part() {
    for flow in FLOWS {
        let misplaced = "response.misplaced";
        refused(flow, "the other part", misplaced, fault(Fault::Misplaced));
        refused(
            flow,
            "a response as a JWT",
            misplaced,
            with("response=e30.e30.AA"),
        );
        for name in [
            "state",
            "code",
            "access_token",
            "id_token",
            "error",
            "response",
        ] {
            refused(flow, name, misplaced, |world| {
                world
                    .provider
                    .forge_redirect(move |url| match url.split_once('#') {
                        None => format!("{url}#{name}=x"),
                        Some((page, fragment)) => format!("{page}?{name}=x#{fragment}"),
                    });
            });
        }
    }
}

#[test]
fn b08_issuer_parameter() {
    for flow in FLOWS {
        for promised in [false, true] {
            let world = || {
                let world = World::new(flow);
                world.provider.promises_iss.set(promised);
                world.provider.change(|behavior| behavior.sends_iss = true);
                world
            };
            for wrong in [
                "https://provider.test",
                "https://PROVIDER.test/",
                "https://other.test/",
                "",
            ] {
                let wrong = fault(Fault::Parameter("iss", wrong));
                refused_in(world, "iss", "response.issuer_mismatch", wrong);
            }
            accepted(flow, ISSUER, |world| {
                world.provider.promises_iss.set(promised);
                world.provider.change(|behavior| behavior.sends_iss = true);
            });
        }
    }
    let promised = || {
        let world = World::new("code");
        world.provider.promises_iss.set(true);
        world.provider.change(|behavior| behavior.sends_iss = true);
        world
    };
    let missing = fault(Fault::NoParameter("iss"));
    refused_in(promised, "missing", "response.issuer_missing", missing);
    // An error response without `iss` is accepted: it contains nothing that could be mixed up. One with another `iss` is
    // refused.
    let world = promised();
    assert_eq!(sign_in(&world), None);
    world.provider.change(|behavior| behavior.sends_iss = false);
    world.provider.fail(Fault::Authorization("login_required"));
    assert_eq!(renew(&world), Some("authorization.login_required"));
    assert_eq!(world.view().state, SessionState::SignInNeeded);
    refused_in(
        promised,
        "a refusal of another",
        "response.issuer_mismatch",
        |world| {
            world.provider.forge_redirect(|url| {
                let state = url
                    .split(['?', '&', '#'])
                    .find(|part| part.starts_with("state="));
                let page = url.split(['?', '#']).next().unwrap();
                format!(
                    "{page}?error=login_required&iss=https://other.test/&{}",
                    state.unwrap()
                )
            });
        },
    );
    // With an id_token, whose signed claims name the issuer, `iss` may be missing.
    accepted("implicit", "missing", |world| {
        world.provider.promises_iss.set(true)
    });
}
