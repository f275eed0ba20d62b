//! The owners that every flow of the session works with. Each keeps its own invariants; none can reach into another.

use std::rc::Rc;

use super::announcer::Announcer;
use super::exchange::Exchange;
use super::renewal_journal::RenewalJournal;
use super::schedule::Schedule;
use super::sign_in_prompt::SignInPrompt;
use super::token_store::TokenStore;
use super::waiters::Waiters;
use crate::activity::Activity;
use crate::platform::{Platform, UnixTime};
use crate::settings::Settings;

pub(super) struct Owners {
    pub(super) activity: Rc<Activity>,
    pub(super) announcer: Rc<Announcer>,
    pub(super) exchange: Exchange,
    pub(super) journal: Rc<RenewalJournal>,
    pub(super) platform: Platform,
    pub(super) prompt: Rc<SignInPrompt>,
    pub(super) schedule: Schedule,
    pub(super) settings: Rc<Settings>,
    pub(super) store: Rc<TokenStore>,
    pub(super) waiters: Rc<Waiters>,
}

impl Owners {
    /// Milliseconds since `started`; 0 where the clock was set back meanwhile.
    pub(super) fn milliseconds_since(&self, started: UnixTime) -> u32 {
        let elapsed = self.platform.clock.now().milliseconds_since(started);
        u32::try_from(elapsed).unwrap_or(0)
    }
}
