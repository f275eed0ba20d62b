//! The background worker in wasm: it gives the engine its ports and passes calls and messages to it.
//!
//! `worker.js` registers the listeners and hands every event to [`Worker`]; nothing is decided here.

mod call;
mod host;
pub mod platform;
mod startup;

use std::rc::Rc;

use evertoken::message::WorkerReply;
use evertoken::platform::LocalFuture;
use evertoken_webext::data::{from_js, to_js};
use js_sys::Promise;
use url::Url;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::Request;

use self::call::PageCall;
use self::host::Host;
use self::platform::pages::NOTIFICATION;
use self::startup::Ahead;

/// The worker, as its script sees it.
#[wasm_bindgen]
pub struct Worker(Rc<Host>);

#[wasm_bindgen]
impl Worker {
    /// Starts with the settings of the build or, where it has none, with those of an administrator and the user. The
    /// promises are what the script has asked the storage for meanwhile: all of the session area, and, unless the build has
    /// settings, the user's settings and all of the managed area.
    ///
    /// # Errors
    /// None: settings that are refused show in the view.
    pub async fn start(
        built_in: JsValue,
        session: Promise,
        saved: Option<Promise>,
        managed: Option<Promise>,
    ) -> Self {
        console_error_panic_hook::set_once();
        startup::close_storage();
        let ahead = Ahead {
            session,
            saved,
            managed,
        };
        Self(Host::start(startup::built_in(&built_in), &ahead).await)
    }

    /// Sends a page's call to its API; resolves to the answer for the page. `None` where the API is not in the allow-list.
    pub fn fetch(&self, request: Request) -> Option<Promise> {
        let url = Url::parse(&request.url()).ok()?;
        let host = Rc::clone(&self.0);
        host.covers(&url).then(|| {
            promise(async move {
                let call = PageCall::new(request, url);
                let state = host.state().await;
                match state.engine() {
                    Some(engine) => {
                        let answer = engine.interceptor().intercept(call).await?;
                        Ok(answer.response.into())
                    }
                    None => call.send_untouched().await,
                }
            })
        })
    }

    /// The alarm rang; resolves when the work that is due is done.
    pub fn alarm(&self) -> Promise {
        self.run(async |host| {
            if let Some(engine) = host.state().await.engine() {
                engine.alarm_rang().await;
            }
        })
    }

    /// The user granted a host permission.
    pub fn permitted(&self) -> Promise {
        self.run(async |host| {
            if let Some(engine) = host.state().await.engine() {
                engine.permission_added();
            }
        })
    }

    /// An administrator changed the policy; resolves when it is in effect.
    pub fn configure(&self) -> Promise {
        self.run(async |host| host.configure().await)
    }

    /// The extension was installed for the first time.
    pub fn installed(&self) -> Promise {
        self.run(async |host| host.installed().await)
    }

    /// Resolves when an update of the extension would interrupt nothing, or after the longest wait.
    pub fn quiet(&self) -> Promise {
        self.run(async |host| {
            if let Some(engine) = host.state().await.engine() {
                engine.quiet().await;
            }
        })
    }

    /// The user clicked the notification with this id; resolves when the sign-in that follows has ended.
    #[wasm_bindgen(js_name = notificationClicked)]
    pub fn notification_clicked(&self, id: &str) -> Promise {
        let is_ours = id == NOTIFICATION;
        self.run(async move |host| {
            if let Some(engine) = host.state().await.engine().filter(|_| is_ours) {
                engine.sign_in_prompt_accepted().await;
            }
        })
    }

    /// Carries out a page's request; resolves to the reply.
    pub fn answer(&self, message: JsValue) -> Promise {
        let host = Rc::clone(&self.0);
        promise(async move {
            let reply = match from_js(message) {
                Ok(request) => host.answer(request).await,
                Err(_) => WorkerReply::unknown(),
            };
            to_js(&reply)
        })
    }
}

impl Worker {
    fn run(&self, work: impl AsyncFnOnce(Rc<Host>) + 'static) -> Promise {
        let host = Rc::clone(&self.0);
        promise(async move {
            work(host).await;
            Ok(JsValue::UNDEFINED)
        })
    }
}

/// Boxed: a promise of each kind of future would cost the wasm a kilobyte.
fn promise(work: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    let boxed: LocalFuture<Result<JsValue, JsValue>> = Box::pin(work);
    future_to_promise(boxed)
}
