//! Session storage, over a `chrome.storage.session` in memory.

use evertoken::platform::{Record, SessionStore, StoreError};
use evertoken_background::platform::store::ChromeSessionStore;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::js::{run, value_of};

/// An empty storage area. The bindings keep the first one that they see, so there is only one.
fn empty() {
    run(r#"
        globalThis.chrome ??= {};
        chrome.storage ??= { session: {} };
        globalThis.kept = {};
        Object.assign(chrome.storage.session, {
            get: async (key) => (key in kept ? { [key]: kept[key] } : {}),
            set: async (items) => { Object.assign(kept, items) },
            remove: async (key) => { delete kept[key] },
        });
    "#);
}

/// From now on, every call is refused.
fn broken() {
    run(r#"
        const refuse = async () => { throw new Error("QUOTA_BYTES quota exceeded") };
        Object.assign(chrome.storage.session, { get: refuse, set: refuse, remove: refuse });
    "#);
}

async fn read() -> Result<Option<String>, StoreError> {
    ChromeSessionStore.read(Record::Session).await
}

async fn write(text: &str) -> Result<(), StoreError> {
    ChromeSessionStore
        .write(Record::Session, text.to_owned())
        .await
}

async fn remove() -> Result<(), StoreError> {
    ChromeSessionStore.remove(Record::Session).await
}

#[wasm_bindgen_test]
async fn a_record_is_read_as_it_was_last_written() {
    empty();
    assert_eq!(read().await, Ok(None));
    assert_eq!(write("first").await, Ok(()));
    assert_eq!(write("zweitens \u{1F511}").await, Ok(()));
    assert_eq!(read().await, Ok(Some("zweitens \u{1F511}".to_owned())));
    assert_eq!(
        value_of("kept"),
        json!({ Record::Session.key(): "zweitens \u{1F511}" })
    );
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
async fn what_is_no_text_is_no_record() {
    empty();
    for value in ["1", "null", "{}", r#"["text"]"#] {
        run(&format!(r#"kept["{}"] = {value}"#, Record::Session.key()));
        assert_eq!(read().await, Ok(None), "{value}");
    }
}

#[wasm_bindgen_test]
async fn a_refusal_of_the_browser_is_told() {
    empty();
    broken();
    assert_eq!(read().await, Err(StoreError::Read));
    assert_eq!(write("text").await, Err(StoreError::Write));
    assert_eq!(remove().await, Err(StoreError::Write));
}
