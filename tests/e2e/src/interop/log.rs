//! What the servers saw, and what they must have seen. Tokens stand there as fingerprints.

use anyhow::{Context as _, Result, ensure};
use evertoken::settings::Flow;
use serde_json::{Value, json};

/// The servers' log between two looks at it.
pub struct Log {
    pub(super) flow: Flow,
    pub(super) api: &'static str,
    /// As `tests/interop/README.md` tells.
    pub(super) seen: Value,
}

impl Log {
    /// The fingerprint of the one new id_token, if there was one authorization with this `prompt`, it
    /// worked, and it was of the right flow down to the number of token requests.
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

    /// There was one authorization, a silent one, and the provider refused it with this error.
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

    /// Nobody asked the provider for anything.
    ///
    /// # Errors
    /// When somebody did.
    pub fn nothing_asked(&self) -> Result<()> {
        self.has("authorizations", &json!([]))?;
        self.has("token_requests", &json!(0))?;
        self.has("issued", &json!([]))
    }

    /// The API answered these calls and no others, in this order, told by status and token.
    ///
    /// # Errors
    /// When it saw anything more, less or else.
    pub fn calls(&self, method: &str, path: &str, answers: &[(u16, &Value)]) -> Result<()> {
        let (api, path) = (self.api, format!("/v1/{path}"));
        let call = |(status, token): &(u16, &Value)| {
            json!({
                "api": api, "method": method, "path": path, "status": status, "token": token,
            })
        };
        self.has("api_calls", &answers.iter().map(call).collect())
    }

    /// The tokens of the calls that the API answered so.
    ///
    /// # Errors
    /// When the log has no calls.
    pub fn tokens_of(&self, status: u16) -> Result<Vec<Value>> {
        let calls = self.list("api_calls")?.iter();
        let answered = calls.filter(|call| call["status"] == status);
        Ok(answered.map(|call| call["token"].clone()).collect())
    }

    /// As this flow must send it.
    fn authorization(&self, prompt: Option<&str>, outcome: &str) -> Value {
        let (response_type, pkce) = match self.flow {
            Flow::Code => ("code", Some("S256")),
            Flow::Implicit => ("token id_token", None),
        };
        json!({ "prompt": prompt, "response_type": response_type, "pkce": pkce, "outcome": outcome })
    }

    fn has(&self, name: &str, expected: &Value) -> Result<()> {
        let seen = &self.seen[name];
        ensure!(seen == expected, "{name}: {seen}, and not {expected}");
        Ok(())
    }

    fn list(&self, name: &str) -> Result<&Vec<Value>> {
        let list = self.seen[name].as_array();
        list.with_context(|| format!("the log has no {name}"))
    }
}
