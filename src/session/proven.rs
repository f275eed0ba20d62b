//! Whether a sign-in has ever worked with these settings. One that fails before that has been set up wrongly, and the
//! setup check tells why.

use std::rc::Rc;

use futures_util::FutureExt;

use super::{Session, SessionError, record};
use crate::error::Error;
use crate::platform::Record;

impl Session {
    /// An interactive sign-in ended so. Nobody waits for what comes of it.
    pub(super) fn learn_from_sign_in(self: &Rc<Self>, outcome: &Result<(), Error>) {
        let worked = outcome.is_ok();
        if *outcome == Err(SessionError::Superseded.into()) {
            return;
        }
        let this = Rc::clone(self);
        let learned = async move {
            match worked {
                true => this.prove().await,
                false => this.offer_setup().await,
            }
        };
        self.platform.spawner.spawn(learned.boxed_local());
    }

    async fn prove(&self) {
        if self.proven.replace(true) {
            return;
        }
        let record = record::proven::write(&self.settings.provider);
        let written = self.platform.store.write(Record::Proven, record);
        self.proven.set(written.await.is_ok());
    }

    /// Opens the setup check, once.
    async fn offer_setup(&self) {
        let is_known = self.state.borrow().identity.is_some();
        if is_known || self.proven.get() || self.setup_opened.get() {
            return;
        }
        // Where the store cannot be read, nobody knows, and nobody is disturbed.
        let Ok(record) = self.platform.store.read(Record::Proven).await else {
            return;
        };
        let provider = &self.settings.provider;
        let proven = record.is_some_and(|record| record::proven::proves(record, provider));
        self.proven.set(proven);
        if !proven && !self.setup_opened.replace(true) {
            self.platform.pages.open_setup();
        }
    }
}
