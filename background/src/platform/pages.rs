//! [`Pages`] by `runtime.sendMessage`, the toolbar badge and a notification.

use std::cell::RefCell;

use evertoken::message::{Broadcast, SessionState, SessionView};
use evertoken::platform::Pages;
use evertoken_webext::{action, i18n, notifications, runtime, tabs, windows};
use js_sys::Promise;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// The one notification: another with the same id takes its place.
pub const NOTIFICATION: &str = "evertoken.sign-in";

/// The options page, and its places.
const OPTIONS: &str = "options/options.html";
const SETUP: &str = "#check";
pub(crate) const WELCOME: &str = "#welcome";

const ICON: &str = "/icons/icon-128.png";

/// The extension's open pages.
#[derive(Debug, Default)]
pub struct ExtensionPages {
    /// `None` until this worker has set it: the badge outlives a worker.
    badge: RefCell<Option<String>>,
}

impl Pages for ExtensionPages {
    fn announce(&self, news: Broadcast) {
        let Broadcast::ViewChanged { view } = &news;
        let badge = badge(view);
        let before = self.badge.replace(Some(badge.clone()));
        let badge_changed = before.as_ref() != Some(&badge);
        let message = news.serialize(&Serializer::json_compatible());
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
        spawn_local(show_options(SETUP));
    }
}

/// Shows the options page at the place that `fragment` names: the page that is open already, or else a new one.
pub(crate) async fn show_options(fragment: &str) {
    let page = runtime::get_url(OPTIONS);
    let url = format!("{page}{fragment}");
    let open = runtime::tab_contexts().await.unwrap_or_default();
    let is_options = |url: &str| url.split('#').next() == Some(&page);
    // What the browser does not show the user finds behind the toolbar button.
    match open.into_iter().find(|context| is_options(&context.url)) {
        Some(context) => {
            // The same address once more would be a reload, and cost what the user is filling in.
            let elsewhere = (context.url != url).then_some(url.as_str());
            tabs::show(context.tab, elsewhere).await.ok();
            windows::focus(context.window).await.ok();
        }
        None => drop(tabs::create(&url).await),
    }
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
