//! The hosts that the extension needs access to, and why.

use evertoken::settings::draft::SettingsDraft;
use evertoken_pages::text;
use url::Url;

/// A host that a permission is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Its name.
    pub name: String,
    /// The provider's endpoints are there; else an API is.
    pub of_provider: bool,
}

impl Host {
    /// The origin that a permission is asked for: without a port, since one without holds for all of them.
    #[must_use]
    pub fn origin(&self) -> String {
        ["https://", &self.name].concat()
    }
}

/// The hosts that the settings in `draft` name: each once, the provider's first.
#[must_use]
pub fn hosts(draft: &SettingsDraft) -> Vec<Host> {
    let issuer = draft.text("provider.issuer");
    let others = draft.list("provider.endpoint_origins").unwrap_or_default();
    let of_provider = std::iter::once(issuer).chain(others).map(|url| (url, true));
    let apis = (0..draft.length("apis")).map(|index| draft.text(&format!("apis[{index}].url")));
    let mut hosts: Vec<Host> = Vec::new();
    for (url, of_provider) in of_provider.chain(apis.map(|url| (url, false))) {
        let Some(name) = host_name(&url) else {
            continue;
        };
        if hosts.iter().all(|host| host.name != name) {
            hosts.push(Host { name, of_provider });
        }
    }
    hosts
}

/// The host of an https URL.
#[must_use]
pub fn host_name(url: &str) -> Option<String> {
    let url = Url::parse(url).ok().filter(|url| url.scheme() == "https")?;
    // While someone types, a single word is no host yet.
    let name = url
        .host_str()
        .filter(|name| name.contains('.') || *name == "localhost");
    name.map(str::to_owned)
}

/// What Chrome will ask for at "Save", and why; empty where nothing is missing.
#[must_use]
pub fn request(missing: &[Host]) -> String {
    sentence(
        missing,
        [
            "options_hosts_both",
            "options_hosts_provider",
            "options_hosts_api",
        ],
    )
}

/// What does not work without these hosts; empty where none is missing.
#[must_use]
pub fn want(missing: &[Host]) -> String {
    sentence(
        missing,
        [
            "options_denied_both",
            "options_denied_provider",
            "options_denied_api",
        ],
    )
}

/// The first sentence has places for both kinds, the others for one each.
fn sentence(missing: &[Host], [both, provider, api]: [&str; 3]) -> String {
    let names = |of_provider| {
        let hosts = missing
            .iter()
            .filter(|host| host.of_provider == of_provider);
        let names: Vec<&str> = hosts.map(|host| host.name.as_str()).collect();
        names.join(", ")
    };
    let (providers, apis) = (names(true), names(false));
    match (providers.as_str(), apis.as_str()) {
        ("", "") => String::new(),
        (providers, "") => text::text_with(provider, &[providers]),
        ("", apis) => text::text_with(api, &[apis]),
        (providers, apis) => text::text_with(both, &[providers, apis]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_host_is_named_once_and_without_its_port() {
        let draft = SettingsDraft::parse(
            r#"{"provider":{"issuer":"https://p.test:8443/a","endpoint_origins":["https://keys.test/","https://p.test/"]},
                "apis":[{"url":"https://API.test:1/v1"},{"url":"https://p.test/api"},{"url":"http://plain.test/"},{"url":"?"}]}"#,
        )
        .unwrap();
        let hosts = hosts(&draft);
        let named: Vec<_> = hosts
            .iter()
            .map(|host| (host.name.as_str(), host.of_provider))
            .collect();
        assert_eq!(
            named,
            [("p.test", true), ("keys.test", true), ("api.test", false)]
        );
        assert_eq!(hosts[0].origin(), "https://p.test");
    }

    #[test]
    fn the_sentence_says_which_hosts_and_why() {
        let provider = Host {
            name: "p.test".to_owned(),
            of_provider: true,
        };
        let api = Host {
            name: "a.test".to_owned(),
            of_provider: false,
        };
        assert_eq!(request(&[]), "");
        for both in [
            request(&[provider.clone(), api.clone()]),
            want(&[provider.clone(), api.clone()]),
        ] {
            assert!(both.contains("p.test") && both.contains("a.test"), "{both}");
        }
        let alone = request(&[api]);
        assert!(
            alone.contains("a.test") && alone.contains("token"),
            "{alone}"
        );
        assert!(request(&[provider]).contains("p.test"));
    }
}
