//! The session card: where the session stands, who is signed in, and what can be done.

use evertoken::message::{Identity, LastRenewal, SessionState, SessionView};
use evertoken::platform::UnixTime;
use evertoken_pages::notice::{self, Notice};
use evertoken_pages::text::{counted, text, text_with};
use evertoken_pages::units;

mod remedy;
mod times;

pub use self::remedy::Remedy;

/// The picture beside the heading, a shape of its own for each state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Badge {
    /// Nothing is known yet, or something is under way.
    Busy,
    /// Settings are missing.
    Settings,
    /// Nobody is signed in.
    Off,
    /// Signed in.
    On,
    /// The user is needed.
    Attention,
}

/// What the worker is asked for by the card's buttons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// "Sign in".
    SignIn,
    /// "Renew now".
    Renew,
    /// "Sign out".
    SignOut,
}

/// Whether a button is there, and can be pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// It makes no sense in this state.
    Absent,
    /// It is there, but something is under way.
    Disabled,
    /// It can be pressed.
    Enabled,
}

/// The signed-in user, in two lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name, or what comes closest.
    pub name: String,
    /// The e-mail address; empty when it is unknown or stands as the name.
    pub email: String,
}

/// The session card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// The picture.
    pub badge: Badge,
    /// How much of the token's life is left, in thousandths: the ring around the picture. `None` without a token.
    pub life_left: Option<u16>,
    /// The state in words.
    pub heading: String,
    /// The provider's host; empty when it is unknown.
    pub provider: String,
    /// When the token ends; empty when there is none.
    pub expiry: String,
    /// The user who is signed in, or was.
    pub person: Option<Person>,
    /// What to do, where there is no user to show; may be empty.
    pub guidance: String,
    /// Work under way beside the state, such as a renewal; may be empty.
    pub progress: String,
    /// The last renewal; empty when there was none, or while `progress` stands in its place.
    pub renewal: String,
    /// The next renewal, or the next try after renewals that failed; may be empty.
    pub next: String,
    /// Oddities that do no harm yet, a line each: a clock that is off, a scope that was not granted; may be empty.
    pub remark: String,
    /// What waits for the user beside the state, a line each: an API that wants another sign-in, calls; may be empty.
    pub appeal: String,
    /// The problem, if there is one.
    pub notice: Option<Notice>,
    /// The notice's own button, in place of the words for what helps.
    pub remedy: Option<Remedy>,
    /// The last call, in one line; empty when none is known.
    pub last_call: String,
    /// The button "Set up" is there.
    pub set_up: bool,
    /// The button "Sign in".
    pub sign_in: Offer,
    /// The button "Renew now".
    pub renew: Offer,
    /// The button "Sign out".
    pub sign_out: Offer,
}

/// The card before the worker's first answer; `popup.html` shows the same before any code runs.
#[must_use]
pub fn loading() -> Card {
    Card {
        badge: Badge::Busy,
        life_left: None,
        heading: text("session_loading"),
        provider: String::new(),
        expiry: String::new(),
        person: None,
        guidance: String::new(),
        progress: String::new(),
        renewal: String::new(),
        next: String::new(),
        remark: String::new(),
        appeal: String::new(),
        notice: None,
        remedy: None,
        last_call: String::new(),
        set_up: false,
        sign_in: Offer::Absent,
        renew: Offer::Absent,
        sign_out: Offer::Absent,
    }
}

/// The card when the worker does not answer.
#[must_use]
pub fn silent() -> Card {
    Card {
        badge: Badge::Attention,
        heading: text("session_silent"),
        notice: Some(Notice::from(&notice::worker_silent())),
        ..loading()
    }
}

/// The card for `view` at `now`, while the worker carries out `pending` for this popup.
#[must_use]
pub fn session_card(view: &SessionView, pending: Option<Action>, now: UnixTime) -> Card {
    let signing_in = view.signing_in || pending == Some(Action::SignIn);
    let renewing = view.renewing || pending == Some(Action::Renew);
    let mut card = Card {
        provider: view
            .issuer
            .as_deref()
            .map(host)
            .unwrap_or_default()
            .to_owned(),
        notice: view.problem.as_ref().map(Notice::from),
        remark: remark(view),
        appeal: appeal(view),
        ..loading()
    };
    describe(&mut card, view, renewing, now);
    if signing_in {
        card.badge = Badge::Busy;
        card.heading = text("session_signing_in");
        card.person = None;
        card.guidance = text("session_signing_in_guidance");
        card.notice = None;
        card.appeal.clear();
    }
    if signing_in || renewing || pending.is_some() {
        disable(&mut card.sign_in);
        disable(&mut card.renew);
    }
    // Leaving is possible at any time: it ends what is in flight.
    if pending == Some(Action::SignOut) {
        disable(&mut card.sign_out);
    }
    card.remedy = remedy::remedy(&card);
    card
}

fn disable(offer: &mut Offer) {
    if *offer == Offer::Enabled {
        *offer = Offer::Disabled;
    }
}

fn describe(card: &mut Card, view: &SessionView, renewing: bool, now: UnixTime) {
    match view.state {
        SessionState::NotConfigured => {
            card.badge = Badge::Settings;
            card.heading = text("session_not_set_up");
            card.set_up = true;
            if card.notice.is_none() {
                card.guidance = text("session_not_set_up_guidance");
            }
        }
        SessionState::SignedOut => {
            card.badge = Badge::Off;
            card.heading = text("session_signed_out");
            card.guidance = text("session_signed_out_guidance");
            card.sign_in = Offer::Enabled;
            if let Some(identity) = &view.identity {
                remembered(card, identity, renewing);
                card.next = times::next_try(view, renewing, now);
            }
        }
        SessionState::SignedIn => signed_in(card, view, renewing, now),
        SessionState::SignInNeeded => {
            card.badge = Badge::Attention;
            card.heading = text("session_sign_in_needed");
            card.person = view.identity.as_ref().map(person);
            if card.notice.is_none() {
                card.guidance = text("session_sign_in_needed_guidance");
            }
            if renewing {
                card.progress = text("session_renewing");
            }
            card.sign_in = Offer::Enabled;
            card.sign_out = Offer::Enabled;
        }
    }
}

fn signed_in(card: &mut Card, view: &SessionView, renewing: bool, now: UnixTime) {
    card.badge = Badge::On;
    card.heading = text("session_signed_in");
    card.person = view.identity.as_ref().map(person);
    card.expiry = times::expiry(view.expires_at, now);
    card.life_left = times::life_left(view, now);
    card.next = times::next_renewal(view, renewing, now);
    if renewing {
        card.progress = text("session_renewing");
    } else {
        card.renewal = view
            .last_renewal
            .as_ref()
            .map(|last| times::renewal(last, now))
            .unwrap_or_default();
    }
    if view.step_up {
        card.badge = Badge::Attention;
        card.sign_in = Offer::Enabled;
    }
    card.renew = Offer::Enabled;
    card.sign_out = Offer::Enabled;
}

/// The browser was closed meanwhile: a renewal brings the session back.
fn remembered(card: &mut Card, identity: &Identity, renewing: bool) {
    card.person = Some(person(identity));
    card.sign_out = Offer::Enabled;
    if renewing {
        card.badge = Badge::Busy;
        card.heading = text("session_coming_back");
        card.guidance.clear();
    } else {
        card.heading = text("session_not_yet");
        card.guidance = text("session_not_yet_guidance");
    }
}

fn person(identity: &Identity) -> Person {
    match (&identity.name, &identity.email) {
        (Some(name), email) => Person {
            name: name.clone(),
            email: email.clone().unwrap_or_default(),
        },
        (None, Some(email)) => Person {
            name: email.clone(),
            email: String::new(),
        },
        (None, None) => Person {
            name: identity.sub.clone(),
            email: String::new(),
        },
    }
}

fn appeal(view: &SessionView) -> String {
    // Where nobody is signed in, or sign-in is needed, the state says as much.
    let step_up = view.step_up && view.state == SessionState::SignedIn;
    let calls = |key| match view.waiting {
        0 => String::new(),
        waiting => counted(key, waiting as usize),
    };
    if step_up {
        lines(&[text("session_step_up"), calls("session_step_up_waiting")])
    } else {
        calls("session_waiting")
    }
}

/// A clock that is off by less does no harm.
const CLOCK_MATTERS_MS: u64 = 30_000;

fn remark(view: &SessionView) -> String {
    let offset = view.clock_offset_ms.unwrap_or(0);
    let mut clock = String::new();
    if offset.unsigned_abs() >= CLOCK_MATTERS_MS {
        let by = units::span(offset.unsigned_abs());
        clock = if offset > 0 {
            text_with("session_clock_behind", &[&by])
        } else {
            text_with("session_clock_ahead", &[&by])
        };
    }
    let scope = view.scope.as_deref();
    let scope = scope.map(|scope| text_with("session_scope", &[scope]));
    lines(&[clock, scope.unwrap_or_default()])
}

/// The lines that say something.
fn lines(lines: &[String]) -> String {
    let mut told = lines.to_vec();
    told.retain(|line| !line.is_empty());
    told.join("\n")
}

/// The host of an https issuer, with its port.
fn host(issuer: &str) -> &str {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
