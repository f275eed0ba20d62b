//! The authorization request (RFC 6749 section 4.1.1, OIDC Core 3.1.2.1 and 3.2.2.1, RFC 9126, RFC 9470).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::{Url, form_urlencoded};

use super::pkce::{code_challenge, random_text};
use super::step_up::{StepUp, stricter};
use crate::http::FormBody;
use crate::random::Random;
use crate::secret::Secret;
use crate::time::UnixTime;

/// The OAuth flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// Authorization code with PKCE S256 (RFC 7636).
    #[default]
    Code,
    /// `response_type=id_token token` (OIDC Core 3.2), for providers that know nothing else.
    Implicit,
}

/// How the provider answers an authorization request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of the redirect (OAuth 2.0 Multiple Response Types section 2.1).
    Query,
    /// In the fragment of the redirect.
    Fragment,
    /// By a page of the provider that posts the response to the page that framed it (`postMessage`).
    WebMessage,
}

impl ResponseMode {
    /// The parameter's value.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::WebMessage => "web_message",
        }
    }
}

/// What a client asks for in every authorization request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientParameters<'a> {
    /// `client_id` (RFC 6749 section 2.2).
    pub client_id: &'a str,
    /// `scope` (RFC 6749 section 3.3); holds `openid`.
    pub scope: &'a str,
    /// `audience`, for providers that support it (Auth0).
    pub audience: Option<&'a str>,
    /// `organization`, for providers that support it (Auth0).
    pub organization: Option<&'a str>,
    /// `ui_locales` (OIDC Core 3.1.2.1): language tags, separated by spaces.
    pub ui_locales: Option<&'a str>,
    /// `max_age` (OIDC Core 3.1.2.1): seconds.
    pub max_age_s: Option<u32>,
    /// What this provider wants besides; see [`Transaction::parameters`].
    pub further: &'a [(String, String)],
}

/// How long after the request a response is accepted: a user may leave a sign-in window open for a while.
const LIFETIME: Duration = Duration::from_secs(60 * 60);

/// Whether the provider may show pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// `prompt=none`: the provider answers at once and shows nothing.
    None,
    /// No `prompt`: the provider shows what it must.
    AsNeeded,
    /// `prompt=login`: the user authenticates again, whatever the provider remembers.
    Login,
    /// `prompt=select_account`: the user chooses an account, whatever the provider remembers.
    SelectAccount,
}

impl Prompt {
    fn name(self) -> Option<&'static str> {
        match self {
            Self::None => Some("none"),
            Self::AsNeeded => None,
            Self::Login => Some("login"),
            Self::SelectAccount => Some("select_account"),
        }
    }
}

/// What a request says beside the client's own parameters.
#[derive(Clone, Copy, Debug)]
pub struct RequestOptions<'a> {
    /// `response_type`, in the provider's own spelling.
    pub response_type: &'static str,
    /// Whether the provider may show pages.
    pub prompt: Prompt,
    /// `login_hint` (OIDC Core 3.1.2.1): which of its users the provider should sign in.
    pub login_hint: Option<&'a str>,
    /// `id_token_hint` (OIDC Core 3.1.2.1), recommended with `prompt=none`: the id_token of the user whose session is
    /// renewed.
    pub id_token_hint: Option<&'a Secret>,
}

/// The random characters of a state, of its 43: 192 bits.
const RANDOM_OF_STATE: usize = 32;

/// A state that its client knows again without having kept it: the rest of it follows from its random part.
fn recognizable_state(random: &dyn Random) -> Secret {
    let mut state = random_text(random).expose().to_owned();
    state.truncate(RANDOM_OF_STATE);
    let mark = mark_of(&state);
    Secret::new(state + &mark)
}

fn mark_of(part: &str) -> String {
    let mut mark = Secret::new(part).hash();
    mark.truncate(43 - RANDOM_OF_STATE);
    mark
}

/// Whether `state` is of a request like ours, perhaps of one that was given up. Anybody can make such a state: it serves to
/// tell what to try next, and never to believe an answer.
#[must_use]
pub fn is_recognizable(state: &str) -> bool {
    let parts = state.split_at_checked(RANDOM_OF_STATE);
    parts.is_some_and(|(part, mark)| mark == mark_of(part))
}

/// What the client must remember of a request to validate the response to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// When the request was made; a response is accepted for one hour.
    pub created_at: UnixTime,
    /// The flow that was asked for.
    pub flow: Flow,
    /// `nonce` of the request; the id_token must have it as its `nonce` claim.
    pub nonce: Secret,
    /// `redirect_uri` as sent; the token request must repeat it exactly.
    pub redirect_uri: String,
    /// The `response_mode` of the request; `None` uses the default of the flow.
    pub response_mode: Option<ResponseMode>,
    /// `state` of the request; the response must repeat it.
    pub state: Secret,
    /// The authentication that an API asked for (RFC 9470 section 4).
    pub step_up: Option<StepUp>,
    /// The PKCE code verifier; unused in the implicit flow.
    pub verifier: Secret,
}

impl Transaction {
    /// A fresh transaction: nonce and verifier of 256 random bits each, a [recognizable](is_recognizable) state of 192.
    #[must_use]
    pub fn new(
        flow: Flow,
        response_mode: Option<ResponseMode>,
        redirect_uri: String,
        random: &dyn Random,
        now: UnixTime,
    ) -> Self {
        Self {
            created_at: now,
            flow,
            nonce: random_text(random),
            redirect_uri,
            response_mode,
            state: recognizable_state(random),
            step_up: None,
            verifier: random_text(random),
        }
    }

    /// Whether the parameters of the response are in the fragment; those of a posted response are passed on in that form
    /// too.
    #[must_use]
    pub fn expects_fragment(&self) -> bool {
        match self.response_mode {
            None => self.flow == Flow::Implicit,
            Some(mode) => mode != ResponseMode::Query,
        }
    }

    /// Whether a response is no longer accepted.
    #[must_use]
    pub fn is_over(&self, now: UnixTime) -> bool {
        now >= self.created_at.plus(LIFETIME)
    }

    /// `max_age` of the request, in seconds: the smaller of the limits of the settings and of the API.
    #[must_use]
    pub fn max_age_s(&self, client: &ClientParameters<'_>) -> Option<u32> {
        let wanted = self.step_up.as_ref().and_then(|step_up| step_up.max_age_s);
        stricter(client.max_age_s, wanted)
    }

    /// The parameters of the request. Of the client's [further](ClientParameters::further) ones, none takes the place of what
    /// stands here; a `prompt` is added to that of a request which may show pages, and left out of any other.
    #[must_use]
    pub fn parameters<'a>(
        &self,
        client: &ClientParameters<'a>,
        options: RequestOptions<'_>,
    ) -> Vec<(&'a str, String)> {
        let mut parameters = vec![
            ("client_id", client.client_id.to_owned()),
            ("redirect_uri", self.redirect_uri.clone()),
            ("scope", client.scope.to_owned()),
            ("state", self.state.expose().to_owned()),
            ("nonce", self.nonce.expose().to_owned()),
            ("response_type", options.response_type.to_owned()),
        ];
        if self.flow == Flow::Code {
            parameters.extend([
                ("code_challenge", code_challenge(&self.verifier)),
                ("code_challenge_method", "S256".to_owned()),
            ]);
        }
        let step_up = self.step_up.as_ref();
        let optional = [
            (
                "response_mode",
                self.response_mode.map(|mode| mode.name().to_owned()),
            ),
            ("audience", client.audience.map(str::to_owned)),
            ("login_hint", options.login_hint.map(str::to_owned)),
            (
                "id_token_hint",
                options.id_token_hint.map(|hint| hint.expose().to_owned()),
            ),
            ("organization", client.organization.map(str::to_owned)),
            ("ui_locales", client.ui_locales.map(str::to_owned)),
            (
                "acr_values",
                step_up.and_then(|step_up| step_up.acr_values.clone()),
            ),
            (
                "max_age",
                self.max_age_s(client).map(|seconds| seconds.to_string()),
            ),
            ("prompt", options.prompt.name().map(str::to_owned)),
        ];
        let given = optional.into_iter();
        parameters.extend(given.filter_map(|(name, value)| Some((name, value?))));
        for (name, value) in client.further {
            let mut known = parameters.iter_mut();
            match known.find(|(known, _)| known.eq_ignore_ascii_case(name)) {
                None => parameters.push((name, value.clone())),
                // `none` stands alone (OIDC Core 3.1.2.1).
                Some(("prompt", words)) if words != "none" => add_words(words, value),
                Some(_) => {}
            }
        }
        parameters
    }
}

/// Adds those of `more` to a list of `words` that it does not have; spaces separate them.
fn add_words(words: &mut String, more: &str) {
    for word in more.split_whitespace() {
        if !words.split(' ').any(|known| known == word) {
            words.push(' ');
            words.push_str(word);
        }
    }
}

/// The URL that carries `parameters` to `endpoint`, whose own query is kept (RFC 6749 section 3.1).
#[must_use]
pub fn url(endpoint: &Url, parameters: &[(&str, String)]) -> Url {
    let mut url = endpoint.clone();
    url.query_pairs_mut().extend_pairs(parameters);
    url
}

/// `parameters` as a form, for the pushed authorization request endpoint (RFC 9126 section 2.1).
#[must_use]
pub fn form(parameters: &[(&str, String)]) -> FormBody {
    let mut form = form_urlencoded::Serializer::new(String::new());
    FormBody(form.extend_pairs(parameters).finish())
}
