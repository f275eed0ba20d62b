use evertoken::settings::Build;
use serde_json::json;

use super::*;
use crate::{files, root};

const ID: &str = "dchaenodfpgembmkhlohggiamnokfmlb";
const REDIRECT_HOST: &str = "https://dchaenodfpgembmkhlohggiamnokfmlb.chromiumapp.org/*";

fn source() -> Value {
    serde_json::from_str(&files::read_text(&root().join("manifest.json")).unwrap()).unwrap()
}

fn settings(issuer: &str, apis: &[&str]) -> Settings {
    let apis: Vec<_> = apis.iter().map(|url| json!({ "url": url })).collect();
    let json = json!({ "provider": { "issuer": issuer, "client_id": "client" }, "apis": apis });
    Settings::parse(&json.to_string(), Build::Development).unwrap()
}

fn built(issuer: &str, apis: &[&str]) -> Value {
    transform(&source(), "1.2.3", Some(&settings(issuer, apis))).unwrap()
}

fn policy(manifest: &Value) -> &str {
    manifest["content_security_policy"]["extension_pages"]
        .as_str()
        .unwrap()
}

#[test]
fn the_source_carries_no_version_of_its_own() {
    assert_eq!(source()["manifest_version"], 3);
    assert_eq!(source()["name"], "Evertoken");
    assert_eq!(source()["version"], "0.0.0");
}

#[test]
fn the_source_asks_for_no_more_than_it_needs() {
    let text = source().to_string();
    for excess in [
        "<all_urls>",
        "\"tabs\"",
        "\"cookies\"",
        "webRequestBlocking",
        "unsafe-inline",
    ] {
        assert!(!text.contains(excess), "{excess}");
    }
    assert_eq!(source()["host_permissions"], json!([REDIRECT_HOST]));
    assert_eq!(source()["externally_connectable"], json!({ "ids": [] }));
}

#[test]
fn only_the_callback_page_is_accessible_and_only_to_the_redirect_host() {
    let accessible =
        json!([{ "resources": ["offscreen/callback.html"], "matches": [REDIRECT_HOST] }]);
    assert_eq!(source()["web_accessible_resources"], accessible);
}

#[test]
fn the_key_gives_the_id_of_the_redirect_host() {
    assert_eq!(extension_id(&source()).unwrap(), ID);
    assert!(REDIRECT_HOST.contains(ID));
}

#[test]
fn without_settings_only_version_and_schema_change() {
    let mut expected = source();
    expected.as_object_mut().unwrap().shift_remove("$schema");
    expected["version"] = "1.2.3".into();
    assert_eq!(transform(&source(), "1.2.3", None).unwrap(), expected);
}

#[test]
fn settings_grant_their_hosts_once_sorted_and_without_ports() {
    let apis = [
        "https://localhost:8443/b/",
        "https://api.example/v1/",
        "https://localhost:9443/",
    ];
    let manifest = built("https://tenant.example/", &apis);
    let hosts = [
        REDIRECT_HOST,
        "https://api.example/*",
        "https://localhost/*",
        "https://tenant.example/*",
    ];
    assert_eq!(manifest["host_permissions"], json!(hosts));
    assert_eq!(manifest.get("optional_host_permissions"), None);
}

#[test]
fn https_settings_leave_the_security_policy_alone() {
    let manifest = built("https://tenant.example/", &["https://api.example/"]);
    assert_eq!(policy(&manifest), policy(&source()));
}

#[test]
fn http_on_loopback_is_named_in_the_security_policy() {
    let manifest = built("http://localhost:9000/", &["http://127.0.0.1:9001/"]);
    let sources = "'self' https: http://127.0.0.1:* http://localhost:*";
    assert!(policy(&manifest).contains(&format!("connect-src {sources};")));
    assert!(policy(&manifest).contains(&format!("frame-src {sources};")));
    assert!(
        policy(&manifest).starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';")
    );
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let [one, two] = [
        ["https://a.example/", "https://b.example/"],
        ["https://b.example/", "https://a.example/"],
    ]
    .map(|apis| built("https://tenant.example/", &apis).to_string());
    assert_eq!(one, two);
}

#[test]
fn a_second_transform_changes_nothing_but_the_hosts() {
    let template = transform(&source(), "1.2.3", None).unwrap();
    let settings = settings("https://tenant.example/", &[]);
    let manifest = transform(&template, "1.2.3", Some(&settings)).unwrap();
    assert_eq!(manifest, built("https://tenant.example/", &[]));
}

#[test]
fn a_manifest_without_a_key_is_told() {
    assert_eq!(
        extension_id(&json!({})).unwrap_err().to_string(),
        "the manifest has no key"
    );
}

#[test]
fn a_shortcut_opens_the_popup() {
    let shortcut = &source()["commands"]["_execute_action"]["suggested_key"]["default"];
    assert_eq!(shortcut, "Alt+Shift+E");
}
