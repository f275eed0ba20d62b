//! The record that a sign-in has worked with a provider and a client. It names no user, and holds nothing secret.

use super::{begin, owner};
use crate::json::Value;
use crate::settings::Provider;

/// The version of the record's shape.
const VERSION: i64 = 1;

pub(in crate::session) fn write(provider: &Provider) -> String {
    let mut writer = begin(VERSION, provider);
    writer.close('}');
    writer.finish()
}

/// Whether the record says so of this provider and client. One that cannot be read says nothing.
pub(in crate::session) fn proves(json: &str, provider: &Provider) -> bool {
    let record = Value::parse(json.as_bytes()).ok();
    let owner = record.as_ref().and_then(|record| owner(record, VERSION));
    owner == Some((&provider.issuer, &provider.client_id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Build, Settings};

    fn provider(client_id: &str) -> Provider {
        let json = format!(
            r#"{{"provider": {{"issuer": "https://a.example/", "client_id": "{client_id}"}}}}"#
        );
        Settings::parse(&json, Build::Release).unwrap().provider
    }

    #[test]
    fn it_says_so_of_its_own_provider_and_client_only() {
        let record = write(&provider("mine"));
        assert!(proves(&record, &provider("mine")));
        assert!(!proves(&record, &provider("other")));
        let expected = r#"{"version":1,"issuer":"https://a.example/","client_id":"mine"}"#;
        assert_eq!(record, expected);
    }

    #[test]
    fn what_cannot_be_read_says_nothing() {
        let newer = write(&provider("mine")).replace(":1,", ":2,");
        for text in ["", "{", "{}", "null", &newer] {
            assert!(!proves(text, &provider("mine")), "{text}");
        }
    }
}
