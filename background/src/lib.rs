//! The background worker in wasm: it gives the engine its ports and puts calls and messages through to it.
//!
//! `worker.js` registers the listeners and hands every event to [`Worker`]; nothing is decided here.

mod call;
pub mod platform;
mod startup;

use std::rc::Rc;

use evertoken::Engine;
use evertoken::error::{Problem, Recovery};
use evertoken::message::{SessionView, WorkerReply, wire};
use js_sys::{JSON, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::Request;

use self::call::PageCall;
use self::platform::pages::NOTIFICATION;

/// The worker, as its script sees it.
#[wasm_bindgen]
pub struct Worker(Rc<State>);

/// The engine, or why there is none.
enum State {
    Configured(Engine),
    NotConfigured(Option<Problem>),
}

#[wasm_bindgen]
impl Worker {
    /// Starts with the settings of the build, or with those that the user saved where the build has none.
    ///
    /// # Errors
    /// None: settings that are refused show in the view.
    pub async fn start(built_in: JsValue) -> Self {
        console_error_panic_hook::set_once();
        Self(Rc::new(match startup::engine(&built_in).await {
            Ok(engine) => State::Configured(engine),
            Err(problem) => State::NotConfigured(problem),
        }))
    }

    /// Whether a call to `url` is ours to carry.
    #[must_use]
    pub fn covers(&self, url: &str) -> bool {
        matches!(&*self.0, State::Configured(engine) if engine.interceptor().covers(url))
    }

    /// Carries a page's call to its API; ends with the answer for the page.
    pub fn fetch(&self, request: Request) -> Promise {
        let state = Rc::clone(&self.0);
        future_to_promise(async move {
            let call = PageCall::new(request)?;
            match &*state {
                State::Configured(engine) => {
                    let answer = engine.interceptor().intercept(call).await?;
                    Ok(answer.response.into())
                }
                State::NotConfigured(_) => call.send_untouched().await,
            }
        })
    }

    /// The alarm rang; ends when what is due is done.
    pub fn alarm(&self) -> Promise {
        let state = Rc::clone(&self.0);
        future_to_promise(async move {
            if let State::Configured(engine) = &*state {
                engine.alarm_rang().await;
            }
            Ok(JsValue::UNDEFINED)
        })
    }

    /// The user gave the extension a host permission.
    pub fn permitted(&self) {
        if let State::Configured(engine) = &*self.0 {
            engine.permission_added();
        }
    }

    /// Ends when an update of the extension cuts nothing off, or when it has waited long enough.
    pub fn quiet(&self) -> Promise {
        let state = Rc::clone(&self.0);
        future_to_promise(async move {
            if let State::Configured(engine) = &*state {
                engine.quiet().await;
            }
            Ok(JsValue::UNDEFINED)
        })
    }

    /// The user clicked the notification with this id; ends when the sign-in that follows does.
    #[wasm_bindgen(js_name = notificationClicked)]
    pub fn notification_clicked(&self, id: &str) -> Promise {
        let state = Rc::clone(&self.0);
        let is_ours = id == NOTIFICATION;
        future_to_promise(async move {
            match &*state {
                State::Configured(engine) if is_ours => engine.user_came().await,
                _ => {}
            }
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Carries out a page's request; ends with the reply.
    pub fn answer(&self, message: JsValue) -> Promise {
        let state = Rc::clone(&self.0);
        future_to_promise(async move {
            let text = JSON::stringify(&message)?.as_string();
            let request = text.and_then(|text| wire::read_request(&text));
            let reply = match (request, &*state) {
                (Some(request), State::Configured(engine)) => engine.answer(request).await,
                (Some(_), State::NotConfigured(problem)) => WorkerReply::View {
                    view: SessionView::not_configured(problem.clone()),
                },
                (None, _) => WorkerReply::Refused {
                    problem: Problem {
                        code: "message.unknown".to_owned(),
                        sentence: "the worker does not know this request".to_owned(),
                        detail: None,
                        recovery: Recovery::Report,
                    },
                },
            };
            JSON::parse(&wire::write_reply(&reply))
        })
    }
}
