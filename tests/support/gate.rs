//! Answers that are held back until a test lets them go.

use std::cell::RefCell;
use std::future::Future;

use futures_channel::oneshot;

/// A gate, open at first. Whoever comes while it is closed waits.
#[derive(Default)]
pub struct Gate(RefCell<Option<Vec<oneshot::Sender<()>>>>);

impl Gate {
    /// Closes it.
    pub fn hold(&self) {
        *self.0.borrow_mut() = Some(Vec::new());
    }

    /// Opens it; who waits goes on, in order.
    pub fn release(&self) {
        for waiting in self.0.take().unwrap_or_default() {
            waiting.send(()).ok();
        }
    }

    /// Waits while it is closed. The place among those that wait is taken at once.
    pub fn pass(&self) -> impl Future<Output = ()> + use<> {
        let held = self.0.borrow_mut().as_mut().map(|waiting| {
            let (release, released) = oneshot::channel();
            waiting.push(release);
            released
        });
        async {
            if let Some(released) = held {
                released.await.ok();
            }
        }
    }
}
