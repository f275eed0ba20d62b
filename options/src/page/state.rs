//! The page's one state, and what changes it: the user, the worker, the browser.

use std::cell::RefCell;

use evertoken::message::{Broadcast, SessionView};
use evertoken::settings::draft::SettingsDraft;
use evertoken_pages::{permission, worker};
use futures_util::future::AbortHandle;
use wasm_bindgen_futures::spawn_local;

use super::{draw, look_up, requests, unsaved};
use crate::view::form::Form;
use crate::view::page::Page;
use crate::view::save_bar::LastAction;

/// A handle to the page's state, which lives as long as the page. Every change of it draws the page anew.
#[derive(Clone, Copy)]
pub(super) struct State(&'static Inner);

struct Inner {
    page: RefCell<Page>,
    /// Ends the look-up of the issuer that is under way.
    look_up: RefCell<Option<AbortHandle>>,
}

impl State {
    /// Begins with `page` and with changes of an earlier visit that were not saved, as JSON.
    pub(super) fn new(mut page: Page, unsaved: Option<String>) -> Self {
        let unsaved = unsaved.filter(|_| !page.form.built_in);
        if unsaved.is_some_and(|json| page.form.import(&json).is_ok()) && page.form.is_changed() {
            page.last_action = LastAction::Restored;
        }
        let inner = Inner {
            page: RefCell::new(page),
            look_up: RefCell::default(),
        };
        Self(Box::leak(Box::new(inner)))
    }

    /// Draws the page, follows the session, and asks for what is not known yet.
    pub(super) fn start(self) {
        worker::on_broadcast(move |news| {
            if let Broadcast::ViewChanged(view) = news {
                self.session_changed(view);
            }
        });
        requests::ask_session(self);
        requests::ask_shortcut(self);
        self.hosts_changed();
        look_up::start(self);
    }

    /// What `read` makes of the page as it is now.
    pub(super) fn now<T>(self, read: impl FnOnce(&Page) -> T) -> T {
        read(&self.0.page.borrow())
    }

    /// Whether the page is being drawn. What a browser reports then, such as the loss of the focus of a field that is
    /// removed, was not done by the user.
    pub(super) fn is_drawing(self) -> bool {
        self.0.page.try_borrow_mut().is_err()
    }

    /// Changes what does not belong to the form.
    pub(super) fn update(self, change: impl FnOnce(&mut Page)) {
        change(&mut self.0.page.borrow_mut());
        draw::page(&self.0.page.borrow());
    }

    /// Changes the draft, as a field does.
    pub(super) fn edit(self, change: impl FnOnce(&mut SettingsDraft)) {
        self.edit_form(|form| form.edit(change));
    }

    /// Changes the form in another way than a field does.
    pub(super) fn edit_form(self, change: impl FnOnce(&mut Form)) {
        self.change(|page| {
            change(&mut page.form);
            page.form_changed();
        });
    }

    /// Changes the page, and its form too: permissions and look-up follow, and the changes are kept.
    pub(super) fn change(self, change: impl FnOnce(&mut Page)) {
        let depends = |page: &Page| (page.hosts(), look_up::question(page.form.draft()));
        let (hosts, question) = self.now(depends);
        self.update(change);
        let (hosts_now, question_now) = self.now(depends);
        if hosts != hosts_now {
            self.hosts_changed();
        }
        if question != question_now {
            look_up::start(self);
        }
        self.keep_unsaved();
    }

    /// Keeps what is not saved yet for the next visit.
    pub(super) fn keep_unsaved(self) {
        let draft = self.now(|page| page.form.is_changed().then(|| page.form.keep()));
        spawn_local(async move { unsaved::keep(draft).await });
    }

    /// Asks the browser to which hosts access is granted.
    pub(super) fn hosts_changed(self) {
        for host in self.now(Page::hosts) {
            spawn_local(async move {
                let granted = permission::is_granted(vec![host.origin()]).await;
                self.update(|page| page.set_permission(host.name, granted.unwrap_or(false)));
            });
        }
    }

    /// The worker sent the session's state.
    pub(super) fn session_changed(self, session: SessionView) {
        self.update(|page| page.session_changed(session));
    }

    /// Ends the look-up that is under way, if there is one; `next` ends the one that takes its place.
    pub(super) fn replace_look_up(self, next: Option<AbortHandle>) {
        if let Some(before) = self.0.look_up.replace(next) {
            before.abort();
        }
    }
}
