//! The popup's one state, and what changes it: the worker, the clock, the user.

use std::time::Duration;

use evertoken::message::{Broadcast, PageRequest, SessionView, WorkerReply};
use evertoken::platform::UnixTime;
use evertoken_pages::{clock, worker};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api_call::ApiCall;
use super::{focus, memory};
use crate::view::activity;
use crate::view::answer::{Account, answer, no_answer};
use crate::view::popup::{Popup, Tab};
use crate::view::session_card::Action;

/// Finer than a second, so that the countdown never skips one.
const TICK: Duration = Duration::from_millis(250);
/// Between two questions to a worker that does not answer.
const ASK_AGAIN: Duration = Duration::from_secs(2);

/// A handle to the popup's state.
#[derive(Clone, Copy)]
pub(super) struct State(RwSignal<Popup>);

impl State {
    /// Recalls the last request, asks for the session and follows its changes.
    pub(super) fn follow() -> Self {
        let state = Self(RwSignal::new(Popup::new(memory::recall())));
        worker::on_broadcast(move |Broadcast::ViewChanged { view }| state.tell(view));
        // Lives as long as the page.
        _ = set_interval_with_handle(move || state.tick(), TICK);
        state.ask();
        state
    }

    /// What `pick` picks, for the page to show.
    ///
    /// All texts of the page are closures of this one type, and all conditions of the type that
    /// [`Self::when`] makes: each further type would cost the wasm some kilobytes.
    pub(super) fn text(self, pick: fn(&Popup) -> &str) -> impl Fn() -> String + Copy + Send {
        move || self.0.with(|popup| pick(popup).to_owned())
    }

    /// Whether `test` holds, for the page to follow.
    pub(super) fn when(self, test: fn(&Popup) -> bool) -> impl Fn() -> bool + Copy + Send {
        move || self.0.with(test)
    }

    /// Whether this view is shown.
    pub(super) fn chosen(self, tab: Tab) -> bool {
        self.0.with(|popup| popup.tab == tab)
    }

    /// Shows this view.
    pub(super) fn show(self, tab: Tab) {
        self.0.update(|popup| popup.tab = tab);
    }

    /// The state as it is now; nothing follows its changes.
    pub(super) fn now<T>(self, read: impl FnOnce(&Popup) -> T) -> T {
        self.0.with_untracked(read)
    }

    /// Takes what the user typed into the request line, and keeps it for the next popup.
    pub(super) fn edit(self, change: impl FnOnce(&mut Popup)) {
        self.0.update(|popup| {
            change(popup);
            popup.fault = "";
        });
        self.now(|popup| memory::remember(&popup.draft));
    }

    /// Has the worker carry out `action`.
    pub(super) fn act(self, action: Action) {
        self.change(|popup| popup.await_worker(Some(action)));
        spawn_local(async move {
            let reply = worker::ask(match action {
                Action::SignIn => PageRequest::SignIn,
                Action::Renew => PageRequest::Renew,
                Action::SignOut => PageRequest::SignOut,
            })
            .await;
            self.change(|popup| popup.await_worker(None));
            focus::give_back(".actions button:enabled:not([hidden])");
            match reply {
                Some(WorkerReply::View { view }) => self.tell(view),
                Some(WorkerReply::Refused { problem }) => {
                    self.change(|popup| popup.refuse(problem))
                }
                // The worker was stopped meanwhile; a new one knows how it ended.
                _ => self.ask(),
            }
        });
    }

    /// Sends the call in the request line, unless one is under way.
    pub(super) fn send(self) {
        if self.now(|popup| popup.calling) {
            return;
        }
        let call = match ApiCall::new(self.now(|popup| popup.draft.clone())) {
            Ok(call) => call,
            Err(fault) => return self.0.update(|popup| popup.fault = fault),
        };
        self.0.update(|popup| popup.calling = true);
        spawn_local(async move {
            let since = clock::now();
            let outcome = call.send().await;
            let account = self.account(&call, since).await;
            let shown = match outcome {
                Ok(received) => answer(&received, &account),
                Err(milliseconds) => no_answer(milliseconds, &account),
            };
            self.0.update(|popup| {
                popup.answer = Some(shown);
                popup.calling = false;
            });
            focus::give_back(".request button");
        });
    }

    /// What the worker did for `call`, which was sent at `since`.
    async fn account(self, call: &ApiCall, since: UnixTime) -> Account {
        let url = call.bare_url();
        // A worker that was started anew counts from 1: then the second question finds the call.
        for after in [self.now(|popup| popup.newest_activity), 0] {
            let reply = worker::ask(PageRequest::Activity { after }).await;
            let Some(WorkerReply::Activity { entries }) = reply else {
                return Account::Unknown;
            };
            if let Some(last) = entries.last() {
                self.0
                    .update_untracked(|popup| popup.newest_activity = last.id);
            }
            if let Some(handling) = activity::handling(&entries, call.method(), &url, since) {
                return Account::Handled(handling);
            }
        }
        Account::NotHandled
    }

    fn ask(self) {
        spawn_local(async move {
            if let Some(WorkerReply::View { view }) = worker::ask(PageRequest::View).await {
                self.tell(view);
            } else {
                self.change(Popup::fall_silent);
                set_timeout(move || self.ask(), ASK_AGAIN);
            }
        });
    }

    fn tell(self, view: SessionView) {
        self.change(|popup| popup.tell(view));
    }

    fn change(self, change: impl FnOnce(&mut Popup)) {
        self.0.update_untracked(change);
        self.tick();
    }

    fn tick(self) {
        self.0
            .maybe_update(|popup| popup.refresh_card(clock::now()));
    }
}
