//! What the failure of a renewal method means: for the ladder, for this method from now on, and for the session. Pure decisions;
//! `docs/architecture.md` has them in one table.

use std::time::Duration;

use crate::error::Error;
use crate::oauth::token_endpoint::TokenEndpointError;
use crate::platform::{NetworkError, UserAgentError};
use crate::problem::Recovery;
use crate::session::error::SessionError;

/// How long a method is skipped that this provider or browser rules out.
const RULED_OUT: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a method is skipped that was turned away, or did not answer in time while another one did.
const SLOW: Duration = Duration::from_secs(10 * 60);

/// How long a session without a fresh token goes on trying before the user is asked for a sign-in, where no failure says that
/// only the user can help.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// Whether no other method is tried after `error`: the session has ended, or what every method needs is not there. A bad
/// answer ends nothing: it stays refused, and the next method asks anew.
pub(super) fn ends_ladder(error: &Error) -> bool {
    matches!(
        error,
        Error::Discovery(_)
            | Error::Metadata(_)
            | Error::Network(NetworkError::Cancelled | NetworkError::Offline)
            | Error::Session(SessionError::SignedOut | SessionError::Superseded)
            | Error::UserAgent(UserAgentError::Closed | UserAgentError::Offline)
    )
}

/// The provider wants to see the user, says its answer to an authorization or the page that stands in its place.
pub(super) fn asks_for_user(error: &Error) -> bool {
    let by_authorization = matches!(error, Error::Authorization(_) | Error::UserAgent(_));
    by_authorization && error.recovery() == Recovery::SignIn
}

/// What helps a session whose renewal failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NextStep {
    /// Only the user can go on, says the provider: no renewal is tried before the next sign-in.
    SignIn,
    /// No fresh token is left: the user is asked, and renewals go on meanwhile.
    SignInOrRenewal,
    /// Another renewal, for which the tokens last or which is due soon.
    Renewal,
}

/// What follows for the session after a renewal that failed by `error`, the weightiest of its failures. `for_user`: one of them was
/// of the kind that a sign-in mends; `failing_for`: how long no renewal has worked.
pub(super) fn next_step(
    error: &Error,
    for_user: bool,
    has_fresh_token: bool,
    failing_for: Duration,
) -> NextStep {
    if error.recovery() == Recovery::SignIn {
        return NextStep::SignIn;
    }
    let is_offline = matches!(
        error,
        Error::Discovery(NetworkError::Offline | NetworkError::Unreachable)
            | Error::Network(NetworkError::Offline | NetworkError::Unreachable)
            | Error::UserAgent(UserAgentError::Offline | UserAgentError::NameNotResolved)
    );
    // Who has no network cannot sign in either.
    let is_over = for_user || (failing_for >= PATIENCE && !is_offline);
    match !has_fresh_token && is_over {
        true => NextStep::SignInOrRenewal,
        false => NextStep::Renewal,
    }
}

/// How long the method that ended with `error` is skipped from now on; `None`: it is tried again next time.
pub(super) fn skipped_for(error: &Error, another_worked: bool) -> Option<Duration> {
    match error {
        Error::UserAgent(UserAgentError::FramingRefused)
        | Error::TokenEndpoint(
            TokenEndpointError::ClientRefused
            | TokenEndpointError::NoAccessToken
            | TokenEndpointError::NoIdToken,
        ) => Some(RULED_OUT),
        // It may also be a wall in front of the provider that is gone tomorrow.
        Error::TokenEndpoint(TokenEndpointError::Refused | TokenEndpointError::TurnedAway) => {
            Some(SLOW)
        }
        // The provider knows the user after all, but not here: this method goes without the cookies.
        Error::Authorization(_)
        | Error::UserAgent(UserAgentError::InteractionRequired | UserAgentError::PageShown)
            if another_worked =>
        {
            Some(RULED_OUT)
        }
        Error::UserAgent(UserAgentError::Timeout) if another_worked => Some(SLOW),
        _ => None,
    }
}

/// Of the failures of two methods, the one that says more about the session.
///
/// That the user must sign in, said by an authorization, is the provider's last word. A refresh token that
/// is no longer good says it only where nothing else could be tried.
pub(super) fn weightier(first: Error, second: Error) -> Error {
    if weight(&second) > weight(&first) {
        second
    } else {
        first
    }
}

fn weight(error: &Error) -> u8 {
    match (error, error.recovery()) {
        (Error::Session(SessionError::NoMethod | SessionError::NoRefreshToken), _) => 0,
        (Error::TokenEndpoint(_), Recovery::SignIn) => 2,
        (_, Recovery::SignIn) => 5,
        (_, Recovery::Report) => 4,
        (_, Recovery::RetryLater) => 3,
        (_, Recovery::FixSettings) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::authorization_response::AuthorizationError;

    const REFRESH_REFUSED: Error = Error::TokenEndpoint(TokenEndpointError::RefreshTokenRefused);
    const LOGIN_REQUIRED: Error = Error::Authorization(AuthorizationError::LoginRequired);
    const TIMEOUT: Error = Error::UserAgent(UserAgentError::Timeout);
    const FRAMING_REFUSED: Error = Error::UserAgent(UserAgentError::FramingRefused);
    const NO_REFRESH_TOKEN: Error = Error::Session(SessionError::NoRefreshToken);

    #[test]
    fn a_sign_in_that_an_authorization_asks_for_outweighs_everything() {
        for other in [TIMEOUT, REFRESH_REFUSED, FRAMING_REFUSED] {
            assert_eq!(weightier(other.clone(), LOGIN_REQUIRED), LOGIN_REQUIRED);
            assert_eq!(weightier(LOGIN_REQUIRED, other), LOGIN_REQUIRED);
        }
    }

    #[test]
    fn a_refused_refresh_token_asks_for_a_sign_in_only_where_nothing_else_may_work_later() {
        assert_eq!(weightier(REFRESH_REFUSED, TIMEOUT), TIMEOUT);
        assert_eq!(weightier(REFRESH_REFUSED, FRAMING_REFUSED), REFRESH_REFUSED);
        assert_eq!(
            weightier(NO_REFRESH_TOKEN, FRAMING_REFUSED),
            FRAMING_REFUSED
        );
    }

    #[test]
    fn a_method_without_the_users_cookies_is_skipped_once_another_worked() {
        assert_eq!(skipped_for(&LOGIN_REQUIRED, false), None);
        assert_eq!(skipped_for(&LOGIN_REQUIRED, true), Some(RULED_OUT));
        assert_eq!(skipped_for(&TIMEOUT, false), None);
        assert_eq!(skipped_for(&TIMEOUT, true), Some(SLOW));
    }

    #[test]
    fn a_provider_that_refuses_frames_is_not_asked_in_one_again() {
        assert_eq!(skipped_for(&FRAMING_REFUSED, false), Some(RULED_OUT));
        assert_eq!(skipped_for(&REFRESH_REFUSED, true), None);
    }
}
