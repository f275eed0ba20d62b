//! Why a call got no answer.

use thiserror::Error;

/// Why a call got no answer, as far as the browser tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CallError {
    /// The extension has no host permission for the API, so the browser keeps the answer back.
    #[error("Evertoken has no permission for the API's address")]
    NotPermitted,
    /// No connection, no name, no valid certificate, or an answer that the browser keeps back.
    #[error("the API could not be reached, or the browser blocked its answer")]
    Unreachable,
}
