//! `chrome.declarativeNetRequest`: session rules, which last until the browser closes.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::data::to_js;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "declarativeNetRequest"], js_name = updateSessionRules, catch)]
    async fn update_session_rules_js(options: &JsValue) -> Result<JsValue, JsValue>;
}

/// A rule (`declarativeNetRequest.Rule`).
#[derive(Clone, Debug, Serialize)]
pub struct Rule {
    /// The id of the rule among the session rules; at least 1.
    pub id: u32,
    /// What Chrome does with a request that matches.
    pub action: RuleAction,
    /// Which requests match.
    pub condition: RuleCondition,
}

/// What Chrome does with a request (`RuleAction`).
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum RuleAction {
    /// Redirects the request.
    Redirect {
        /// The address to redirect to.
        redirect: Redirect,
    },
}

/// The address that a request is redirected to (`Redirect`).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Redirect {
    /// Replaces what [`RuleCondition::regex_filter`] matches; `\1` to `\9` are its groups.
    pub regex_substitution: String,
}

/// Which requests a rule matches (`RuleCondition`): those that satisfy every member.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleCondition {
    /// A regular expression (RE2) over the request's address without its fragment.
    pub regex_filter: String,
    /// The resource types of the requests, such as `sub_frame`.
    pub resource_types: Vec<&'static str>,
    /// The ids of the tabs that send the requests; -1 for requests outside tabs.
    pub tab_ids: Vec<i32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UpdateRuleOptions<'a> {
    remove_rule_ids: [u32; 1],
    add_rules: [&'a Rule; 1],
}

/// Adds a session rule, atomically replacing the one with the same id, if there is one.
///
/// # Errors
/// Chrome's own error.
pub async fn set_session_rule(rule: &Rule) -> Result<(), JsValue> {
    let options = to_js(&UpdateRuleOptions {
        remove_rule_ids: [rule.id],
        add_rules: [rule],
    })?;
    update_session_rules_js(&options).await.map(drop)
}
