//! What happens before the first event is answered, and again when the user saves other settings: settings are read,
//! and an engine is put in place.

use std::rc::Rc;
use std::time::Duration;

use evertoken::Engine;
use evertoken::error::{Error, Problem};
use evertoken::message::SettingsSources;
use evertoken::platform::{Clock, Platform};
use evertoken::settings::{Build, Settings, sources};
use evertoken_webext::storage;
use futures_util::future::join;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::platform::alarm::ChromeAlarm;
use crate::platform::browser::Browser;
use crate::platform::clock::BrowserClock;
use crate::platform::http::FetchClient;
use crate::platform::pages::ExtensionPages;
use crate::platform::proof_key::WebCryptoProofKey;
use crate::platform::random::WebCryptoRandom;
use crate::platform::spawner::Microtasks;
use crate::platform::store::ChromeStore;
use crate::platform::verifier::WebCryptoVerifier;

/// Where the user's own settings are kept.
const SETTINGS_KEY: &str = "evertoken.settings";

#[wasm_bindgen]
extern "C" {
    /// What the worker's script asked the storage for while the code was compiled: what a new worker reads first.
    #[derive(Clone, Debug)]
    pub type Ahead;

    /// All of the session area.
    #[wasm_bindgen(method, getter)]
    fn session(this: &Ahead) -> Promise;

    /// The user's settings, in the local area.
    #[wasm_bindgen(method, getter)]
    fn saved(this: &Ahead) -> Promise;

    /// All of the managed area; ends with nothing where there are no policies, and Chrome refuses to be asked.
    #[wasm_bindgen(method, getter)]
    fn managed(this: &Ahead) -> Promise;
}

/// Storage is closed to pages. It is so by default, which a failure leaves, and so the first call does not wait for it.
pub(crate) fn close_storage() {
    spawn_local(async {
        BrowserClock.sleep(Duration::ZERO).await;
        drop(storage::session().restrict_to_trusted_contexts().await);
    });
}

/// The settings that a build bakes in, as JSON.
pub(crate) fn built_in(settings: &JsValue) -> Option<String> {
    let text = settings
        .is_object()
        .then(|| js_sys::JSON::stringify(settings));
    text?.ok()?.as_string()
}

/// All settings, by where they come from; what was asked for `ahead` is not asked for again.
pub(crate) async fn read_sources(
    built_in: Option<String>,
    ahead: Option<&Ahead>,
) -> SettingsSources {
    let (managed, saved) = match ahead {
        Some(ahead) => {
            let [managed, saved] = [ahead.managed(), ahead.saved()].map(JsFuture::from);
            let (managed, saved) = join(managed, saved).await;
            let saved = saved.and_then(|items| storage::text_in(&items, SETTINGS_KEY));
            (managed.and_then(|items| storage::json_of(&items)), saved)
        }
        None => {
            let (managed, local) = (storage::managed(), storage::local());
            join(managed.get_all(), local.get_text(SETTINGS_KEY)).await
        }
    };
    // Where there are no policies Chrome refuses to be asked.
    SettingsSources {
        built_in,
        managed: managed.ok().flatten(),
        saved: saved.ok().flatten(),
    }
}

/// The settings that count; or what is wrong with them (`None`: there are none yet).
pub(crate) async fn settings(
    built_in: Option<String>,
    ahead: Option<&Ahead>,
) -> Result<Settings, Option<Problem>> {
    let sources = match built_in {
        // Nothing else counts, and nothing else is waited for.
        Some(_) => SettingsSources {
            built_in,
            ..SettingsSources::default()
        },
        None => read_sources(None, ahead).await,
    };
    let settings = sources::settings(&sources, build());
    let settings = settings.map_err(|error| Error::from(error).problem())?;
    settings.ok_or(None)
}

/// An engine with a store of its own, which can be closed to it.
pub(crate) async fn engine(
    platform: &Platform,
    settings: Settings,
    ahead: Option<&Ahead>,
) -> (Engine, ChromeStore) {
    let store = ahead.map_or_else(ChromeStore::default, |ahead| {
        ChromeStore::ahead(ahead.session())
    });
    let platform = Platform {
        store: Rc::new(store.clone()),
        ..platform.clone()
    };
    let engine = Engine::start(platform, settings).await;
    store.let_go();
    (engine, store)
}

/// A build from a store has an update address; one that was loaded unpacked has none.
fn build() -> Build {
    match evertoken_webext::runtime::is_unpacked() {
        true => Build::Development,
        false => Build::Release,
    }
}

pub(crate) fn platform() -> Platform {
    Platform {
        alarm: Rc::new(ChromeAlarm),
        clock: Rc::new(BrowserClock),
        http: Rc::new(FetchClient),
        pages: Rc::new(ExtensionPages::default()),
        proof_key: Rc::new(WebCryptoProofKey::default()),
        random: Rc::new(WebCryptoRandom),
        spawner: Rc::new(Microtasks),
        store: Rc::<ChromeStore>::default(),
        user_agent: Rc::new(Browser::default()),
        verifier: Rc::new(WebCryptoVerifier),
    }
}
