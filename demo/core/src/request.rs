//! Requests as the drivers pass them in.

use std::collections::BTreeMap;

use url::form_urlencoded;

/// The parameters of a query or a form, by name.
pub type Parameters = BTreeMap<String, String>;

/// Parses `application/x-www-form-urlencoded`; `None` if a parameter occurs twice (RFC 6749 section 3.1).
#[must_use]
pub fn parse_parameters(text: &str) -> Option<Parameters> {
    let mut parameters = Parameters::new();
    for (name, value) in form_urlencoded::parse(text.as_bytes()).into_owned() {
        if parameters.insert(name, value).is_some() {
            return None;
        }
    }
    Some(parameters)
}

/// Writes `application/x-www-form-urlencoded`.
pub(crate) fn encode_parameters<'a>(
    parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish()
}

/// A request of the client to an endpoint that it calls directly: token, revocation, pushed requests.
#[derive(Default)]
pub struct ClientRequest<'a> {
    /// The form that was posted; `None` where it could not be read, which is `invalid_request`.
    pub form: Option<Parameters>,
    /// The values of its `DPoP` headers; a value that is not text counts as empty.
    pub proofs: Vec<&'a str>,
    /// Whether it has an `Authorization` header.
    pub has_authorization: bool,
}

impl ClientRequest<'_> {
    /// A parameter of the form.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.form.as_ref()?.get(name).map(String::as_str)
    }
}
