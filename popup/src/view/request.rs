//! The request line: which methods there are, and what can be sent.

/// What the request line holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The method.
    pub method: String,
    /// The URL, as typed.
    pub url: String,
    /// The body; not sent where the method has none, or when it is empty.
    pub body: String,
}

/// The methods offered, the most used first.
pub const METHODS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];

/// Whether a call with `method` has a body to write (RFC 9110 section 9.3 gives none a meaning
/// for GET, HEAD and DELETE).
#[must_use]
pub fn has_body(method: &str) -> bool {
    matches!(method, "POST" | "PUT" | "PATCH")
}

/// What is wrong with `url` before it is sent, as a person would say it; `None` when nothing is.
#[must_use]
pub fn fault(url: &str) -> Option<&'static str> {
    let url = url.trim();
    let Some((scheme, rest)) = url.split_once("://") else {
        return Some(if url.is_empty() {
            "Enter a URL to call."
        } else {
            "Start the URL with https://"
        });
    };
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return Some("Start the URL with https://");
    }
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    if authority.is_empty() {
        return Some("The URL names no server.");
    }
    // The browser refuses to send these.
    if authority.contains('@') {
        return Some("Take the user name out of the URL.");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_https_url_can_be_sent() {
        assert_eq!(fault("https://api.example/v1/orders?page=2"), None);
        assert_eq!(fault("  HTTPS://localhost:8443  "), None);
        assert_eq!(fault("http://127.0.0.1:8080/"), None);
        assert_eq!(fault("https://api.example/users/@me"), None);
    }

    #[test]
    fn a_url_without_its_scheme_is_told_so() {
        assert_eq!(fault("api.example/v1"), Some("Start the URL with https://"));
        assert_eq!(
            fault("localhost:8443/v1"),
            Some("Start the URL with https://")
        );
        assert_eq!(
            fault("ftp://api.example/"),
            Some("Start the URL with https://")
        );
    }

    #[test]
    fn an_empty_url_is_asked_for() {
        assert_eq!(fault("   "), Some("Enter a URL to call."));
        assert_eq!(fault("https:///path"), Some("The URL names no server."));
    }

    #[test]
    fn a_user_name_in_the_url_is_refused() {
        assert_eq!(
            fault("https://localhost:8443@evil.test/"),
            Some("Take the user name out of the URL.")
        );
    }

    #[test]
    fn only_writing_methods_have_a_body() {
        let with_body: Vec<_> = METHODS
            .into_iter()
            .filter(|method| has_body(method))
            .collect();
        assert_eq!(with_body, ["POST", "PUT", "PATCH"]);
    }
}
