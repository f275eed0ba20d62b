//! A URL as the setup check shows it, and as a permission names it.

/// The host of `url`, with its port where it names one; empty where `url` is no URL.
pub(super) fn host(url: &str) -> String {
    let url = url::Url::parse(url).ok();
    let named = url.as_ref().and_then(|url| {
        let port = url.port().map(|port| format!(":{port}"));
        Some([url.host_str()?, port.as_deref().unwrap_or_default()].concat())
    });
    named.unwrap_or_default()
}

/// The origin of `url` as a permission names it: without a port, which covers all ports.
pub(super) fn permission_origin(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    Some(format!("{}://{}", url.scheme(), url.host_str()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_shown_with_its_port_and_permitted_without() {
        assert_eq!(host("https://a.test:8443/x?y"), "a.test:8443");
        assert_eq!(host("https://a.test/x"), "a.test");
        let origin = permission_origin("https://a.test:8443/x");
        assert_eq!(origin.as_deref(), Some("https://a.test"));
    }
}
