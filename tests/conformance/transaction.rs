//! A response belongs to one request, and is accepted once (B04, B05, B09).

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use evertoken::platform::UserAgentError;
use serde_json::json;

use crate::refusal::{FLOWS, assert_nothing_follows, exchanges, fault, refused, renew, sign_in};
use crate::support::{Fault, World};

#[test]
fn b04_state() {
    for flow in FLOWS {
        for state in ["", "other", "__proto__", "constructor", "toString"] {
            let code = "response.state_mismatch";
            refused(flow, state, code, fault(Fault::Parameter("state", state)));
        }
        let missing = fault(Fault::NoParameter("state"));
        refused(flow, "missing", "response.state_mismatch", missing);
        // A user may leave the window open for an hour, but not longer.
        for (seconds, code) in [(3599, None), (3600, Some("response.expired"))] {
            let world = World::new(flow);
            world.provider.gate.hold();
            let sign_in = world.start(world.engine.session().sign_in());
            world.advance(Duration::from_secs(seconds));
            world.provider.gate.release();
            world.settle();
            let refused = sign_in.result().err().map(|error| error.code().as_str());
            assert_eq!(refused, code, "{flow} after {seconds} s");
            assert_eq!(world.store.record().is_none(), code.is_some());
        }
    }
}

/// Answers every request with the first response.
fn replay(world: &World) {
    let first = Rc::new(RefCell::new(None));
    world.provider.forge_redirect(move |url| {
        let mut first = first.borrow_mut();
        first.get_or_insert(url).clone()
    });
}

#[test]
fn b05_response_that_came_before() {
    for flow in FLOWS {
        for again in [sign_in, renew] {
            let world = World::new(flow);
            replay(&world);
            assert_eq!(sign_in(&world), None, "{flow}");
            let (record, exchanged) = (world.store.record(), exchanges(&world));
            assert_eq!(again(&world), Some("response.state_mismatch"), "{flow}");
            assert_eq!(
                exchanges(&world),
                exchanged,
                "{flow}: one code, one exchange"
            );
            assert_nothing_follows(&world, flow);
            assert_eq!(world.store.record(), record, "{flow}");
        }
    }
}

#[test]
fn b05_response_that_comes_too_late() {
    for flow in FLOWS {
        let world = World::signed_in(flow);
        let (record, exchanged) = (world.store.record(), exchanges(&world));
        world.provider.gate.hold();
        let renewal = world.start(world.engine.session().renew());
        world.advance(Duration::from_millis(10_500));
        assert_eq!(renewal.result().unwrap_err().code(), "network.timeout");
        world.provider.gate.release();
        assert_nothing_follows(&world, flow);
        assert_eq!(
            (world.store.record(), exchanges(&world)),
            (record, exchanged)
        );
    }
}

#[test]
fn b05_response_after_the_request_was_given_up() {
    for flow in FLOWS {
        let world = World::new(flow);
        world.provider.gate.hold();
        let sign_in = world.start(world.engine.session().sign_in());
        world.run(world.engine.session().sign_out()).unwrap();
        world.provider.gate.release();
        world.settle();
        assert_eq!(sign_in.result().unwrap_err().code(), "session.superseded");
        assert_nothing_follows(&world, flow);
        assert_eq!(
            (world.store.record(), exchanges(&world)),
            (None, 0),
            "{flow}"
        );
    }
}

#[test]
fn b05_response_to_a_request_that_was_given_up() {
    for flow in FLOWS {
        let world = World::signed_in(flow);
        world
            .provider
            .fail(Fault::UserAgent(UserAgentError::PageShown));
        assert_eq!(renew(&world), Some("user_agent.page_shown"));
        world.provider.mend();
        let given_up = world.provider.authorizations.borrow()[1].clone();
        let state = given_up.query_pairs().find(|(name, _)| name == "state");
        let state = state.unwrap().1.into_owned();
        // All of a good answer, but its state is the other request's.
        world.provider.forge_redirect(move |url| {
            let (before, rest) = url.split_once("state=").unwrap();
            let rest = rest.split_once('&').map_or("", |(_, rest)| rest);
            format!("{before}state={state}&{rest}")
        });
        let (record, exchanged) = (world.store.record(), exchanges(&world));
        assert_eq!(sign_in(&world), Some("response.state_mismatch"), "{flow}");
        assert_eq!(world.provider.authorization_count(), 4, "asked once more");
        assert_eq!(exchanges(&world), exchanged, "{flow}");
        assert_eq!(world.store.record(), record, "{flow}");
    }
}

#[test]
fn b09_nonce() {
    for flow in FLOWS {
        for (wrong, code) in [
            (json!("other"), "id_token.nonce"),
            (json!(""), "id_token.nonce"),
            (json!(1), "id_token.claims"),
            (json!(null), "id_token.nonce"),
            (json!(["other"]), "id_token.claims"),
        ] {
            refused(flow, &wrong.to_string(), code, |world| {
                world.provider.forge_claim("nonce", wrong.clone());
            });
        }
        refused(flow, "missing", "id_token.nonce", |world| {
            world.provider.forge_without("nonce");
        });
        let world = World::signed_in(flow);
        let first = world.provider.authorizations.borrow()[0].clone();
        let nonce = first.query_pairs().find(|(name, _)| name == "nonce");
        let nonce = nonce.unwrap().1.into_owned();
        let record = world.store.record();
        world.provider.forge_claim("nonce", json!(nonce));
        assert_eq!(renew(&world), Some("id_token.nonce"), "{flow}: another's");
        assert_nothing_follows(&world, flow);
        assert_eq!(world.store.record(), record, "{flow}");
    }
}
