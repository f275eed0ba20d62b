//! What users paste instead of an issuer, and the issuer that they mean.

use url::Url;

use super::brand::Brand;

/// A value that is no issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The key of the text that says what it is.
    pub sentence: &'static str,
    /// The issuer that is meant, where it can be derived.
    pub meant: Option<String>,
}

/// What is wrong with `typed` as an issuer, as far as it is known without asking the provider.
#[must_use]
pub fn mistake(typed: &str) -> Option<Mistake> {
    let typed = typed.trim();
    let mistake = |sentence, meant: Option<String>| Some(Mistake { sentence, meant });
    if typed.is_empty() {
        return None;
    }
    if !typed.contains("://") {
        let is_host = typed.contains('.') && !typed.contains(char::is_whitespace);
        let meant = is_host.then(|| with_slash(["https://", typed].concat()));
        return meant.and_then(|meant| mistake("options_mistake_scheme", Some(meant)));
    }
    if let Some(rest) = typed.strip_prefix("http://") {
        let meant = ["https://", rest].concat();
        return mistake("options_mistake_http", Some(meant));
    }
    let url = Url::parse(typed).ok()?;
    if let Some((issuer, _)) = typed.split_once("/.well-known/") {
        let meant = with_slash(issuer.to_owned());
        return mistake("options_mistake_discovery", Some(meant));
    }
    if let Some(meant) = of_console(&url) {
        return mistake("options_mistake_console", meant);
    }
    of_entra(&url)
}

/// Auth0's issuers end in a slash; no other provider's issuer without a path is known to.
fn with_slash(issuer: String) -> String {
    match Brand::of_issuer(&issuer) {
        Brand::Auth0 if !issuer.ends_with('/') => issuer + "/",
        _ => issuer,
    }
}

/// The issuer of what a provider's console shows; `Some(None)` where its address does not say, `None` where it is no
/// console.
fn of_console(url: &Url) -> Option<Option<String>> {
    let host = url.host_str()?;
    let mut path = url.path_segments()?;
    match host {
        // manage.auth0.com/dashboard/eu/tenant/...
        "manage.auth0.com" => {
            let mut words = path.skip_while(|word| *word != "dashboard").skip(1);
            let (region, tenant) = (words.next(), words.next());
            let of = |(region, tenant)| format!("https://{tenant}.{region}.auth0.com/");
            Some(region.zip(tenant.filter(|word| !word.is_empty())).map(of))
        }
        "console.cloud.google.com" | "console.developers.google.com" => {
            Some(Some("https://accounts.google.com".to_owned()))
        }
        "portal.azure.com" | "entra.microsoft.com" | "aad.portal.azure.com" => {
            let parts = url.as_str().split(['/', '@', '#', '?', '&', '=']);
            let tenant = parts.into_iter().find(|part| is_tenant(part));
            Some(tenant.map(entra_issuer))
        }
        host => {
            if let Some((org, domain)) = host.split_once("-admin.okta") {
                let issuer = format!("https://{org}.okta{domain}/oauth2/default");
                return Some(Some(issuer));
            }
            let rest = url.path().split_once("/admin/")?.1;
            let is_keycloak = path.next_back().is_some() && rest.contains("console");
            is_keycloak.then(|| keycloak_issuer(url))
        }
    }
}

/// keycloak.example.com/admin/master/console/#/demo/clients
fn keycloak_issuer(url: &Url) -> Option<String> {
    let realm = url.fragment()?.trim_start_matches('/').split('/').next()?;
    let realm = realm.split('?').next().filter(|realm| !realm.is_empty())?;
    let (base, _) = url.as_str().split_once("/admin/")?;
    Some(format!("{base}/realms/{realm}"))
}

fn of_entra(url: &Url) -> Option<Mistake> {
    if url.host_str() != Some("login.microsoftonline.com") {
        return None;
    }
    let tenant = url.path_segments()?.next()?;
    if matches!(tenant, "common" | "organizations" | "consumers") || tenant.contains('.') {
        let sentence = "options_mistake_tenant";
        return Some(Mistake {
            sentence,
            meant: None,
        });
    }
    let lacks_version =
        is_tenant(tenant) && url.path().trim_end_matches('/') == ["/", tenant].concat();
    lacks_version.then(|| Mistake {
        sentence: "options_mistake_version",
        meant: Some(entra_issuer(tenant)),
    })
}

fn entra_issuer(tenant: &str) -> String {
    format!("https://login.microsoftonline.com/{tenant}/v2.0")
}

/// A tenant's id is a UUID.
fn is_tenant(word: &str) -> bool {
    let groups: Vec<usize> = word.split('-').map(str::len).collect();
    let is_hex = |letter: char| letter == '-' || letter.is_ascii_hexdigit();
    groups == [8, 4, 4, 4, 12] && word.chars().all(is_hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: &str = "11111111-2222-3333-4444-55555555abcd";

    fn meant(typed: &str) -> String {
        let mistake = mistake(typed).unwrap_or_else(|| panic!("{typed}"));
        assert!(evertoken_pages::text::find(mistake.sentence, &[]).is_some());
        mistake.meant.unwrap_or_default()
    }

    #[test]
    fn an_issuer_is_none() {
        for issuer in [
            "",
            "https://p.test/",
            "https://keycloak.test/realms/demo",
            "https://p.test/admin/x",
            "https://login.microsoftonline.com/11111111-2222-3333-4444-55555555abcd/v2.0",
            "https:/",
            "word",
        ] {
            assert_eq!(mistake(issuer), None, "{issuer}");
        }
    }

    #[test]
    fn the_scheme_is_added() {
        assert_eq!(meant("p.test/realms/x"), "https://p.test/realms/x");
        assert_eq!(meant("t.eu.auth0.com"), "https://t.eu.auth0.com/");
        assert_eq!(meant("http://p.test/"), "https://p.test/");
    }

    #[test]
    fn the_address_of_the_configuration_is_cut() {
        let configuration = ".well-known/openid-configuration";
        assert_eq!(
            meant(&format!("https://p.test/x/{configuration}")),
            "https://p.test/x"
        );
        assert_eq!(
            meant(&format!("https://t.eu.auth0.com/{configuration}")),
            "https://t.eu.auth0.com/"
        );
    }

    #[test]
    fn the_issuer_is_derived_from_the_address_of_a_console() {
        for (typed, issuer) in [
            (
                "https://manage.auth0.com/dashboard/eu/demo/applications",
                "https://demo.eu.auth0.com/",
            ),
            ("https://manage.auth0.com/", ""),
            (
                "https://dev-1-admin.okta.com/admin/apps",
                "https://dev-1.okta.com/oauth2/default",
            ),
            (
                "https://kc.test/admin/master/console/#/demo/clients",
                "https://kc.test/realms/demo",
            ),
            (
                "https://kc.test/auth/admin/master/console/#/demo",
                "https://kc.test/auth/realms/demo",
            ),
            (
                "https://console.cloud.google.com/auth/clients",
                "https://accounts.google.com",
            ),
            ("https://entra.microsoft.com/#home", ""),
        ] {
            assert_eq!(meant(typed), issuer, "{typed}");
        }
        let portal = format!("https://portal.azure.com/#@{TENANT}/resource");
        assert_eq!(
            meant(&portal),
            format!("https://login.microsoftonline.com/{TENANT}/v2.0")
        );
    }

    #[test]
    fn entra_is_named_by_its_tenant_and_version() {
        let base = "https://login.microsoftonline.com";
        assert_eq!(
            meant(&format!("{base}/{TENANT}")),
            format!("{base}/{TENANT}/v2.0")
        );
        assert_eq!(meant(&format!("{base}/common/v2.0")), "");
        assert_eq!(meant(&format!("{base}/contoso.com/v2.0")), "");
    }
}
