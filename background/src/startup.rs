//! What happens before the first event is answered: storage is closed to pages, settings are read.

use std::rc::Rc;

use evertoken::Engine;
use evertoken::error::{Error, Problem};
use evertoken::message::SettingsSources;
use evertoken::platform::Platform;
use evertoken::settings::{Build, Settings, sources};
use evertoken_webext::{runtime, storage};
use js_sys::{JSON, Object};
use wasm_bindgen::prelude::*;

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
use crate::term::Term;

/// Where the user's own settings are kept.
const SETTINGS_KEY: &str = "evertoken.settings";

/// Closes session storage to content scripts, which it is by default; a failure leaves that default.
pub(crate) async fn close_storage() {
    storage::session().restrict_to_trusted_contexts().await.ok();
}

/// The settings that there are now. A source that cannot be read is as none.
pub(crate) async fn read_sources(built_in: &JsValue) -> SettingsSources {
    if built_in.is_object() {
        return SettingsSources {
            built_in: text_of(built_in),
            ..SettingsSources::default()
        };
    }
    let managed = storage::managed().all().await.ok();
    let managed = managed.filter(|items| {
        items
            .dyn_ref::<Object>()
            .is_some_and(|items| Object::keys(items).length() > 0)
    });
    SettingsSources {
        built_in: None,
        managed: managed.as_ref().and_then(text_of),
        saved: storage::local().get_text(SETTINGS_KEY).await.ok().flatten(),
    }
}

/// The settings of these sources; or, where they cannot be used, what is wrong with them (`None`: there are none yet).
pub(crate) fn settings(sources: &SettingsSources) -> Result<Settings, Option<Problem>> {
    let refused = |error| Some(Error::from(error).problem());
    let json = sources::effective(sources).map_err(refused)?.ok_or(None)?;
    Settings::parse(&json, build(sources)).map_err(refused)
}

/// An engine with these settings, until `term` ends.
pub(crate) async fn engine(settings: Settings, term: &Term) -> Engine {
    Engine::start(platform(term), settings).await
}

/// Plain http on loopback needs a build whose security policy names it: one that was loaded unpacked, with settings. A
/// build from a store has an update address.
fn build(sources: &SettingsSources) -> Build {
    match sources.built_in.is_some() && runtime::is_unpacked() {
        true => Build::Development,
        false => Build::Release,
    }
}

fn text_of(value: &JsValue) -> Option<String> {
    JSON::stringify(value).ok()?.as_string()
}

fn platform(term: &Term) -> Platform {
    Platform {
        alarm: Rc::new(ChromeAlarm::within(term.clone())),
        clock: Rc::new(BrowserClock),
        http: Rc::new(FetchClient),
        pages: Rc::new(ExtensionPages::within(term.clone())),
        proof_key: Rc::new(WebCryptoProofKey::default()),
        random: Rc::new(WebCryptoRandom),
        spawner: Rc::new(Microtasks),
        store: Rc::new(ChromeStore::within(term.clone())),
        user_agent: Rc::new(Browser::default()),
        verifier: Rc::new(WebCryptoVerifier),
    }
}
