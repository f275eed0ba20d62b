//! The record that a sign-in has worked with a provider and a client. It names no user, and holds nothing secret.

use serde_json::Value;

use super::{Owner, members, to_value};
use crate::settings::Provider;

/// The version of the record's shape.
const VERSION: u32 = 1;

/// The record for this provider and client.
pub(in crate::session) fn write(provider: &Provider) -> Value {
    to_value(&Owner::new(VERSION, provider))
}

/// Whether the record says so of this provider and client. One that cannot be read says nothing.
pub(in crate::session) fn proves(record: Value, provider: &Provider) -> bool {
    let owner = members(record).as_ref().and_then(Owner::of);
    owner == Some(Owner::new(VERSION, provider))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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
        assert!(proves(record.clone(), &provider("mine")));
        assert!(!proves(record.clone(), &provider("other")));
        let expected = json!({"version": 1, "issuer": "https://a.example/", "client_id": "mine"});
        assert_eq!(record, expected);
        // As earlier versions stored it.
        assert!(proves(record.to_string().into(), &provider("mine")));
    }

    #[test]
    fn what_cannot_be_read_says_nothing() {
        let mut newer = write(&provider("mine"));
        newer["version"] = 2.into();
        let others = [json!(""), json!("{"), json!("{}"), json!({}), json!(null)];
        for record in others.into_iter().chain([newer]) {
            let text = record.to_string();
            assert!(!proves(record, &provider("mine")), "{text}");
        }
    }
}
