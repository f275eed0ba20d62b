//! The request line: which methods there are, what is sent, and what is stored of it.

use serde::{Deserialize, Serialize, Serializer};

/// One header, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// The request line. It is stored without its secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestDraft {
    /// The method, one of [`METHODS`].
    pub method: String,
    /// The URL, as typed.
    pub url: String,
    /// The headers, as typed; a row without a name is not sent.
    #[serde(serialize_with = "without_secrets")]
    pub headers: Vec<Header>,
    /// The body; not sent where the method has none, or when it is empty.
    pub body: String,
}

/// The methods offered, the most used first.
pub const METHODS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];

/// Headers whose values say who the user is.
const SECRETS: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

impl Default for RequestDraft {
    fn default() -> Self {
        Self {
            method: METHODS[0].to_owned(),
            url: String::new(),
            headers: Vec::new(),
            body: String::new(),
        }
    }
}

impl RequestDraft {
    /// The headers to send, in their order: those with a name. Where a value was not stored, an empty one would
    /// keep the worker from adding its token.
    pub fn named(&self) -> impl Iterator<Item = (&str, &str)> {
        self.trimmed()
            .filter(|header| !header.0.is_empty() && !is_lost(*header))
    }

    /// The name of a header whose value was not stored and is to be typed again.
    #[must_use]
    pub fn lost(&self) -> Option<&str> {
        self.trimmed()
            .find(|header| is_lost(*header))
            .map(|(name, _)| name)
    }

    fn trimmed(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.headers.iter();
        headers.map(|header| (header.name.trim(), header.value.trim()))
    }

    /// The value of the header with this name, if it is to be sent.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.named()
            .find_map(|(own, value)| own.eq_ignore_ascii_case(name).then_some(value))
    }

    /// The body to send, if there is one.
    #[must_use]
    pub fn payload(&self) -> Option<&str> {
        Some(self.body.as_str()).filter(|body| has_body(&self.method) && !body.is_empty())
    }

    /// The content type that the console adds; `None` where a header names one, or there is no body.
    #[must_use]
    pub fn guessed_type(&self, is_json: impl FnOnce(&str) -> bool) -> Option<&'static str> {
        let body = self.payload()?;
        match self.header("content-type") {
            Some(_) => None,
            None if is_json(body) => Some("application/json"),
            None => Some("text/plain;charset=UTF-8"),
        }
    }

    /// Sets what was typed as the name of a header; `name: value`, pasted whole, is taken apart.
    pub fn name_header(&mut self, row: usize, typed: &str) {
        let Some(header) = self.headers.get_mut(row) else {
            return;
        };
        let (name, value) = typed.split_once(':').unwrap_or((typed, ""));
        name.clone_into(&mut header.name);
        if !value.is_empty() {
            value.trim().clone_into(&mut header.value);
        }
    }
}

/// The headers as they may be stored: without the values that say who the user is.
fn without_secrets<S: Serializer>(headers: &[Header], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(headers.iter().map(|header| {
        let mut header = header.clone();
        if is_secret(&header.name) {
            header.value.clear();
        }
        header
    }))
}

/// Whether a header's value is never stored and never copied. So is the value of a name that is half typed, since it
/// may become one of these.
#[must_use]
pub fn is_secret(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    SECRETS.iter().any(|secret| secret.starts_with(&name))
}

/// Whether the header's value is missing because it is never stored.
fn is_lost((name, value): (&str, &str)) -> bool {
    value.is_empty() && SECRETS.contains(&name.to_ascii_lowercase().as_str())
}

/// Whether a call with `method` has a body to write (RFC 9110 section 9.3 gives none a meaning
/// for GET, HEAD and DELETE).
#[must_use]
pub fn has_body(method: &str) -> bool {
    matches!(method, "POST" | "PUT" | "PATCH")
}

#[cfg(test)]
mod tests;
