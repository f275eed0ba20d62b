//! What an answer of 401 or 403 means: a pure decision (DESIGN's 401 triage table).

use crate::oauth::challenge::TokenChallenge;

/// All that the decision rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The status of the answer; 401 where the API means by another answer that the token has expired.
    pub status: u16,
    /// What its challenges say.
    pub challenge: TokenChallenge,
    /// The generation of the token that was sent, if one was.
    pub sent: Option<u64>,
    /// The generation of the token that would be sent now, if there is one.
    pub now: Option<u64>,
    /// This was the first sending of the call.
    pub first_attempt: bool,
    /// The token was new with this sending.
    pub fresh: bool,
    /// The call can be sent again: its body is kept.
    pub replayable: bool,
    /// There was a token, and it was not sent for want of its proof of possession.
    pub unproven: bool,
    /// The answer came over a redirect to another origin, on which the browser drops the token.
    pub crossed_origins: bool,
    /// A renewal may be started: no sign-in is needed, and the API did not just reject a fresh token.
    pub renewal_allowed: bool,
}

impl Case {
    /// There is another token than was sent.
    fn is_newer(&self) -> bool {
        self.now.is_some() && self.now != self.sent
    }
}

/// What is done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The page gets the answer.
    HandOver(Reason),
    /// The token changed while the call was under way: send again with the new one.
    Resend,
    /// The same token again, with a proof that bears the nonce which the API asked for (RFC 9449 section 9).
    ResendWithNonce,
    /// Renew, then send again.
    RenewThenResend,
    /// Renew for the next call; the page gets the answer.
    RenewForNext,
}

/// Why the page gets the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Neither 401 nor `insufficient_scope`.
    Answered,
    /// The token lacks a scope; a new one would too.
    InsufficientScope,
    /// The API wants the user to authenticate again (RFC 9470).
    InsufficientUserAuthentication,
    /// The 401 says nothing about the token that was sent.
    NotAboutTheToken,
    /// This API rejects a token that was renewed for this very call.
    RejectsFreshToken,
    /// Only the user can help, or the API just rejected a fresh token.
    RenewalNotAllowed,
}

/// The API refused the token: by 401, whatever its challenge says, or by a 403 that says `invalid_token`.
pub(crate) fn refuses_token(status: u16, challenge: &TokenChallenge) -> bool {
    status == 401 || (status == 403 && *challenge == TokenChallenge::InvalidToken)
}

/// Decides.
#[must_use]
pub fn triage(case: &Case) -> Verdict {
    use TokenChallenge as Challenge;
    match (case.status, &case.challenge) {
        (401 | 403, Challenge::InsufficientScope(_)) => {
            return Verdict::HandOver(Reason::InsufficientScope);
        }
        // A redirect to another origin took the token away: it was not judged.
        (401, Challenge::InsufficientUserAuthentication(_)) if case.crossed_origins => {
            return Verdict::HandOver(Reason::NotAboutTheToken);
        }
        // What came by a sign-in meanwhile may be what the API asks for.
        (401, Challenge::InsufficientUserAuthentication(_)) => {
            return match case.first_attempt && case.replayable && case.is_newer() {
                true => Verdict::Resend,
                false => Verdict::HandOver(Reason::InsufficientUserAuthentication),
            };
        }
        // Sent twice at most: where the nonce took the second sending, a new token is for the next call.
        (401, Challenge::UseDpopNonce) if case.sent.is_some() => {
            let again = case.first_attempt && case.replayable && !case.crossed_origins;
            return match again {
                true => Verdict::ResendWithNonce,
                false => Verdict::HandOver(Reason::NotAboutTheToken),
            };
        }
        // Without a token there is no proof that lacks a nonce.
        (status, challenge) if refuses_token(status, challenge) => {}
        _ => return Verdict::HandOver(Reason::Answered),
    }
    if case.crossed_origins || case.unproven {
        return Verdict::HandOver(Reason::NotAboutTheToken);
    }
    if !case.first_attempt {
        return match case.fresh {
            true => Verdict::HandOver(Reason::RejectsFreshToken),
            false if case.renewal_allowed => Verdict::RenewForNext,
            false => Verdict::HandOver(Reason::RenewalNotAllowed),
        };
    }
    match (case.is_newer(), case.replayable) {
        (true, true) => Verdict::Resend,
        (true, false) => Verdict::HandOver(Reason::NotAboutTheToken),
        (false, _) if case.fresh => Verdict::HandOver(Reason::RejectsFreshToken),
        // Without a token there is nothing to renew.
        (false, _) if case.sent.is_none() || !case.renewal_allowed => {
            Verdict::HandOver(Reason::RenewalNotAllowed)
        }
        (false, true) => Verdict::RenewThenResend,
        (false, false) => Verdict::RenewForNext,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::step_up::StepUp;

    fn revoked() -> Case {
        Case {
            status: 401,
            challenge: TokenChallenge::InvalidToken,
            sent: Some(1),
            now: Some(1),
            first_attempt: true,
            fresh: false,
            replayable: true,
            unproven: false,
            crossed_origins: false,
            renewal_allowed: true,
        }
    }

    #[test]
    fn a_401_renews_and_resends_whatever_its_challenge_says_of_the_token_or_of_another_scheme() {
        for challenge in [
            TokenChallenge::Absent,
            TokenChallenge::NoError,
            TokenChallenge::InvalidToken,
            TokenChallenge::OtherScheme,
            TokenChallenge::OtherError,
        ] {
            assert_eq!(
                triage(&Case {
                    challenge,
                    ..revoked()
                }),
                Verdict::RenewThenResend
            );
        }
    }

    #[test]
    fn a_token_that_changed_meanwhile_is_sent_without_a_renewal() {
        assert_eq!(
            triage(&Case {
                now: Some(2),
                ..revoked()
            }),
            Verdict::Resend
        );
        let signed_in_meanwhile = Case {
            sent: None,
            ..revoked()
        };
        assert_eq!(triage(&signed_in_meanwhile), Verdict::Resend);
    }

    #[test]
    fn a_second_401_is_handed_over() {
        let second = Case {
            first_attempt: false,
            fresh: true,
            now: Some(2),
            ..revoked()
        };
        assert_eq!(
            triage(&second),
            Verdict::HandOver(Reason::RejectsFreshToken)
        );
    }

    #[test]
    fn a_401_to_a_token_that_was_renewed_before_sending_is_handed_over() {
        let fresh = Case {
            fresh: true,
            ..revoked()
        };
        assert_eq!(triage(&fresh), Verdict::HandOver(Reason::RejectsFreshToken));
    }

    #[test]
    fn a_missing_scope_is_handed_over_with_either_status() {
        for status in [401, 403] {
            let challenge = TokenChallenge::InsufficientScope(None);
            let case = Case {
                status,
                challenge,
                ..revoked()
            };
            assert_eq!(triage(&case), Verdict::HandOver(Reason::InsufficientScope));
        }
    }

    #[test]
    fn a_403_that_says_invalid_token_is_as_a_401() {
        let forbidden = Case {
            status: 403,
            ..revoked()
        };
        assert_eq!(triage(&forbidden), Verdict::RenewThenResend);
    }

    #[test]
    fn a_call_that_lacks_its_proof_of_possession_says_nothing_of_the_token() {
        let verdict = triage(&Case {
            sent: None,
            unproven: true,
            ..revoked()
        });
        assert_eq!(verdict, Verdict::HandOver(Reason::NotAboutTheToken));
    }

    #[test]
    fn a_401_behind_a_redirect_to_another_origin_is_handed_over() {
        let verdict = triage(&Case {
            crossed_origins: true,
            ..revoked()
        });
        assert_eq!(verdict, Verdict::HandOver(Reason::NotAboutTheToken));
    }

    #[test]
    fn a_call_whose_body_is_gone_renews_for_the_next() {
        let once = Case {
            replayable: false,
            ..revoked()
        };
        assert_eq!(triage(&once), Verdict::RenewForNext);
        let newer = Case {
            now: Some(2),
            ..once
        };
        assert_eq!(triage(&newer), Verdict::HandOver(Reason::NotAboutTheToken));
    }

    #[test]
    fn nothing_is_renewed_for_a_call_without_a_token_or_while_renewal_is_not_allowed() {
        let signed_out = Case {
            sent: None,
            now: None,
            ..revoked()
        };
        assert_eq!(
            triage(&signed_out),
            Verdict::HandOver(Reason::RenewalNotAllowed)
        );
        let not_allowed = Case {
            renewal_allowed: false,
            ..revoked()
        };
        assert_eq!(
            triage(&not_allowed),
            Verdict::HandOver(Reason::RenewalNotAllowed)
        );
    }

    #[test]
    fn a_nonce_that_is_asked_for_is_sent_with_the_same_token_once() {
        let asked = Case {
            challenge: TokenChallenge::UseDpopNonce,
            ..revoked()
        };
        assert_eq!(triage(&asked), Verdict::ResendWithNonce);
        let again = Case {
            first_attempt: false,
            ..asked.clone()
        };
        let once = Case {
            replayable: false,
            ..asked
        };
        for case in [again, once] {
            let verdict = triage(&case);
            assert_eq!(verdict, Verdict::HandOver(Reason::NotAboutTheToken));
        }
    }

    #[test]
    fn a_nonce_that_is_asked_of_a_call_without_a_token_is_none_that_helps() {
        let asked = Case {
            challenge: TokenChallenge::UseDpopNonce,
            sent: None,
            now: None,
            ..revoked()
        };
        let verdict = triage(&asked);
        assert_eq!(verdict, Verdict::HandOver(Reason::RenewalNotAllowed));
    }

    #[test]
    fn a_stronger_authentication_that_is_asked_for_is_the_users_unless_the_token_is_another_now() {
        let challenge = TokenChallenge::InsufficientUserAuthentication(StepUp::default());
        let asked = Case {
            challenge,
            ..revoked()
        };
        let handed_over = Verdict::HandOver(Reason::InsufficientUserAuthentication);
        assert_eq!(triage(&asked), handed_over);
        let newer = Case {
            now: Some(2),
            ..asked
        };
        assert_eq!(triage(&newer), Verdict::Resend);
        let again = Case {
            first_attempt: false,
            ..newer.clone()
        };
        let once = Case {
            replayable: false,
            ..newer.clone()
        };
        for case in [again, once] {
            assert_eq!(triage(&case), handed_over);
        }
        let elsewhere = Case {
            crossed_origins: true,
            ..newer
        };
        let verdict = triage(&elsewhere);
        assert_eq!(verdict, Verdict::HandOver(Reason::NotAboutTheToken));
    }

    #[test]
    fn a_token_that_is_refused_after_its_nonce_was_sent_is_renewed_for_the_next_call() {
        let second = Case {
            first_attempt: false,
            ..revoked()
        };
        assert_eq!(triage(&second), Verdict::RenewForNext);
    }

    #[test]
    fn other_answers_are_the_pages_own() {
        for status in [200, 204, 301, 400, 403, 404, 500, 503] {
            let verdict = triage(&Case {
                status,
                challenge: TokenChallenge::Absent,
                ..revoked()
            });
            assert_eq!(verdict, Verdict::HandOver(Reason::Answered), "{status}");
        }
    }
}
