//! `chrome.webRequest`: requests as they go, only to look at.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What Chrome tells of a request. Which event it is shows in what there is: a failed one has an
    /// [`error`](Details::error), a completed one a [`status_code`](Details::status_code), one that starts neither.
    pub type Details;

    /// The id of the request; its redirects keep it.
    #[wasm_bindgen(method, getter, js_name = requestId)]
    pub fn request_id(this: &Details) -> String;

    /// Where it goes, fragment included.
    #[wasm_bindgen(method, getter)]
    pub fn url(this: &Details) -> String;

    /// The frame that it is for.
    #[wasm_bindgen(method, getter, js_name = frameId)]
    pub fn frame_id(this: &Details) -> i32;

    /// The document that holds this frame.
    #[wasm_bindgen(method, getter, js_name = parentDocumentId)]
    pub fn parent_document_id(this: &Details) -> Option<String>;

    /// Why it failed, as Chrome names it: `net::ERR_…`.
    #[wasm_bindgen(method, getter)]
    pub fn error(this: &Details) -> Option<String>;

    /// The status of the answer.
    #[wasm_bindgen(method, getter, js_name = statusCode)]
    pub fn status_code(this: &Details) -> Option<u16>;

    /// Where a redirect leads.
    #[wasm_bindgen(method, getter, js_name = redirectUrl)]
    pub fn redirect_url(this: &Details) -> Option<String>;

    #[wasm_bindgen(method, getter, js_name = responseHeaders)]
    fn response_headers(this: &Details) -> JsValue;

    type Event;

    #[wasm_bindgen(method, js_name = addListener)]
    fn add_listener(this: &Event, listener: &Function, filter: &JsValue, extra: &JsValue);

    #[wasm_bindgen(method, js_name = removeListener)]
    fn remove_listener(this: &Event, listener: &Function);

    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "webRequest"], js_name = onBeforeRedirect)]
    static ON_BEFORE_REDIRECT: Event;

    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "webRequest"], js_name = onBeforeRequest)]
    static ON_BEFORE_REQUEST: Event;

    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "webRequest"], js_name = onCompleted)]
    static ON_COMPLETED: Event;

    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "webRequest"], js_name = onErrorOccurred)]
    static ON_ERROR_OCCURRED: Event;
}

impl Details {
    /// The values of the answer's headers with this name, which is in lower case.
    #[must_use]
    pub fn headers(&self, name: &str) -> Vec<String> {
        let headers = self.response_headers();
        if !headers.is_object() {
            return Vec::new();
        }
        let mut values = Vec::new();
        for header in Array::from(&headers) {
            let text = |member: &str| Reflect::get(&header, &member.into()).ok()?.as_string();
            if text("name").is_some_and(|found| found.eq_ignore_ascii_case(name)) {
                values.extend(text("value"));
            }
        }
        values
    }
}

/// Calls a listener when a request starts (also anew, by a redirect), completes or fails, until it is dropped.
#[derive(Debug)]
pub struct Requests(Closure<dyn FnMut(Details)>);

impl Requests {
    /// Starts to listen. `filter` is Chrome's `RequestFilter`.
    #[must_use]
    pub fn listen(filter: &JsValue, listener: impl FnMut(Details) + 'static) -> Self {
        let requests = Self(Closure::new(listener));
        let headers = Array::of1(&"responseHeaders".into()).into();
        let listen = |event: &Event, extra: &JsValue| {
            event.add_listener(requests.listener(), filter, extra);
        };
        ON_BEFORE_REQUEST.with(|event| listen(event, &JsValue::UNDEFINED));
        ON_COMPLETED.with(|event| listen(event, &headers));
        ON_ERROR_OCCURRED.with(|event| listen(event, &JsValue::UNDEFINED));
        requests
    }

    fn listener(&self) -> &Function {
        self.0.as_ref().unchecked_ref()
    }
}

impl Drop for Requests {
    fn drop(&mut self) {
        for event in [&ON_BEFORE_REQUEST, &ON_COMPLETED, &ON_ERROR_OCCURRED] {
            event.with(|event| event.remove_listener(self.listener()));
        }
    }
}

/// Calls a listener when a request is redirected or fails, until it is dropped. Only to be used in pages.
#[derive(Debug)]
pub struct Ends(Closure<dyn FnMut(Details)>);

impl Ends {
    /// Starts to listen. `filter` is Chrome's `RequestFilter`.
    #[must_use]
    pub fn listen(filter: &JsValue, listener: impl FnMut(Details) + 'static) -> Self {
        let ends = Self(Closure::new(listener));
        let function: &Function = ends.0.as_ref().unchecked_ref();
        for event in [&ON_BEFORE_REDIRECT, &ON_ERROR_OCCURRED] {
            event.with(|event| event.add_listener(function, filter, &JsValue::UNDEFINED));
        }
        ends
    }
}

impl Drop for Ends {
    fn drop(&mut self) {
        let function: &Function = self.0.as_ref().unchecked_ref();
        for event in [&ON_BEFORE_REDIRECT, &ON_ERROR_OCCURRED] {
            event.with(|event| event.remove_listener(function));
        }
    }
}
