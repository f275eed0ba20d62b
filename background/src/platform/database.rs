//! Keys in IndexedDB, which stores them as such, by the few calls that it takes.

use evertoken::platform::LocalFuture;
use futures_channel::oneshot;
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;

const DATABASE: &str = "evertoken";
const STORE: &str = "keys";

/// The browser could not open the database, or refused the request.
pub(super) struct DatabaseError;

#[wasm_bindgen]
extern "C" {
    type Request;

    #[wasm_bindgen(method, getter)]
    fn result(this: &Request) -> JsValue;

    #[wasm_bindgen(method, setter, js_name = onsuccess)]
    fn set_on_success(this: &Request, listener: &Function);

    #[wasm_bindgen(method, setter, js_name = onerror)]
    fn set_on_error(this: &Request, listener: &Function);

    #[wasm_bindgen(method, setter, js_name = onupgradeneeded)]
    fn set_on_upgrade_needed(this: &Request, listener: &Function);

    type Database;

    #[wasm_bindgen(js_namespace = indexedDB, js_name = open, catch)]
    fn open_js(name: &str) -> Result<Request, JsValue>;

    #[wasm_bindgen(method, js_name = createObjectStore, catch)]
    fn create_object_store(this: &Database, name: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn transaction(this: &Database, store: &str, mode: &str) -> Result<Transaction, JsValue>;

    #[wasm_bindgen(method)]
    fn close(this: &Database);

    type Transaction;

    #[wasm_bindgen(method, js_name = objectStore, catch)]
    fn object_store(this: &Transaction, name: &str) -> Result<JsValue, JsValue>;
}

pub(super) async fn read(record: &str) -> Result<Option<JsValue>, DatabaseError> {
    let found = ask("readonly", "get", &Array::of1(&record.into())).await?;
    Ok(found.is_object().then_some(found))
}

/// Fails where there is a record already.
pub(super) async fn add(record: &str, value: &JsValue) -> Result<(), DatabaseError> {
    let arguments = Array::of2(value, &record.into());
    ask("readwrite", "add", &arguments).await.map(drop)
}

pub(super) async fn delete(record: &str) -> Result<(), DatabaseError> {
    let arguments = Array::of1(&record.into());
    ask("readwrite", "delete", &arguments).await.map(drop)
}

/// Calls `method` of the store. Boxed, so that its callers do not each contain it.
fn ask(
    mode: &'static str,
    method: &'static str,
    arguments: &Array,
) -> LocalFuture<Result<JsValue, DatabaseError>> {
    let arguments = arguments.clone();
    Box::pin(async move {
        let database = open().await?;
        let asked: Result<JsValue, JsValue> = database
            .transaction(STORE, mode)
            .and_then(|transaction| transaction.object_store(STORE))
            .and_then(|store| {
                let method = Reflect::get(&store, &method.into())?;
                Reflect::apply(method.unchecked_ref::<Function>(), &store, &arguments)
            });
        // It stays open until its transactions are done.
        database.close();
        let request: Request = asked.map_err(|_| DatabaseError)?.unchecked_into();
        done(&request).await
    })
}

async fn open() -> Result<Database, DatabaseError> {
    let request = open_js(DATABASE).map_err(|_| DatabaseError)?;
    let opening: Request = request.clone().unchecked_into();
    let on_upgrade_needed = Closure::<dyn FnMut()>::new(move || {
        let database: Database = opening.result().unchecked_into();
        // Where this fails, so does every transaction.
        database.create_object_store(STORE).ok();
    });
    request.set_on_upgrade_needed(on_upgrade_needed.as_ref().unchecked_ref());
    Ok(done(&request).await?.unchecked_into())
}

async fn done(request: &Request) -> Result<JsValue, DatabaseError> {
    let (tell, told) = oneshot::channel();
    let mut tell = Some(tell);
    let listener = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
        let kind = Reflect::get(&event, &"type".into()).unwrap_or_default();
        if let Some(tell) = tell.take() {
            tell.send(kind == "success").ok();
        }
    });
    let function: &Function = listener.as_ref().unchecked_ref();
    request.set_on_success(function);
    request.set_on_error(function);
    match told.await {
        Ok(true) => Ok(request.result()),
        _ => Err(DatabaseError),
    }
}
