//! What the session does when the user changes its host permissions.

use std::rc::Rc;

use super::Session;
use super::pacing::Pacing;

impl Session {
    /// The user gave the extension a host permission: what failed for want of one is no problem any more, and no
    /// pause keeps the next call from trying.
    pub(crate) fn permission_added(self: &Rc<Self>) {
        let mended = self
            .last_problem
            .borrow_mut()
            .take_if(|problem| problem.code.ends_with(".not_permitted"));
        if mended.is_some() {
            self.note(|journal| journal.pacing = Pacing::default());
            self.schedule(false);
            self.announce();
        }
    }
}
