//! `offscreen`: silent authorization in an iframe of an offscreen document.

use futures_util::future::LocalBoxFuture;

use crate::error::Error;
use crate::platform::{SilentCarrier, UserAgentError};
use crate::session::exchange::Granted;
use crate::session::method::{Context, RenewalMethod};

pub(super) struct Offscreen;

impl RenewalMethod for Offscreen {
    /// Providers forbid frames for their login page, and some answer with that page where no user is signed in. A frame that
    /// got an answer before tells the two apart.
    fn after_success(&self, failure: Error) -> Error {
        match failure {
            Error::UserAgent(UserAgentError::FramingRefused) => UserAgentError::PageShown.into(),
            other => other,
        }
    }

    fn renew<'a>(&self, context: Context<'a>) -> LocalBoxFuture<'a, Result<Granted, Error>> {
        context.authorize_silently(SilentCarrier::Offscreen)
    }

    fn dry_run<'a>(&self, context: Context<'a>) -> LocalBoxFuture<'a, Result<(), Error>> {
        context.try_silently(SilentCarrier::Offscreen)
    }
}
