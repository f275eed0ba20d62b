//! The files that are made of the table of settings: the schema of an administrator's policy, the schema that editors
//! complete settings by, and the table in the documentation.
//!
//! `EVERTOKEN_WRITE=1 cargo test --test settings_documents` writes them anew.

#![allow(
    clippy::unwrap_used,
    reason = "a file that cannot be read fails the test"
)]

#[path = "settings_documents/reference.rs"]
mod reference;
#[path = "settings_documents/schema.rs"]
mod schema;

use std::path::Path;
use std::{env, fs};

use serde_json::{Value, json};

const EDITOR_SCHEMA: &str = "docs/settings.schema.json";
const MANAGED_SCHEMA: &str = "managed_schema.json";
const REFERENCE: &str = "docs/providers/README.md";

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    // Git may have written other line breaks.
    fs::read_to_string(path)
        .unwrap_or_default()
        .replace('\r', "")
}

/// Holds `file` against what the table makes of it, or writes it.
fn expect(file: &str, made: &str) {
    if env::var_os("EVERTOKEN_WRITE").is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(file), made).unwrap();
    }
    assert!(
        read(file) == made,
        "{file} is not what the table of settings makes of it: \
         EVERTOKEN_WRITE=1 cargo test --test settings_documents"
    );
}

#[test]
fn the_schema_of_a_policy_is_made_of_the_table() {
    expect(MANAGED_SCHEMA, &schema::managed());
}

#[test]
fn the_schema_for_editors_is_made_of_the_table() {
    expect(EDITOR_SCHEMA, &schema::editor());
}

#[test]
fn the_reference_is_made_of_the_table() {
    expect(REFERENCE, &reference::page(&read(REFERENCE)));
}

/// What the schema at `pointer` says.
fn editor_schema(pointer: &str) -> Value {
    let schema: Value = serde_json::from_str(&schema::editor()).unwrap();
    schema.pointer(pointer).unwrap().clone()
}

#[test]
fn editors_complete_words_defaults_and_limits() {
    let provider = |name: &str| editor_schema(&format!("/properties/provider/properties/{name}"));
    assert_eq!(provider("flow")["enum"], json!(["code", "implicit", null]));
    assert_eq!(provider("flow")["default"], json!("code"));
    assert_eq!(provider("renewal")["default"].as_array().unwrap().len(), 3);
    assert_eq!(provider("max_age_s")["maximum"], json!(31_536_000));
    assert_eq!(
        provider("issuer")["examples"],
        json!(["https://login.example.com/"])
    );
    let hint = "For Auth0: the identifier of your API.";
    let description = provider("audience")["description"].clone();
    assert!(description.as_str().unwrap().starts_with(hint));
}

#[test]
fn editors_mark_what_is_unknown_or_missing() {
    let provider = editor_schema("/properties/provider");
    assert_eq!(provider["required"], json!(["issuer", "client_id"]));
    assert_eq!(provider["additionalProperties"], json!(false));
    assert_eq!(editor_schema("/required"), json!(["provider"]));
    let api = editor_schema("/properties/apis/items");
    assert_eq!(api["required"], json!(["url"]));
    assert_eq!(api["additionalProperties"], json!(false));
}
