//! [`Pages`] by `runtime.sendMessage`, the toolbar badge and a notification.

use std::cell::RefCell;

use evertoken::message::{Broadcast, SessionState, SessionView, wire};
use evertoken::platform::Pages;
use evertoken_webext::{action, i18n, notifications, runtime, tabs};
use js_sys::{JSON, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::term::Term;

/// The one notification: another with the same id takes its place.
pub const NOTIFICATION: &str = "evertoken.sign-in";

const ICON: &str = "/icons/icon-128.png";

/// The extension's open pages.
#[derive(Debug, Default)]
pub struct ExtensionPages {
    term: Term,
    /// `None` until this worker has set it: the badge outlives a worker.
    badge: RefCell<Option<String>>,
}

impl ExtensionPages {
    /// Pages that hear nothing any more when `term` has ended.
    #[must_use]
    pub fn within(term: Term) -> Self {
        Self {
            term,
            ..Self::default()
        }
    }
}

impl Pages for ExtensionPages {
    fn announce(&self, news: Broadcast) {
        if self.term.has_ended() {
            return;
        }
        let Broadcast::ViewChanged { view } = &news;
        let badge = badge(view);
        let before = self.badge.replace(Some(badge.clone()));
        let badge_changed = before.as_ref() != Some(&badge);
        let message = JSON::parse(&wire::write_broadcast(&news));
        spawn_local(async move {
            if let Ok(message) = message {
                // Fails when no page is open, and then there is nobody to tell.
                runtime::send_message(&message).await.ok();
            }
            if badge_changed {
                action::set_badge_text(&badge).await.ok();
            }
        });
    }

    fn call_user(&self) {
        let [title, message] =
            ["notification_title", "notification_message"].map(|key| i18n::message(key, &[]));
        settle(notifications::create(NOTIFICATION, &title, &message, ICON));
    }

    fn call_off(&self) {
        settle(notifications::clear(NOTIFICATION));
    }

    fn open_setup(&self) {
        open_options("#check");
    }
}

/// Shows the options page in a tab of its own, at this place of it.
pub(crate) fn open_options(place: &str) {
    let url = runtime::get_url(&["options/options.html", place].concat());
    settle(tabs::create(&url));
}

/// The number of calls that wait, or that the user is needed, or nothing.
fn badge(view: &SessionView) -> String {
    match view.waiting {
        0 if view.state == SessionState::SignInNeeded => "!".to_owned(),
        0 => String::new(),
        waiting => waiting.to_string(),
    }
}

/// A system that shows no notifications is no fault: badge and popup tell the same.
fn settle(work: Result<Promise, JsValue>) {
    if let Ok(work) = work {
        spawn_local(async move { drop(JsFuture::from(work).await) });
    }
}
