//! Authorization requests (RFC 6749 section 4.1.1, OIDC Core 3.1.2.1), pushed or not.

use serde_json::{Value, json};

use crate::authorization_response::{AuthorizationResponse, ResponseMode};
use crate::provider::{Grant, Login, Provider, Secret};
use crate::request::{ClientRequest, Parameters, parse_parameters};
use crate::token_endpoint::Code;
use crate::tokens::{Crypto, TokenOrder};

/// How a `request_uri` begins (RFC 9126 section 2.2).
const REQUEST_URI_PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// The pushed authorization request endpoint: its member in the metadata and its path.
const PAR: (&str, &str) = ("pushed_authorization_request_endpoint", "/par");

/// The parameters of an authorization request, as they were received.
#[derive(Clone, Default)]
pub struct AuthorizationRequest(pub Parameters);

/// A pushed request whose `request_uri` was not used yet.
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

/// The outcome of an authorization request.
pub enum Authorized {
    /// A response is sent to the redirect URI.
    Response(AuthorizationResponse),
    /// The user must sign in; then [`Provider::answer`] makes the response.
    SignIn,
    /// An error that is shown to the user, because there is no valid redirect URI to send it to (RFC 6749 section 4.1.2.1).
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

    /// Whether the request must be answered without user interaction (`prompt=none`).
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
            // A page that asks the user something is not framed, so it has no window to post to.
            Some("web_message") => self.is_silent(),
            Some(_) => false,
        }
    }

    /// The response mode of this request, also used for an error response.
    fn response_mode(&self) -> ResponseMode {
        match self.get("response_mode") {
            Some("web_message") if self.is_silent() => ResponseMode::WebMessage,
            Some("fragment") => ResponseMode::Fragment,
            _ if self.get("response_type") == Some("code") => ResponseMode::Query,
            _ => ResponseMode::Fragment,
        }
    }

    /// The `prompt` of the request; `none` must not be combined with other values (OIDC Core 3.1.2.1).
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

    /// `max_age`: the longest accepted time since the user signed in, in seconds.
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
    /// Stores a pushed request (RFC 9126 section 2.1) and returns the body of the response, whose status is 201.
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

    /// The request behind the parameters sent to the authorization endpoint. If they name a pushed request, only the pushed
    /// parameters count (RFC 9126 section 4), and only once. `None` if the pushed request is unknown, expired or another
    /// client's.
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

    /// Decides the outcome of a request from a browser with this session. `pushed`: whether the request was pushed.
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

    /// Answers the request in `query` as if the user completed every page at once, or with the error in `login`. Neither
    /// the age nor the user of the session is checked. `None` if a parameter occurs twice or the `request_uri` is not
    /// valid.
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

    /// Checks whether a request of a known client is valid.
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

    /// Whether the session meets `max_age` and belongs to the user of the hint (OIDC Core 3.1.2.1).
    fn suits(&self, login: &Login, request: &AuthorizationRequest) -> bool {
        let age = self.clock() - login.auth_time;
        let old = matches!(request.max_age(), Ok(Some(most)) if age > i64::from(most));
        let hint = request.get("id_token_hint");
        let meant = hint.and_then(|hint| self.hinted_subject(hint));
        !old && meant.is_none_or(|sub| sub == login.user.sub)
    }

    /// The response with the code or the tokens for a signed-in user who consents to everything requested.
    pub fn answer(
        &mut self,
        request: &AuthorizationRequest,
        login: &Login,
    ) -> AuthorizationResponse {
        let is_code = request.response_type() == Ok(ResponseType::Code);
        // Without a code no refresh token is issued (OIDC Core 11).
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
