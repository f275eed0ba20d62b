//! `offscreen`: silent authorization in an iframe of an offscreen document.

use futures_util::future::LocalBoxFuture;

use crate::error::Error;
use crate::platform::SilentCarrier;
use crate::session::exchange::Granted;
use crate::session::method::{Context, RenewalMethod};

pub(super) struct Offscreen;

impl RenewalMethod for Offscreen {
    fn renew<'a>(&self, context: Context<'a>) -> LocalBoxFuture<'a, Result<Granted, Error>> {
        context.authorize_silently(SilentCarrier::Offscreen)
    }

    fn dry_run<'a>(&self, context: Context<'a>) -> LocalBoxFuture<'a, Result<(), Error>> {
        context.try_silently(SilentCarrier::Offscreen)
    }
}
