//! The worker's state: a running engine, or none when there are no valid settings. Other settings replace it.

use std::cell::RefCell;
use std::rc::Rc;

use evertoken::Engine;
use evertoken::message::{Broadcast, PageRequest, SessionView, WorkerReply};
use evertoken::platform::Platform;
use evertoken::problem::Problem;
use evertoken::settings::Settings;
use evertoken::settings::sources::{SettingsSources, api_urls};
use futures_util::lock::Mutex;
use js_sys::Promise;
use url::Url;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::platform::pages::welcome;
use crate::platform::store::ChromeStore;
use crate::promise;
use crate::startup::{self, Ahead};

/// A running engine with its store, or what is wrong with the settings (`None`: there are none yet).
pub(crate) enum State {
    Configured(Box<Engine>, ChromeStore),
    NotConfigured(Option<Problem>),
}

pub(crate) struct Host {
    built_in: Option<String>,
    platform: Platform,
    /// Locked while the state is being replaced.
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
        host.configure_after(late);
        host
    }

    /// Reads the settings again when `policy`, an answer of Chrome that came too late for the start, is there.
    fn configure_after(self: &Rc<Self>, policy: Option<Promise>) {
        let Some(policy) = policy else { return };
        let host = Rc::clone(self);
        drop(promise(async move {
            drop(JsFuture::from(policy).await);
            host.configure().await;
            Ok(JsValue::UNDEFINED)
        }));
    }

    /// The state; while it is being replaced, waits for the new one.
    pub(crate) async fn state(&self) -> Rc<State> {
        let _turn = self.replacing.lock().await;
        Rc::clone(&self.state.borrow())
    }

    /// Whether a call to `url` may be one that the engine carries. While settings change it always may: the call waits.
    pub(crate) fn covers(&self, url: &Url) -> bool {
        let changing = self.replacing.try_lock().is_none();
        let state = self.state.borrow();
        let engine = state.engine();
        changing || engine.is_some_and(|engine| engine.interceptor().covers(url))
    }

    /// The settings of each source.
    async fn sources(&self) -> SettingsSources {
        startup::read_sources(self.built_in.clone(), None).await.0
    }

    /// Reads the settings and, where they have changed, replaces the engine by a new one. The old engine's store is closed,
    /// as if its worker had died.
    pub(crate) async fn configure(self: &Rc<Self>) {
        let _turn = self.replacing.lock().await;
        let before = Rc::clone(&self.state.borrow());
        let (settings, late) = startup::settings(self.built_in.clone(), None).await;
        self.configure_after(late);
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
            self.platform.pages.announce(Broadcast::ViewChanged(view));
        }
        let state = Rc::clone(&self.state.borrow());
        if let Some(engine) = state.engine() {
            engine.configured().await;
        }
    }

    /// To be called when the extension was installed: welcomes the user unless there are settings.
    pub(crate) async fn installed(&self) {
        if matches!(&*self.state().await, State::NotConfigured(None)) {
            welcome().await;
        }
    }

    /// Carries out a page's request.
    pub(crate) async fn answer(self: &Rc<Self>, request: PageRequest) -> WorkerReply {
        match request {
            PageRequest::Settings => {
                return WorkerReply::Settings(self.sources().await);
            }
            PageRequest::Apis => {
                return WorkerReply::Apis(api_urls(&self.sources().await));
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
            (State::NotConfigured(_), _) => WorkerReply::View(state.view()),
        }
    }
}
