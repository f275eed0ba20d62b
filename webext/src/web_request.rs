//! `chrome.webRequest`: observes requests, without changing them.

use js_sys::Function;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::data::{from_js, to_js};

#[wasm_bindgen]
extern "C" {
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

    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "webRequest"], js_name = onHeadersReceived)]
    static ON_HEADERS_RECEIVED: Event;
}

/// Which requests are reported (`webRequest.RequestFilter`).
#[derive(Clone, Debug, Default, Serialize)]
pub struct RequestFilter {
    /// Match patterns of the requests' URLs.
    pub urls: Vec<String>,
    /// The resource types of the requests, such as `sub_frame`; `None` matches every type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub types: Option<Vec<&'static str>>,
}

/// What Chrome reports about a request. The members depend on the event: a failed request has an [`error`](Self::error), a
/// completed one a [`status_code`](Self::status_code), a request that starts has neither.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Details {
    /// The id of the request; redirects do not change it.
    pub request_id: String,
    /// The URL of the request, with fragment.
    pub url: String,
    /// What its answer is used for, such as `sub_frame` (`webRequest.ResourceType`).
    pub r#type: Option<String>,
    /// The id of the frame that the request loads or is sent from.
    pub frame_id: i32,
    /// The id of the tab that it is for; -1 where it is for none.
    pub tab_id: Option<i32>,
    /// The id of the document that holds this frame.
    pub parent_document_id: Option<String>,
    /// Why it failed, with Chrome's name: `net::ERR_…`.
    pub error: Option<String>,
    /// The status of the response.
    pub status_code: Option<u16>,
    /// The URL that it is redirected to.
    pub redirect_url: Option<String>,
    /// The headers of the response, if they were requested.
    pub response_headers: Option<Vec<HttpHeader>>,
}

/// A header of a response (`webRequest.HttpHeaders`).
#[derive(Clone, Debug, Deserialize)]
pub struct HttpHeader {
    /// Its name, as the server wrote it.
    pub name: String,
    /// Its value; `None` if it is not UTF-8.
    pub value: Option<String>,
}

impl Details {
    /// The id of the tab that it is for, if it is for one.
    #[must_use]
    pub fn tab(&self) -> Option<i32> {
        self.tab_id.filter(|id| *id >= 0)
    }

    /// The values of the response's headers with this name.
    #[must_use]
    pub fn headers(&self, name: &str) -> Vec<String> {
        let headers = self.response_headers.iter().flatten();
        headers
            .filter(|header| header.name.eq_ignore_ascii_case(name))
            .filter_map(|header| header.value.clone())
            .collect()
    }
}

/// An event in the life of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestEvent {
    /// It starts, also again at the URL that it was redirected to (`onBeforeRequest`).
    Started,
    /// It is about to be redirected (`onBeforeRedirect`).
    Redirected,
    /// The status of an answer is there, its body not yet (`onHeadersReceived`).
    Headers,
    /// It was answered; reported with the response's headers (`onCompleted`).
    Completed,
    /// It failed (`onErrorOccurred`).
    Failed,
}

impl RequestEvent {
    fn with(self, act: impl FnOnce(&Event)) {
        match self {
            Self::Started => ON_BEFORE_REQUEST.with(act),
            Self::Redirected => ON_BEFORE_REDIRECT.with(act),
            Self::Completed => ON_COMPLETED.with(act),
            Self::Headers => ON_HEADERS_RECEIVED.with(act),
            Self::Failed => ON_ERROR_OCCURRED.with(act),
        }
    }
}

/// Calls a listener with events of requests, until this value is dropped.
#[derive(Debug)]
pub struct Requests {
    closure: Closure<dyn FnMut(JsValue)>,
    events: &'static [RequestEvent],
}

impl Requests {
    /// Starts to listen to these events of the requests that match `filter`.
    ///
    /// # Errors
    /// Chrome's own error; none is expected, because the filter can always be converted to JavaScript.
    pub fn listen(
        events: &'static [RequestEvent],
        filter: &RequestFilter,
        listener: impl FnMut(Details) + 'static,
    ) -> Result<Self, JsValue> {
        Self::listen_with(events, filter, Box::new(listener))
    }

    /// The part of [`listen`](Self::listen) that does not depend on the type of the listener: it is compiled once.
    fn listen_with(
        events: &'static [RequestEvent],
        filter: &RequestFilter,
        mut listener: Box<dyn FnMut(Details)>,
    ) -> Result<Self, JsValue> {
        let filter = to_js(filter)?;
        let headers = to_js(&["responseHeaders"])?;
        let closure = Closure::new(move |details| {
            if let Ok(details) = from_js(details) {
                listener(details);
            }
        });
        let requests = Self { closure, events };
        for event in events {
            let extra = match event {
                RequestEvent::Completed => &headers,
                _ => &JsValue::UNDEFINED,
            };
            event.with(|it| it.add_listener(requests.listener(), &filter, extra));
        }
        Ok(requests)
    }

    fn listener(&self) -> &Function {
        self.closure.as_ref().unchecked_ref()
    }
}

impl Drop for Requests {
    fn drop(&mut self) {
        for event in self.events {
            event.with(|it| it.remove_listener(self.listener()));
        }
    }
}
