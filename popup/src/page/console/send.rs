//! Sending, and what becomes of it.

use evertoken::message::{PageRequest, WorkerReply};
use evertoken::platform::UnixTime;
use evertoken_pages::text::text;
use evertoken_pages::{clock, worker};
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use web_sys::Url;

use super::{CALL, answer_card, change, lists, read, request_card};
use crate::page::api_call::{ApiCall, NoAnswer};
use crate::page::{memory, state};
use crate::view::answer::{Account, Answer, Received, answer, cancelled, no_answer};
use crate::view::handling::handling;
use crate::view::history::{self, Outcome};
use crate::view::popup::Popup;
use crate::view::request::fault;

/// Between two questions to the worker how an earlier popup's call ended (milliseconds).
const ASK_AGAIN: u32 = 2000;

/// Sends the call in the request line, unless one is under way.
pub(super) fn send() {
    if read(|console| console.calling) {
        return;
    }
    let draft = read(|console| console.draft.clone());
    let url = Url::new(draft.url.trim()).ok();
    let fault = fault(&draft).or_else(|| url.is_none().then(|| text("console_fault_url")));
    change(|console| console.fault = fault.clone().unwrap_or_default());
    let (None, Some(url)) = (fault, url) else {
        return request_card::draw();
    };
    let Some(call) = ApiCall::new(draft, url.href()) else {
        return;
    };
    let bare_url = [url.origin(), url.pathname()].concat();
    let owner = state::now(Popup::who);
    let since = clock::now();
    lists::change_history(|all| history::push(all, since, call.draft(), bare_url.clone()));
    CALL.set(Some(call.clone()));
    set_calling(true);
    spawn_local(async move {
        let outcome = call.send().await;
        let account = account(&call, &bare_url, since).await;
        let (mut shown, ended) = understand(outcome, &account);
        shown.owner = owner;
        lists::change_history(|all| history::settle(all, since, ended));
        change(|console| console.answer = Some(shown.clone()));
        CALL.set(None);
        set_calling(false);
        memory::keep_answer(&shown, &text("console_body_not_kept")).await;
        // Another may have signed in meanwhile.
        super::follow_session();
    });
}

/// Gives up the call that is under way.
pub(super) fn cancel() {
    CALL.with_borrow(|call| {
        if let Some(call) = call {
            call.cancel();
        }
    });
}

/// Finds out how the calls of earlier popups ended.
pub(super) fn tie_up() {
    if !read(|console| history::has_open_ends(&console.history)) {
        return;
    }
    spawn_local(async {
        let reply = worker::ask(PageRequest::Activity { after: 0 }).await;
        let entries = match reply {
            Some(WorkerReply::Activity { entries }) => entries,
            _ => Vec::new(),
        };
        lists::change_history(|all| history::tie_up(all, &entries, clock::now()));
        Timeout::new(ASK_AGAIN, tie_up).forget();
    });
}

fn set_calling(calling: bool) {
    change(|console| console.calling = calling);
    request_card::draw();
    answer_card::draw();
}

fn understand(outcome: Result<Received, NoAnswer>, account: &Account) -> (Answer, Outcome) {
    match outcome {
        Ok(received) => {
            let ended = Outcome::Answered {
                status: received.status,
                milliseconds: received.milliseconds,
            };
            (answer(received, account), ended)
        }
        Err(none) if none.cancelled => (cancelled(none.milliseconds), Outcome::Cancelled),
        Err(none) => (no_answer(none.milliseconds, account), Outcome::Failed),
    }
}

/// What the worker did for `call`, which was sent at `since`.
async fn account(call: &ApiCall, bare_url: &str, since: UnixTime) -> Account {
    // A worker that was started anew counts from 1: then the second question finds the call.
    for after in [read(|console| console.newest_activity), 0] {
        let reply = worker::ask(PageRequest::Activity { after }).await;
        let Some(WorkerReply::Activity { entries }) = reply else {
            return Account::Unknown;
        };
        if let Some(last) = entries.last() {
            change(|console| console.newest_activity = last.id);
        }
        if let Some(done) = handling(&entries, &call.draft().method, bare_url, since) {
            return Account::Handled(done);
        }
    }
    match call.draft().header("authorization") {
        Some(_) => Account::OwnToken,
        None => Account::NotHandled,
    }
}
