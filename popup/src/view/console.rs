//! What the console knows, and what it says beside "Send".

use evertoken_pages::text::{text, text_with};

use super::allow_list::{self, Api, Place};
use super::answer::Answer;
use super::history::SentRequest;
use super::request::RequestDraft;
use super::saved_requests::SavedRequest;

/// The console.
#[derive(Clone, Debug, Default)]
pub struct Console {
    /// The request line.
    pub draft: RequestDraft,
    /// The URL was typed, by the user and in this popup.
    pub typed: bool,
    /// Why the draft cannot be sent as it stands; empty when it can, or was not tried.
    pub fault: String,
    /// The allow-list; `None` while it is not known.
    pub apis: Option<Vec<Api>>,
    /// The mark of the call that is under way.
    pub calling: Option<String>,
    /// The answer to the last call.
    pub answer: Option<Answer>,
    /// The body is shown as it was sent.
    pub raw: bool,
    /// Requests that the user saved.
    pub saved: Vec<SavedRequest>,
    /// Requests that were sent, newest first.
    pub history: Vec<SentRequest>,
}

impl Console {
    /// What the user should know before sending, and its class in the page: empty, or `fault` where the call cannot be
    /// sent, or `attention` where it will not be what one may expect. `place` parses a URL, and gives `None` where it is none; `is_forbidden`
    /// says whether the browser leaves out a header with this name and value.
    #[must_use]
    pub fn note(
        &self,
        place: impl FnOnce(&str) -> Option<Place>,
        is_forbidden: impl Fn(&str, &str) -> bool,
    ) -> (&'static str, String) {
        if !self.fault.is_empty() {
            return ("fault", self.fault.clone());
        }
        let mut named = self.draft.named();
        let words = if let Some(name) = self.draft.lost() {
            text_with("console_note_value_lost", &[name])
        } else if let Some((name, _)) = named.find(|(name, value)| is_forbidden(name, value)) {
            text_with("console_note_forbidden", &[name])
        } else if self.draft.header("authorization").is_some() {
            text("console_note_own_token")
        } else if self.is_off_the_list(place) {
            text("console_note_not_on_list")
        } else {
            return ("", String::new());
        };
        ("attention", words)
    }

    /// The URL to begin with, where nothing has been typed.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        let first = self.apis.as_ref()?.first()?;
        (self.draft.url.is_empty() && !self.typed).then_some(&first.url)
    }

    /// Whether the worker adds a token to calls to `place`; `None` while the allow-list is not known.
    #[must_use]
    pub fn covers(&self, place: &Place) -> Option<bool> {
        let apis = self.apis.as_ref()?;
        Some(allow_list::covers(apis, place))
    }

    fn is_off_the_list(&self, place: impl FnOnce(&str) -> Option<Place>) -> bool {
        let typed = self.draft.url.trim();
        let apis = self.apis.as_deref().unwrap_or_default();
        !allow_list::begins(apis, typed)
            && place(typed).is_some_and(|place| self.covers(&place) == Some(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::request::Header;

    const OFF_THE_LIST: &str = "Not on the allow-list: goes out without a token.";

    fn place(url: &str) -> Option<Place> {
        let (origin, path) = url.strip_prefix("https://")?.split_once('/')?;
        Some(Place {
            origin: ["https://", origin].concat(),
            path: ["/", path].concat(),
        })
    }

    fn console(url: &str) -> Console {
        let api = "https://api.example/v1/";
        let mut console = Console::default();
        url.clone_into(&mut console.draft.url);
        console.apis = Some(vec![Api {
            url: api.to_owned(),
            place: place(api).unwrap(),
        }]);
        console
    }

    fn note(console: &Console) -> (&'static str, String) {
        console.note(place, |name, _| name == "Cookie")
    }

    #[test]
    fn a_url_that_is_not_on_the_allow_list_is_told_at_once() {
        for (url, words) in [
            ("https://api.example/v2/me", OFF_THE_LIST),
            ("https://api.example/v1/me", ""),
            ("https://api.exam", ""),
            ("https://api.example/v1", ""),
            ("nonsense", ""),
            ("", ""),
        ] {
            let mut console = console(url);
            let (class, told) = note(&console);
            assert_eq!(class == "attention", !words.is_empty());
            assert!(told.starts_with(words) && told.is_empty() == words.is_empty());
            console.apis = None;
            assert_eq!(note(&console).1, "", "the list is not known");
        }
        let mut console = console("https://api.example/v1/me");
        console.apis = Some(Vec::new());
        assert_eq!(note(&console).0, "attention");
    }

    #[test]
    fn headers_that_change_the_call_are_told_before_the_list() {
        let own = "Evertoken adds no token beside your own Authorization header.";
        let lost = "The value of Authorization is never kept: enter it, or the header is not sent.";
        let forbidden = "The browser does not let a page send the header Cookie.";
        for (name, value, words) in [
            ("authorization", "Bearer 1", own),
            ("Authorization", "", lost),
            ("Cookie", "a=1", forbidden),
        ] {
            let mut console = console("https://other.example/");
            console.draft.headers.push(Header {
                name: name.to_owned(),
                value: value.to_owned(),
            });
            assert_eq!(note(&console), ("attention", words.to_owned()));
            "The URL is not valid.".clone_into(&mut console.fault);
            assert_eq!(note(&console), ("fault", console.fault.clone()));
        }
    }

    #[test]
    fn the_first_url_is_the_first_apis_unless_something_was_typed() {
        assert_eq!(console("").suggestion(), Some("https://api.example/v1/"));
        assert_eq!(console("https://a.example/").suggestion(), None);
        let mut cleared = console("");
        cleared.typed = true;
        assert_eq!(cleared.suggestion(), None);
        assert_eq!(Console::default().suggestion(), None);
    }
}
