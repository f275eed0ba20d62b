//! The size of a wasm module and its script.

use std::fmt;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::files;

/// The total size of some files, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Uncompressed, as in the extension.
    pub raw: usize,
    /// Each compressed with gzip -9.
    pub gzip: usize,
}

impl Size {
    /// Measures these files.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn of(paths: &[PathBuf]) -> Result<Self> {
        let mut size = Self { raw: 0, gzip: 0 };
        for path in paths {
            let contents = files::read(path)?;
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(&contents)?;
            size.raw += contents.len();
            size.gzip += encoder.finish()?.len();
        }
        Ok(size)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [raw, gzip] = [self.raw, self.gzip].map(|bytes| format!("{:.1} kB", kilo(bytes)));
        write!(f, "{raw}, {gzip} gzip")
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "sizes of files, shown with one digit"
)]
pub(crate) fn kilo(bytes: usize) -> f64 {
    bytes as f64 / 1000.0
}
