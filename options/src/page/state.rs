//! The page's one state, and what changes it: the user, the worker, the browser.

use std::sync::Arc;

use evertoken::message::{Broadcast, SessionView};
use evertoken::settings::draft::Draft;
use evertoken_pages::text::text;
use evertoken_pages::worker;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{browser, look_up, memory};
use crate::view::bar::Done;
use crate::view::form::Form;
use crate::view::page::Page;

/// A handle to the page's state.
#[derive(Clone, Copy)]
pub(super) struct State(RwSignal<Page>);

impl State {
    /// Begins with `page` and the changes that were not saved, and follows the session.
    pub(super) fn follow(mut page: Page, kept: Option<String>) -> Self {
        let kept = kept.filter(|_| !page.form.built_in);
        if kept.is_some_and(|json| page.form.import(&json).is_ok()) && page.form.is_changed() {
            page.done = Done::Restored;
        }
        let state = Self(RwSignal::new(page));
        worker::on_broadcast(move |Broadcast::ViewChanged { view }| state.tell(view));
        browser::ask_session(state);
        browser::ask_shortcut(state);
        state.hosts_changed();
        look_up::start(state);
        state
    }

    /// The page as it is now; nothing follows its changes.
    pub(super) fn now<T>(self, read: impl FnOnce(&Page) -> T) -> T {
        self.0.with_untracked(read)
    }

    /// What `pick` makes of the page, for the page to show. All texts are closures of this one type.
    pub(super) fn text(self, pick: fn(&Page) -> String) -> impl Fn() -> String + Copy + Send {
        move || self.0.with(pick)
    }

    /// Whether `test` holds, for the page to follow.
    pub(super) fn when(self, test: fn(&Page) -> bool) -> impl Fn() -> bool + Copy + Send {
        move || self.0.with(test)
    }

    /// What `pick` makes of the form for the field at `path`.
    pub(super) fn text_at(
        self,
        path: &Arc<str>,
        pick: fn(&Form, &str) -> String,
    ) -> impl Fn() -> String + Clone + Send + use<> {
        let path = Arc::clone(path);
        move || self.0.with(|page| pick(&page.form, &path))
    }

    /// Whether `test` holds of the form for the field at `path`.
    pub(super) fn when_at(
        self,
        path: &Arc<str>,
        test: fn(&Form, &str) -> bool,
    ) -> impl Fn() -> bool + Clone + Send + use<> {
        let path = Arc::clone(path);
        move || self.0.with(|page| test(&page.form, &path))
    }

    /// Something that is drawn anew when `key` changes.
    pub(super) fn drawn<K: PartialEq + Clone + Send + Sync + 'static>(
        self,
        key: fn(&Page) -> K,
        draw: fn(Self, K) -> AnyView,
    ) -> impl Fn() -> AnyView + Send {
        let memo = Memo::new(move |_| self.0.with(key));
        move || draw(self, memo.get())
    }

    /// Changes what is no part of the form.
    pub(super) fn update(self, change: impl FnOnce(&mut Page)) {
        self.0.update(change);
    }

    /// A field changes the draft.
    pub(super) fn edit(self, change: impl FnOnce(&mut Draft)) {
        self.edit_form(|form| form.edit(change));
    }

    /// Something else than a field changes the form.
    pub(super) fn edit_form(self, change: impl FnOnce(&mut Form)) {
        self.change(|page| {
            change(&mut page.form);
            page.changed();
        });
    }

    /// What the button beside the address `index` says.
    pub(super) fn copy_label(self, index: usize) -> impl Fn() -> String + Copy + Send {
        move || match self.0.with(|page| page.copied == Some(index)) {
            true => text("options_copied"),
            false => text("options_copy_short"),
        }
    }

    /// Something changes the page, and the form with it.
    pub(super) fn change(self, change: impl FnOnce(&mut Page)) {
        let asked = |page: &Page| look_up::question(page.form.draft());
        let before = self.now(|page| (page.hosts(), asked(page)));
        self.0.update(change);
        let after = self.now(|page| (page.hosts(), asked(page)));
        if before.0 != after.0 {
            self.hosts_changed();
        }
        if before.1 != after.1 {
            look_up::start(self);
        }
        self.remember();
    }

    /// Keeps what is not saved yet.
    pub(super) fn remember(self) {
        let kept = self.now(|page| page.form.is_changed().then(|| page.form.keep()));
        spawn_local(async move { memory::remember(kept).await });
    }

    /// Asks the browser which hosts are permitted.
    pub(super) fn hosts_changed(self) {
        for host in self.now(Page::hosts) {
            spawn_local(async move {
                let permitted = browser::is_permitted(&host.origin()).await;
                self.0.update(|page| page.permit(host.name, permitted));
            });
        }
    }

    /// The worker told how the session stands.
    pub(super) fn tell(self, session: SessionView) {
        self.0.update(|page| page.tell(session));
    }
}
