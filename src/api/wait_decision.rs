//! Whether a call holds its 401 until the user has signed in, or hands it over: a pure decision.

use std::time::Duration;

use super::triage::{Reason, Verdict};
use crate::session::waiters::PendingReason;

/// All that the decision rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitCase {
    /// What the first answer means; where that was a renewal, it brought no token that could be sent.
    pub verdict: Verdict,
    /// No user is signed in, or the session waits for a sign-in.
    pub sign_in_needed: bool,
    /// The session whose token the call bore has ended: a sign-in would make it another one's call.
    pub session_ended: bool,
    /// Sending the call twice does no more than sending it once (RFC 9110 section 9.2.2).
    pub idempotent: bool,
    /// The call can be sent again: its body is kept.
    pub replayable: bool,
    /// How long calls to this API wait for the user: 0 to 120 s.
    pub limit: Duration,
}

/// Why the call waits; `None`: its answer is handed over.
#[must_use]
pub fn waits_for(case: &WaitCase) -> Option<PendingReason> {
    let may_wait = case.idempotent && case.replayable && !case.limit.is_zero();
    if !may_wait || case.session_ended {
        return None;
    }
    match case.verdict {
        Verdict::HandOver(Reason::InsufficientUserAuthentication) => Some(PendingReason::StepUp),
        Verdict::HandOver(Reason::RenewalNotAllowed)
        | Verdict::RenewThenResend
        | Verdict::Resend
            if case.sign_in_needed =>
        {
            Some(PendingReason::SignIn)
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
    fn waiting() -> WaitCase {
        WaitCase {
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
            let case = WaitCase {
                verdict,
                ..waiting()
            };
            assert_eq!(waits_for(&case), Some(PendingReason::SignIn), "{verdict:?}");
            let signed_in = WaitCase {
                sign_in_needed: false,
                ..case
            };
            assert_eq!(waits_for(&signed_in), None, "{verdict:?}");
        }
    }

    #[test]
    fn a_401_that_a_stronger_sign_in_cures_is_held_though_a_user_is_signed_in() {
        let case = WaitCase {
            verdict: Verdict::HandOver(Reason::InsufficientUserAuthentication),
            sign_in_needed: false,
            ..waiting()
        };
        assert_eq!(waits_for(&case), Some(PendingReason::StepUp));
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
            let case = WaitCase {
                verdict,
                ..waiting()
            };
            assert_eq!(waits_for(&case), None, "{verdict:?}");
        }
    }

    #[test]
    fn a_call_that_must_not_or_cannot_be_sent_again_does_not_wait() {
        for case in [
            WaitCase {
                idempotent: false,
                ..waiting()
            },
            WaitCase {
                replayable: false,
                ..waiting()
            },
            WaitCase {
                session_ended: true,
                ..waiting()
            },
            WaitCase {
                limit: Duration::ZERO,
                ..waiting()
            },
        ] {
            assert_eq!(waits_for(&case), None, "{case:?}");
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
