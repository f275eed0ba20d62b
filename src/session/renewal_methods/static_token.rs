//! `static_token`: the token of the setting `provider.static_token`, for the development of an API that takes a token of its
//! own making.

use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, ready};

use crate::error::Error;
use crate::oauth::token_endpoint::Scheme;
use crate::session::error::SessionError;
use crate::session::exchange::Granted;
use crate::session::method::{Context, RenewalMethod};
use crate::session::tokens::{Token, Tokens};

pub(super) struct StaticToken;

impl RenewalMethod for StaticToken {
    fn renew<'a>(&self, context: Context<'a>) -> LocalBoxFuture<'a, Result<Granted, Error>> {
        ready(granted(context)).boxed_local()
    }

    fn dry_run<'a>(&self, context: Context<'a>) -> LocalBoxFuture<'a, Result<(), Error>> {
        ready(granted(context).map(drop)).boxed_local()
    }
}

/// The token as id_token and as access token. Nothing in it is believed or looked at: the user stays the same, and only an
/// API's 401 tells that it has expired.
fn granted(context: Context<'_>) -> Result<Granted, Error> {
    let value = context.settings.provider.static_token.clone();
    let token = Token {
        value: value.ok_or(SessionError::NoMethod)?,
        received_at: context.platform.clock.now(),
        expires_at: None,
        scheme: Scheme::Bearer,
    };
    Ok(Granted {
        tokens: Tokens {
            id_token: Some(token.clone()),
            access_token: Some(token),
        },
        who: None,
        refresh_token: None,
        scope: None,
    })
}
