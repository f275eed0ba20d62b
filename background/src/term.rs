//! How long an engine is in office.

use std::cell::Cell;
use std::rc::Rc;

/// Until other settings come, and another engine with them. What the old one does after that changes nothing: for the new
/// one it is as a worker that died.
#[derive(Clone, Debug, Default)]
pub struct Term(Rc<Cell<bool>>);

impl Term {
    /// It ends.
    pub fn end(&self) {
        self.0.set(true);
    }

    /// Whether it has ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.0.get()
    }
}
