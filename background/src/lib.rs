//! The background worker in wasm: it gives the engine its ports and puts calls and messages through to it.
//!
//! `worker.js` registers the listeners and hands every event to [`Worker`]; nothing is decided here.

mod call;
pub mod platform;
mod startup;
pub mod term;

use std::cell::RefCell;
use std::rc::Rc;

use evertoken::Engine;
use evertoken::error::{Problem, Recovery};
use evertoken::message::{PageRequest, SessionView, SettingsSources, WorkerReply, wire};
use evertoken::settings::Settings;
use js_sys::{JSON, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::Request;

use self::call::PageCall;
use self::platform::pages::{NOTIFICATION, open_options};
use self::term::Term;

/// The worker, as its script sees it.
#[wasm_bindgen]
pub struct Worker {
    built_in: JsValue,
    office: Rc<RefCell<Office>>,
}

/// Who carries calls now.
struct Office {
    sources: SettingsSources,
    state: Rc<State>,
    term: Term,
}

/// The engine, or why there is none.
enum State {
    Configured(Engine, Box<Settings>),
    NotConfigured(Option<Problem>),
}

impl Office {
    /// Opens with the settings of these sources.
    async fn open(sources: SettingsSources) -> Self {
        let term = Term::default();
        let state = match startup::settings(&sources) {
            Ok(settings) => {
                let engine = startup::engine(settings.clone(), &term).await;
                State::Configured(engine, settings.into())
            }
            Err(problem) => State::NotConfigured(problem),
        };
        Self {
            sources,
            state: Rc::new(state),
            term,
        }
    }
}

impl State {
    fn engine(&self) -> Option<&Engine> {
        match self {
            Self::Configured(engine, _) => Some(engine),
            Self::NotConfigured(_) => None,
        }
    }

    /// Ends the session if `sources` name another provider or another client: it would be nobody's.
    async fn leave_for(&self, sources: &SettingsSources) {
        let Self::Configured(engine, before) = self else {
            return;
        };
        let stays = startup::settings(sources).is_ok_and(|now| {
            (now.provider.issuer, now.provider.client_id)
                == (
                    before.provider.issuer.clone(),
                    before.provider.client_id.clone(),
                )
        });
        if !stays {
            engine.answer(PageRequest::SignOut).await;
        }
    }
}

#[wasm_bindgen]
impl Worker {
    /// Starts with the settings of the build, or with those that were saved and fixed where the build has none.
    ///
    /// # Errors
    /// None: settings that are refused show in the view.
    pub async fn start(built_in: JsValue) -> Self {
        console_error_panic_hook::set_once();
        startup::close_storage().await;
        let sources = startup::read_sources(&built_in).await;
        Self {
            built_in,
            office: Rc::new(RefCell::new(Office::open(sources).await)),
        }
    }

    /// Whether a call to `url` is ours to carry.
    #[must_use]
    pub fn covers(&self, url: &str) -> bool {
        let state = self.state();
        state
            .engine()
            .is_some_and(|engine| engine.interceptor().covers(url))
    }

    /// Carries a page's call to its API; ends with the answer for the page.
    pub fn fetch(&self, request: Request) -> Promise {
        let state = self.state();
        future_to_promise(async move {
            let call = PageCall::new(request)?;
            match state.engine() {
                Some(engine) => {
                    let answer = engine.interceptor().intercept(call).await?;
                    Ok(answer.response.into())
                }
                None => call.send_untouched().await,
            }
        })
    }

    /// The alarm rang; ends when what is due is done.
    pub fn alarm(&self) -> Promise {
        self.with_engine(async |engine| engine.alarm_rang().await)
    }

    /// The user gave the extension a host permission.
    pub fn permitted(&self) {
        if let Some(engine) = self.state().engine() {
            engine.permission_added();
        }
    }

    /// The extension was installed: whoever has no settings yet is shown where to put them.
    pub fn installed(&self) {
        if matches!(&*self.state(), State::NotConfigured(None)) {
            open_options("#welcome");
        }
    }

    /// Ends when an update of the extension cuts nothing off, or when it has waited long enough.
    pub fn quiet(&self) -> Promise {
        self.with_engine(async |engine| engine.quiet().await)
    }

    /// The user clicked the notification with this id; ends when the sign-in that follows does.
    #[wasm_bindgen(js_name = notificationClicked)]
    pub fn notification_clicked(&self, id: &str) -> Promise {
        let is_ours = id == NOTIFICATION;
        self.with_engine(async move |engine| {
            if is_ours {
                engine.user_came().await;
            }
        })
    }

    /// Carries out a page's request; ends with the reply.
    pub fn answer(&self, message: JsValue) -> Promise {
        let (office, built_in) = (Rc::clone(&self.office), self.built_in.clone());
        future_to_promise(async move {
            let text = JSON::stringify(&message)?.as_string();
            let request = text.and_then(|text| wire::read_request(&text));
            let reply = match request {
                Some(PageRequest::Settings) => WorkerReply::Settings {
                    sources: office.borrow().sources.clone(),
                },
                Some(request) => {
                    if request == PageRequest::Configure {
                        configure(&office, &built_in).await;
                    }
                    let state = Rc::clone(&office.borrow().state);
                    reply_of(&state, request).await
                }
                None => unknown_request(),
            };
            JSON::parse(&wire::write_reply(&reply))
        })
    }

    fn state(&self) -> Rc<State> {
        Rc::clone(&self.office.borrow().state)
    }

    fn with_engine(&self, work: impl AsyncFnOnce(&Engine) + 'static) -> Promise {
        let state = self.state();
        future_to_promise(async move {
            if let Some(engine) = state.engine() {
                work(engine).await;
            }
            Ok(JsValue::UNDEFINED)
        })
    }
}

/// Puts an engine with the settings that there are now in the place of the one in office, if they are others.
async fn configure(office: &RefCell<Office>, built_in: &JsValue) {
    let sources = startup::read_sources(built_in).await;
    let state = Rc::clone(&office.borrow().state);
    if sources == office.borrow().sources {
        return;
    }
    state.leave_for(&sources).await;
    office.borrow().term.end();
    let next = Office::open(sources).await;
    office.replace(next);
}

async fn reply_of(state: &State, request: PageRequest) -> WorkerReply {
    match state {
        State::Configured(engine, _) => engine.answer(request).await,
        State::NotConfigured(problem) => WorkerReply::View {
            view: SessionView::not_configured(problem.clone()),
        },
    }
}

fn unknown_request() -> WorkerReply {
    WorkerReply::Refused {
        problem: Problem {
            code: "message.unknown".to_owned(),
            sentence: "the worker does not know this request".to_owned(),
            detail: None,
            recovery: Recovery::Report,
        },
    }
}
