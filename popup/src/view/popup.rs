//! Everything that the popup knows and shows, as one value.
//!
//! The page holds it in one signal: every signal of its own type costs the wasm some kilobytes.

use evertoken::error::Problem;
use evertoken::message::SessionView;
use evertoken::platform::UnixTime;

use super::answer::Answer;
use super::request::Draft;
use super::session_card::{self, Action, Card};

/// A view of the popup.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// Where the session stands.
    #[default]
    Session,
    /// Requests and answers.
    Console,
}

impl Tab {
    /// All of them, as they stand side by side.
    pub const ALL: [Self; 2] = [Self::Session, Self::Console];

    /// The id of its tab.
    #[must_use]
    pub fn id(self) -> &'static str {
        ["tab-session", "tab-console"][self as usize]
    }

    /// The id of what it shows.
    #[must_use]
    pub fn panel_id(self) -> &'static str {
        ["session", "console"][self as usize]
    }

    /// Its name: a text's key.
    #[must_use]
    pub fn text(self) -> &'static str {
        ["tab_session", "tab_console"][self as usize]
    }

    /// The one to the right, round the end.
    #[must_use]
    pub fn after(self) -> Self {
        Self::ALL[(self as usize + 1) % 2]
    }

    /// The one to the left, round the start.
    #[must_use]
    pub fn before(self) -> Self {
        Self::ALL[(self as usize + 1) % 2]
    }
}

/// The popup.
#[derive(Clone, Debug)]
pub struct Popup {
    /// The view that is shown.
    pub tab: Tab,
    /// The session card.
    pub card: Card,
    /// The request line.
    pub draft: Draft,
    /// Why the draft cannot be sent as it stands; empty when it can.
    pub fault: &'static str,
    /// A call is under way.
    pub calling: bool,
    /// The answer to the last call.
    pub answer: Option<Answer>,
    /// The newest of the worker's activity that the popup knows.
    pub newest_activity: u64,
    session: Option<SessionView>,
    /// What this popup asked for and the worker has not answered yet.
    pending: Option<Action>,
    /// The worker does not answer.
    silent: bool,
}

impl Popup {
    /// The popup as it opens.
    #[must_use]
    pub fn new(draft: Draft) -> Self {
        Self {
            tab: Tab::default(),
            card: session_card::loading(),
            draft,
            fault: "",
            calling: false,
            answer: None,
            newest_activity: 0,
            session: None,
            pending: None,
            silent: false,
        }
    }

    /// The worker told how the session stands.
    pub fn tell(&mut self, session: SessionView) {
        self.session = Some(session);
        self.silent = false;
    }

    /// The worker refused a request.
    pub fn refuse(&mut self, problem: Problem) {
        if let Some(session) = &mut self.session {
            session.problem = Some(problem);
        }
    }

    /// The worker did not answer.
    pub fn fall_silent(&mut self) {
        self.silent = true;
    }

    /// A button was pressed, or the worker is done with what was pressed.
    pub fn await_worker(&mut self, pending: Option<Action>) {
        self.pending = pending;
    }

    /// Brings the card up to date; whether it changed.
    pub fn refresh_card(&mut self, now: UnixTime) -> bool {
        let card = match &self.session {
            _ if self.silent => session_card::silent(),
            Some(session) => session_card::session_card(session, self.pending, now),
            None => session_card::loading(),
        };
        let changed = card != self.card;
        self.card = card;
        changed
    }
}

#[cfg(test)]
mod tests {
    use evertoken::error::Recovery;

    use super::*;
    use crate::view::session_card::{Badge, Offer};

    const NOW: UnixTime = UnixTime(1_700_000_000_000);

    fn popup() -> Popup {
        let mut popup = Popup::new(Draft::default());
        popup.tell(SessionView {
            state: evertoken::message::SessionState::SignedIn,
            expires_at: Some(UnixTime(NOW.0 + 20_000)),
            ..SessionView::not_configured(None)
        });
        popup.refresh_card(NOW);
        popup
    }

    #[test]
    fn the_card_changes_only_when_its_words_do() {
        let mut popup = popup();
        assert_eq!(popup.card.expiry, "Expires in 0:20");
        assert!(!popup.refresh_card(UnixTime(NOW.0 + 250)));
        assert!(popup.refresh_card(UnixTime(NOW.0 + 1_000)));
        assert_eq!(popup.card.expiry, "Expires in 0:19");
    }

    #[test]
    fn it_opens_without_knowing_anything() {
        let mut popup = Popup::new(Draft::default());
        assert!(!popup.refresh_card(NOW));
        assert_eq!(popup.card.badge, Badge::Busy);
    }

    #[test]
    fn a_silent_worker_is_told_of_until_it_speaks() {
        let mut popup = popup();
        let session = popup.session.clone().unwrap();
        popup.fall_silent();
        popup.refresh_card(NOW);
        assert_eq!(popup.card.heading, "Not responding");
        popup.tell(session);
        popup.refresh_card(NOW);
        assert_eq!(popup.card.heading, "Signed in");
    }

    #[test]
    fn buttons_rest_while_the_worker_works() {
        let mut popup = popup();
        popup.await_worker(Some(Action::Renew));
        popup.refresh_card(NOW);
        assert_eq!(popup.card.renew, Offer::Disabled);
        popup.await_worker(None);
        popup.refresh_card(NOW);
        assert_eq!(popup.card.renew, Offer::Enabled);
    }

    #[test]
    fn a_refusal_is_shown_on_the_card() {
        let mut popup = popup();
        popup.refuse(Problem {
            code: "sender.refused".to_owned(),
            sentence: "this page may not ask".to_owned(),
            detail: None,
            recovery: Recovery::Report,
        });
        popup.refresh_card(NOW);
        assert_eq!(popup.card.notice.unwrap().sentence, "this page may not ask");
    }
}
