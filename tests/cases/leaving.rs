//! Signing out: what the provider does with it is done or said.

use evertoken::message::{ActivityEvent, PageRequest, SessionState, WorkerReply};
use serde_json::json;

use crate::signed_in;
use crate::support::{Fault, World};

const ENDS_THERE: &str = r#"{"provider": {"issuer": "https://provider.test/", "client_id": "client"},
    "apis": [{"url": "https://api.test/v1/"}], "session": {"sign_out": "provider"}}"#;

#[test]
fn f10_a_revocation_that_is_refused_is_said() {
    let world = signed_in(r#"["refresh_token"]"#);
    world.provider.fail(Fault::Path("/revoke", 401, json!({})));
    assert_eq!(world.run(world.engine.session().sign_out()), Ok(()));
    assert_eq!(world.view().state, SessionState::SignedOut);
    let reply = world.run(world.engine.answer(PageRequest::Activity { after: 0 }));
    let WorkerReply::Activity(entries) = reply else {
        panic!("{reply:?}")
    };
    let told = entries.iter().any(|entry| match &entry.event {
        ActivityEvent::LeftProvider {
            problem: Some(problem),
        } => problem.code == "session.not_revoked",
        _ => false,
    });
    assert!(told, "{entries:?}");
}

#[test]
fn k32_a_sign_out_address_stays_short_enough_for_servers() {
    for (groups, has_hint) in [(1, true), (200, false)] {
        let world = World::with_settings(ENDS_THERE);
        let groups = vec!["0ea4ba20-5b6b-4e2d-9fb2-ad5d28a8fc75"; groups];
        world.provider.forge_claim("groups", json!(groups));
        world.run(world.engine.session().sign_in()).unwrap();
        world.run(world.engine.session().sign_out()).unwrap();
        let logouts = world.provider.logouts.borrow();
        let hint = logouts[0]
            .query_pairs()
            .any(|(name, _)| name == "id_token_hint");
        assert_eq!(hint, has_hint);
        assert!(logouts[0].as_str().len() < 8000);
    }
}

#[test]
fn k31_cognito_is_asked_with_its_own_parameters() {
    let world = World::with_settings(ENDS_THERE);
    let endpoint = "https://shop.auth.eu-central-1.amazoncognito.com/logout";
    let metadata = json!({ "end_session_endpoint": endpoint });
    world
        .provider
        .change(|behavior| behavior.metadata = metadata);
    world.run(world.engine.session().sign_in()).unwrap();
    world.run(world.engine.session().sign_out()).unwrap();
    let logouts = world.provider.logouts.borrow();
    let asked: Vec<_> = logouts[0].query_pairs().collect();
    let names: Vec<&str> = asked.iter().map(|(name, _)| &**name).collect();
    assert!(logouts[0].as_str().starts_with(endpoint));
    assert_eq!(names, ["client_id", "logout_uri"]);
}
