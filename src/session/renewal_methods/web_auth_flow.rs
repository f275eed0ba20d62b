//! `web_auth_flow`: silent authorization by `identity.launchWebAuthFlow` with `interactive: false`.

use futures_util::future::LocalBoxFuture;

use crate::error::Error;
use crate::platform::SilentCarrier;
use crate::session::exchange::Granted;
use crate::session::method::{Context, RenewalMethod};

pub(super) struct WebAuthFlow;

impl RenewalMethod for WebAuthFlow {
    fn renew<'a>(&self, context: Context<'a>) -> LocalBoxFuture<'a, Result<Granted, Error>> {
        context.authorize_silently(SilentCarrier::WebAuthFlow)
    }

    fn dry_run<'a>(&self, context: Context<'a>) -> LocalBoxFuture<'a, Result<(), Error>> {
        context.try_silently(SilentCarrier::WebAuthFlow)
    }
}
