//! Authorization requests (RFC 6749 section 4.1.1, OIDC Core 3.1.2.1), pushed or not.

use serde_json::{Value, json};

use crate::authorization_response::{AuthorizationResponse, ResponseMode};
use crate::provider::{Grant, Login, Provider, Secret};
use crate::request::{ClientRequest, Parameters, parse_parameters};
use crate::token_endpoint::Code;
use crate::tokens::{Crypto, TokenOrder};

/// How a `request_uri` begins (RFC 9126 section 2.2).
const REQUEST_URI_PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// The endpoint for pushed requests.
const PAR: (&str, &str) = ("pushed_authorization_request_endpoint", "/par");

/// An authorization request as it came.
#[derive(Clone, Default)]
pub struct AuthorizationRequest(pub Parameters);

/// A request that waits for its `request_uri` to come to the authorization endpoint.
pub(crate) struct PushedRequest {
    request: AuthorizationRequest,
    /// Milliseconds since 1970, by the provider's clock.
    expires_at_ms: i64,
}

/// The flow that a request asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ResponseType {
    Code,
    TokenIdToken,
}

/// Whether the user may see a page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Prompt {
    Never,
    IfNeeded,
    Always,
}

/// What becomes of an authorization request.
pub enum Authorized {
    /// An answer goes to the redirect URI.
    Response(AuthorizationResponse),
    /// The user has to sign in; then [`Provider::answer`] answers.
    SignIn,
    /// An error that is shown, since it can be sent nowhere (RFC 6749 section 4.1.2.1).
    Shown(&'static str),
}

impl AuthorizationRequest {
    /// A parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The same as an owned text.
    #[must_use]
    pub fn owned(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    /// Whether it is to be answered without the user (`prompt=none`).
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.get("prompt") == Some("none")
    }

    /// The flow asked for, or the error code.
    fn response_type(&self) -> Result<ResponseType, &'static str> {
        if self.get("request").is_some() {
            return Err("request_not_supported");
        }
        let response_type = match self.get("response_type") {
            Some("code") => ResponseType::Code,
            Some("id_token token" | "token id_token") => ResponseType::TokenIdToken,
            Some(_) => return Err("unsupported_response_type"),
            None => return Err("invalid_request"),
        };
        let mut scope = self.get("scope").unwrap_or_default().split(' ');
        if !scope.any(|value| value == "openid") {
            return Err("invalid_scope");
        }
        self.prompt()?;
        self.max_age()?;
        let complete = match response_type {
            ResponseType::Code => {
                self.get("code_challenge").is_some_and(is_sha256)
                    && self.get("code_challenge_method") == Some("S256")
                    && self.get("dpop_jkt").is_none_or(is_sha256)
            }
            ResponseType::TokenIdToken => self.get("nonce").is_some(),
        };
        match complete && self.mode_suits(response_type) {
            true => Ok(response_type),
            false => Err("invalid_request"),
        }
    }

    fn mode_suits(&self, response_type: ResponseType) -> bool {
        match self.get("response_mode") {
            None | Some("fragment") => true,
            // Tokens never stand in a query (OAuth 2.0 Multiple Response Types section 5).
            Some("query") => response_type == ResponseType::Code,
            // A page that asks the user is not framed, and would have nobody to post to.
            Some("web_message") => self.is_silent(),
            Some(_) => false,
        }
    }

    /// How this request is answered, with an error too.
    fn response_mode(&self) -> ResponseMode {
        match self.get("response_mode") {
            Some("web_message") if self.is_silent() => ResponseMode::WebMessage,
            Some("fragment") => ResponseMode::Fragment,
            _ if self.get("response_type") == Some("code") => ResponseMode::Query,
            _ => ResponseMode::Fragment,
        }
    }

    /// OIDC Core 3.1.2.1: `none` stands alone.
    fn prompt(&self) -> Result<Prompt, &'static str> {
        match self.get("prompt") {
            None => Ok(Prompt::IfNeeded),
            Some("none") => Ok(Prompt::Never),
            Some(values) => values
                .split(' ')
                .all(|value| matches!(value, "login" | "consent" | "select_account"))
                .then_some(Prompt::Always)
                .ok_or("invalid_request"),
        }
    }

    /// The longest time since the user signed in, in seconds.
    fn max_age(&self) -> Result<Option<u32>, &'static str> {
        let seconds = self.get("max_age").map(str::parse);
        seconds.transpose().map_err(|_| "invalid_request")
    }
}

/// Whether it has the shape of a SHA-256 in base64url.
fn is_sha256(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.len() == 43 && text.bytes().all(is_letter)
}

impl<C: Crypto> Provider<C> {
    /// Keeps a pushed request (RFC 9126 section 2.1); gives the body of the answer, whose status is 201.
    ///
    /// # Errors
    /// The code of the error answer.
    pub fn push(&mut self, request: &ClientRequest<'_>) -> Result<Value, &'static str> {
        self.identify(request)?;
        let mut pushed = AuthorizationRequest(request.form.clone().unwrap_or_default());
        if pushed.get("request_uri").is_some() || !self.is_registered(pushed.get("redirect_uri")) {
            return Err("invalid_request");
        }
        pushed.response_type()?;
        // A proof pins its key without `dpop_jkt` (RFC 9449 section 10.1).
        let nonce_required = self.behavior.dpop_nonce_required_at_par;
        let proven = self.proven_key(request, PAR, nonce_required);
        if let Some(jkt) = proven.map_err(|error| error.code())? {
            if pushed.get("dpop_jkt").is_some_and(|named| named != jkt) {
                return Err("invalid_dpop_proof");
            }
            pushed.0.insert("dpop_jkt".to_owned(), jkt);
        }
        let lifetime_ms = self.behavior.code_lifetime_ms;
        let request_uri = format!(
            "{REQUEST_URI_PREFIX}{}",
            self.crypto.secret(Secret::RequestUri)
        );
        let waiting = PushedRequest {
            request: pushed,
            expires_at_ms: self.clock_ms() + lifetime_ms,
        };
        self.pushed.insert(request_uri.clone(), waiting);
        Ok(json!({ "request_uri": request_uri, "expires_in": lifetime_ms / 1000 }))
    }

    /// The request that is meant by what came to the authorization endpoint: of a pushed one nothing counts but what
    /// was pushed (RFC 9126 section 4), and that once. `None` where it is unknown, late or another client's.
    pub fn requested(&mut self, sent: &Parameters) -> Option<AuthorizationRequest> {
        let Some(request_uri) = sent.get("request_uri") else {
            return Some(AuthorizationRequest(sent.clone()));
        };
        let PushedRequest {
            request,
            expires_at_ms,
        } = self.pushed.remove(request_uri)?;
        let good =
            request.0.get("client_id") == sent.get("client_id") && self.clock_ms() < expires_at_ms;
        good.then_some(request)
    }

    /// What becomes of a request in a browser with this session. `pushed`: whether it was pushed before.
    pub fn authorize(
        &mut self,
        request: &AuthorizationRequest,
        pushed: bool,
        login: Option<&Login>,
    ) -> Authorized {
        if !self.knows(request.get("client_id")) || !self.is_registered(request.get("redirect_uri"))
        {
            return Authorized::Shown("invalid_request");
        }
        let prompt = match self.check(request, pushed).and_then(|()| request.prompt()) {
            Ok(prompt) => prompt,
            Err(error) => return Authorized::Response(self.refuse(request, error)),
        };
        let login = login.filter(|login| self.suits(login, request));
        match (login, prompt) {
            (Some(login), Prompt::IfNeeded | Prompt::Never) => {
                let login = login.clone();
                Authorized::Response(self.answer(request, &login))
            }
            (None, Prompt::Never) => Authorized::Response(self.refuse(request, "login_required")),
            _ => Authorized::SignIn,
        }
    }

    /// Answers the request in `query` where the user does at once whatever the pages ask, or `login` is the error:
    /// neither the age nor the user of the session is looked at. `None` where a parameter stands twice or the
    /// `request_uri` is not good.
    pub fn answer_at_once(
        &mut self,
        query: &str,
        login: Result<Login, &'static str>,
    ) -> Option<AuthorizationResponse> {
        let sent = parse_parameters(query)?;
        let request = self.requested(&sent)?;
        let pushed = sent.contains_key("request_uri");
        let checked = login.and_then(|login| self.check(&request, pushed).map(|()| login));
        Some(match checked {
            Ok(login) => self.answer(&request, &login),
            Err(error) => self.refuse(&request, error),
        })
    }

    /// Whether a request of a known client is one that can be answered.
    ///
    /// # Errors
    /// The code of the error answer.
    pub fn check(&self, request: &AuthorizationRequest, pushed: bool) -> Result<(), &'static str> {
        if self.behavior.require_par && !pushed {
            return Err("invalid_request");
        }
        request.response_type()?;
        let audience = request.get("audience");
        if self
            .behavior
            .audience
            .is_some_and(|known| audience.is_some_and(|it| it != known))
        {
            return Err("invalid_target");
        }
        let hint = request.get("id_token_hint");
        if hint.is_some_and(|hint| self.hinted_subject(hint).is_none()) {
            return Err("invalid_request");
        }
        Ok(())
    }

    /// Whether the session is young enough and of the user who is meant (OIDC Core 3.1.2.1).
    fn suits(&self, login: &Login, request: &AuthorizationRequest) -> bool {
        let age = self.clock() - login.auth_time;
        let old = matches!(request.max_age(), Ok(Some(most)) if age > i64::from(most));
        let hint = request.get("id_token_hint");
        let meant = hint.and_then(|hint| self.hinted_subject(hint));
        !old && meant.is_none_or(|sub| sub == login.user.sub)
    }

    /// The code or the tokens of a user who is signed in and consents to all that is asked for.
    pub fn answer(
        &mut self,
        request: &AuthorizationRequest,
        login: &Login,
    ) -> AuthorizationResponse {
        let is_code = request.response_type() == Ok(ResponseType::Code);
        // Without a code there is no refresh token (OIDC Core 11).
        let scope = request.get("scope").unwrap_or_default().split(' ');
        let granted: Vec<_> = scope
            .filter(|value| is_code || *value != "offline_access")
            .collect();
        let grant = Grant {
            id: self.crypto.secret(Secret::Grant),
            login: login.clone(),
            scope: granted.join(" "),
            organization: request.owned("organization"),
        };
        let mut parameters = Parameters::new();
        if is_code {
            let code = self.crypto.secret(Secret::Code);
            let worth = Code {
                request: request.clone(),
                grant,
                issued_at_ms: self.clock_ms(),
                uses: 0,
            };
            self.codes.insert(code.clone(), worth);
            parameters.insert("code".to_owned(), code);
        } else {
            let tokens = self.make_tokens(&TokenOrder {
                grant: &grant,
                client_id: request.get("client_id").unwrap_or_default(),
                nonce: request.get("nonce"),
                jkt: None,
            });
            let seconds = self.behavior.token_lifetime_ms / 1000;
            parameters.extend([
                ("access_token".to_owned(), tokens.access_token),
                ("token_type".to_owned(), "Bearer".to_owned()),
                ("expires_in".to_owned(), seconds.to_string()),
                ("id_token".to_owned(), tokens.id_token),
            ]);
            if self.behavior.sends_scope {
                parameters.insert("scope".to_owned(), grant.scope);
            }
        }
        self.response(request, parameters, None)
    }

    /// An error answer (RFC 6749 section 4.1.2.1, OIDC Core 3.1.2.6).
    #[must_use]
    pub fn refuse(
        &self,
        request: &AuthorizationRequest,
        error: &'static str,
    ) -> AuthorizationResponse {
        let parameters = Parameters::from([("error".to_owned(), error.to_owned())]);
        self.response(request, parameters, Some(error))
    }

    fn response(
        &self,
        request: &AuthorizationRequest,
        mut parameters: Parameters,
        error: Option<&'static str>,
    ) -> AuthorizationResponse {
        if self.behavior.sends_iss {
            parameters.insert("iss".to_owned(), self.issuer().to_owned());
        }
        if let Some(state) = request.owned("state") {
            parameters.insert("state".to_owned(), state);
        }
        AuthorizationResponse {
            redirect_uri: request.owned("redirect_uri").unwrap_or_default(),
            mode: request.response_mode(),
            parameters,
            error,
        }
    }
}
