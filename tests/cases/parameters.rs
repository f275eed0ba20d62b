//! Request parameters that only some providers want.

use evertoken::settings::{Build, Reason, Settings};
use serde_json::{Map, Value, json};

use crate::support::{CLIENT_ID, ISSUER, World};
use crate::{asked, renew, sign_in};

/// A world whose provider wants `authorization` and `token` parameters, nobody signed in.
fn wanting(provider: &Value, authorization: &Value, token: &Value) -> World {
    let mut settings = json!({
        "provider": {
            "issuer": ISSUER, "client_id": CLIENT_ID, "renewal": ["refresh_token", "offscreen"],
            "authorization_parameters": authorization, "token_parameters": token,
        },
        "apis": [{"url": "https://api.test/v1/"}],
    });
    for (name, value) in provider.as_object().unwrap() {
        settings["provider"][name] = value.clone();
    }
    World::with_settings(&settings.to_string())
}

#[test]
fn k19_every_request_bears_what_the_provider_wants_besides() {
    let resource = json!({"resource": "https://a.test/?x=1&y", "ext.of-us_1": "ä +"});
    for provider in [json!({}), json!({"pushed_authorization_requests": true})] {
        let world = wanting(&provider, &resource, &resource);
        let pushes = provider != json!({});
        let endpoint =
            json!({"pushed_authorization_request_endpoint": "https://provider.test/par"});
        world.provider.change(|behavior| {
            behavior.refresh_tokens = true;
            behavior.metadata = if pushes { endpoint } else { json!(null) };
        });
        assert_eq!((sign_in(&world), renew(&world)), (Ok(()), Ok(())));
        world.provider.revoke_refresh_tokens();
        assert_eq!(renew(&world), Ok(()), "by the silent way");
        let forms = world.provider.token_requests.borrow();
        assert_eq!(forms.len(), 4, "code, refresh, refused refresh, code");
        for (name, value) in resource.as_object().unwrap() {
            assert!(forms.iter().all(|form| form[name] == *value), "{name}");
            let sent = asked(&world, name);
            assert_eq!(
                sent.as_deref(),
                value.as_str().filter(|_| !pushes),
                "{name}"
            );
            let pushed = world.provider.pushed.borrow();
            assert_eq!(pushed.len(), if pushes { 2 } else { 0 });
            assert!(pushed.iter().all(|form| form[name] == *value), "{name}");
        }
    }
}

#[test]
fn k20_consent_is_asked_for_in_the_window_and_never_in_silence() {
    let consent = json!({"prompt": "consent select_account"});
    let world = wanting(&json!({"renewal": ["offscreen"]}), &consent, &json!({}));
    assert_eq!(sign_in(&world), Ok(()));
    let words = Some("consent select_account");
    assert_eq!(asked(&world, "prompt").as_deref(), words);
    assert_eq!(renew(&world), Ok(()));
    assert_eq!(asked(&world, "prompt").as_deref(), Some("none"));
    let another = world.engine.session().use_another_account();
    assert_eq!(world.run(another), Ok(()));
    let both = Some("select_account consent");
    assert_eq!(asked(&world, "prompt").as_deref(), both, "each word once");
}

#[test]
fn k19_no_parameter_takes_the_place_of_what_holds_a_request_and_its_answer_together() {
    let both = [
        "client_id",
        "redirect_uri",
        "response_type",
        "response_mode",
        "state",
        "nonce",
        "code",
        "code_challenge",
        "code_challenge_method",
        "code_verifier",
        "grant_type",
        "refresh_token",
        "request",
        "request_uri",
        "id_token_hint",
        "dpop_jkt",
        "STATE",
        "Redirect_Uri",
    ];
    let of_authorization = [
        "scope",
        "audience",
        "login_hint",
        "max_age",
        "organization",
        "ui_locales",
    ];
    let fault = |map: &str, parameters: &Value| {
        let provider = json!({"issuer": ISSUER, "client_id": CLIENT_ID, map: parameters});
        let settings = json!({"provider": provider}).to_string();
        Settings::parse(&settings, Build::Release).map_err(|fault| (fault.path, fault.reason))
    };
    let (authorization, token) = ("authorization_parameters", "token_parameters");
    for (map, names) in [
        (authorization, &both[..]),
        (authorization, &of_authorization),
        (token, &both),
    ] {
        for name in names {
            let expected = (format!("provider.{map}.{name}"), Reason::Reserved);
            assert_eq!(fault(map, &json!({"a": "b", *name: "x"})), Err(expected));
        }
    }
    for name in ["resource", "scope", "audience", "client_secret"] {
        assert!(fault(token, &json!({name: "x"})).is_ok(), "{name}");
    }
    for silent in ["none", "consent none"] {
        let expected = (
            "provider.authorization_parameters.prompt".to_owned(),
            Reason::Reserved,
        );
        assert_eq!(
            fault(authorization, &json!({"prompt": silent})),
            Err(expected)
        );
    }
}

#[test]
fn k19_parameters_are_texts_and_within_bounds() {
    let many: Map<String, Value> = (0..21).map(|n| (format!("p{n}"), json!("x"))).collect();
    let long = "x".repeat(2001);
    for (parameters, place, reason) in [
        (json!(["a=b"]), "", Reason::NotPairs),
        (json!("a=b"), "", Reason::NotPairs),
        (many.into(), "", Reason::TooMany(20)),
        (json!({"a": 1}), ".a", Reason::NotAText),
        (json!({"a": ["x"]}), ".a", Reason::NotAText),
        (json!({"a": " "}), ".a", Reason::Empty),
        (json!({"a": long}), ".a", Reason::TooLong(2000)),
        (
            json!({long.as_str(): "x"}),
            &[".", &long].concat(),
            Reason::TooLong(2000),
        ),
        (json!({"": "x"}), ".", Reason::NotAParameterName),
        (json!({"a b": "x"}), ".a b", Reason::NotAParameterName),
        (json!({"ä": "x"}), ".ä", Reason::NotAParameterName),
    ] {
        for map in ["authorization_parameters", "token_parameters"] {
            let provider = json!({"issuer": ISSUER, "client_id": CLIENT_ID, map: parameters});
            let settings = json!({"provider": provider}).to_string();
            let fault = Settings::parse(&settings, Build::Release).unwrap_err();
            let path = format!("provider.{map}{place}");
            assert_eq!((fault.path, fault.reason), (path, reason.clone()));
        }
    }
}
