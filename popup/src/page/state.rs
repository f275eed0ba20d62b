//! The popup's one state, and what changes it: the worker, the clock, the user.

use std::cell::RefCell;

use evertoken::message::{Broadcast, PageRequest, SessionView, WorkerReply};
use evertoken_pages::{clock, worker};
use gloo_timers::callback::{Interval, Timeout};
use wasm_bindgen_futures::spawn_local;

use super::{activity_view, apis, console, focus, session_card};
use crate::view::popup::Popup;
use crate::view::session_card::Action;
use crate::view::timeline::LastCall;

/// Finer than a second, so that the countdown never skips one (milliseconds).
const TICK: u32 = 250;
/// Between two questions to a worker that does not answer (milliseconds).
const ASK_AGAIN: u32 = 2000;

thread_local! {
    /// The page has one, for as long as it is open.
    static POPUP: RefCell<Popup> = RefCell::default();
}

/// Asks for the session and follows its changes.
pub(super) fn start() {
    session_card::draw(&now(|popup| popup.card.clone()));
    worker::on_broadcast(|Broadcast::ViewChanged { view }| {
        tell(view);
        activity_view::refresh();
    });
    Interval::new(TICK, tick).forget();
    ask();
}

/// The state as it is now.
pub(super) fn now<T>(read: impl FnOnce(&Popup) -> T) -> T {
    POPUP.with_borrow(read)
}

/// Has the worker carry out `action`.
pub(super) fn act(action: Action) {
    change(|popup| popup.await_worker(Some(action)));
    spawn_local(async move {
        let reply = worker::ask(match action {
            Action::SignIn => PageRequest::SignIn,
            Action::Renew => PageRequest::Renew,
            Action::SignOut => PageRequest::SignOut,
        })
        .await;
        change(|popup| popup.await_worker(None));
        focus::give_back(".actions button:enabled:not([hidden])");
        if action == Action::SignOut {
            console::forget_answer();
        }
        match reply {
            Some(WorkerReply::View { view }) => tell(view),
            Some(WorkerReply::Refused { problem }) => change(|popup| popup.refuse(problem)),
            // The worker was stopped meanwhile; a new one knows how it ended.
            _ => ask(),
        }
    });
}

/// The last call is another one, or none.
pub(super) fn tell_last_call(last_call: Option<LastCall>) {
    change(|popup| popup.last_call = last_call);
}

fn ask() {
    spawn_local(async {
        if let Some(WorkerReply::View { view }) = worker::ask(PageRequest::View).await {
            tell(view);
        } else {
            change(Popup::fall_silent);
            Timeout::new(ASK_AGAIN, ask).forget();
        }
    });
}

fn tell(view: SessionView) {
    let mut other_settings = false;
    change(|popup| other_settings = popup.tell(view));
    console::follow_session();
    if other_settings || !apis::are_known() {
        spawn_local(apis::learn());
    }
}

fn change(change: impl FnOnce(&mut Popup)) {
    POPUP.with_borrow_mut(change);
    tick();
}

fn tick() {
    let changed = POPUP.with_borrow_mut(|popup| popup.refresh_card(clock::now()));
    if changed {
        session_card::draw(&now(|popup| popup.card.clone()));
    }
}
