//! The servers' log, and assertions on it. It contains tokens as fingerprints.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};
use evertoken::settings::Flow;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The servers' log since it was last taken.
pub struct Log {
    pub(super) flow: Flow,
    pub(super) api: &'static str,
    /// The log as JSON; `tests/interop/README.md` describes its members.
    pub(super) seen: Value,
}

/// An authorization request, with its parameters as they were sent or pushed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Authorization {
    /// `prompt`.
    pub prompt: Option<String>,
    /// `response_mode`.
    pub response_mode: Option<String>,
    /// Whether it was pushed.
    pub pushed: bool,
    /// `success`, an error, or `interaction:login` while the sign-in form is shown.
    pub outcome: Option<String>,
}

/// A token request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Grant {
    /// `grant_type`.
    pub grant_type: Option<String>,
    /// The fingerprint of the refresh token that was sent.
    pub refresh_token: Option<String>,
    /// Whether the request had a proof of possession.
    pub dpop: bool,
    /// `success`, an error, or `status 503` by command; `None` while the request is pending.
    pub outcome: Option<String>,
}

impl Log {
    /// The authorization requests.
    ///
    /// # Errors
    /// When the log does not contain this list.
    pub fn authorizations(&self) -> Result<Vec<Authorization>> {
        self.entries("authorizations")
    }

    /// The token requests.
    ///
    /// # Errors
    /// When the log does not contain this list.
    pub fn grants(&self) -> Result<Vec<Grant>> {
        self.entries("grants")
    }

    /// Asserts that the provider received these token requests, given as grant type and outcome, in this order, and no
    /// others.
    ///
    /// # Errors
    /// When the log differs.
    pub fn asked_for(&self, expected: &[(&str, &str)]) -> Result<()> {
        let grants = self.grants()?;
        let pair = |one: &Grant| one.grant_type.clone().zip(one.outcome.clone());
        let seen = grants.iter().map(pair);
        let expected = expected
            .iter()
            .map(|(grant_type, outcome)| Some(((*grant_type).to_owned(), (*outcome).to_owned())));
        ensure!(seen.eq(expected), "grants: {grants:?}");
        Ok(())
    }

    /// Asserts that no refresh token was sent twice, whatever the outcome of the first use.
    ///
    /// # Errors
    /// When one was.
    pub fn no_refresh_token_came_twice(&self) -> Result<()> {
        let grants = self.grants()?;
        let presented: Vec<_> = grants
            .iter()
            .filter_map(|one| one.refresh_token.as_ref())
            .collect();
        let different: BTreeSet<_> = presented.iter().collect();
        ensure!(different.len() == presented.len(), "grants: {grants:?}");
        Ok(())
    }

    /// The member `name` of each entry of `list`.
    ///
    /// # Errors
    /// When there is no such list.
    pub fn each(&self, list: &str, name: &str) -> Result<Vec<Value>> {
        let values = self.list(list)?.iter().map(|entry| entry[name].clone());
        Ok(values.collect())
    }

    /// The statuses that the API answered, in order.
    ///
    /// # Errors
    /// When the log has no calls.
    pub fn statuses(&self) -> Result<Vec<u64>> {
        let statuses = self.each("api_calls", "status")?;
        Ok(statuses.iter().filter_map(Value::as_u64).collect())
    }

    /// Asserts that there was one authorization with this `prompt`, that it succeeded, and that its parameters and the
    /// number of token requests fit the flow. Returns the fingerprint of the new id_token.
    ///
    /// # Errors
    /// When the provider saw anything more, less or else.
    pub fn one_new_token(&self, prompt: Option<&str>) -> Result<Value> {
        self.has(
            "authorizations",
            &json!([self.authorization(prompt, "success")]),
        )?;
        let (token_requests, from) = match self.flow {
            Flow::Code => (1, "token"),
            Flow::Implicit => (0, "authorization"),
        };
        self.has("token_requests", &json!(token_requests))?;
        let issued = self.list("issued")?;
        let right = issued.len() == 1 && issued[0]["from"] == from;
        ensure!(
            right && issued[0]["id_token"].is_string(),
            "issued: {issued:?}"
        );
        Ok(issued[0]["id_token"].clone())
    }

    /// Asserts that there was one authorization, a silent one, and that the provider refused it with this error.
    ///
    /// # Errors
    /// When the provider saw anything more, less or else.
    pub fn one_refusal(&self, error: &str) -> Result<()> {
        self.has(
            "authorizations",
            &json!([self.authorization(Some("none"), error)]),
        )?;
        self.has("token_requests", &json!(0))?;
        self.has("issued", &json!([]))
    }

    /// Asserts that the provider received no request for tokens.
    ///
    /// # Errors
    /// When it received one.
    pub fn nothing_asked(&self) -> Result<()> {
        self.has("authorizations", &json!([]))?;
        self.has("token_requests", &json!(0))?;
        self.has("issued", &json!([]))
    }

    /// Asserts that the API answered these calls, given as status and token, in this order, and no others.
    ///
    /// # Errors
    /// When the log differs.
    pub fn calls(&self, method: &str, path: &str, answers: &[(u16, &Value)]) -> Result<()> {
        let (api, path) = (self.api, format!("/v1/{path}"));
        let call = |(status, token): &(u16, &Value)| {
            json!({
                "api": api, "method": method, "path": path, "status": status, "token": token,
            })
        };
        self.has("api_calls", &answers.iter().map(call).collect())
    }

    /// The tokens of the calls that the API answered with this status.
    ///
    /// # Errors
    /// When the log has no calls.
    pub fn tokens_of(&self, status: u16) -> Result<Vec<Value>> {
        let calls = self.list("api_calls")?.iter();
        let answered = calls.filter(|call| call["status"] == status);
        Ok(answered.map(|call| call["token"].clone()).collect())
    }

    /// The expected log entry of an authorization request in this flow.
    fn authorization(&self, prompt: Option<&str>, outcome: &str) -> Value {
        let (response_type, pkce) = match self.flow {
            Flow::Code => ("code", Some("S256")),
            Flow::Implicit => ("id_token token", None),
        };
        json!({ "prompt": prompt, "response_type": response_type, "pkce": pkce, "outcome": outcome })
    }

    fn has(&self, name: &str, expected: &Value) -> Result<()> {
        let seen = &self.seen[name];
        ensure!(seen == expected, "{name}: {seen}, and not {expected}");
        Ok(())
    }

    fn entries<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<T>> {
        let entries = serde_json::from_value(self.seen[name].clone());
        entries.with_context(|| format!("{name}: {}", self.seen[name]))
    }

    fn list(&self, name: &str) -> Result<&Vec<Value>> {
        let list = self.seen[name].as_array();
        list.with_context(|| format!("the log has no {name}"))
    }
}
