//! Holds responses back until a test releases them.

use std::cell::RefCell;
use std::future::Future;

use futures_channel::oneshot;

/// A gate, initially open. Work that reaches it while it is closed waits.
#[derive(Default)]
pub struct Gate(RefCell<Option<Vec<oneshot::Sender<()>>>>);

impl Gate {
    /// Closes it.
    pub fn hold(&self) {
        *self.0.borrow_mut() = Some(Vec::new());
    }

    /// Opens it; waiting work continues, in order.
    pub fn release(&self) {
        for waiting in self.0.take().unwrap_or_default() {
            waiting.send(()).ok();
        }
    }

    /// Waits while it is closed. The position in the queue is taken at the call, before the future is polled.
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
