//! The session card: where the session stands, who is signed in, and what can be done.

use evertoken::message::{Identity, LastRenewal, SessionState, SessionView};
use evertoken::platform::UnixTime;
use evertoken::settings::RenewalEngine;
use evertoken_pages::notice::{self, Notice};
use evertoken_pages::units;

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

/// What the card's buttons do.
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

/// Who is signed in, in two lines.
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
    /// The state in words.
    pub heading: &'static str,
    /// The provider's host; empty when it is unknown.
    pub provider: String,
    /// When the token ends; empty when there is none.
    pub expiry: String,
    /// Who is signed in, or was.
    pub person: Option<Person>,
    /// What to do, where there is nobody to show; may be empty.
    pub guidance: &'static str,
    /// The command that `guidance` speaks of; may be empty.
    pub command: &'static str,
    /// What is going on beside the state, such as a renewal; may be empty.
    pub progress: &'static str,
    /// The last renewal; empty when there was none, or while `progress` stands in its place.
    pub renewal: String,
    /// What is odd, and does no harm yet: a clock that is off, a scope that was not granted; may be empty.
    pub remark: String,
    /// What waits for the user beside the state, a line each: an API that wants another sign-in, calls; may be empty.
    pub appeal: String,
    /// What went wrong.
    pub notice: Option<Notice>,
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
        heading: "One moment…",
        provider: String::new(),
        expiry: String::new(),
        person: None,
        guidance: "",
        command: "",
        progress: "",
        renewal: String::new(),
        remark: String::new(),
        appeal: String::new(),
        notice: None,
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
        heading: "Not responding",
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
        card.heading = "Signing in…";
        card.person = None;
        card.guidance = "Go on in the provider's window.";
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
            card.heading = "Not set up";
            if card.notice.is_none() {
                card.guidance = "Evertoken needs to know your provider and your APIs. Build it with your settings:";
                card.command = "cargo xtask build --settings settings.json";
            }
        }
        SessionState::SignedOut => {
            card.badge = Badge::Off;
            card.heading = "Signed out";
            card.guidance = "Sign in once; after that your calls stay signed in.";
            card.sign_in = Offer::Enabled;
            if let Some(identity) = &view.identity {
                remembered(card, identity, renewing);
            }
        }
        SessionState::SignedIn => {
            card.badge = Badge::On;
            card.heading = "Signed in";
            card.person = view.identity.as_ref().map(person);
            card.expiry = expiry(view.expires_at, now);
            if renewing {
                card.progress = "Renewing…";
            } else {
                card.renewal = view
                    .last_renewal
                    .as_ref()
                    .map(|last| renewal(last, now))
                    .unwrap_or_default();
            }
            if view.step_up {
                card.badge = Badge::Attention;
                card.sign_in = Offer::Enabled;
            }
            card.renew = Offer::Enabled;
            card.sign_out = Offer::Enabled;
        }
        SessionState::SignInNeeded => {
            card.badge = Badge::Attention;
            card.heading = "Sign-in needed";
            card.person = view.identity.as_ref().map(person);
            if card.notice.is_none() {
                card.guidance = "Sign in again to go on.";
            }
            if renewing {
                card.progress = "Renewing…";
            }
            card.sign_in = Offer::Enabled;
            card.sign_out = Offer::Enabled;
        }
    }
}

/// The browser was closed meanwhile: a renewal brings the session back.
fn remembered(card: &mut Card, identity: &Identity, renewing: bool) {
    card.person = Some(person(identity));
    card.sign_out = Offer::Enabled;
    if renewing {
        card.badge = Badge::Busy;
        card.heading = "Signing you in again…";
        card.guidance = "";
    } else {
        card.heading = "Not signed in yet";
        card.guidance = "You were signed in when the browser was closed.";
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

fn expiry(expires_at: Option<UnixTime>, now: UnixTime) -> String {
    let Some(expires_at) = expires_at else {
        return String::new();
    };
    match units::countdown(expires_at.milliseconds_since(now)) {
        Some(left) => format!("Expires in {left}"),
        None => "Renews at the next call".to_owned(),
    }
}

fn renewal(last: &LastRenewal, now: UnixTime) -> String {
    let by = match last.engine {
        RenewalEngine::RefreshToken => "with a refresh token",
        RenewalEngine::Offscreen => "through the offscreen page",
        RenewalEngine::WebAuthFlow => "by a silent sign-in",
    };
    format!(
        "Renewed {} {by} in {}",
        units::ago(now.milliseconds_since(last.at)),
        units::duration(last.milliseconds)
    )
}

fn appeal(view: &SessionView) -> String {
    let calls = match view.waiting {
        0 => String::new(),
        1 => "1 call waits".to_owned(),
        several => format!("{several} calls wait"),
    };
    // Where nobody is signed in, or sign-in is needed, the state says as much.
    let step_up = view.step_up && view.state == SessionState::SignedIn;
    match (step_up, calls.is_empty()) {
        (false, true) => calls,
        (false, false) => format!("{calls} for you to sign in."),
        (true, true) => "An API asks you to sign in again.".to_owned(),
        (true, false) => format!("An API asks you to sign in again.\n{calls} for it."),
    }
}

/// A clock that is off by less is nobody's trouble.
const CLOCK_MATTERS_MS: u64 = 30_000;

fn remark(view: &SessionView) -> String {
    let offset = view.clock_offset_ms.unwrap_or(0);
    if offset.unsigned_abs() >= CLOCK_MATTERS_MS {
        let side = if offset > 0 { "behind" } else { "ahead of" };
        let by = units::span(offset.unsigned_abs());
        return format!("Your clock is {by} {side} the provider's.");
    }
    match &view.scope {
        Some(scope) => format!("The provider granted this scope: {scope}"),
        None => String::new(),
    }
}

/// The host of an https issuer, with its port.
fn host(issuer: &str) -> &str {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
