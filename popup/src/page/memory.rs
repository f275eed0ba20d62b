//! The request line survives the popup, which closes at every click outside it.
//!
//! Only what the user typed is kept, never an answer: an answer may hold what the API means to be
//! seen by someone signed in.

use leptos::prelude::window;
use web_sys::Storage;

use crate::view::request::{Draft, METHODS};

const METHOD: &str = "evertoken.request.method";
const URL: &str = "evertoken.request.url";
const BODY: &str = "evertoken.request.body";

/// What was kept; a GET of nothing where there is nothing.
pub(super) fn recall() -> Draft {
    let kept = |key| storage()?.get_item(key).ok()?;
    Draft {
        method: kept(METHOD).unwrap_or_else(|| METHODS[0].to_owned()),
        url: kept(URL).unwrap_or_default(),
        body: kept(BODY).unwrap_or_default(),
    }
}

/// Keeps `draft`. Losing it is no error: the user types again.
pub(super) fn remember(draft: &Draft) {
    let Some(storage) = storage() else { return };
    for (key, value) in [
        (METHOD, &draft.method),
        (URL, &draft.url),
        (BODY, &draft.body),
    ] {
        _ = storage.set_item(key, value);
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
