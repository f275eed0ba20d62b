//! What the page asks of the browser and of the worker.

use evertoken::message::{PageRequest, WorkerReply};
use evertoken_pages::notice::worker_silent;
use evertoken_pages::worker;
use evertoken_webext::{commands, permissions, storage, tabs};
use js_sys::{Array, JsString};
use leptos::prelude::{document, window};
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlAnchorElement, Response, Url};

use super::state::State;
use crate::view::bar::Done;
use crate::view::hosts::Host;

/// Where the worker finds the user's settings.
const SAVED: &str = "evertoken.settings";

/// The command that opens the popup.
const OPEN: &str = "_execute_action";

const SHORTCUTS: &str = "chrome://extensions/shortcuts";

/// Asks for the hosts that are missing, saves, has the worker take the settings up, and goes on with `then`. To be called in the click:
/// Chrome asks for no permission later.
pub(super) fn save(state: State, then: fn()) {
    let asked = request(state);
    let json = state.now(|page| page.form.to_save());
    state.update(|page| page.done = Done::Saving);
    spawn_local(async move {
        // Saved also when the user says no: what does not work then is told beside the button.
        asked.await;
        let stored = storage::local().set_text(SAVED, &json).await;
        let done = match stored {
            Ok(()) => Done::Saved,
            Err(_) => Done::NotSaved,
        };
        let saved = done == Done::Saved;
        state.update(|page| {
            if saved {
                page.settle();
            }
            page.done = done;
        });
        state.remember();
        state.hosts_changed();
        tell(state, worker::ask(PageRequest::Configure).await);
        if saved {
            then();
        }
    });
}

/// Asks once more for the hosts that are missing.
pub(super) fn ask_again(state: State) {
    let asked = request(state);
    spawn_local(async move {
        asked.await;
        state.hosts_changed();
    });
}

fn request(state: State) -> impl Future<Output = bool> + use<> {
    let missing = state.now(|page| page.missing());
    let origins: Vec<String> = missing.iter().map(Host::origin).collect();
    // Nothing is asked where nothing is missing.
    let asked = (!origins.is_empty()).then(|| permissions::request_origins(origins));
    async move {
        match asked {
            Some(asked) => asked.await.unwrap_or(false),
            None => true,
        }
    }
}

/// Asks for one host, in the click; whether it is granted.
pub(super) fn request_host(host: &str) -> impl Future<Output = bool> + use<> {
    let asked = permissions::request_origins(vec![["https://", host].concat()]);
    async move { asked.await.unwrap_or(false) }
}

/// Whether the extension may talk to `origin`.
pub(super) async fn is_permitted(origin: &str) -> bool {
    let asked = permissions::contains_origins(vec![origin.to_owned()]);
    asked.await.unwrap_or(false)
}

/// Asks the worker for the session.
pub(super) fn ask_session(state: State) {
    spawn_local(async move { tell(state, worker::ask(PageRequest::View).await) });
}

/// Asks a worker once more that did not answer. It may not have heard of the settings either.
pub(super) fn ask_worker_again(state: State) {
    ask(state, Done::Asking, PageRequest::Configure);
}

/// Renews.
pub(super) fn renew(state: State) {
    ask(state, Done::Asking, PageRequest::Renew);
}

/// Opens the provider's page.
pub(super) fn sign_in(state: State) {
    ask(state, Done::SigningIn, PageRequest::SignIn);
}

fn ask(state: State, meanwhile: Done, request: PageRequest) {
    state.update(|page| page.done = meanwhile);
    spawn_local(async move {
        let reply = worker::ask(request).await;
        state.update(|page| page.done = Done::Nothing);
        tell(state, reply);
    });
}

fn tell(state: State, reply: Option<WorkerReply>) {
    let problem = match reply {
        Some(WorkerReply::View { view }) => return state.tell(view),
        Some(WorkerReply::Refused { problem }) => problem,
        _ => worker_silent(),
    };
    state.update(|page| page.done = Done::Failed(problem));
}

/// A GET of the first API, as any page would send it.
pub(super) fn test_call(state: State) {
    let url = state.now(|page| page.form.draft().text("apis[0].url"));
    state.update(|page| page.done = Done::Calling);
    spawn_local(async move {
        let answer = JsFuture::from(window().fetch_with_str(&url)).await;
        let answer = answer.and_then(JsCast::dyn_into::<Response>);
        state.update(|page| {
            page.done = match answer {
                Ok(response) => Done::Answered(response.status()),
                Err(_) => Done::NotAnswered,
            }
        });
    });
}

/// Asks for the keys that open the popup.
pub(super) fn ask_shortcut(state: State) {
    spawn_local(async move {
        if let Ok(keys) = commands::shortcut(OPEN).await {
            state.update(|page| page.shortcut = keys);
        }
    });
}

/// Opens the browser's page of shortcuts, which no link may lead to.
pub(super) fn open_shortcuts() {
    // Without the tab there is nothing to tell: the keys stay as they are.
    spawn_local(async { drop(tabs::create(SHORTCUTS).await) });
}

/// Puts `text` on the clipboard; whether it is there.
pub(super) async fn copy(text: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// Has the browser keep `json` as a file.
pub(super) fn download(json: &str) -> Result<(), JsValue> {
    let blob = Blob::new_with_str_sequence(&Array::of1(&JsString::from(json)))?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download("evertoken-settings.json");
    link.click();
    Url::revoke_object_url(&address)
}
