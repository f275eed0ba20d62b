//! Whether a call holds its 401 until the user has signed in, or hands it over: a pure decision.

use std::time::Duration;

use super::triage::{Reason, Verdict};
use crate::session::waiting::Need;

/// All that the decision rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plight {
    /// What the first answer means; where that was a renewal, it brought no token that could be sent.
    pub verdict: Verdict,
    /// Nobody is signed in, or only the user can go on.
    pub sign_in_needed: bool,
    /// The session whose token the call bore has ended: a sign-in would make it another one's call.
    pub session_ended: bool,
    /// Sending it twice does no more than sending it once.
    pub idempotent: bool,
    /// The call can be sent again: its body is kept.
    pub replayable: bool,
    /// How long calls to this API wait for the user.
    pub limit: Duration,
}

/// What the call waits for; `None`: its answer is handed over.
#[must_use]
pub fn waits_for(plight: &Plight) -> Option<Need> {
    let may_wait = plight.idempotent && plight.replayable && !plight.limit.is_zero();
    if !may_wait || plight.session_ended {
        return None;
    }
    match plight.verdict {
        Verdict::HandOver(Reason::InsufficientUserAuthentication) => Some(Need::StepUp),
        Verdict::HandOver(Reason::RenewalNotAllowed)
        | Verdict::RenewThenResend
        | Verdict::Resend
            if plight.sign_in_needed =>
        {
            Some(Need::SignIn)
        }
        _ => None,
    }
}

/// Whether the method or the caller's `Idempotency-Key` says that a call may be sent again much later.
#[must_use]
pub fn is_idempotent(method: &str, has_idempotency_key: bool) -> bool {
    has_idempotency_key || matches!(method, "GET" | "HEAD")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A GET whose renewal ended with the need of a sign-in.
    fn waiting() -> Plight {
        Plight {
            verdict: Verdict::RenewThenResend,
            sign_in_needed: true,
            session_ended: false,
            idempotent: true,
            replayable: true,
            limit: Duration::from_secs(1),
        }
    }

    #[test]
    fn a_401_that_only_a_sign_in_cures_is_held() {
        for verdict in [
            Verdict::RenewThenResend,
            Verdict::Resend,
            Verdict::HandOver(Reason::RenewalNotAllowed),
        ] {
            let plight = Plight {
                verdict,
                ..waiting()
            };
            assert_eq!(waits_for(&plight), Some(Need::SignIn), "{verdict:?}");
            let signed_in = Plight {
                sign_in_needed: false,
                ..plight
            };
            assert_eq!(waits_for(&signed_in), None, "{verdict:?}");
        }
    }

    #[test]
    fn a_401_that_a_stronger_sign_in_cures_is_held_though_somebody_is_signed_in() {
        let plight = Plight {
            verdict: Verdict::HandOver(Reason::InsufficientUserAuthentication),
            sign_in_needed: false,
            ..waiting()
        };
        assert_eq!(waits_for(&plight), Some(Need::StepUp));
    }

    #[test]
    fn what_no_sign_in_cures_is_handed_over() {
        for verdict in [
            Verdict::HandOver(Reason::Answered),
            Verdict::HandOver(Reason::InsufficientScope),
            Verdict::HandOver(Reason::NotAboutTheToken),
            Verdict::HandOver(Reason::RejectsFreshToken),
            Verdict::RenewForNext,
            Verdict::ResendWithNonce,
        ] {
            let plight = Plight {
                verdict,
                ..waiting()
            };
            assert_eq!(waits_for(&plight), None, "{verdict:?}");
        }
    }

    #[test]
    fn a_call_that_must_not_or_cannot_be_sent_again_does_not_wait() {
        for plight in [
            Plight {
                idempotent: false,
                ..waiting()
            },
            Plight {
                replayable: false,
                ..waiting()
            },
            Plight {
                session_ended: true,
                ..waiting()
            },
            Plight {
                limit: Duration::ZERO,
                ..waiting()
            },
        ] {
            assert_eq!(waits_for(&plight), None, "{plight:?}");
        }
    }

    #[test]
    fn only_reading_and_what_bears_a_key_is_idempotent() {
        assert!(is_idempotent("GET", false) && is_idempotent("HEAD", false));
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "get"] {
            assert!(!is_idempotent(method, false), "{method}");
            assert!(is_idempotent(method, true), "{method}");
        }
    }
}
