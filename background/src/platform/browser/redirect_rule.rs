//! The declarativeNetRequest rule that ends a silent authorization at the packaged callback page.

use std::cell::Cell;

use evertoken_webext::{declarative_net_request, identity, runtime};
use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::CALLBACK;
use crate::platform::object;

/// Whether this worker has set the rule. A session rule outlives the worker, so a new one sets it again.
#[derive(Debug, Default)]
pub(super) struct RedirectRule(Cell<bool>);

impl RedirectRule {
    pub(super) async fn ensure(&self) -> Result<(), JsValue> {
        if !self.0.get() {
            declarative_net_request::update_session_rules(&update()).await?;
            self.0.set(true);
        }
        Ok(())
    }
}

/// Sends the redirect URI to the packaged callback page, query and fragment with it: only in frames,
/// and only outside tabs, where nothing but the offscreen document is.
fn update() -> JsValue {
    let host = identity::get_redirect_url().replace('.', r"\.");
    let substitution = format!(r"{}\1", runtime::get_url(CALLBACK));
    let redirect = object([("regexSubstitution", substitution.into())]);
    let rule = object([
        ("id", 1.into()),
        (
            "action",
            object([("type", "redirect".into()), ("redirect", redirect.into())]).into(),
        ),
        (
            "condition",
            object([
                ("regexFilter", format!("^{host}([^#]*)").into()),
                ("resourceTypes", Array::of1(&"sub_frame".into()).into()),
                ("tabIds", Array::of1(&(-1).into()).into()),
            ])
            .into(),
        ),
    ]);
    object([
        ("removeRuleIds", Array::of1(&1.into()).into()),
        ("addRules", Array::of1(&rule).into()),
    ])
    .into()
}
