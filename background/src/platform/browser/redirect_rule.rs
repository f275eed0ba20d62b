//! The declarativeNetRequest rule that ends a silent authorization at the packaged callback page.

use std::cell::Cell;

use evertoken_webext::declarative_net_request::{
    Redirect, Rule, RuleAction, RuleCondition, set_session_rule,
};
use evertoken_webext::{identity, runtime};
use wasm_bindgen::prelude::*;

use super::CALLBACK;

/// Whether this worker has set the rule. A session rule outlives the worker, so a new one sets it again.
#[derive(Debug, Default)]
pub(super) struct RedirectRule(Cell<bool>);

impl RedirectRule {
    /// Sets the rule, unless this worker has done so.
    ///
    /// # Errors
    /// Chrome's own error.
    pub(super) async fn ensure(&self) -> Result<(), JsValue> {
        if !self.0.get() {
            set_session_rule(&rule()).await?;
            self.0.set(true);
        }
        Ok(())
    }
}

/// Redirects the redirect URI to the packaged callback page, with its query and fragment: only in frames, and only
/// outside tabs, where the offscreen document is alone.
fn rule() -> Rule {
    let host = identity::get_redirect_url().replace('.', r"\.");
    Rule {
        id: 1,
        action: RuleAction::Redirect {
            redirect: Redirect {
                regex_substitution: format!(r"{}\1", runtime::get_url(CALLBACK)),
            },
        },
        condition: RuleCondition {
            regex_filter: format!("^{host}([^#]*)"),
            resource_types: vec!["sub_frame"],
            tab_ids: vec![-1],
        },
    }
}
