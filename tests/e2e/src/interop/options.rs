//! The options of a stage with third-party servers.

use anyhow::Result;
use evertoken::settings::Flow;
use serde_json::{Value, json};

use super::Servers;

/// The options of a stage with third-party servers.
#[derive(Clone, Debug)]
pub struct Options {
    /// The API: `express`, `koa` and `jose` take id_tokens, `dpop` takes access tokens, bound or not.
    pub api: &'static str,
    /// Merged member by member into the stage's own settings, which are the code flow and the renewal method `offscreen`
    /// only.
    pub settings: Value,
    /// The servers' `--options`; `tests/interop/README.md` describes them.
    pub servers: Value,
    /// The redirect URI that is registered in place of the extension's own.
    pub redirect_uri: Option<&'static str>,
    /// The lifetime of tokens in seconds.
    pub token_ttl_s: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            api: "express",
            settings: json!({}),
            servers: json!({}),
            redirect_uri: None,
            token_ttl_s: 3600,
        }
    }
}

impl Options {
    /// This flow and this API, with defaults for everything else.
    #[must_use]
    pub fn new(flow: Flow, api: &'static str) -> Self {
        let flow = match flow {
            Flow::Code => "code",
            Flow::Implicit => "implicit",
        };
        Self {
            api,
            settings: json!({ "provider": { "flow": flow } }),
            ..Self::default()
        }
    }

    /// The extension's settings for these servers.
    pub(super) fn settings_for(&self, servers: &Servers) -> Result<Value> {
        let token = match self.api {
            "dpop" => "access_token",
            _ => "id_token",
        };
        let mut settings = json!({
            "provider": {
                "issuer": servers.said("issuer")?,
                "client_id": servers.said("client_id")?,
                "renewal": ["offscreen"],
            },
            "apis": [{ "url": servers.said(self.api)?, "token": token }],
        });
        lay_over(&mut settings, &self.settings);
        Ok(settings)
    }
}

/// Merges objects member by member; any other value replaces the old one.
fn lay_over(below: &mut Value, above: &Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (name, value) in above {
                lay_over(below.entry(name).or_insert(Value::Null), value);
            }
        }
        (below, above) => *below = above.clone(),
    }
}
