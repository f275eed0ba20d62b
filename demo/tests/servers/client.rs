//! A provider, an API and a client that trusts nothing else; each test has its own.
#![expect(
    clippy::unwrap_used,
    reason = "a test server that does not start is a failed test"
)]

use std::collections::HashMap;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use evertoken_demo::api::{Api, ApiOptions};
use evertoken_demo::provider::{Provider, ProviderOptions};
use evertoken_demo::tls::Certificate;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use ring::digest::{SHA256, digest};
use serde_json::Value;
use url::Url;

pub(crate) const REDIRECT_URI: &str = "https://client.example/";
pub(crate) const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-as-the-rfc-says";

pub(crate) struct Servers {
    pub(crate) provider: Provider,
    pub(crate) api: Api,
    pub(crate) client: Client,
    cookie: Option<String>,
}

impl Servers {
    pub(crate) async fn start(options: ProviderOptions) -> Self {
        let certificate = Certificate::generate().unwrap();
        let options = ProviderOptions {
            redirect_uris: vec![REDIRECT_URI.to_owned()],
            ..options
        };
        let provider = Provider::start(&certificate, options).await.unwrap();
        let api = Api::start(&certificate, &provider, ApiOptions::default())
            .await
            .unwrap();
        let client = Client::builder()
            .tls_backend_preconfigured(certificate.client_config().unwrap())
            .redirect(Policy::none())
            .build()
            .unwrap();
        Self {
            provider,
            api,
            client,
            cookie: None,
        }
    }

    /// A right request of the code flow, with `changes` laid over it; an empty value takes a parameter away.
    pub(crate) async fn authorize(&self, changes: &[(&str, &str)]) -> Response {
        let challenge =
            Base64UrlUnpadded::encode_string(digest(&SHA256, VERIFIER.as_bytes()).as_ref());
        let mut parameters = HashMap::from([
            ("client_id", self.provider.client_id()),
            ("redirect_uri", REDIRECT_URI),
            ("response_type", "code"),
            ("scope", "openid profile"),
            ("state", "a-state"),
            ("nonce", "a-nonce"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        parameters.extend(changes.iter().copied());
        parameters.retain(|_, value| !value.is_empty());
        let endpoint = format!("{}authorize", self.provider.issuer());
        let url = Url::parse_with_params(&endpoint, parameters).unwrap();
        let mut request = self.client.get(url);
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        request.send().await.unwrap()
    }

    /// Answers the sign-in page of a request with these `changes`; gives the authorization response.
    pub(crate) async fn sign_in(&mut self, changes: &[(&str, &str)]) -> HashMap<String, String> {
        let page = self.authorize(changes).await.text().await.unwrap();
        let start = page.split(r#"name="page" value=""#).nth(1).unwrap();
        let id = start.split('"').next().unwrap();
        let url = format!("{}login", self.provider.issuer());
        let form = [("page", id), ("username", "ada")];
        let response = self.client.post(url).form(&form).send().await.unwrap();
        let cookie = response.headers()[SET_COOKIE].to_str().unwrap().to_owned();
        self.cookie = cookie.split(';').next().map(str::to_owned);
        answer(&response)
    }

    pub(crate) async fn exchange(&self, code: &str, verifier: &str) -> (u16, Value) {
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", self.provider.client_id()),
            ("redirect_uri", REDIRECT_URI),
            ("code", code),
            ("code_verifier", verifier),
        ];
        let url = format!("{}token", self.provider.issuer());
        let response = self.client.post(url).form(&form).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// Signs in and gives the id_token.
    pub(crate) async fn id_token(&mut self) -> String {
        let answer = self.sign_in(&[("prompt", "login")]).await;
        let (status, tokens) = self.exchange(&answer["code"], VERIFIER).await;
        assert_eq!(status, 200);
        tokens["id_token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn call(&self, path: &str, token: &str) -> Response {
        self.client
            .get(self.api.url(path))
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
    }
}

/// The parameters of an authorization response, whether in the query or the fragment.
pub(crate) fn answer(response: &Response) -> HashMap<String, String> {
    let location = Url::parse(response.headers()[LOCATION].to_str().unwrap()).unwrap();
    assert!(location.as_str().starts_with(REDIRECT_URI));
    let parameters = location.fragment().or(location.query()).unwrap();
    url::form_urlencoded::parse(parameters.as_bytes())
        .into_owned()
        .collect()
}

/// The claims of `token`, unverified.
pub(crate) fn claims(token: &str) -> Value {
    let claims = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&Base64UrlUnpadded::decode_vec(claims).unwrap()).unwrap()
}
