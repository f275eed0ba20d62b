//! [`Pages`] by `runtime.sendMessage`, the toolbar badge and a notification.

use std::cell::RefCell;

use evertoken::message::{Broadcast, SessionState, SessionView};
use evertoken::platform::Pages;
use evertoken::session_id::SessionId;
use evertoken_webext::runtime::{ContextFilter, ContextType};
use evertoken_webext::{action, i18n, notifications, runtime, tabs, windows};
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// The id of the default session's notification: a new one replaces it.
pub const NOTIFICATION: &str = "evertoken.sign-in";

/// The options page, and the fragments that name its parts.
const OPTIONS: &str = "options/options.html";
const SETUP: &str = "#check";
const WELCOME: &str = "#welcome";

const ICON: &str = "/icons/icon-128.png";

/// The extension's open pages.
#[derive(Debug, Default)]
pub struct ExtensionPages {
    session: SessionId,
    /// The badge's text. `None` until this worker has set it: the badge outlives a worker.
    badge: RefCell<Option<String>>,
}

impl ExtensionPages {
    /// The pages, as this session tells them.
    #[must_use]
    pub fn of(session: SessionId) -> Self {
        Self {
            session,
            ..Self::default()
        }
    }

    /// The badge for `view`, where the browser shows another one.
    fn other_badge(&self, view: &SessionView) -> Option<String> {
        let badge = badge(view);
        let shown = self.badge.replace(Some(badge.clone()));
        (shown.as_ref() != Some(&badge)).then_some(badge)
    }
}

impl Pages for ExtensionPages {
    fn announce(&self, news: Broadcast) {
        let badge = match &news {
            Broadcast::ViewChanged(view) => self.other_badge(view),
            Broadcast::Happened(_) => None,
        };
        spawn_local(async move {
            // It fails when no page is open.
            runtime::send_message(&news).await.ok();
            if let Some(badge) = badge {
                action::set_badge_text(&badge).await.ok();
            }
        });
    }

    fn call_user(&self) {
        let [title, message] =
            ["notification_title", "notification_message"].map(|key| i18n::message(key, &[]));
        let notification = self.session.key(NOTIFICATION);
        settle(notifications::create(&notification, &title, &message, ICON));
    }

    fn call_off(&self) {
        settle(notifications::clear(&self.session.key(NOTIFICATION)));
    }

    fn open_setup(&self) {
        spawn_local(show_options(SETUP));
    }
}

/// Opens the options page for who has just installed the extension, or shows the one that is open.
pub async fn welcome() {
    let page = runtime::get_url(OPTIONS);
    match open_options(&page).await {
        // It stays where it is: going to another fragment takes the focus from the field that is being filled in.
        Some(open) => open.show(None).await,
        None => drop(tabs::create(&format!("{page}{WELCOME}")).await),
    }
}

/// Shows the part of the options page that `fragment` names, in the tab that has the page already or in a new one.
async fn show_options(fragment: &str) {
    let page = runtime::get_url(OPTIONS);
    let url = format!("{page}{fragment}");
    match open_options(&page).await {
        // To load the same address again would lose what the user is filling in.
        Some(open) if open.url == url => open.show(None).await,
        Some(open) => open.show(Some(&url)).await,
        None => drop(tabs::create(&url).await),
    }
}

/// A tab with the options page.
struct OpenOptions {
    url: String,
    tab: i32,
    window: i32,
}

impl OpenOptions {
    /// Shows the tab, at `url` where one is given. Errors are ignored: the user still reaches the page from the
    /// toolbar button.
    async fn show(&self, url: Option<&str>) {
        tabs::show(self.tab, url).await.ok();
        windows::focus(self.window).await.ok();
    }
}

/// The tab that shows `page`, at whatever fragment.
async fn open_options(page: &str) -> Option<OpenOptions> {
    let in_tabs = ContextFilter {
        context_types: &[ContextType::Tab],
        document_urls: None,
    };
    let open = runtime::contexts(in_tabs).await.unwrap_or_default();
    open.into_iter().find_map(|context| {
        let url = context.document_url?;
        (url.split('#').next() == Some(page)).then_some(OpenOptions {
            url,
            tab: context.tab_id,
            window: context.window_id,
        })
    })
}

/// The badge's text: the number of calls that wait, `!` when the user has to sign in, or nothing.
fn badge(view: &SessionView) -> String {
    match view.waiting {
        0 if view.state == SessionState::SignInNeeded => "!".to_owned(),
        0 => String::new(),
        waiting => waiting.to_string(),
    }
}

/// Waits for Chrome's answer and ignores an error: where the system shows no notifications, badge and popup tell the
/// same.
fn settle(work: Result<Promise, JsValue>) {
    if let Ok(work) = work {
        spawn_local(async move { drop(JsFuture::from(work).await) });
    }
}
