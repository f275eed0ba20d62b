//! The allow-list against look-alikes.

use std::time::Instant;

use evertoken::api::rules::Rules;
use evertoken::settings::{Build, Settings};
use proptest::prelude::*;
use url::Url;

#[expect(
    clippy::unwrap_used,
    reason = "settings that are refused here fail the test"
)]
fn rules(apis: &[&str]) -> Rules {
    let apis: Vec<String> = apis
        .iter()
        .map(|url| format!(r#"{{"url":"{url}"}}"#))
        .collect();
    let json = format!(
        r#"{{"provider":{{"issuer":"https://p.test/","client_id":"c"}},"apis":[{}]}}"#,
        apis.join(",")
    );
    Rules::new(&Settings::parse(&json, Build::Development).unwrap())
}

fn covers(rules: &Rules, url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| rules.covering(&url).is_some())
}

#[test]
fn the_same_place_written_otherwise_is_covered() {
    let rules = rules(&["https://api.example.com/api"]);
    for url in [
        "https://api.example.com/api",
        "https://api.example.com/api/",
        "https://api.example.com/api/a/b?q=1#f",
        "https://API.EXAMPLE.COM/api/a",
        "https://api.example.com:443/api/a",
        "https:\\\\api.example.com\\api\\a",
        "https://api.example.com/x/../api/a",
        "https://api.example.com/api/100%25",
        "https://api.example.com/api/100%2525/%25",
        "https://api.example.com/api/a;b=..;c/d..e/.../..f",
        "https://api.example.com/api/%E3%81%82%ef%bf%bd/\u{e9}",
    ] {
        assert!(covers(&rules, url), "{url}");
    }
}

#[test]
fn look_alikes_are_not_covered() {
    let rules = rules(&["https://api.example.com/api", "https://localhost:9444/api/"]);
    for url in [
        "https://api.example.com.evil.com/api",
        "https://api.example.com@evil.com/api",
        "https://api.example.com:8443/api",
        "http://api.example.com/api",
        "wss://api.example.com/api",
        "https://evil.com/?u=https://api.example.com/api",
        "https://evil.com/api",
        "https://sub.api.example.com/api",
        "https://api.example.com./api",
        "https://api.example.com/apiary",
        "https://api.example.com/API",
        "https://api.example.com/api/../admin",
        "https://api.example.com/api/%2e%2e/admin",
        "https://api.example.com/api/.%2E/admin",
        "https://api.example.com/api%2f..",
        "https://api.example.com/api/..%2fadmin",
        "https://api.example.com/api/%2e%2e%2fadmin",
        "https://api.example.com/api/a%5c..%5c..%5cadmin",
        "https://api.example.com/api/%252e%252e%252fadmin",
        "https://api.example.com/api/%25252e%25252E%25252fadmin",
        "https://api.example.com/api/..;/admin",
        "https://api.example.com/api/..;a=b/admin",
        "https://api.example.com/api/%2e%2e;/admin",
        "https://api.example.com/api/%2e%2e%3b/..%2f",
        "https://api.example.com/api/%c0%ae%c0%ae/admin",
        "https://api.example.com/api/..%C0%AFadmin",
        "https://api.example.com/api/..%c1%9cadmin",
        "https://api.example.com/api/..%00/admin",
        "https://api.example.com/api/..%2500/admin",
        "https://api.example.com/api/..%ef%bc%8fadmin",
        "https://api.example.com/api/%EF%BC%8E%ef%bc%8e/admin",
        "https://api.example.com/api/..\u{ff0f}admin",
        "https://api.example.com/api/%u002e%u002e/admin",
        "https://api.example.com/api/..%U2215admin",
        "https://api.example.com/%61pi",
        "https://localhost.evil.test:9444/api/",
        "https://localhost:9444@evil.test/api/",
        "https://localhost:9445/api/",
        "blob:https://api.example.com/api",
        "data:text/plain,https://api.example.com/api",
        "about:blank",
        "//api.example.com/api",
    ] {
        assert!(!covers(&rules, url), "{url}");
    }
}

#[test]
fn a_rule_without_a_path_covers_its_whole_origin_and_no_other() {
    let rules = rules(&["https://api.example.com"]);
    assert!(covers(
        &rules,
        "https://api.example.com/anything/%2e%2e%2fat-all"
    ));
    assert!(!covers(&rules, "https://api.example.org/"));
    assert!(!covers(&rules, "blob:https://api.example.com/1"));
}

/// A hostile API may link to addresses of any length, and the worker that judges them carries all other calls too.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "what is measured is the time that it takes"
)]
fn a_path_is_judged_in_time_that_grows_with_its_length() {
    let rules = rules(&["https://api.example.com/api"]);
    let time = |length: usize| {
        let url = format!("https://api.example.com/api/%{}", "25".repeat(length));
        let url = Url::parse(&url).unwrap();
        let measure = || {
            let start = Instant::now();
            assert!(rules.covering(&url).is_some());
            start.elapsed()
        };
        (0..5).map(|_| measure()).min().unwrap()
    };
    let (short, long) = (time(20_000), time(320_000));
    // Sixteen times as long; a quadratic work would take 256 times as much.
    assert!(long < short * 64, "{short:?}, {long:?}");
}

#[test]
fn an_empty_list_covers_nothing() {
    assert!(!covers(&rules(&[]), "https://api.example.com/"));
}

proptest! {
    #[test]
    fn what_is_covered_has_the_rules_origin_and_begins_with_its_path(
        scheme in "https|http|wss",
        user in "(|[a-z.]{1,8}@|api\\.example\\.com@)",
        host in "(api\\.example\\.com|evil\\.com|api\\.example\\.com\\.evil\\.com)",
        port in "(|:443|:8443|:80)",
        path in "(/api|/apiary|/admin|)(/(\\.\\.|%2e%2e|%2E\\.|a|%2f|%5c|\\.\\.%2fadmin)){0,4}",
    ) {
        let text = format!("{scheme}://{user}{host}{port}{path}");
        if covers(&rules(&["https://api.example.com/api"]), &text) {
            let url = Url::parse(&text).unwrap();
            prop_assert_eq!(url.origin().ascii_serialization(), "https://api.example.com");
            prop_assert!(url.path() == "/api" || url.path().starts_with("/api/"), "{}", url);
            prop_assert!(!url.path().to_lowercase().contains("..%2f"), "{}", url);
        }
    }
}
