//! Authorization requests that a strict provider refuses, and pushed ones.

use evertoken_provider_core::{AuthorizationRequest, Authorized, parse_parameters};

use crate::client::{
    NOW_MS, authorize, exchange, form, login, provider, refused, request, text, tokens,
};

#[test]
fn a_request_that_lacks_something_or_asks_for_too_much_is_refused() {
    let mut provider = provider();
    provider.behavior.audience = Some("https://api.example");
    let implicit = ("response_type", "token id_token");
    let cases: [(&[(&str, &str)], &str); 18] = [
        (&[("client_id", "other")], "invalid_request"),
        (
            &[("redirect_uri", "https://client.example")],
            "invalid_request",
        ),
        (&[("redirect_uri", "")], "invalid_request"),
        (&[("response_type", "")], "invalid_request"),
        (&[("response_type", "token")], "unsupported_response_type"),
        (&[("request", "a-jwt")], "request_not_supported"),
        (&[("scope", "profile")], "invalid_scope"),
        (&[("code_challenge", "")], "invalid_request"),
        (&[("code_challenge", "short")], "invalid_request"),
        (&[("code_challenge_method", "plain")], "invalid_request"),
        (&[("dpop_jkt", "short")], "invalid_request"),
        (&[("prompt", "none login")], "invalid_request"),
        (&[("max_age", "soon")], "invalid_request"),
        (&[("response_mode", "form_post")], "invalid_request"),
        (&[("response_mode", "web_message")], "invalid_request"),
        (&[implicit, ("nonce", "")], "invalid_request"),
        (&[implicit, ("response_mode", "query")], "invalid_request"),
        (&[("audience", "https://other.example")], "invalid_target"),
    ];
    for (changes, error) in cases {
        assert_eq!(refused(&mut provider, changes), Some(error), "{changes:?}");
    }
    assert_eq!(refused(&mut provider, &[]), None);
    provider.behavior.require_par = true;
    assert_eq!(refused(&mut provider, &[]), Some("invalid_request"));
}

#[test]
fn a_session_that_is_too_old_or_of_another_user_is_not_enough() {
    let mut provider = provider();
    let hint = text(&tokens(&mut provider), "id_token");
    let mut other = login();
    other.user.sub = "grace".to_owned();
    provider.now_ms = NOW_MS + 100_000;
    for (parameter, value, login, good) in [
        ("max_age", "200", login(), true),
        ("max_age", "60", login(), false),
        ("id_token_hint", hint.as_str(), login(), true),
        ("id_token_hint", hint.as_str(), other, false),
    ] {
        for prompt in ["none", ""] {
            let request = AuthorizationRequest(request(&[(parameter, value), ("prompt", prompt)]));
            match provider.authorize(&request, false, Some(&login)) {
                Authorized::Response(response) if good => assert_eq!(response.error, None),
                Authorized::Response(response) => {
                    assert_eq!((response.error, prompt), (Some("login_required"), "none"));
                }
                _ => assert!(!good && prompt.is_empty(), "{parameter}"),
            }
        }
    }
    let forged = [("id_token_hint", "unknown")];
    assert_eq!(refused(&mut provider, &forged), Some("invalid_request"));
}

#[test]
fn a_request_uri_is_good_once_for_a_minute_and_for_its_client() {
    let mut provider = provider();
    let pairs: Vec<(String, String)> = request(&[]).into_iter().collect();
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let mut pushed = |client_id: &str, late: i64, times: usize| {
        let answer = provider.push(&form(&pairs, &[])).unwrap();
        let request_uri = text(&answer, "request_uri");
        let sent =
            parse_parameters(&format!("client_id={client_id}&request_uri={request_uri}")).unwrap();
        provider.now_ms += late;
        let found = (0..times)
            .map(|_| provider.requested(&sent).is_some())
            .last();
        (found, sent)
    };
    assert_eq!(pushed("client", 59_000, 1).0, Some(true));
    assert_eq!(pushed("client", 60_000, 1).0, Some(false));
    assert_eq!(pushed("client", 0, 2).0, Some(false));
    assert_eq!(pushed("other", 0, 1).0, Some(false));
    let (_, sent) = pushed("client", 0, 0);
    provider.behavior.require_par = true;
    let code = authorize(&mut provider, &sent)["code"].clone();
    assert!(exchange(&mut provider, &code, &[]).is_ok());
}

#[test]
fn what_the_authorization_endpoint_would_refuse_is_refused_when_it_is_pushed() {
    let mut provider = provider();
    for (name, value, error) in [
        ("redirect_uri", "https://evil.example/", "invalid_request"),
        ("request_uri", "urn:example", "invalid_request"),
        ("scope", "profile", "invalid_scope"),
        ("client_secret", "a-secret", "invalid_client"),
    ] {
        let mut request = form(&[], &[]);
        request.form = Some(crate::client::request(&[(name, value)]));
        assert_eq!(provider.push(&request), Err(error), "{name}");
    }
    assert_eq!(parse_parameters("state=1&state=2"), None);
    let unreadable = evertoken_provider_core::ClientRequest::default();
    assert_eq!(provider.push(&unreadable), Err("invalid_request"));
}
