//! Storage, over a `chrome.storage` in memory and the browser's own IndexedDB and WebCrypto.

use evertoken::platform::{Record, SessionStore, StoreError};
use evertoken::session_id::SessionId;
use evertoken_background::platform::store::ChromeStore;
use evertoken_webext::storage;
use js_sys::Promise;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::js::{run, settled, value_of};

/// An empty storage area. The bindings keep the first one that they see, so there is only one.
fn empty() {
    run(r#"
        globalThis.chrome ??= {};
        chrome.storage ??= { session: {}, local: {}, managed: {} };
        const area = (kept) => ({
            get: async (key) => (key in kept ? { [key]: kept[key] } : {}),
            set: async (items) => { Object.assign(kept, items) },
            remove: async (key) => { delete kept[key] },
        });
        globalThis.kept = {};
        globalThis.keptOnDisk = {};
        Object.assign(chrome.storage.session, area(kept));
        Object.assign(chrome.storage.local, area(keptOnDisk));
    "#);
}

/// From now on, every call is refused.
fn broken() {
    run(r#"
        const refuse = async () => { throw new Error("QUOTA_BYTES quota exceeded") };
        Object.assign(chrome.storage.session, { get: refuse, set: refuse, remove: refuse });
    "#);
}

async fn read() -> Result<Option<Value>, StoreError> {
    ChromeStore::default().read(Record::Session).await
}

async fn write(record: impl Into<Value>) -> Result<(), StoreError> {
    ChromeStore::default()
        .write(Record::Session, record.into())
        .await
}

async fn remove() -> Result<(), StoreError> {
    ChromeStore::default().remove(Record::Session).await
}

#[wasm_bindgen_test]
async fn a_record_is_read_as_it_was_last_written() {
    empty();
    assert_eq!(read().await, Ok(None));
    assert_eq!(write(json!({"first": 1})).await, Ok(()));
    let second = json!({
        "text": "\u{1F511}", "none": null, "list": [true, -0.5, 9_007_199_254_740_991_i64], "map": {"0": "a"},
    });
    assert_eq!(write(second.clone()).await, Ok(()));
    assert_eq!(read().await, Ok(Some(second.clone())));
    let stored = json!({ Record::Session.key(): second });
    assert_eq!(value_of("kept"), stored, "as an object, not as its text");
}

#[wasm_bindgen_test]
async fn a_removed_record_is_gone_and_removing_it_again_succeeds() {
    empty();
    assert_eq!(write("text").await, Ok(()));
    assert_eq!(remove().await, Ok(()));
    assert_eq!(read().await, Ok(None));
    assert_eq!(remove().await, Ok(()));
    assert_eq!(value_of("kept"), json!({}));
}

#[wasm_bindgen_test]
async fn whatever_is_stored_is_read_as_it_is_and_what_is_no_data_is_corrupt() {
    empty();
    let put = |value: &str| run(&format!(r#"kept["{}"] = {value}"#, Record::Session.key()));
    for value in [
        "1",
        "null",
        "{}",
        r#"["text"]"#,
        r#""as earlier versions stored it""#,
    ] {
        put(value);
        let expected = serde_json::from_str(value).unwrap();
        assert_eq!(read().await, Ok(Some(expected)), "{value}");
    }
    put("undefined");
    assert_eq!(read().await, Ok(None));
    put("() => {}");
    assert_eq!(read().await, Err(StoreError::Corrupt));
}

#[wasm_bindgen_test]
async fn a_refusal_of_the_browser_is_told() {
    empty();
    broken();
    assert_eq!(read().await, Err(StoreError::Read));
    assert_eq!(write("text").await, Err(StoreError::Write));
    assert_eq!(remove().await, Err(StoreError::Write));
}

#[wasm_bindgen_test]
async fn a_store_that_was_closed_changes_nothing_more_and_another_goes_on() {
    empty();
    let store = ChromeStore::default();
    let write = |record, text: &str| store.write(record, text.into());
    assert_eq!(write(Record::Session, "kept").await, Ok(()));
    assert_eq!(write(Record::Remembered, "kept").await, Ok(()));
    let before = (value_of("kept"), on_disk());
    let late = [Record::Session, Record::Remembered].map(|record| write(record, "late"));
    store.close();
    for late in late {
        assert_eq!(late.await, Err(StoreError::Write));
    }
    for record in [Record::Session, Record::Remembered] {
        assert_eq!(store.read(record).await, Err(StoreError::Read));
        assert_eq!(store.remove(record).await, Err(StoreError::Write));
    }
    assert_eq!((value_of("kept"), on_disk()), before);
    assert_eq!(write(Record::Session, "late").await, Err(StoreError::Write));
    assert_eq!(read().await, Ok(Some("kept".into())));
}

/// As a worker's script asks, while the code is compiled.
fn asked_ahead() -> Promise {
    run("Promise.resolve({ ...kept })").unchecked_into()
}

#[wasm_bindgen_test]
async fn what_was_asked_for_ahead_is_not_asked_for_again() {
    empty();
    assert_eq!(write("text").await, Ok(()));
    let store = ChromeStore::ahead(SessionId::default(), asked_ahead());
    broken();
    assert_eq!(store.read(Record::Session).await, Ok(Some("text".into())));
    assert_eq!(store.read(Record::Journal).await, Ok(None));
    store.let_go();
    assert_eq!(store.read(Record::Session).await, Err(StoreError::Read));
}

#[wasm_bindgen_test]
async fn what_was_asked_for_ahead_counts_until_something_is_written() {
    empty();
    assert_eq!(write("old").await, Ok(()));
    let store = ChromeStore::ahead(SessionId::default(), asked_ahead());
    let written = store.write(Record::Session, "new".into()).await;
    assert_eq!(written, Ok(()));
    assert_eq!(store.read(Record::Session).await, Ok(Some("new".into())));
    let store = ChromeStore::ahead(SessionId::default(), asked_ahead());
    assert_eq!(store.remove(Record::Session).await, Ok(()));
    assert_eq!(store.read(Record::Session).await, Ok(None));
}

#[wasm_bindgen_test]
async fn where_asking_ahead_failed_the_store_asks_again() {
    empty();
    assert_eq!(write("text").await, Ok(()));
    let refused = Promise::reject(&JsValue::NULL);
    let store = ChromeStore::ahead(SessionId::default(), refused);
    assert_eq!(store.read(Record::Session).await, Ok(Some("text".into())));
}

#[wasm_bindgen_test]
async fn what_names_nobody_outlives_the_browser_unsealed() {
    empty();
    let store = ChromeStore::default();
    let written = store.write(Record::Proven, "text".into()).await;
    assert_eq!(written, Ok(()));
    let expected = json!({ Record::Proven.key(): "text" });
    assert_eq!(
        (value_of("keptOnDisk"), value_of("kept")),
        (expected, json!({}))
    );
    assert_eq!(store.read(Record::Proven).await, Ok(Some("text".into())));
}

/// What stands under the remembered session's key, as it is on disk.
fn on_disk() -> Option<String> {
    let all = value_of("keptOnDisk");
    all[Record::Remembered.key()].as_str().map(str::to_owned)
}

#[wasm_bindgen_test]
async fn what_outlives_the_browser_is_sealed_and_another_worker_opens_it() {
    empty();
    let store = ChromeStore::default();
    let record = json!({"refresh_token": "\u{1F511}"});
    let write = async || store.write(Record::Remembered, record.clone()).await;
    assert_eq!(write().await, Ok(()));
    let first = on_disk().unwrap();
    assert!(!first.contains("refresh"));
    assert_eq!(value_of("kept"), json!({}), "and nowhere else");
    assert_eq!(write().await, Ok(()));
    assert_ne!(on_disk().unwrap(), first, "each time with another vector");
    let read = ChromeStore::default().read(Record::Remembered).await;
    // The record reads its own text: that is what was sealed.
    assert_eq!(read, Ok(Some(record.to_string().into())));
    assert_eq!(store.remove(Record::Remembered).await, Ok(()));
    assert_eq!(on_disk(), None);
}

#[wasm_bindgen_test]
async fn what_was_changed_on_disk_or_sealed_for_something_else_is_corrupt() {
    empty();
    let store = ChromeStore::default();
    let written = store.write(Record::Remembered, "text".into()).await;
    assert_eq!(written, Ok(()));
    let sealed = on_disk().unwrap();
    let first = if sealed.starts_with('A') { "B" } else { "A" };
    let swapped = format!("{first}{}", sealed.get(1..).unwrap());
    let cut = sealed.get(..20).unwrap();
    for text in ["", "AAAA", "no base64url!", cut, &swapped] {
        run(&format!(
            r#"keptOnDisk["{}"] = "{text}""#,
            Record::Remembered.key()
        ));
        let read = store.read(Record::Remembered).await;
        assert_eq!(read, Err(StoreError::Corrupt), "{text}");
    }
}

#[wasm_bindgen_test]
async fn the_key_cannot_be_extracted() {
    empty();
    let store = ChromeStore::default();
    let written = store.write(Record::Remembered, "text".into()).await;
    assert_eq!(written, Ok(()));
    settled(
        r#"new Promise((resolve) => {
            indexedDB.open("evertoken").onsuccess = ({ target: { result } }) =>
                result.transaction("keys").objectStore("keys").get("vault").onsuccess = ({ target }) =>
                    resolve((globalThis.vaultKey = target.result));
        })"#,
    )
    .await;
    let key = "[vaultKey.extractable, vaultKey.algorithm.name, vaultKey.algorithm.length, vaultKey.usages.length]";
    assert_eq!(value_of(key), json!([false, "AES-GCM", 256, 2]));
}

/// What an administrator has set, where Chrome answers so.
async fn policy(answer: &str) -> Option<Option<String>> {
    empty();
    run(&format!(
        "chrome.storage.managed.get = async () => {{ {answer} }}"
    ));
    let told = JsFuture::from(storage::managed().ask_all()).await.ok()?;
    Some(storage::json_of(&told).unwrap())
}

#[wasm_bindgen_test]
async fn a_policy_is_read_whole_as_json() {
    let set = policy(r#"return { provider: { issuer: "https://a.example/" }, apis: [] }"#).await;
    let expected = r#"{"provider":{"issuer":"https://a.example/"},"apis":[]}"#;
    assert_eq!(set, Some(Some(expected.to_owned())));
    assert_eq!(policy("return {}").await, Some(None), "there is none");
    let refused = r#"throw new Error("This is not a managed extension.")"#;
    assert_eq!(policy(refused).await, None);
}
