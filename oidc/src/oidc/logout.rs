//! Signing out at the provider (OIDC RP-Initiated Logout 1.0; Auth0's `/v2/logout`).

use url::Url;

use super::provider_metadata::EndSession;
use crate::secret::Secret;

/// The longest id_token that is sent as a hint, in bytes: the request line then stays below the 8 kB that servers commonly
/// accept.
pub const MAX_HINT_BYTES: usize = 5 * 1024;

/// The URL that ends the user's session at the provider (section 2) and comes back to `redirect_uri`.
///
/// The URL contains the id_token as the hint that the specification asks for: only the provider, which issued it, receives
/// it. An id_token longer than [`MAX_HINT_BYTES`] is omitted: `client_id` identifies the client as well, but the provider
/// may then ask the user to confirm.
#[must_use]
pub fn url(
    end_session: &EndSession,
    client_id: &str,
    redirect_uri: &str,
    id_token: &Secret,
    state: &Secret,
) -> Url {
    let mut url = end_session.url().clone();
    let mut query = url.query_pairs_mut();
    query.append_pair("client_id", client_id);
    match end_session {
        EndSession::RpInitiated(_) => {
            if id_token.expose().len() <= MAX_HINT_BYTES {
                query.append_pair("id_token_hint", id_token.expose());
            }
            query
                .append_pair("post_logout_redirect_uri", redirect_uri)
                .append_pair("state", state.expose())
        }
        EndSession::Cognito(_) => query.append_pair("logout_uri", redirect_uri),
        EndSession::Auth0(_) => query.append_pair("returnTo", redirect_uri),
    };
    drop(query);
    url
}
