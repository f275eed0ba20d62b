//! A test environment for the engine without a browser: a clock that is set by hand, a provider whose responses a test can
//! change, a store and an API in memory.

#![allow(dead_code, reason = "each test binary uses its own part of the world")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a world that is not as a test built it fails that test"
)]
#![allow(
    unreachable_pub,
    reason = "a support module is compiled into each test binary"
)]

mod api;
mod gate;
mod platform;
mod provider;

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use std::time::Duration;

use evertoken::Engine;
use evertoken::message::SessionView;
use evertoken::platform::{FormBody, HttpRequest, HttpResponse, Platform};
use evertoken::settings::{Build, Settings};
use futures_executor::{LocalPool, LocalSpawner};
use url::Url;

#[allow(
    unused_imports,
    reason = "each test binary uses its own part of the world"
)]
pub use self::api::{Api, Call, Expired, Outcome, Seen};
#[allow(
    unused_imports,
    reason = "each test binary uses its own part of the world"
)]
pub use self::platform::{
    ManualClock, MemoryProofKey, MemoryStore, OpenPages, SetAlarm, SharedStore,
};
#[allow(
    unused_imports,
    reason = "each test binary uses its own part of the world"
)]
pub use self::provider::{Fault, Provider, ProviderBehavior, Signing, half_hash, payload};

pub const ISSUER: &str = "https://provider.test/";
pub const CLIENT_ID: &str = "client";
pub const REDIRECT_URI: &str = "https://extension.chromiumapp.org/";
pub const WEB_MESSAGE_REDIRECT_URI: &str = "chrome-extension://extension/offscreen/callback.html";

/// One engine and its environment.
pub struct World {
    pub alarm: Rc<SetAlarm>,
    pub api: Rc<Api>,
    pub clock: Rc<ManualClock>,
    pub engine: Rc<Engine>,
    pub pages: Rc<OpenPages>,
    pub proof_key: Rc<MemoryProofKey>,
    pub provider: Rc<Provider>,
    pub store: Rc<MemoryStore>,
    platform: Platform,
    pool: RefCell<LocalPool>,
    settings: Settings,
    /// The settings as text.
    pub settings_json: String,
    store_port: Rc<SharedStore>,
}

impl World {
    /// A world with this flow, in which no user is signed in.
    pub fn new(flow: &str) -> Self {
        Self::with_settings(&format!(
            r#"{{"provider": {{"issuer": "{ISSUER}", "client_id": "{CLIENT_ID}", "flow": "{flow}",
                "renewal": ["offscreen"]}}, "apis": [{{"url": "https://api.test/v1/"}}]}}"#
        ))
    }

    /// What the engine works with.
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    pub fn with_settings(json: &str) -> Self {
        let settings = Settings::parse(json, Build::Development).unwrap();
        let mut pool = LocalPool::new();
        let clock = Rc::new(ManualClock::default());
        let issuer = &settings.provider.issuer;
        let provider = Rc::new(Provider::new(Rc::clone(&clock), issuer));
        let (alarm, proof_key) = (Rc::<SetAlarm>::default(), Rc::<MemoryProofKey>::default());
        let store = Rc::new(MemoryStore::default());
        let store_port = SharedStore::new(&store);
        let pages = Rc::<OpenPages>::default();
        let api = Rc::new(Api::new(Rc::clone(&provider)));
        let platform = platform::platform(
            &clock,
            &provider,
            &store_port,
            &alarm,
            &proof_key,
            &pages,
            pool.spawner(),
        );
        let engine = pool.run_until(Engine::start(platform.clone(), settings.clone()));
        let pool = RefCell::new(pool);
        Self {
            alarm,
            api,
            clock,
            engine: Rc::new(engine),
            pages,
            proof_key,
            provider,
            store,
            platform,
            pool,
            settings,
            settings_json: json.to_owned(),
            store_port,
        }
    }

    /// The same world after the user saved these settings: a new engine runs, and the store of the old one is closed. Work
    /// of the old engine continues, but without effect.
    pub fn reconfigure(self, json: &str) -> Self {
        let settings = Settings::parse(json, Build::Development).unwrap();
        self.run(self.engine.retire());
        self.store_port.closed.set(true);
        let store_port = SharedStore::new(&self.store);
        let platform = Platform {
            store: Rc::<SharedStore>::clone(&store_port),
            ..self.platform.clone()
        };
        let engine = Rc::new(self.run(Engine::start(platform.clone(), settings.clone())));
        self.run(engine.configured());
        let world = Self {
            engine,
            platform,
            settings,
            settings_json: json.to_owned(),
            store_port,
            ..self
        };
        world.settle();
        world
    }

    /// The same world after the worker was stopped: a new engine with the old store. Work of the old engine is dropped.
    pub fn restart(self) -> Self {
        let mut pool = LocalPool::new();
        let spawner = platform::spawner(pool.spawner());
        let platform = Platform {
            spawner,
            ..self.platform.clone()
        };
        let engine = Engine::start(platform.clone(), self.settings.clone());
        let engine = Rc::new(pool.run_until(engine));
        let world = Self {
            engine,
            platform,
            pool: RefCell::new(pool),
            ..self
        };
        world.settle();
        world
    }

    /// The same world after the browser was closed and started again.
    pub fn restart_browser(self) -> Self {
        self.store.close_browser();
        self.restart()
    }

    /// A world in which a user is signed in.
    pub fn signed_in(flow: &str) -> Self {
        let world = Self::new(flow);
        world.run(world.engine.session().sign_in()).unwrap();
        world
    }

    /// Runs `work` to its end.
    pub fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.pool.borrow_mut().run_until(work)
    }

    /// Starts `work` and runs all tasks until none can continue.
    pub fn start<T: 'static>(&self, work: impl Future<Output = T> + 'static) -> Started<T> {
        use futures_util::task::LocalSpawnExt;
        let done = Rc::new(RefCell::new(None));
        let put = Rc::clone(&done);
        self.spawner()
            .spawn_local(async move { *put.borrow_mut() = Some(work.await) })
            .unwrap();
        self.settle();
        Started(done)
    }

    /// Starts a call of a page.
    pub fn start_call(&self, call: Call) -> Started<Result<Outcome, &'static str>> {
        let engine = Rc::clone(&self.engine);
        self.start(async move { engine.interceptor().intercept(call).await })
    }

    /// Makes a call as a page does, and waits for its response.
    pub fn call(&self, call: Call) -> Outcome {
        self.run(self.engine.interceptor().intercept(call)).unwrap()
    }

    /// What the provider answers to a request of a page.
    pub async fn fetch(&self, url: Url, form: Option<FormBody>) -> HttpResponse {
        let request = HttpRequest {
            url,
            form,
            max_bytes: 256 * 1024,
            dpop_proof: None,
            timeout: Duration::from_secs(10),
        };
        self.platform.http.send(request).await.unwrap()
    }

    /// A GET of this path of the API.
    pub fn get(&self, path: &str) -> Call {
        Call::get(&self.api, path)
    }

    pub fn view(&self) -> SessionView {
        self.engine.session().view()
    }

    /// The code of the problem that a page would show.
    pub fn problem(&self) -> Option<String> {
        self.view().problem.map(|problem| problem.code.to_string())
    }

    /// Advances the clock, and runs all tasks until none can continue.
    pub fn advance(&self, duration: Duration) {
        self.clock.advance(duration);
        self.settle();
    }

    /// Runs all tasks until none can continue.
    pub fn settle(&self) {
        self.pool.borrow_mut().run_until_stalled();
    }

    fn spawner(&self) -> LocalSpawner {
        self.pool.borrow().spawner()
    }
}

/// Work that was started; it may have ended.
pub struct Started<T>(Rc<RefCell<Option<T>>>);

impl<T> Started<T> {
    pub fn has_ended(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// The result of the work, which must have ended.
    pub fn result(&self) -> T {
        self.0.borrow_mut().take().expect("the work has not ended")
    }
}
