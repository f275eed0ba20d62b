//! WebCrypto keys that cannot be extracted, kept by name in IndexedDB, which stores them as such.
//!
//! Errors are the browser's own.

use js_sys::{Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransactionMode};

use super::global_scope;
use super::web_crypto::{subtle, usages};

const DATABASE: &str = "evertoken";
const STORE: &str = "keys";

/// The key, or key pair, with this name.
pub(super) async fn find(name: &str) -> Result<Option<JsValue>, JsValue> {
    let store = object_store(IdbTransactionMode::Readonly).await?;
    let found = result(&store.get(&name.into())?).await?;
    Ok(found.is_object().then_some(found))
}

/// The key, or key pair, with this name; where there is none, it is generated for `algorithm` and the `allowed` usages.
///
/// Contexts of the extension that generate it at the same time all end with the same key.
pub(super) async fn find_or_generate(
    name: &str,
    algorithm: &Object,
    allowed: &[&str],
) -> Result<JsValue, JsValue> {
    if let Some(found) = find(name).await? {
        return Ok(found);
    }
    let key = subtle()?.generate_key_with_object(algorithm, false, &usages(allowed))?;
    let key = JsFuture::from(key).await?;
    let store = object_store(IdbTransactionMode::Readwrite).await?;
    match result(&store.add_with_key(&key, &name.into())?).await {
        Ok(_) => Ok(key),
        // `add` fails where another context has added a key since: that key is the one.
        Err(error) => find(name).await?.ok_or(error),
    }
}

/// Deletes the key with this name, if there is one.
pub(super) async fn delete(name: &str) -> Result<(), JsValue> {
    let store = object_store(IdbTransactionMode::Readwrite).await?;
    result(&store.delete(&name.into())?).await.map(drop)
}

/// The keys, in a transaction of their own. It ends unless a request is made before anything else is awaited.
async fn object_store(mode: IdbTransactionMode) -> Result<IdbObjectStore, JsValue> {
    let database = open().await?;
    let transaction = database.transaction_with_str_and_mode(STORE, mode);
    // It stays open until its transactions are done.
    database.close();
    transaction?.object_store(STORE)
}

async fn open() -> Result<IdbDatabase, JsValue> {
    let factory = global_scope().indexed_db()?.ok_or(JsValue::UNDEFINED)?;
    let request = factory.open(DATABASE)?;
    let opening = request.clone();
    let on_upgrade_needed = Closure::<dyn FnMut()>::new(move || {
        let database = opening.result().map(JsCast::unchecked_into::<IdbDatabase>);
        // Where this fails, so does every transaction.
        drop(database.and_then(|database| database.create_object_store(STORE)));
    });
    request.set_onupgradeneeded(Some(on_upgrade_needed.as_ref().unchecked_ref()));
    Ok(result(&request).await?.unchecked_into())
}

async fn result(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let done = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(done).await?;
    request.result()
}
