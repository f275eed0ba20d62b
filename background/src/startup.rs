//! What happens before the first event is answered: storage is closed to pages, settings are read.

use std::rc::Rc;

use evertoken::Engine;
use evertoken::error::{Error, Problem};
use evertoken::platform::Platform;
use evertoken::settings::{Build, Settings};
use evertoken_webext::storage;
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

/// Where the user's own settings are kept.
const SETTINGS_KEY: &str = "evertoken.settings";

/// The engine; or, without usable settings, what is wrong with them (`None`: there are none yet).
pub(crate) async fn engine(built_in: &JsValue) -> Result<Engine, Option<Problem>> {
    // Session storage is closed to content scripts by default; a failure leaves that default.
    storage::session().restrict_to_trusted_contexts().await.ok();
    let json = match built_in.is_object() {
        true => js_sys::JSON::stringify(built_in)
            .ok()
            .and_then(|text| text.as_string()),
        false => storage::local().get_text(SETTINGS_KEY).await.ok().flatten(),
    };
    let json = json.ok_or(None)?;
    let settings = Settings::parse(&json, build()).map_err(|error| Error::from(error).problem())?;
    Ok(Engine::start(platform(), settings).await)
}

/// A build from a store has an update address; one that was loaded unpacked has none.
fn build() -> Build {
    match evertoken_webext::runtime::is_unpacked() {
        true => Build::Development,
        false => Build::Release,
    }
}

fn platform() -> Platform {
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
