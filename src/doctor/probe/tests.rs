use super::super::samples::{REDIRECT_URI, metadata, settings_with};
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

fn with_maker<T>(settings: &Settings, make: impl FnOnce(&Maker<'_>) -> T) -> T {
    make(&Maker {
        provider: &settings.provider,
        redirect_uri: REDIRECT_URI,
        random: &Counting(std::cell::Cell::default()),
        now: UnixTime(0),
    })
}

fn parameter(text: &str, name: &str) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(text.as_bytes());
    pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

#[test]
fn the_request_is_the_one_that_silent_renewal_sends() {
    let settings = settings_with(|it| it.provider.response_mode = Some(ResponseMode::WebMessage));
    let request = with_maker(&settings, |it| {
        it.authorization(&metadata(), Variation::Ours)
    });
    assert!(
        request
            .url
            .as_str()
            .starts_with("https://login.test/authorize?")
    );
    assert_eq!(request.form, None);
    let query = request.url.query().unwrap();
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

#[test]
fn a_variation_has_one_mistake() {
    let settings = settings_with(|_| {});
    for (variation, client_id, redirect_uri) in [
        (Variation::OtherClient, UNKNOWN_CLIENT, REDIRECT_URI),
        (
            Variation::OtherRedirectUri,
            "app",
            UNREGISTERED_REDIRECT_URI,
        ),
    ] {
        let request = with_maker(&settings, |it| it.authorization(&metadata(), variation));
        let query = request.url.query().unwrap();
        assert_eq!(parameter(query, "client_id").as_deref(), Some(client_id));
        assert_eq!(
            parameter(query, "redirect_uri").as_deref(),
            Some(redirect_uri)
        );
    }
}

#[test]
fn a_provider_that_wants_requests_pushed_gets_them_so() {
    let mut metadata = metadata();
    metadata.requires_pushed_requests = true;
    metadata.pushed_authorization_request_endpoint = Url::parse("https://login.test/par").ok();
    let settings = settings_with(|_| {});
    let request = with_maker(&settings, |it| it.authorization(&metadata, Variation::Ours));
    assert_eq!(request.url.as_str(), "https://login.test/par");
    let form = request.form.unwrap().0;
    assert_eq!(parameter(&form, "client_id").as_deref(), Some("app"));
}

#[test]
fn the_token_endpoint_is_asked_with_a_made_up_code() {
    let settings = settings_with(|_| {});
    let request = with_maker(&settings, |it| it.token(&metadata())).unwrap();
    let form = request.form.unwrap().0;
    assert_eq!(
        parameter(&form, "grant_type").as_deref(),
        Some("authorization_code")
    );
    assert_eq!(parameter(&form, "client_id").as_deref(), Some("app"));
    assert_eq!(
        parameter(&form, "redirect_uri").as_deref(),
        Some(REDIRECT_URI)
    );
    assert_ne!(parameter(&form, "code"), parameter(&form, "code_verifier"));
    let implicit = settings_with(|it| it.provider.flow = Flow::Implicit);
    assert!(with_maker(&implicit, |it| it.token(&metadata())).is_none());
}

#[test]
fn the_metadata_are_asked_for_at_the_issuer() {
    let asked = configuration("https://login.test/realm/").unwrap().url;
    let expected = "https://login.test/realm/.well-known/openid-configuration";
    assert_eq!(asked.as_str(), expected);
    assert!(configuration("login").is_none());
}
