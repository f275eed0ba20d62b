//! What the page requests from the browser and from the worker.

use evertoken::message::{PageRequest, WorkerReply};
use evertoken_pages::dom::{document, window};
use evertoken_pages::http::Request;
use evertoken_pages::notice::worker_silent;
use evertoken_pages::{permission, worker};
use evertoken_webext::{commands, storage, tabs};
use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, HtmlAnchorElement, Url};

use super::state::State;
use crate::view::hosts::Host;
use crate::view::page::Page;
use crate::view::save_bar::LastAction;

/// The key in the local storage area where the worker finds the user's settings.
const SAVED: &str = "evertoken.settings";

/// Chrome's name for the command that opens the popup.
const OPEN: &str = "_execute_action";

const SHORTCUTS: &str = "chrome://extensions/shortcuts";

/// Asks the user for the hosts that are missing, saves, has the worker read the settings, and goes on with `then`. To be
/// called while a click is handled: Chrome shows no question later.
pub(super) fn save(state: State, then: fn()) {
    let answered = request_missing(state);
    let json = state.now(|page| page.form.to_save());
    state.update(|page| page.last_action = LastAction::Saving);
    spawn_local(async move {
        // Saved also when the user says no: the bar says what does not work then.
        answered.await;
        let stored = storage::local().set_text(SAVED, &json).await.is_ok();
        state.update(|page| match stored {
            true => {
                page.mark_saved();
                page.last_action = LastAction::Saved;
            }
            false => page.last_action = LastAction::NotSaved,
        });
        state.keep_unsaved();
        state.hosts_changed();
        take_reply(state, worker::ask(PageRequest::Configure).await);
        if stored {
            then();
        }
    });
}

/// Asks the user once more for the hosts that are missing. To be called while a click is handled.
pub(super) fn ask_for_hosts(state: State) {
    let answered = request_missing(state);
    spawn_local(async move {
        answered.await;
        state.hosts_changed();
    });
}

fn request_missing(state: State) -> impl Future<Output = bool> + use<> {
    let missing = state.now(Page::missing_hosts);
    permission::request(missing.iter().map(Host::origin).collect())
}

/// Asks the worker for the session.
pub(super) fn ask_session(state: State) {
    spawn_local(async move { take_reply(state, worker::ask(PageRequest::View).await) });
}

/// Asks a worker again that did not answer. It may not have read the settings either, so it is asked to do that.
pub(super) fn ask_worker_again(state: State) {
    ask(state, LastAction::Asking, PageRequest::Configure);
}

/// Has the worker renew the session.
pub(super) fn renew(state: State) {
    ask(state, LastAction::Asking, PageRequest::Renew);
}

/// Has the worker open the provider's sign-in page.
pub(super) fn sign_in(state: State) {
    ask(state, LastAction::SigningIn, PageRequest::SignIn);
}

fn ask(state: State, meanwhile: LastAction, request: PageRequest) {
    state.update(|page| page.last_action = meanwhile);
    spawn_local(async move {
        let reply = worker::ask(request).await;
        state.update(|page| page.last_action = LastAction::Nothing);
        take_reply(state, reply);
    });
}

fn take_reply(state: State, reply: Option<WorkerReply>) {
    let problem = match reply {
        Some(WorkerReply::View(view)) => return state.session_changed(view),
        Some(WorkerReply::Refused(problem)) => problem,
        _ => worker_silent(),
    };
    state.update(|page| page.last_action = LastAction::Failed(problem));
}

/// A GET of the first API, as any page would send it.
pub(super) fn test_call(state: State) {
    let url = state.now(|page| page.form.draft().text("apis[0].url"));
    state.update(|page| page.last_action = LastAction::Calling);
    spawn_local(async move {
        let answer = Request::new("GET", &url).send().await;
        state.update(|page| {
            page.last_action = match answer {
                Ok(response) => LastAction::Answered(response.status()),
                Err(_) => LastAction::NotAnswered,
            }
        });
    });
}

/// Asks the browser for the keyboard shortcut that opens the popup.
pub(super) fn ask_shortcut(state: State) {
    spawn_local(async move {
        if let Ok(keys) = commands::shortcut(OPEN).await {
            state.update(|page| page.shortcut = keys);
        }
    });
}

/// Opens the browser's page of shortcuts, which no link may lead to.
pub(super) fn open_shortcuts() {
    // Where the tab cannot be opened, the shortcut stays as it is.
    spawn_local(async { drop(tabs::create(SHORTCUTS).await) });
}

/// Copies `text` to the clipboard; false where the browser refuses.
pub(super) async fn copy(text: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// Has the browser save `json` as a file.
pub(super) fn download(json: &str) -> Result<(), JsValue> {
    let blob = Blob::new_with_str_sequence(&Array::of1(&JsString::from(json)))?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download("evertoken-settings.json");
    link.click();
    Url::revoke_object_url(&address)
}
