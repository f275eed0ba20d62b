//! What the failure of a renewal method means for the ladder: whether the next method is tried, how long the failed one is
//! skipped, and which of several failures the renewal ends with. Pure decisions.

use std::time::Duration;

use crate::error::Error;
use crate::oauth::token_endpoint::TokenEndpointError;
use crate::platform::UserAgentError;
use crate::problem::Recovery;
use crate::session::error::SessionError;

/// How long a method is skipped that this provider or browser rules out.
const RULED_OUT: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a method is skipped that was turned away, or did not answer in time while another one did.
const SLOW: Duration = Duration::from_secs(10 * 60);

/// Whether the next method is tried after `error`: where this one could not carry the request, or carried it without the user's
/// cookies or without a valid token. A bad answer is final: asking again would only hide it.
pub(super) fn lets_the_next_try(error: &Error) -> bool {
    match error {
        Error::Authorization(_) => error.recovery() == Recovery::SignIn,
        Error::UserAgent(_) => true,
        Error::TokenEndpoint(error) => matches!(
            error,
            TokenEndpointError::ClientRefused
                | TokenEndpointError::InteractionRequired
                | TokenEndpointError::NoIdToken
                | TokenEndpointError::RefreshTokenRefused
                | TokenEndpointError::Refused
        ),
        Error::Session(error) => {
            matches!(
                error,
                SessionError::NoRefreshToken | SessionError::NothingNew
            )
        }
        _ => false,
    }
}

/// How long the method that ended with `error` is skipped from now on; `None`: it is tried again next time.
pub(super) fn skipped_for(error: &Error, another_worked: bool) -> Option<Duration> {
    match error {
        Error::UserAgent(UserAgentError::FramingRefused)
        | Error::TokenEndpoint(TokenEndpointError::ClientRefused | TokenEndpointError::NoIdToken) => {
            Some(RULED_OUT)
        }
        // It may also be a wall in front of the provider that is gone tomorrow.
        Error::TokenEndpoint(TokenEndpointError::Refused) => Some(SLOW),
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
        (Error::Session(SessionError::NoEngine | SessionError::NoRefreshToken), _) => 0,
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
