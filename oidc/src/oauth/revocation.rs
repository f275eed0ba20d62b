//! Token revocation (RFC 7009).

use url::form_urlencoded;

use crate::http::FormBody;
use crate::secret::Secret;

/// The body of the request that revokes `refresh_token` and the tokens issued from it (section 2.1).
#[must_use]
pub fn form(client_id: &str, refresh_token: &Secret) -> FormBody {
    FormBody(
        form_urlencoded::Serializer::new(String::new())
            .append_pair("token", refresh_token.expose())
            .append_pair("token_type_hint", "refresh_token")
            .append_pair("client_id", client_id)
            .finish(),
    )
}
