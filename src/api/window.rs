//! The dispatch window: how many calls to one API are on their way at once.
//!
//! A call takes its token at the moment it is sent. So of a thousand calls at once on a revoked token only those
//! within the window are sent in vain; the rest wait for their turn, and then for the renewal that those started.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use futures_channel::oneshot;

/// The most calls that are on their way to one API.
pub(crate) const WIDTH: usize = 64;

/// One API's window.
#[derive(Default)]
pub(crate) struct Window {
    under_way: Cell<usize>,
    waiting: RefCell<VecDeque<oneshot::Sender<()>>>,
}

/// A place in the window. Dropped, it goes to the next in line.
pub(crate) struct Slot(Rc<Window>);

/// A turn that may come while nobody looks: dropped, it is passed on.
struct Turn {
    window: Rc<Window>,
    comes: oneshot::Receiver<()>,
}

impl Window {
    /// A place, where one is free.
    pub(crate) fn try_enter(self: &Rc<Self>) -> Option<Slot> {
        let under_way = self.under_way.get();
        (under_way < WIDTH).then(|| {
            self.under_way.set(under_way + 1);
            Slot(Rc::clone(self))
        })
    }

    /// Waits for a place. Who stops waiting loses only its own turn.
    pub(crate) async fn enter(self: &Rc<Self>) -> Slot {
        if let Some(slot) = self.try_enter() {
            return slot;
        }
        let (pass, comes) = oneshot::channel();
        self.waiting.borrow_mut().push_back(pass);
        let window = Rc::clone(self);
        let mut turn = Turn { window, comes };
        // Its other end waits in a queue that lives as long as `self`.
        (&mut turn.comes).await.ok();
        Slot(Rc::clone(self))
    }

    fn leave(&self) {
        loop {
            let next = self.waiting.borrow_mut().pop_front();
            match next.map(|next| next.send(())) {
                Some(Ok(())) => return,
                // It gave up before its turn came.
                Some(Err(())) => {}
                None => return self.under_way.set(self.under_way.get().saturating_sub(1)),
            }
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // Closing first: from here on the turn cannot come any more.
        self.comes.close();
        if self.comes.try_recv() == Ok(Some(())) {
            self.window.leave();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn full() -> (Rc<Window>, Vec<Slot>) {
        let window = Rc::<Window>::default();
        let slots: Vec<_> = (0..WIDTH).filter_map(|_| window.try_enter()).collect();
        assert_eq!(slots.len(), WIDTH);
        assert!(window.try_enter().is_none());
        (window, slots)
    }

    #[test]
    fn one_more_than_fit_waits_for_its_turn() {
        let (window, mut slots) = full();
        let mut next = Box::pin(window.enter());
        assert!((&mut next).now_or_never().is_none());
        slots.pop();
        let slot = next.now_or_never();
        assert!(slot.is_some());
        assert_eq!(window.under_way.get(), WIDTH);
    }

    #[test]
    fn turns_come_in_the_order_of_their_calls() {
        let (window, mut slots) = full();
        let mut first = Box::pin(window.enter());
        let mut second = Box::pin(window.enter());
        assert!((&mut first).now_or_never().is_none());
        assert!((&mut second).now_or_never().is_none());
        slots.pop();
        assert!((&mut second).now_or_never().is_none());
        assert!((&mut first).now_or_never().is_some());
    }

    #[test]
    fn who_gives_up_before_or_after_its_turn_came_costs_the_next_nothing() {
        let (window, mut slots) = full();
        let mut before = Box::pin(window.enter());
        let mut after = Box::pin(window.enter());
        let mut next = Box::pin(window.enter());
        for waiting in [&mut before, &mut after, &mut next] {
            assert!(waiting.now_or_never().is_none());
        }
        drop(before);
        slots.pop();
        drop(after);
        assert!(next.now_or_never().is_some());
    }

    #[test]
    fn a_window_that_everybody_left_is_empty() {
        let (window, slots) = full();
        let mut waiting = Box::pin(window.enter());
        assert!((&mut waiting).now_or_never().is_none());
        drop((slots, waiting));
        assert_eq!(window.under_way.get(), 0);
    }
}
