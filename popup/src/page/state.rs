//! The popup's one state, and what changes it: the worker, the clock, the user. It knows no view: whoever starts it
//! draws what changed.

use std::cell::{Cell, RefCell};

use evertoken::message::{ActivityEntry, Broadcast, PageRequest, SessionView, WorkerReply};
use evertoken_pages::{clock, worker};
use gloo_timers::callback::{Interval, Timeout};
use wasm_bindgen_futures::spawn_local;

use super::restore_focus;
use crate::view::popup::Popup;
use crate::view::session_card::Action;

/// Between two looks at the clock: less than a second, so that the countdown never skips one (milliseconds).
const TICK: u32 = 250;
/// Between two questions to a worker that does not answer (milliseconds).
const ASK_AGAIN: u32 = 2000;

/// What changed.
pub(super) enum Change<'a> {
    /// The words of the session card.
    Card,
    /// The session, and perhaps its settings.
    Session {
        /// The settings may be others than before.
        other_settings: bool,
    },
    /// The user signed out here.
    SignedOut,
    /// The timeline, by these entries.
    Timeline(&'a [ActivityEntry]),
}

thread_local! {
    /// The page has one, for as long as it is open.
    static POPUP: RefCell<Popup> = RefCell::default();
    /// Draws what changed.
    static DRAW: Cell<fn(Change<'_>)> = const { Cell::new(|_| ()) };
}

/// Asks for the session and for what happened, and follows both. `draw` is called with every change.
pub(super) fn start(draw: fn(Change<'_>)) {
    DRAW.set(draw);
    draw(Change::Card);
    worker::on_broadcast(|news| match news {
        Broadcast::ViewChanged(view) => show_session(view),
        Broadcast::Happened(entries) => follow(entries),
    });
    Interval::new(TICK, refresh_card).forget();
    ask();
    spawn_local(ask_what_happened(0));
}

/// Reads the state.
pub(super) fn now<T>(read: impl FnOnce(&Popup) -> T) -> T {
    POPUP.with_borrow(read)
}

/// Has the worker carry out `action`.
pub(super) fn act(action: Action) {
    change(|popup| popup.await_worker(Some(action)));
    spawn_local(async move {
        let reply = worker::ask(match action {
            Action::SignIn => PageRequest::SignIn,
            Action::UseAnotherAccount => PageRequest::UseAnotherAccount,
            Action::Renew => PageRequest::Renew,
            Action::SignOut => PageRequest::SignOut,
        })
        .await;
        change(|popup| popup.await_worker(None));
        restore_focus(".actions button:enabled:not([hidden])");
        if action == Action::SignOut {
            draw(Change::SignedOut);
        }
        match reply {
            Some(WorkerReply::View(view)) => show_session(view),
            Some(WorkerReply::Refused(problem)) => change(|popup| popup.refuse(problem)),
            // The worker was stopped meanwhile; a new one knows how it ended.
            _ => ask(),
        }
    });
}

fn ask() {
    spawn_local(async {
        if let Some(WorkerReply::View(view)) = worker::ask(PageRequest::View).await {
            show_session(view);
        } else {
            change(Popup::fall_silent);
            Timeout::new(ASK_AGAIN, ask).forget();
        }
    });
}

fn show_session(view: SessionView) {
    let mut other_settings = false;
    change(|popup| other_settings = popup.show_session(view));
    draw(Change::Session { other_settings });
}

/// Adds what was broadcast; asks for what is missing before it, as a page that was not open yet has missed it.
fn follow(entries: Vec<ActivityEntry>) {
    let (gap, newest) = now(|popup| {
        let timeline = &popup.timeline;
        (timeline.misses_some_before(&entries), timeline.newest())
    });
    if gap {
        spawn_local(ask_what_happened(newest));
    }
    add(entries);
}

async fn ask_what_happened(after: u64) {
    let reply = worker::ask(PageRequest::Activity { after }).await;
    if let Some(WorkerReply::Activity(entries)) = reply {
        add(entries);
    }
}

fn add(entries: Vec<ActivityEntry>) {
    change(|popup| popup.timeline.add(entries.clone()));
    draw(Change::Timeline(&entries));
}

fn change(change: impl FnOnce(&mut Popup)) {
    POPUP.with_borrow_mut(change);
    refresh_card();
}

fn refresh_card() {
    if POPUP.with_borrow_mut(|popup| popup.refresh_card(clock::now())) {
        draw(Change::Card);
    }
}

fn draw(change: Change<'_>) {
    DRAW.get()(change);
}
