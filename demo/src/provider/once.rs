//! Things handed out under a name that cannot be guessed, and taken back once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use anyhow::Result;

use crate::mint::random_text;

pub(super) struct Once<T>(Mutex<HashMap<String, T>>);

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl<T> Once<T> {
    /// Keeps `thing` and gives its name.
    pub(super) fn put(&self, thing: T) -> Result<String> {
        let name = random_text()?;
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.clone(), thing);
        Ok(name)
    }

    pub(super) fn take(&self, name: &str) -> Option<T> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(name)
    }
}
