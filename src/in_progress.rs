//! Counts work of a kind, for those that wait until there is none.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;

/// How many pieces of work are in progress.
#[derive(Default)]
pub(crate) struct InProgress {
    count: Cell<usize>,
    waiting: RefCell<Vec<oneshot::Sender<()>>>,
}

/// One piece of work; dropped when it ends.
pub(crate) struct Piece(Rc<InProgress>);

impl InProgress {
    /// A piece of work begins.
    pub(crate) fn begin(self: &Rc<Self>) -> Piece {
        self.count.set(self.count.get() + 1);
        Piece(Rc::clone(self))
    }

    /// Ends when nothing is in progress.
    pub(crate) async fn none(&self) {
        while self.count.get() > 0 {
            let (ends, ended) = oneshot::channel();
            self.waiting.borrow_mut().push(ends);
            // The other end is dropped when the last piece ends.
            ended.await.ok();
        }
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        let left = self.0.count.get().saturating_sub(1);
        self.0.count.set(left);
        if left == 0 {
            self.0.waiting.take();
        }
    }
}
