//! What the browser says of a request before it is sent: by its own parser of URLs, and its own rules for headers.

use evertoken_pages::text::{text, text_with};
use web_sys::{Headers, Request, Url};

use crate::view::allow_list::Place;
use crate::view::request::RequestDraft;

/// Origin and path of a URL.
pub(super) fn place(url: &str) -> Option<Place> {
    let url = Url::new(url).ok()?;
    Some(Place {
        origin: url.origin(),
        path: url.pathname(),
    })
}

/// Why the draft cannot be sent, in the user's language; `None` when it can.
pub(super) fn fault(draft: &RequestDraft) -> Option<String> {
    let mut headers = draft.headers.iter();
    fault_of_url(draft.url.trim())
        .map(text)
        .or_else(|| headers.find_map(|it| fault_of_header(it.name.trim(), it.value.trim())))
}

/// Whether the browser leaves this header out without a word (Fetch, "forbidden request-header").
pub(super) fn is_forbidden(name: &str, value: &str) -> bool {
    let request = Request::new_with_str("https://api.invalid/");
    let headers = request.map(|request| request.headers());
    headers.is_ok_and(|headers| headers.set(name, value).is_ok() && headers.has(name) == Ok(false))
}

fn fault_of_url(url: &str) -> Option<&'static str> {
    match Url::new(url).map(|url| (url.protocol(), url.username())) {
        Ok((scheme, _)) if scheme != "https:" && scheme != "http:" => Some("console_fault_scheme"),
        // The browser refuses to send these.
        Ok((_, user)) if !user.is_empty() => Some("console_fault_user_name"),
        Ok(_) => None,
        Err(_) if url.is_empty() => Some("console_fault_no_url"),
        Err(_) if url.contains("://") => Some("console_fault_url"),
        Err(_) => Some("console_fault_scheme"),
    }
}

fn fault_of_header(name: &str, value: &str) -> Option<String> {
    if name.is_empty() {
        return (!value.is_empty()).then(|| text("console_fault_no_name"));
    }
    let headers = Headers::new().ok()?;
    let key = match (headers.set(name, ""), headers.set(name, value)) {
        (Err(_), _) => "console_fault_name",
        (Ok(()), Err(_)) => "console_fault_value",
        (Ok(()), Ok(())) => return None,
    };
    Some(text_with(key, &[name]))
}
