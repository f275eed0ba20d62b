//! What the popup knows of the worker, as one value: the session, and what happened.

use evertoken::message::{SessionState, SessionView};
use evertoken::platform::UnixTime;
use evertoken::problem::Problem;

use super::session_card::{self, Action, Card};
use super::timeline::Timeline;

/// The popup.
#[derive(Clone, Debug)]
pub struct Popup {
    /// The session card.
    pub card: Card,
    /// What happened.
    pub timeline: Timeline,
    /// The session as the worker showed it last; `None` before its first answer.
    session: Option<SessionView>,
    /// What the user asked for here and the worker has not answered yet.
    pending: Option<Action>,
    /// The worker does not answer.
    silent: bool,
}

impl Default for Popup {
    fn default() -> Self {
        Self {
            card: session_card::loading(),
            timeline: Timeline::default(),
            session: None,
            pending: None,
            silent: false,
        }
    }
}

impl Popup {
    /// Sets how the session stands; returns whether its settings may be others than before.
    pub fn show_session(&mut self, session: SessionView) -> bool {
        let settings = |view: &SessionView| {
            let unset = view.state == SessionState::NotConfigured;
            (unset, view.issuer.clone())
        };
        let others = self.session.as_ref().map(settings) != Some(settings(&session));
        self.session = Some(session);
        self.silent = false;
        others
    }

    /// Names the signed-in user, by issuer and `sub`; empty where nobody is signed in.
    #[must_use]
    pub fn user(&self) -> String {
        let session = self.session.as_ref();
        session.and_then(user).unwrap_or_default()
    }

    /// Whether an answer to `owner`, a [user](Self::user), may be shown in this session; not while the session is not
    /// known.
    #[must_use]
    pub fn may_show(&self, owner: &str) -> bool {
        self.session.as_ref().is_some_and(|session| {
            let ended = session.state == SessionState::SignedOut;
            owner.is_empty() || user(session).map_or(!ended, |user| user == owner)
        })
    }

    /// Shows why the worker refused a request.
    pub fn refuse(&mut self, problem: Problem) {
        if let Some(session) = &mut self.session {
            session.problem = Some(problem);
        }
    }

    /// Shows that the worker does not answer.
    pub fn fall_silent(&mut self) {
        self.silent = true;
    }

    /// Sets what the user asked for; `None` when the worker has answered.
    pub fn await_worker(&mut self, pending: Option<Action>) {
        self.pending = pending;
    }

    /// Brings the card up to date; returns whether it changed.
    pub fn refresh_card(&mut self, now: UnixTime) -> bool {
        let mut card = match &self.session {
            _ if self.silent => session_card::silent(),
            Some(session) => session_card::session_card(session, self.pending, now),
            None => session_card::loading(),
        };
        card.last_call = self.timeline.last_call(now);
        let changed = card != self.card;
        self.card = card;
        changed
    }
}

fn user(session: &SessionView) -> Option<String> {
    let identity = session.identity.as_ref()?;
    let issuer = session.issuer.as_deref().unwrap_or_default();
    Some([issuer, " ", &identity.sub].concat())
}

#[cfg(test)]
mod tests {
    use evertoken::message::Identity;
    use evertoken::problem::{ProblemCode, Recovery};

    use super::*;
    use crate::view::session_card::Offer;

    const NOW: UnixTime = UnixTime(1_700_000_000_000);

    fn session(state: SessionState, sub: Option<&str>) -> SessionView {
        SessionView {
            state,
            issuer: Some("https://tenant.example/".to_owned()),
            identity: sub.map(|sub| Identity {
                sub: sub.to_owned(),
                name: None,
                email: None,
            }),
            expires_at: Some(UnixTime(NOW.0 + 20_000)),
            ..SessionView::not_configured(None)
        }
    }

    fn popup() -> Popup {
        let mut popup = Popup::default();
        popup.show_session(session(SessionState::SignedIn, Some("ada")));
        popup.refresh_card(NOW);
        popup
    }

    #[test]
    fn the_card_changes_only_when_its_words_do() {
        assert!(!Popup::default().refresh_card(NOW), "as it opens");
        let mut popup = popup();
        assert_eq!(popup.card.expiry, "Expires in 0:20");
        assert!(!popup.refresh_card(UnixTime(NOW.0 + 250)));
        assert!(popup.refresh_card(UnixTime(NOW.0 + 1_000)));
        assert_eq!(popup.card.expiry, "Expires in 0:19");
    }

    #[test]
    fn a_silent_worker_is_told_of_until_it_speaks() {
        let mut popup = popup();
        popup.fall_silent();
        popup.refresh_card(NOW);
        assert_eq!(popup.card.heading, "Not responding");
        popup.show_session(session(SessionState::SignedIn, None));
        popup.refresh_card(NOW);
        assert_eq!(popup.card.heading, "Signed in");
    }

    #[test]
    fn other_settings_are_noticed_once() {
        let mut popup = Popup::default();
        let moved = SessionView {
            issuer: Some("https://other.example/".to_owned()),
            ..session(SessionState::SignedIn, None)
        };
        for (session, others) in [
            (session(SessionState::SignedIn, None), true),
            (session(SessionState::SignedOut, None), false),
            (moved.clone(), true),
            (moved, false),
            (SessionView::not_configured(None), true),
        ] {
            assert_eq!(popup.show_session(session), others);
        }
    }

    #[test]
    fn an_answer_is_shown_to_whom_it_was_given_only() {
        let mut popup = Popup::default();
        assert!(!popup.may_show(""), "nobody knows yet who is there");
        let ada = "https://tenant.example/ ada";
        for (state, sub, may_show) in [
            (SessionState::SignedIn, Some("ada"), true),
            (SessionState::SignInNeeded, Some("ada"), true),
            (SessionState::SignedIn, Some("bob"), false),
            (SessionState::SignedOut, None, false),
        ] {
            popup.show_session(session(state, sub));
            assert_eq!(popup.may_show(ada), may_show);
            assert!(popup.may_show(""), "it was given to nobody");
            assert_eq!(popup.user() == ada, may_show);
        }
        assert_eq!(popup.user(), "");
    }

    #[test]
    fn buttons_rest_while_the_worker_works() {
        let mut popup = popup();
        for (pending, offer) in [
            (Some(Action::Renew), Offer::Disabled),
            (None, Offer::Enabled),
        ] {
            popup.await_worker(pending);
            popup.refresh_card(NOW);
            assert_eq!(popup.card.renew, offer);
        }
    }

    #[test]
    fn a_refusal_is_shown_on_the_card() {
        let mut popup = popup();
        popup.refuse(Problem {
            code: ProblemCode::Unknown,
            sentence: "this page may not ask".to_owned(),
            detail: None,
            recovery: Recovery::Report,
        });
        popup.refresh_card(NOW);
        assert_eq!(popup.card.notice.unwrap().sentence, "this page may not ask");
    }
}
