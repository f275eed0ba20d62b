//! What the card says and offers in each state of the session.

use evertoken::message::{Identity, SessionState, SessionView};
use evertoken::platform::UnixTime;
use evertoken::problem::Recovery;
use evertoken_pages::text::text;

use super::{Badge, Card, Offer, Remedy, times};

impl Card {
    pub(super) fn describe(&mut self, view: &SessionView, renewing: bool, now: UnixTime) {
        let (badge, heading) = match view.state {
            SessionState::NotConfigured => (Badge::Settings, "session_not_set_up"),
            SessionState::SignedOut => (Badge::Off, "session_signed_out"),
            SessionState::SignedIn if view.step_up => (Badge::Attention, "session_signed_in"),
            SessionState::SignedIn => (Badge::On, "session_signed_in"),
            SessionState::SignInNeeded => (Badge::Attention, "session_sign_in_needed"),
        };
        self.badge = badge;
        self.heading = text(heading);
        match view.state {
            SessionState::NotConfigured => {
                self.set_up = true;
                self.guide("session_not_set_up_guidance");
            }
            SessionState::SignedOut => {
                self.guidance = text("session_signed_out_guidance");
                self.sign_in = Offer::Enabled;
                self.another_account = Offer::Enabled;
                if view.identity.is_some() {
                    self.describe_remembered(view, renewing, now);
                }
            }
            SessionState::SignedIn => self.describe_signed_in(view, renewing, now),
            SessionState::SignInNeeded => {
                self.set_person(view.identity.as_ref());
                self.guide("session_sign_in_needed_guidance");
                if renewing {
                    self.progress = text("session_renewing");
                }
                self.sign_in = Offer::Enabled;
                self.another_account = Offer::Enabled;
                // Renewals go on all the same.
                if view.next_renewal_at.is_some() {
                    self.renew = Offer::Enabled;
                }
                self.sign_out = Offer::Enabled;
            }
        }
    }

    fn describe_signed_in(&mut self, view: &SessionView, renewing: bool, now: UnixTime) {
        self.set_person(view.identity.as_ref());
        self.expiry = times::expiry(view.expires_at, now);
        self.life_left = times::life_left(view, now);
        self.next = times::next_renewal(view, renewing, now);
        match &view.last_renewal {
            _ if renewing => self.progress = text("session_renewing"),
            Some(last) => self.renewal = times::renewal(last, now),
            None => {}
        }
        // Whatever is wrong, a sign-in is a way out of it.
        if view.step_up || view.problem.is_some() {
            self.sign_in = Offer::Enabled;
        }
        self.renew = Offer::Enabled;
        self.sign_out = Offer::Enabled;
    }

    /// The browser was closed meanwhile: a renewal brings the session back.
    fn describe_remembered(&mut self, view: &SessionView, renewing: bool, now: UnixTime) {
        self.set_person(view.identity.as_ref());
        self.sign_out = Offer::Enabled;
        self.next = times::next_try(view, renewing, now);
        if renewing {
            self.badge = Badge::Busy;
            self.heading = text("session_coming_back");
            self.guidance.clear();
        } else {
            self.heading = text("session_not_yet");
            self.guidance = text("session_not_yet_guidance");
        }
    }

    /// Says what to do, where no notice does.
    fn guide(&mut self, key: &str) {
        if self.notice.is_none() {
            self.guidance = text(key);
        }
    }

    pub(super) fn set_person(&mut self, identity: Option<&Identity>) {
        let (name, email) = match identity.map(|it| (&it.name, &it.email, &it.sub)) {
            Some((Some(name), email, _)) => (name.as_str(), email.as_deref().unwrap_or_default()),
            Some((None, Some(email), _)) => (email.as_str(), ""),
            Some((None, None, sub)) => (sub.as_str(), ""),
            None => ("", ""),
        };
        name.clone_into(&mut self.name);
        email.clone_into(&mut self.email);
    }

    pub(super) fn remedy(&self) -> Option<Remedy> {
        match self.notice.as_ref()?.recovery {
            // Settings that are missing are set up, not checked.
            Recovery::FixSettings if !self.set_up => Some(Remedy::Check),
            Recovery::RetryLater if self.renew != Offer::Absent => Some(Remedy::TryAgain),
            _ => None,
        }
    }
}
