//! What is to be registered at the provider.

/// An address to paste there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The key of the text that names it.
    pub label: &'static str,
    /// The address.
    pub value: String,
}

/// The addresses of the extension with this origin (`chrome-extension://<id>`) and redirect URL
/// (`https://<id>.chromiumapp.org/`).
#[must_use]
pub fn addresses(origin: &str, redirect_url: &str, web_message: bool) -> Vec<Address> {
    let origin = origin.trim_end_matches('/');
    let address = |label, value: String| Address { label, value };
    let mut addresses = vec![
        address("options_callback_url", redirect_url.to_owned()),
        address("options_logout_url", redirect_url.to_owned()),
        address("options_allowed_origin", origin.to_owned()),
    ];
    if web_message {
        let callback = [origin, "/offscreen/callback.html"].concat();
        addresses.push(address("options_message_url", callback));
    }
    addresses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_are_those_of_the_documentation() {
        let values = |web_message| {
            let all = addresses(
                "chrome-extension://id/",
                "https://id.chromiumapp.org/",
                web_message,
            );
            all.into_iter()
                .map(|address| address.value)
                .collect::<Vec<_>>()
        };
        let three = [
            "https://id.chromiumapp.org/",
            "https://id.chromiumapp.org/",
            "chrome-extension://id",
        ];
        assert_eq!(values(false), three);
        assert_eq!(values(true)[..3], three);
        assert_eq!(
            values(true)[3],
            "chrome-extension://id/offscreen/callback.html"
        );
    }
}
