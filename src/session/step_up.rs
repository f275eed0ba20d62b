//! The offer to authenticate again as an API asks for it (RFC 9470): made by a 401, taken up by a sign-in.

use std::rc::Rc;

use futures_util::FutureExt;

use super::Session;
use crate::oauth::step_up::StepUp;

impl Session {
    /// An API wants more than the authentication behind the token of generation `sent`: the user is offered a
    /// sign-in that asks for it, in place of an earlier offer.
    pub(crate) fn offer_step_up(self: &Rc<Self>, sent: Option<u64>, wanted: &StepUp) {
        let known = self.step_up_wanted().as_ref() == Some(wanted);
        if known || sent.is_none() || sent != self.generation() {
            return;
        }
        let (this, wanted, epoch) = (Rc::clone(self), wanted.clone(), self.epoch.get());
        let work = async move {
            let offered = this.commit(epoch, |state| state.step_up = Some(wanted));
            if offered.await.is_ok() {
                this.announce_soon();
            }
        };
        self.platform.spawner.spawn(work.boxed_local());
    }

    /// What the next sign-in asks for beyond the settings.
    pub(super) fn step_up_wanted(&self) -> Option<StepUp> {
        self.state.borrow().step_up.clone()
    }
}
