//! What a build allows.

/// Which build the settings are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// Loaded unpacked: `http` on loopback is allowed, and so are settings and renewal methods for development.
    Development,
    /// Anything else: `https` only.
    Release,
}
