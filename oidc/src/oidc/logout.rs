//! Signing out at the provider (OIDC RP-Initiated Logout 1.0; Auth0's `/v2/logout`).

use url::Url;

use super::provider_metadata::EndSession;
use crate::secret::Secret;

/// The URL that ends the user's session at the provider (section 2) and comes back to `redirect_uri`.
///
/// The id_token stands in it as the hint that the specification asks for: the provider issued it, and
/// nobody else gets it.
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
        EndSession::RpInitiated(_) => query
            .append_pair("id_token_hint", id_token.expose())
            .append_pair("post_logout_redirect_uri", redirect_uri)
            .append_pair("state", state.expose()),
        EndSession::Auth0(_) => query.append_pair("returnTo", redirect_uri),
    };
    drop(query);
    url
}
