//! A provider, an API and a client that trusts nothing else; each test has its own.

use std::collections::HashMap;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use evertoken_demo::api::{Api, ApiOptions};
use evertoken_demo::provider::{Provider, ProviderOptions};
use evertoken_demo::tls::Certificate;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};
use ring::digest::{SHA256, digest};
use serde_json::Value;
use url::Url;

pub(crate) const REDIRECT_URI: &str = "https://client.example/";
pub(crate) const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-as-the-rfc-says";

pub(crate) const OFFLINE: (&str, &str) = ("scope", "openid profile offline_access");
pub(crate) const IMPLICIT: [(&str, &str); 3] = [
    ("response_type", "token id_token"),
    ("code_challenge", ""),
    ("code_challenge_method", ""),
];

pub(crate) struct Servers {
    pub(crate) provider: Provider,
    pub(crate) api: Api,
    pub(crate) client: Client,
    cookie: Option<String>,
}

impl Servers {
    pub(crate) async fn start(options: ProviderOptions) -> Self {
        Self::start_both(options, ApiOptions::default()).await
    }

    pub(crate) async fn start_both(options: ProviderOptions, api: ApiOptions) -> Self {
        let certificate = Certificate::generate().unwrap();
        let options = ProviderOptions {
            redirect_uris: vec![REDIRECT_URI.to_owned()],
            ..options
        };
        let provider = Provider::start(&certificate, options).await.unwrap();
        let api = Api::start(&certificate, &provider, api).await.unwrap();
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
        let challenge = Self::challenge();
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
        let parameters: Vec<_> = parameters.into_iter().collect();
        self.open("authorize", &parameters).await
    }

    /// Answers the sign-in page of a request with these `changes`; gives the authorization response.
    pub(crate) async fn sign_in(&mut self, changes: &[(&str, &str)]) -> HashMap<String, String> {
        self.answer_page(changes, "ada").await
    }

    /// Signs another user in, in the same browser.
    pub(crate) async fn sign_in_as(&mut self, username: &str) {
        self.answer_page(&[("prompt", "login")], username).await;
    }

    /// The cookie of the browser, which has none afterwards.
    pub(crate) fn take_cookie(&mut self) -> Option<String> {
        self.cookie.take()
    }

    pub(crate) fn set_cookie(&mut self, cookie: Option<String>) {
        self.cookie = cookie;
    }

    async fn answer_page(
        &mut self,
        changes: &[(&str, &str)],
        username: &str,
    ) -> HashMap<String, String> {
        let page = page_id(self.authorize(changes).await).await;
        let form = [("page", page.as_str()), ("username", username)];
        let response = self.posting("login", &form).send().await.unwrap();
        let cookie = response.headers()[SET_COOKIE].to_str().unwrap().to_owned();
        self.cookie = cookie.split(';').next().map(str::to_owned);
        answer(&response)
    }

    pub(crate) async fn exchange(&self, code: &str, verifier: &str) -> (u16, Value) {
        let mut form = self.code_form(code);
        form[4].1 = verifier;
        self.post("token", &form).await
    }

    /// The form that redeems a code.
    pub(crate) fn code_form<'a>(&'a self, code: &'a str) -> [(&'a str, &'a str); 5] {
        [
            ("grant_type", "authorization_code"),
            ("client_id", self.provider.client_id()),
            ("redirect_uri", REDIRECT_URI),
            ("code", code),
            ("code_verifier", VERIFIER),
        ]
    }

    /// The `code_challenge` of [`VERIFIER`].
    pub(crate) fn challenge() -> String {
        Self::hash(VERIFIER)
    }

    /// SHA-256 in base64url, as `code_challenge` and `ath` are.
    pub(crate) fn hash(text: &str) -> String {
        Base64UrlUnpadded::encode_string(digest(&SHA256, text.as_bytes()).as_ref())
    }

    /// Signs in with these `changes` and gives the token response.
    pub(crate) async fn tokens(&mut self, changes: &[(&str, &str)]) -> Value {
        let changes = [&[("prompt", "login")], changes].concat();
        let answer = self.sign_in(&changes).await;
        let (status, tokens) = self.exchange(&answer["code"], VERIFIER).await;
        assert_eq!(status, 200);
        tokens
    }

    /// Signs in and gives the id_token.
    pub(crate) async fn id_token(&mut self) -> String {
        text(&self.tokens(&[]).await, "id_token")
    }

    /// Signs in with `offline_access` and gives the refresh token.
    pub(crate) async fn refresh_token(&mut self) -> String {
        text(&self.tokens(&[OFFLINE]).await, "refresh_token")
    }

    pub(crate) async fn refresh(&self, refresh_token: &str) -> (u16, Value) {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", self.provider.client_id()),
            ("refresh_token", refresh_token),
        ];
        self.post("token", &form).await
    }

    /// Posts a form to the provider; gives the status and the JSON of the answer, or null.
    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let response = self.posting(path, form).send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json().await.unwrap_or_default())
    }

    pub(crate) fn posting(&self, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
        let request = self.client.post(self.at(path)).form(form);
        match &self.cookie {
            Some(cookie) => request.header(COOKIE, cookie),
            None => request,
        }
    }

    /// Opens a page of the provider in the browser that signed in.
    pub(crate) async fn open(&self, path: &str, parameters: &[(&str, &str)]) -> Response {
        let url = Url::parse_with_params(&self.at(path), parameters).unwrap();
        let mut request = self.client.get(url);
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        request.send().await.unwrap()
    }

    pub(crate) async fn metadata(&self) -> Value {
        let response = self.open(".well-known/openid-configuration", &[]).await;
        response.json().await.unwrap()
    }

    pub(crate) async fn key_set(&self) -> Value {
        self.open("jwks", &[]).await.json().await.unwrap()
    }

    /// An address of the provider.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.provider.issuer())
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

/// The header (0) or the claims (1) of `token`, unverified.
pub(crate) fn part(token: &str, number: usize) -> Value {
    let part = token.split('.').nth(number).unwrap();
    serde_json::from_slice(&Base64UrlUnpadded::decode_vec(part).unwrap()).unwrap()
}

/// The claims of `token`, unverified.
pub(crate) fn claims(token: &str) -> Value {
    part(token, 1)
}

/// What the form on a page of the provider sends back.
pub(crate) async fn page_id(page: Response) -> String {
    let page = page.text().await.unwrap();
    let start = page.split(r#"name="page" value=""#).nth(1).unwrap();
    start.split('"').next().unwrap().to_owned()
}

/// A member of a JSON object that is a string.
pub(crate) fn text(object: &Value, member: &str) -> String {
    object[member].as_str().unwrap().to_owned()
}

/// What is refused: the status and the error code.
pub(crate) fn error((status, body): (u16, Value)) -> (u16, String) {
    (status, text(&body, "error"))
}

/// A 400 with this error code.
pub(crate) fn bad_request(code: &str) -> (u16, String) {
    (400, code.to_owned())
}
