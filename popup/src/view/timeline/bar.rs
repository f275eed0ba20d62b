//! A call's time as a bar of segments.

use evertoken::message::ActivityEvent;

use super::Row;

/// What a segment stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Before the first sending, or after a refusal: a place in the dispatch window, the user.
    Wait,
    /// The first sending, to its answer.
    First,
    /// The renewal.
    Renewal,
    /// The second sending, to its answer.
    Resend,
}

impl Part {
    /// All of them, in the order of the legend.
    pub const ALL: [Self; 4] = [Self::Wait, Self::First, Self::Renewal, Self::Resend];

    /// Its name: a text's key.
    #[must_use]
    pub fn text(self) -> &'static str {
        [
            "activity_wait",
            "activity_first",
            "activity_renewal",
            "activity_resend",
        ][self as usize]
    }

    /// Its class in the page.
    #[must_use]
    pub fn class(self) -> &'static str {
        ["wait", "first", "renewal", "resend"][self as usize]
    }
}

/// A part of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// What it stands for.
    pub part: Part,
    /// How long it took.
    pub milliseconds: u32,
}

/// A bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// In hundredths of the room there is.
    pub length: u8,
    /// From left to right, but for a wait of no time.
    pub segments: Vec<Segment>,
}

impl Row<'_> {
    /// The bar; `None` where nothing took time.
    #[must_use]
    pub fn bar(&self) -> Option<Bar> {
        let milliseconds = self.milliseconds()?;
        let mut segments = match &self.entry.event {
            ActivityEvent::Called { .. } => self.call_segments(),
            _ => vec![Segment {
                part: Part::Renewal,
                milliseconds,
            }],
        };
        segments.retain(|segment| segment.milliseconds > 0 || segment.part != Part::Wait);
        Some(Bar {
            length: length(milliseconds),
            segments,
        })
    }

    /// How long it took.
    #[must_use]
    pub fn milliseconds(&self) -> Option<u32> {
        match &self.entry.event {
            ActivityEvent::Called { milliseconds, .. }
            | ActivityEvent::Renewed { milliseconds, .. } => Some(*milliseconds),
            _ => None,
        }
    }

    /// What a call did from beginning to end; some parts may have taken no time.
    pub(super) fn call_segments(&self) -> Vec<Segment> {
        let ActivityEvent::Called {
            milliseconds,
            timing,
            ..
        } = &self.entry.event
        else {
            return Vec::new();
        };
        let (total, sent) = (*milliseconds, timing.sent_ms);
        // A renewal that is not known any more was one all the same.
        let renewed = match self.renewal.is_some() || self.renewed() {
            true => Part::Renewal,
            false => Part::Wait,
        };
        let segment = |part, from: u32, to: u32| Segment {
            part,
            milliseconds: to.saturating_sub(from),
        };
        match (timing.refused_ms, timing.resent_ms) {
            (None, _) => vec![segment(renewed, 0, sent), segment(Part::First, sent, total)],
            (Some(refused), None) => vec![
                segment(Part::Wait, 0, sent),
                segment(Part::First, sent, refused),
                segment(renewed, refused, total),
            ],
            (Some(refused), Some(resent)) => vec![
                segment(Part::Wait, 0, sent),
                segment(Part::First, sent, refused),
                segment(renewed, refused, resent),
                segment(Part::Resend, resent, total),
            ],
        }
    }
}

/// Longer is slower, and every doubling adds the same: 10 ms and 10 s are both to be seen.
fn length(milliseconds: u32) -> u8 {
    let milliseconds = milliseconds.max(1);
    let doublings = milliseconds.ilog2();
    // Between two doublings in eighths.
    let eighths = ((u64::from(milliseconds) * 8) >> doublings) - 8;
    // 2^13 ms are 8 s.
    let share = (u64::from(doublings) * 8 + eighths) * 100 / (13 * 8);
    u8::try_from(share.clamp(4, 100)).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_grows_with_every_doubling_and_ends() {
        let lengths = [0, 1, 10, 34, 97, 1_000, 8_192, 60_000].map(length);
        assert_eq!(lengths, [4, 4, 25, 38, 50, 75, 100, 100]);
        assert!(lengths.is_sorted());
    }
}
