//! Announcements: pages and the badge are told when the session's view changes.

use std::cell::Cell;
use std::rc::{Rc, Weak};
use std::time::Duration;

use futures_util::FutureExt;

use crate::message::{Broadcast, SessionView};
use crate::platform::Platform;

/// Changes within this time are announced once: a hundred calls of one page are one announcement.
const DELAY: Duration = Duration::from_millis(100);

/// What is announced.
pub(super) trait ViewSource {
    /// The session as pages show it; `None` once another engine has replaced this one.
    fn current_view(&self) -> Option<SessionView>;
}

pub(super) struct Announcer {
    platform: Platform,
    /// An announcement is scheduled.
    scheduled: Cell<bool>,
    source: Weak<dyn ViewSource>,
}

impl Announcer {
    pub(super) fn new(platform: Platform, source: Weak<dyn ViewSource>) -> Self {
        Self {
            platform,
            scheduled: Cell::new(false),
            source,
        }
    }

    /// Tells pages now.
    pub(super) fn announce(&self) {
        let source = self.source.upgrade();
        if let Some(view) = source.and_then(|source| source.current_view()) {
            self.platform.pages.announce(Broadcast::ViewChanged(view));
        }
    }

    /// Tells pages within 100 ms, once for all that changes until then.
    pub(super) fn announce_soon(self: &Rc<Self>) {
        if self.scheduled.replace(true) {
            return;
        }
        let this = Rc::clone(self);
        let pause = self.platform.clock.sleep(DELAY);
        let announced = async move {
            pause.await;
            this.scheduled.set(false);
            this.announce();
        };
        self.platform.spawner.spawn(announced.boxed_local());
    }
}
