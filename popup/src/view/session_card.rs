//! The session card: where the session stands, who is signed in, and what can be done.

use evertoken::message::SessionView;
use evertoken::platform::UnixTime;
use evertoken_pages::notice::{self, Notice};
use evertoken_pages::text::text;

mod description;
mod remarks;
mod times;

/// The picture beside the heading, a shape of its own for each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Badge {
    /// Nothing is known yet, or something is under way.
    #[default]
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
    /// "Use another account".
    UseAnotherAccount,
    /// "Renew now".
    Renew,
    /// "Sign out".
    SignOut,
}

/// Whether a button is there, and can be pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Offer {
    /// It makes no sense in this state.
    #[default]
    Absent,
    /// It is there, but something is under way.
    Disabled,
    /// It can be pressed.
    Enabled,
}

/// What a notice's button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// "Check setup": opens the setup check.
    Check,
    /// "Try again": renews.
    TryAgain,
}

/// The session card. Words that do not apply are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// The picture.
    pub badge: Badge,
    /// How much of the token's life is left, in thousandths: the ring around the picture. `None` without a token.
    pub life_left: Option<u16>,
    /// The state.
    pub heading: String,
    /// The provider's host.
    pub provider: String,
    /// When the token ends.
    pub expiry: String,
    /// The name of the user who is signed in, or was; what comes closest, if it is unknown.
    pub name: String,
    /// The user's e-mail address, unless it stands as the name.
    pub email: String,
    /// What to do, where there is no user to show.
    pub guidance: String,
    /// Work under way beside the state, such as a renewal.
    pub progress: String,
    /// The last renewal, unless `progress` stands in its place.
    pub renewal: String,
    /// The next renewal, or the next try after renewals that failed.
    pub next: String,
    /// Oddities that do no harm yet, a line each: a clock that is off, a scope that was not granted.
    pub remark: String,
    /// What waits for the user beside the state, a line each: an API that wants another sign-in, calls.
    pub appeal: String,
    /// The problem, if there is one.
    pub notice: Option<Notice>,
    /// The notice's own button, in place of the words for what helps; `None` where another button of the card is the
    /// action, or none is.
    pub remedy: Option<Remedy>,
    /// The last call, in one line.
    pub last_call: String,
    /// The button "Set up" is there.
    pub set_up: bool,
    /// The button "Sign in".
    pub sign_in: Offer,
    /// The button "Use another account".
    pub another_account: Offer,
    /// The button "Renew now".
    pub renew: Offer,
    /// The button "Sign out".
    pub sign_out: Offer,
}

/// The card before the worker's first answer; `popup.html` shows the same before any code runs.
#[must_use]
pub fn loading() -> Card {
    Card {
        heading: text("session_loading"),
        ..Card::default()
    }
}

/// The card when the worker does not answer.
#[must_use]
pub fn silent() -> Card {
    Card {
        badge: Badge::Attention,
        heading: text("session_silent"),
        notice: Some(Notice::from(&notice::worker_silent())),
        ..Card::default()
    }
}

/// The card for `view` at `now`, while the worker carries out `pending` for this popup.
#[must_use]
pub fn session_card(view: &SessionView, pending: Option<Action>, now: UnixTime) -> Card {
    let pressed = matches!(pending, Some(Action::SignIn | Action::UseAnotherAccount));
    let signing_in = view.signing_in || pressed;
    let renewing = view.renewing || pending == Some(Action::Renew);
    let mut card = Card {
        provider: view.issuer.as_deref().map_or("", host).to_owned(),
        notice: view.problem.as_ref().map(Notice::from),
        remark: remarks::remark(view),
        appeal: remarks::appeal(view),
        ..Card::default()
    };
    card.describe(view, renewing, now);
    if signing_in {
        card.badge = Badge::Busy;
        card.heading = text("session_signing_in");
        card.set_person(None);
        card.guidance = text("session_signing_in_guidance");
        card.notice = None;
        card.appeal.clear();
    }
    if signing_in || renewing || pending.is_some() {
        disable(&mut card.sign_in);
        disable(&mut card.another_account);
        disable(&mut card.renew);
    }
    // Signing out is possible at any time: it ends what is in flight.
    if pending == Some(Action::SignOut) {
        disable(&mut card.sign_out);
    }
    card.remedy = card.remedy();
    card
}

fn disable(offer: &mut Offer) {
    if *offer == Offer::Enabled {
        *offer = Offer::Disabled;
    }
}

/// The host of an https issuer, with its port.
fn host(issuer: &str) -> &str {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
