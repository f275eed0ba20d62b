//! Sending a call, and what becomes of it.

use evertoken::message::{PageRequest, WorkerReply};
use evertoken_pages::http::Canceller;
use evertoken_pages::{clock, worker};
use wasm_bindgen_futures::spawn_local;

use super::check::{fault, place};
use super::{CALL, answer_card, change, lists, read, request_card};
use crate::page::api_call::ApiCall;
use crate::page::{memory, state};
use crate::view::answer::WorkerPart;
use crate::view::history;
use crate::view::popup::Popup;

/// Sends the call in the request line, unless one is under way.
pub(super) fn send() {
    if read(|console| console.calling.is_some()) {
        return;
    }
    let draft = read(|console| console.draft.clone());
    let fault = fault(&draft).unwrap_or_default();
    change(|console| console.fault = fault);
    request_card::draw();
    if read(|console| !console.fault.is_empty()) {
        return;
    }
    let Some(call) = ApiCall::new(draft) else {
        return;
    };
    let owner = state::now(Popup::user);
    let at = clock::now();
    lists::change_history(|all| history::push(all, at, &call.draft, &call.mark));
    CALL.set(Some(call.canceller.clone()));
    set_calling(Some(&call.mark));
    spawn_local(async move {
        let mut answer = call.send().await;
        answer.owner = owner;
        if !answer.cancelled {
            answer.worker = workers_part(&call).await;
        }
        lists::change_history(|all| history::settle(all, &call.mark, &answer));
        change(|console| console.answer = Some(answer.clone()));
        CALL.set(None);
        set_calling(None);
        memory::keep_answer(&answer).await;
        // Another user may have signed in meanwhile.
        super::follow_session();
    });
}

/// Gives up the call that is under way.
pub(super) fn cancel() {
    CALL.with_borrow(|call| call.as_ref().map(Canceller::cancel));
}

fn set_calling(mark: Option<&str>) {
    change(|console| console.calling = mark.map(str::to_owned));
    request_card::draw();
    answer_card::draw();
}

/// What the worker did for `call`, which has ended: its report was there before the answer came.
async fn workers_part(call: &ApiCall) -> WorkerPart {
    if call.draft.header("authorization").is_some() {
        return WorkerPart::OwnToken;
    }
    let mark = call.mark.clone();
    let reply = worker::ask(PageRequest::Report { mark }).await;
    let place = place(call.draft.url.trim());
    let is_on_list = place.and_then(|place| read(|console| console.covers(&place)));
    match (reply, is_on_list) {
        (Some(WorkerReply::Report(Some(report))), _) => WorkerPart::Carried(Box::new(report)),
        (_, Some(false)) => WorkerPart::NotOnList,
        _ => WorkerPart::Unknown,
    }
}
