//! The commands, one file each.

pub(crate) mod bench;
pub(crate) mod build;
pub(crate) mod demo;
pub(crate) mod mutants;
pub(crate) mod pictures;
pub(crate) mod simulate;
pub(crate) mod size;
pub(crate) mod soak;
pub(crate) mod test;
