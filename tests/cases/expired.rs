//! Other answers than 401 that mean "the token has expired": `apis[].expired_when`.

use crate::signed_in_with;
use crate::support::{Expired, World};

const FRAME: &str = r#"["offscreen"]"#;

/// A user is signed in, and the token is not good any more; the API with these settings answers `expired` to it.
fn expired(expired_when: &str, expired: Expired) -> World {
    let world = signed_in_with(FRAME, &format!(r#", "expired_when": {expired_when}"#));
    *world.api.expired.borrow_mut() = Some(expired);
    *world.api.challenge.borrow_mut() = Some("");
    world.api.revoke_all();
    world
}

fn status(status: u16) -> Expired {
    Expired {
        status,
        headers: Vec::new(),
        body: String::new(),
    }
}

fn body(status: u16, media_type: &str, body: &str) -> Expired {
    Expired {
        status,
        headers: vec![("content-type", media_type.to_owned())],
        body: body.to_owned(),
    }
}

/// The statuses of a call with this answer to its token.
fn statuses(expired_when: &str, answer: Expired) -> Vec<u16> {
    let world = expired(expired_when, answer);
    world.call(world.get("/v1/me"));
    world.api.statuses()
}

#[test]
fn k07_an_expired_token_by_another_status_renews_where_the_api_says_so() {
    for default in [419, 440, 498] {
        assert_eq!(statuses("{}", status(default)), [default, 200]);
        assert_eq!(statuses(r#"{"status": []}"#, status(default)), [default]);
    }
    assert_eq!(statuses("{}", status(403)), [403]);
    assert_eq!(statuses(r#"{"status": [403]}"#, status(403)), [403, 200]);
    assert_eq!(statuses(r#"{"status": [403]}"#, status(419)), [419]);
    // 401 needs no setting.
    assert_eq!(statuses(r#"{"status": []}"#, status(401)), [401, 200]);
}

#[test]
fn k07_a_403_for_want_of_a_scope_stays_one() {
    let world = expired(r#"{"status": [403]}"#, status(403));
    *world.api.challenge.borrow_mut() = Some(r#"Bearer error="insufficient_scope""#);
    world.call(world.get("/v1/me"));
    assert_eq!(world.api.statuses(), [403]);
}

#[test]
fn k36_an_expired_token_that_only_the_body_names_renews() {
    let graphql = r#"{"data": null, "errors": [{"message": "a"}, {"extensions": {"code": "UNAUTHENTICATED"}}]}"#;
    for (member, value, answer) in [
        ("errors[*].extensions.code", "UNAUTHENTICATED", graphql),
        ("code", "unauthenticated", r#"{"code": "unauthenticated"}"#),
        ("code", "401", r#"{"code": 401, "msg": "expired"}"#),
        ("error.expired", "true", r#"{"error": {"expired": true}}"#),
        (
            "[*].error.code",
            "E1",
            r#"[{"data": 1}, {"error": {"code": "E1"}}]"#,
        ),
        (
            "a[*][*].b",
            "x",
            "\u{feff}{\"a\": [[], [{\"b\": \"y\"}, {\"b\": \"x\"}]]}",
        ),
    ] {
        let setting = serde_json::json!({ "json": { member: value } }).to_string();
        for (media_type, code) in [
            ("application/json", 200),
            ("application/graphql-response+json; charset=utf-8", 400),
            ("Application/JSON;charset=utf-8", 500),
        ] {
            let statuses = statuses(&setting, body(code, media_type, answer));
            assert_eq!(statuses, [code, 200], "{member}");
        }
    }
}

#[test]
fn k36_a_body_that_says_something_else_is_the_pages_own() {
    let setting = r#"{"json": {"errors[*].extensions.code": "UNAUTHENTICATED", "code": "401"}}"#;
    for answer in [
        "",
        "{",
        "null",
        r#"{"errors": []}"#,
        r#"{"errors": {"extensions": {"code": "UNAUTHENTICATED"}}}"#,
        r#"{"errors": [{"extensions": {"code": "unauthenticated"}}]}"#,
        r#"{"errors": [{"extensions": {"code": ["UNAUTHENTICATED"]}}]}"#,
        r#"{"errors": [{"extensions": {"code": {"UNAUTHENTICATED": 1}}}]}"#,
        r#"{"*": [{"extensions": {"code": "UNAUTHENTICATED"}}]}"#,
        r#"{"code": 4010}"#,
        r#"{"code": null}"#,
    ] {
        let statuses = statuses(setting, body(200, "application/json", answer));
        assert_eq!(statuses, [200], "{answer}");
    }
}

#[test]
fn k36_a_body_is_read_only_where_it_is_short_json_and_somebody_asked() {
    let member = r#"{"json": {"code": "x"}}"#;
    let says = r#"{"code": "x"}"#;
    let long = format!(r#"{{"code": "x", "more": "{}"}}"#, "m".repeat(64 * 1024));
    let mut said_to_be_long = body(200, "application/json", says);
    said_to_be_long
        .headers
        .push(("content-length", (64 * 1024 + 1).to_string()));
    for (setting, answer, read) in [
        ("{}", body(200, "application/json", says), 0),
        (member, body(200, "text/event-stream", says), 0),
        (member, body(200, "application/x-ndjson", says), 0),
        (member, body(200, "", says), 0),
        (member, said_to_be_long, 0),
        (member, body(200, "application/json", &long), 1),
    ] {
        let world = expired(setting, answer.clone());
        let outcome = world.call(world.get("/v1/me"));
        assert_eq!(outcome.body, answer.body, "the page gets all of it");
        assert_eq!(
            world.api.statuses(),
            [200],
            "{setting} {:?}",
            answer.headers
        );
        assert_eq!(
            world.api.bodies_read.get(),
            read,
            "{setting} {:?}",
            answer.headers
        );
    }
}

#[test]
fn k61_an_expired_token_that_a_header_names_renews() {
    let setting = r#"{"headers": {"grpc-status": "16"}}"#;
    for (code, expected) in [("16", vec![200, 200]), ("7", vec![200]), ("160", vec![200])] {
        let answer = Expired {
            status: 200,
            headers: vec![("grpc-status", code.to_owned())],
            body: String::new(),
        };
        assert_eq!(statuses(setting, answer), expected, "{code}");
    }
    assert_eq!(statuses(setting, status(200)), [200]);
}

#[test]
fn an_api_that_says_so_of_every_token_costs_ever_fewer_renewals() {
    let world = expired("{}", status(419));
    world.api.always.set(Some(419));
    for _ in 0..10 {
        assert_eq!(world.call(world.get("/v1/admin")).status, 419);
    }
    // The sign-in, and one renewal.
    assert_eq!(world.provider.authorization_count(), 2);
    // Its neighbours keep the token.
    world.api.always.set(None);
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
}

#[test]
fn a_call_without_a_token_is_answered_as_ever() {
    let world = expired("{}", status(419));
    world.run(world.engine.session().sign_out()).unwrap();
    assert_eq!(world.call(world.get("/v1/me")).status, 419);
    assert_eq!(world.provider.authorization_count(), 1);
}
