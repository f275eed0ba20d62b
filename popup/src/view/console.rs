//! What the console knows, and what it says beside "Send".

use evertoken_pages::text::{text, text_with};

use super::allow_list::{self, Api, Place};
use super::answer::Answer;
use super::history::SentRequest;
use super::request::{RequestDraft, forbidden};
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

/// How what stands beside "Send" is coloured. Its words say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Good to know.
    Plain,
    /// The call will not be what one may expect.
    Attention,
    /// The call cannot be sent.
    Fault,
}

impl Console {
    /// What the user should know before sending. `place` parses a URL; `None` where it is none.
    #[must_use]
    pub fn note(&self, place: impl FnOnce(&str) -> Option<Place>) -> (Weight, String) {
        if !self.fault.is_empty() {
            return (Weight::Fault, self.fault.clone());
        }
        if let Some(name) = self.draft.lost() {
            let words = text_with("console_note_value_lost", &[name]);
            return (Weight::Attention, words);
        }
        if let Some(name) = forbidden(&self.draft) {
            return (
                Weight::Attention,
                text_with("console_note_forbidden", &[name]),
            );
        }
        if self.draft.header("authorization").is_some() {
            return (Weight::Attention, text("console_note_own_token"));
        }
        if self.is_off_the_list(place) {
            return (Weight::Attention, text("console_note_not_on_list"));
        }
        (Weight::Plain, String::new())
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

    fn place(url: &str) -> Option<Place> {
        let (origin, path) = url.strip_prefix("https://")?.split_once('/')?;
        Some(Place {
            origin: ["https://", origin].concat(),
            path: ["/", path].concat(),
        })
    }

    fn console(url: &str) -> Console {
        let api = "https://api.example/v1/";
        Console {
            draft: RequestDraft {
                url: url.to_owned(),
                ..RequestDraft::default()
            },
            apis: Some(vec![Api {
                url: api.to_owned(),
                place: place(api).unwrap(),
            }]),
            ..Console::default()
        }
    }

    fn with_header(name: &str, value: &str) -> Console {
        let mut console = console("https://api.example/v1/me");
        console.draft.headers.push(Header {
            name: name.to_owned(),
            value: value.to_owned(),
        });
        console
    }

    #[test]
    fn a_url_that_is_not_on_the_allow_list_is_told_at_once() {
        let (weight, words) = console("https://api.example/v2/me").note(place);
        assert_eq!(weight, Weight::Attention);
        assert!(
            words.starts_with("Not on the allow-list: goes out without a token."),
            "{words}"
        );
        for quiet in [
            "https://api.example/v1/me",
            "https://api.exam",
            "https://api.example/v1",
            "nonsense",
            "",
        ] {
            assert_eq!(console(quiet).note(place).1, "", "{quiet}");
        }
    }

    #[test]
    fn nothing_is_said_of_a_list_that_is_not_known() {
        let mut console = console("https://other.example/");
        assert_ne!(console.note(place).1, "");
        console.apis = None;
        assert_eq!(console.note(place).1, "");
    }

    #[test]
    fn where_the_settings_name_no_api_no_url_is_on_the_list() {
        let mut console = console("https://api.example/v1/me");
        console.apis = Some(Vec::new());
        assert_eq!(console.note(place).0, Weight::Attention);
        console.draft.url.clear();
        assert_eq!(console.note(place).1, "", "nothing is typed yet");
    }

    #[test]
    fn what_keeps_a_call_from_being_sent_comes_first() {
        let mut console = console("https://other.example/");
        console.fault = "The URL is not valid.".to_owned();
        let fault = (Weight::Fault, "The URL is not valid.".to_owned());
        assert_eq!(console.note(place), fault);
    }

    #[test]
    fn a_token_of_the_users_own_is_told() {
        assert_eq!(
            with_header("authorization", "Bearer 1").note(place).1,
            "Evertoken adds no token beside your own Authorization header."
        );
        assert_eq!(with_header("Accept", "*/*").note(place).1, "");
    }

    #[test]
    fn a_value_that_was_not_kept_is_asked_for() {
        assert_eq!(
            with_header("Authorization", "").note(place).1,
            "The value of Authorization is never kept: enter it, or the header is not sent."
        );
    }

    #[test]
    fn a_header_that_the_browser_drops_is_told() {
        assert_eq!(
            with_header("Cookie", "a=1").note(place).1,
            "The browser does not let a page send the header Cookie."
        );
    }

    #[test]
    fn the_first_url_is_the_first_apis_unless_something_was_typed() {
        assert_eq!(console("").suggestion(), Some("https://api.example/v1/"));
        assert_eq!(console("https://a.example/").suggestion(), None);
        let cleared = Console {
            typed: true,
            ..console("")
        };
        assert_eq!(cleared.suggestion(), None);
        assert_eq!(Console::default().suggestion(), None);
    }
}
