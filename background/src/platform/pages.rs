//! [`Pages`] by `runtime.sendMessage` and the toolbar badge.

use std::cell::Cell;

use evertoken::message::{Broadcast, SessionState, wire};
use evertoken::platform::Pages;
use evertoken_webext::{action, runtime};
use js_sys::JSON;
use wasm_bindgen_futures::spawn_local;

/// The extension's open pages.
#[derive(Debug, Default)]
pub struct ExtensionPages {
    /// `None` until this worker has set it: the badge outlives a worker.
    badge: Cell<Option<&'static str>>,
}

impl Pages for ExtensionPages {
    fn announce(&self, news: Broadcast) {
        let Broadcast::ViewChanged { view } = &news;
        let badge = if view.state == SessionState::SignInNeeded {
            "!"
        } else {
            ""
        };
        let badge_changed = self.badge.replace(Some(badge)) != Some(badge);
        let message = JSON::parse(&wire::write_broadcast(&news));
        spawn_local(async move {
            if let Ok(message) = message {
                // Fails when no page is open, and then there is nobody to tell.
                runtime::send_message(&message).await.ok();
            }
            if badge_changed {
                action::set_badge_text(badge).await.ok();
            }
        });
    }
}
