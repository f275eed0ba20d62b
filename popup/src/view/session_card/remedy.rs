//! The button in a notice: the one action, where pressing something is all of it.

use evertoken::problem::Recovery;

use super::{Card, Offer};

/// What a notice's button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// "Check setup": opens the setup check.
    Check,
    /// "Try again": renews.
    TryAgain,
}

/// The button for the card's notice; `None` where another button of the card is the action, or none is.
pub(super) fn remedy(card: &Card) -> Option<Remedy> {
    match card.notice.as_ref()?.recovery {
        // Settings that are missing are set up, not checked.
        Recovery::FixSettings if !card.set_up => Some(Remedy::Check),
        Recovery::RetryLater if card.renew != Offer::Absent => Some(Remedy::TryAgain),
        _ => None,
    }
}
