//! What the worker is, as its settings have it: an engine, or the want of one; replaced when they change.

use std::cell::RefCell;
use std::rc::Rc;

use evertoken::Engine;
use evertoken::error::Problem;
use evertoken::message::{Broadcast, PageRequest, SessionView, SettingsSources, WorkerReply};
use evertoken::platform::Platform;
use evertoken::settings::Settings;
use futures_util::lock::Mutex;
use js_sys::Promise;
use url::Url;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::platform::pages::{WELCOME, show_options};
use crate::platform::store::ChromeStore;
use crate::promise;
use crate::startup::{self, Ahead};

/// The engine with its store, or why there is none.
pub(crate) enum State {
    Configured(Box<Engine>, ChromeStore),
    NotConfigured(Option<Problem>),
}

pub(crate) struct Host {
    built_in: Option<String>,
    platform: Platform,
    /// Held while another state takes the place of this one.
    replacing: Mutex<()>,
    state: RefCell<Rc<State>>,
}

impl State {
    async fn of(
        platform: &Platform,
        settings: Result<Settings, Option<Problem>>,
        ahead: Option<&Ahead>,
    ) -> Self {
        match settings {
            Ok(settings) => {
                let (engine, store) = startup::engine(platform, settings, ahead).await;
                Self::Configured(Box::new(engine), store)
            }
            Err(problem) => Self::NotConfigured(problem),
        }
    }

    /// The engine, where there is one.
    pub(crate) fn engine(&self) -> Option<&Engine> {
        match self {
            Self::Configured(engine, _) => Some(engine),
            Self::NotConfigured(_) => None,
        }
    }

    fn view(&self) -> SessionView {
        match self {
            Self::Configured(engine, _) => engine.session().view(),
            Self::NotConfigured(problem) => SessionView::not_configured(problem.clone()),
        }
    }
}

impl Host {
    pub(crate) async fn start(built_in: Option<String>, ahead: &Ahead) -> Rc<Self> {
        let platform = startup::platform();
        let (settings, late) = startup::settings(built_in.clone(), Some(ahead)).await;
        let state = State::of(&platform, settings, Some(ahead)).await;
        let host = Rc::new(Self {
            built_in,
            platform,
            replacing: Mutex::new(()),
            state: RefCell::new(Rc::new(state)),
        });
        host.take_up(late);
        host
    }

    /// Reads the settings again when Chrome has told the policy, if it was late.
    fn take_up(self: &Rc<Self>, policy: Option<Promise>) {
        let Some(policy) = policy else { return };
        let host = Rc::clone(self);
        drop(promise(async move {
            drop(JsFuture::from(policy).await);
            host.configure().await;
            Ok(JsValue::UNDEFINED)
        }));
    }

    /// The state; where it is being replaced, the one that comes.
    pub(crate) async fn state(&self) -> Rc<State> {
        let _turn = self.replacing.lock().await;
        Rc::clone(&self.state.borrow())
    }

    /// Whether a call to `url` may be ours to carry. While settings change nobody knows, and the call waits.
    pub(crate) fn covers(&self, url: &Url) -> bool {
        let changing = self.replacing.try_lock().is_none();
        let state = self.state.borrow();
        let engine = state.engine();
        changing || engine.is_some_and(|engine| engine.interceptor().covers(url))
    }

    /// The settings, by where they come from.
    async fn sources(&self) -> SettingsSources {
        startup::read_sources(self.built_in.clone(), None).await.0
    }

    /// Takes other settings up, where they are others: an engine that has them takes the place of the one in place, whose
    /// store is closed, as if its worker had died.
    pub(crate) async fn configure(self: &Rc<Self>) {
        let _turn = self.replacing.lock().await;
        let before = Rc::clone(&self.state.borrow());
        let (settings, late) = startup::settings(self.built_in.clone(), None).await;
        self.take_up(late);
        let same = |engine: &Engine| Some(engine.settings()) == settings.as_ref().ok();
        if !before.engine().is_some_and(same) {
            if let State::Configured(engine, store) = &*before {
                engine.retire().await;
                store.close();
                self.platform.alarm.set(None);
            }
            let state = State::of(&self.platform, settings, None).await;
            let view = state.view();
            self.state.replace(Rc::new(state));
            self.platform
                .pages
                .announce(Broadcast::ViewChanged { view });
        }
        let state = Rc::clone(&self.state.borrow());
        if let Some(engine) = state.engine() {
            engine.configured().await;
        }
    }

    /// The extension was installed: who has nothing set up is shown where to begin.
    pub(crate) async fn installed(&self) {
        if matches!(&*self.state().await, State::NotConfigured(None)) {
            show_options(WELCOME).await;
        }
    }

    /// Carries out a page's request.
    pub(crate) async fn answer(self: &Rc<Self>, request: PageRequest) -> WorkerReply {
        match request {
            PageRequest::Settings => {
                return WorkerReply::Settings {
                    sources: self.sources().await,
                };
            }
            PageRequest::Configure => self.configure().await,
            _ => {}
        }
        let state = self.state().await;
        match (&*state, request) {
            (State::Configured(engine, _), PageRequest::Configure) => {
                engine.answer(PageRequest::View).await
            }
            (State::Configured(engine, _), request) => engine.answer(request).await,
            (State::NotConfigured(_), _) => WorkerReply::View { view: state.view() },
        }
    }
}
