//! Reads the settings and starts an engine: before the first event is handled, and again when settings change.

use std::rc::Rc;
use std::time::Duration;

use evertoken::Engine;
use evertoken::error::Error;
use evertoken::platform::Platform;
use evertoken::problem::Problem;
use evertoken::session_id::SessionId;
use evertoken::settings::sources::SettingsSources;
use evertoken::settings::{Build, Settings, sources};
use evertoken_webext::storage;
use futures_util::future::join;
use gloo_timers::future::sleep;
use js_sys::{Array, Promise};
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
use crate::promise;

/// The key of the user's own settings in the local area.
const SETTINGS_KEY: &str = "evertoken.settings";
/// The key, in the local area, of a copy of the policy that Chrome returned last.
const POLICY_KEY: &str = "evertoken.policy";
/// How long to wait for the policy: while a browser starts, Chrome takes seconds to answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the worker's script asked the storage for while the code was compiled: the first things that a new worker reads.
#[derive(Clone, Debug)]
pub(crate) struct Ahead {
    /// All of the session area.
    pub(crate) session: Promise,
    /// The user's settings, in the local area; `None` in a build with settings.
    pub(crate) saved: Option<Promise>,
    /// All of the managed area; `undefined` where Chrome rejects because there are no policies. `None` in a build with
    /// settings.
    pub(crate) managed: Option<Promise>,
}

/// Closes the session area to content scripts. That is the default, so neither a failure matters nor does the first call
/// wait for it.
pub(crate) fn close_storage() {
    spawn_local(async {
        sleep(Duration::ZERO).await;
        drop(storage::session().restrict_to_trusted_contexts().await);
    });
}

/// The settings that are built in, as JSON.
pub(crate) fn built_in(settings: &JsValue) -> Option<String> {
    let text = settings
        .is_object()
        .then(|| js_sys::JSON::stringify(settings));
    text?.ok()?.as_string()
}

/// The settings of each source; what was asked for `ahead` is not asked for again. When Chrome does not return the policy
/// in time, the copy of the last one is taken, and Chrome's answer to come is returned as well.
pub(crate) async fn read_sources(
    built_in: Option<String>,
    ahead: Option<&Ahead>,
) -> (SettingsSources, Option<Promise>) {
    let mut sources = SettingsSources::default();
    if built_in.is_some() {
        // Nothing else counts, and nothing else is waited for.
        sources.built_in = built_in;
        return (sources, None);
    }
    let ahead = ahead.and_then(|ahead| ahead.managed.clone().zip(ahead.saved.clone()));
    let (managed, saved) = ahead.unwrap_or_else(|| {
        (
            storage::managed().ask_all(),
            storage::local().ask(SETTINGS_KEY),
        )
    });
    let late = promise(async {
        sleep(PATIENCE).await;
        Ok(JsValue::NULL)
    });
    let soon = Promise::race(&Array::of2(&managed, &late));
    let (soon, saved) = join(JsFuture::from(soon), JsFuture::from(saved)).await;
    let saved = saved.and_then(|items| storage::text_in(&items, SETTINGS_KEY));
    sources.saved = saved.ok().flatten();
    // Where there are no policies Chrome refuses to be asked.
    let told = soon.unwrap_or_default();
    if told.is_null() {
        // Without what it told last, a session would be taken for one of other settings, and be ended.
        sources.managed = kept_policy().await;
        return (sources, Some(managed));
    }
    sources.managed = storage::json_of(&told).ok().flatten();
    let policy = sources.managed.clone();
    spawn_local(async {
        if kept_policy().await != policy {
            let policy = policy.unwrap_or_default();
            // What is not kept costs the next late answer a detour by the user's own settings.
            drop(storage::local().set_text(POLICY_KEY, &policy).await);
        }
    });
    (sources, None)
}

/// The policy that Chrome returned last, as JSON; `None` when there was none, which is kept as an empty text.
async fn kept_policy() -> Option<String> {
    let kept = storage::local().get_text(POLICY_KEY).await.ok()??;
    (!kept.is_empty()).then_some(kept)
}

/// The effective settings, or what is wrong with them (`None`: there are none yet).
pub(crate) async fn settings(
    built_in: Option<String>,
    ahead: Option<&Ahead>,
) -> (Result<Settings, Option<Problem>>, Option<Promise>) {
    let (sources, late) = read_sources(built_in, ahead).await;
    let settings = sources::settings(&sources, build());
    let settings = settings.map_err(|error| Some(Error::from(error).problem()));
    (settings.and_then(|settings| settings.ok_or(None)), late)
}

/// Starts an engine with a store of its own.
pub(crate) async fn engine(
    platform: &Platform,
    settings: Settings,
    ahead: Option<&Ahead>,
) -> (Engine, ChromeStore) {
    let session = SessionId::default();
    let store = ahead.map_or_else(
        || ChromeStore::of(session),
        |ahead| ChromeStore::ahead(session, ahead.session.clone()),
    );
    let platform = Platform {
        store: Rc::new(store.clone()),
        ..platform.clone()
    };
    let engine = Engine::start(platform, settings).await;
    store.let_go();
    (engine, store)
}

/// An extension that was loaded unpacked is a development build.
fn build() -> Build {
    match evertoken_webext::runtime::is_unpacked() {
        true => Build::Development,
        false => Build::Release,
    }
}

pub(crate) fn platform() -> Platform {
    let session = SessionId::default();
    Platform {
        alarm: Rc::new(ChromeAlarm(session)),
        clock: Rc::new(BrowserClock),
        http: Rc::new(FetchClient),
        pages: Rc::new(ExtensionPages::of(session)),
        proof_key: Rc::new(WebCryptoProofKey::of(session)),
        random: Rc::new(WebCryptoRandom),
        spawner: Rc::new(Microtasks),
        store: Rc::new(ChromeStore::of(session)),
        user_agent: Rc::new(Browser::default()),
        verifier: Rc::new(WebCryptoVerifier),
    }
}
