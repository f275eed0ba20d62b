use super::super::fixtures::{REDIRECT_URI, client, metadata, settings_with};
use super::*;
use crate::settings::{ResponseMode, Settings};

/// Every byte is another one.
struct Counting(std::cell::Cell<u8>);

impl Random for Counting {
    fn fill(&self, buffer: &mut [u8]) {
        for byte in buffer {
            self.0.set(self.0.get().wrapping_add(1));
            *byte = self.0.get();
        }
    }
}

const NOW: UnixTime = UnixTime(0);

fn random() -> Counting {
    Counting(std::cell::Cell::default())
}

fn parameter(text: &str, name: &str) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(text.as_bytes());
    pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

fn token_request(settings: &Settings) -> Option<Request> {
    client(settings, &metadata()).token(&random(), NOW)
}

#[test]
fn the_request_is_the_one_that_silent_renewal_sends_whether_pushed_or_not() {
    let settings = settings_with(|it| it.provider.response_mode = Some(ResponseMode::WebMessage));
    let metadata = metadata();
    let client = client(&settings, &metadata);
    let direct = client.authorization(&random(), NOW);
    assert!(
        direct
            .url
            .as_str()
            .starts_with("https://login.test/authorize?")
    );
    assert_eq!(direct.form, None);
    let pushed = client.pushed(&random(), NOW).unwrap();
    assert_eq!(pushed.url.as_str(), "https://login.test/par");
    for query in [direct.url.query().unwrap(), &pushed.form.unwrap().0] {
        for (name, value) in [
            ("prompt", Some("none")),
            ("client_id", Some("app")),
            ("redirect_uri", Some(REDIRECT_URI)),
            ("code_challenge_method", Some("S256")),
            // Its answer would be a page.
            ("response_mode", None),
        ] {
            assert_eq!(parameter(query, name).as_deref(), value, "{name}");
        }
        for name in ["state", "nonce", "code_challenge"] {
            assert_eq!(parameter(query, name).unwrap().len(), 43, "{name}");
        }
    }
}

#[test]
fn requests_are_pushed_where_the_provider_or_the_settings_want_it() {
    let pushes = |wanted: bool, required: bool, offered: bool| {
        let settings = settings_with(|it| it.provider.pushed_authorization_requests = wanted);
        let mut metadata = metadata();
        metadata.requires_pushed_requests = required;
        if !offered {
            metadata.pushed_authorization_request_endpoint = None;
        }
        client(&settings, &metadata).pushes()
    };
    assert!(pushes(true, false, true));
    assert!(pushes(false, true, true));
    assert!(!pushes(false, false, true));
    assert!(!pushes(true, true, false));
}

#[test]
fn the_token_endpoint_is_asked_with_a_made_up_code() {
    let request = token_request(&settings_with(|_| {})).unwrap();
    let form = request.form.unwrap().0;
    for (name, value) in [
        ("grant_type", "authorization_code"),
        ("client_id", "app"),
        ("redirect_uri", REDIRECT_URI),
    ] {
        assert_eq!(parameter(&form, name).as_deref(), Some(value));
    }
    assert_ne!(parameter(&form, "code"), parameter(&form, "code_verifier"));
    let implicit = settings_with(|it| it.provider.flow = Flow::Implicit);
    assert!(token_request(&implicit).is_none());
}

#[test]
fn the_metadata_are_asked_for_at_the_issuer() {
    let asked = Request::for_metadata("https://login.test/realm/").unwrap();
    let expected = "https://login.test/realm/.well-known/openid-configuration";
    assert_eq!(asked.url.as_str(), expected);
    assert!(Request::for_metadata("login").is_none());
}
