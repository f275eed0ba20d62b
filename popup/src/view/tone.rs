//! How an outcome is coloured. Its words say the same.

/// The colour of an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It did what it should.
    Good,
    /// Neither good nor bad.
    Plain,
    /// It failed, or was refused.
    Bad,
}

impl Tone {
    /// The tone of an HTTP status.
    #[must_use]
    pub fn of(status: u16) -> Self {
        match status {
            200..=299 => Self::Good,
            400.. => Self::Bad,
            _ => Self::Plain,
        }
    }

    /// Its class in the page.
    #[must_use]
    pub fn class(self) -> &'static str {
        ["good", "plain", "bad"][self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_coloured_by_their_class() {
        let tones = [204, 304, 401, 503].map(Tone::of);
        assert_eq!(tones, [Tone::Good, Tone::Plain, Tone::Bad, Tone::Bad]);
    }
}
