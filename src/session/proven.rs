//! Whether a sign-in has ever worked with these settings. Where none has, one that fails shows the setup check.

use super::{Session, SessionError, record};
use crate::error::Error;
use crate::platform::Record;

impl Session {
    /// A sign-in worked with this provider and this client.
    pub(super) async fn prove(&self) {
        if !self.is_proven().await {
            let text = record::proven::write(&self.settings.provider);
            // Not stored, the check is shown once too often, perhaps.
            self.platform.store.write(Record::Proven, text).await.ok();
        }
    }

    /// A sign-in failed: the first one is the settings' fault as a rule, here or at the provider.
    pub(super) async fn help_set_up(&self, failure: &Error) {
        let ended = *failure == SessionError::Superseded.into();
        if !ended && !self.is_proven().await && !self.offered_help.replace(true) {
            self.platform.pages.open_setup();
        }
    }

    async fn is_proven(&self) -> bool {
        match self.platform.store.read(Record::Proven).await {
            Ok(Some(text)) => record::proven::is_of(&text, &self.settings.provider),
            Ok(None) => false,
            // Nobody is sent to the settings by a storage that fails.
            Err(_) => true,
        }
    }
}
