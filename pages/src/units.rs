//! Times and sizes in words.

use crate::text::{text, text_with};

/// The time left until an expiry: `0:17`, `12:05`, `1:02:17`; `None` when it has passed.
///
/// Rounded up, so that `0:00` is never shown while there is time left.
#[must_use]
pub fn countdown(milliseconds_left: i64) -> Option<String> {
    if milliseconds_left <= 0 {
        return None;
    }
    let seconds = milliseconds_left.saturating_add(999) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    Some(if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    })
}

/// How long ago something was: `just now`, `12 s ago`, `3 min ago`, `2 h ago`, `4 days ago`.
#[must_use]
pub fn ago(milliseconds: i64) -> String {
    let seconds = milliseconds / 1000;
    match seconds {
        // Also negative spans, from a clock that was set back.
        ..=1 => text("ago_now"),
        2..=59 => counted("ago_seconds", seconds),
        60..=3_599 => counted("ago_minutes", seconds / 60),
        3_600..=86_399 => counted("ago_hours", seconds / 3_600),
        86_400..=172_799 => text("ago_day"),
        _ => counted("ago_days", seconds / 86_400),
    }
}

/// A span of time in its largest unit: `45 s`, `10 min`, `2 h`, `3 days`.
#[must_use]
pub fn span(milliseconds: u64) -> String {
    let seconds = (milliseconds + 500) / 1000;
    match seconds {
        ..=89 => counted("span_seconds", seconds),
        90..=5_399 => counted("span_minutes", (seconds + 30) / 60),
        5_400..=129_599 => counted("span_hours", (seconds + 1_800) / 3_600),
        _ => counted("span_days", (seconds + 43_200) / 86_400),
    }
}

/// A duration: `34 ms`, `1.2 s`, `75 s`.
#[must_use]
pub fn duration(milliseconds: u32) -> String {
    match milliseconds {
        0..=999 => counted("duration_ms", milliseconds),
        1_000..=9_949 => {
            let tenths = (milliseconds + 50) / 100;
            text_with("duration_s", &[&decimal(tenths as usize)])
        }
        _ => counted("duration_s", (milliseconds + 500) / 1_000),
    }
}

/// A size: `0 B`, `312 B`, `1.2 kB`, `34 kB`, `2.1 MB`.
#[must_use]
pub fn size(bytes: usize) -> String {
    match bytes {
        0..=999 => counted("size_b", bytes),
        1_000..=999_499 => scaled(bytes, 1_000, "size_kb"),
        _ => scaled(bytes, 1_000_000, "size_mb"),
    }
}

fn scaled(bytes: usize, unit: usize, key: &str) -> String {
    let tenths = (bytes + unit / 20) / (unit / 10);
    if tenths < 100 {
        text_with(key, &[&decimal(tenths)])
    } else {
        counted(key, (bytes + unit / 2) / unit)
    }
}

fn decimal(tenths: usize) -> String {
    let point = text("decimal_point");
    format!("{}{point}{}", tenths / 10, tenths % 10)
}

fn counted(key: &str, number: impl ToString) -> String {
    text_with(key, &[&number.to_string()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_countdown_ends_when_the_token_does() {
        assert_eq!(countdown(17_000).unwrap(), "0:17");
        assert_eq!(countdown(16_001).unwrap(), "0:17");
        assert_eq!(countdown(1).unwrap(), "0:01");
        assert_eq!(countdown(0), None);
        assert_eq!(countdown(-5_000), None);
    }

    #[test]
    fn the_countdown_shows_minutes_and_hours_with_two_digits() {
        assert_eq!(countdown(60_000).unwrap(), "1:00");
        assert_eq!(countdown(725_000).unwrap(), "12:05");
        assert_eq!(countdown(3_737_000).unwrap(), "1:02:17");
        assert_eq!(countdown(86_400_000).unwrap(), "24:00:00");
    }

    #[test]
    fn the_past_is_told_in_the_largest_unit_that_fits() {
        assert_eq!(ago(-4_000), "just\u{a0}now");
        assert_eq!(ago(1_999), "just\u{a0}now");
        assert_eq!(ago(2_000), "2\u{a0}s\u{a0}ago");
        assert_eq!(ago(59_999), "59\u{a0}s\u{a0}ago");
        assert_eq!(ago(60_000), "1\u{a0}min\u{a0}ago");
        assert_eq!(ago(7_200_000), "2\u{a0}h\u{a0}ago");
        assert_eq!(ago(86_400_000), "1\u{a0}day\u{a0}ago");
        assert_eq!(ago(345_600_000), "4\u{a0}days\u{a0}ago");
    }

    #[test]
    fn spans_are_told_in_the_unit_that_says_most() {
        assert_eq!(span(45_000), "45\u{a0}s");
        assert_eq!(span(90_000), "2\u{a0}min");
        assert_eq!(span(601_200), "10\u{a0}min");
        assert_eq!(span(7_200_000), "2\u{a0}h");
        assert_eq!(span(172_800_000), "2\u{a0}days");
    }

    #[test]
    fn durations_lose_detail_as_they_grow() {
        assert_eq!(duration(0), "0\u{a0}ms");
        assert_eq!(duration(999), "999\u{a0}ms");
        assert_eq!(duration(1_234), "1.2\u{a0}s");
        assert_eq!(duration(9_949), "9.9\u{a0}s");
        assert_eq!(duration(9_950), "10\u{a0}s");
        assert_eq!(duration(75_400), "75\u{a0}s");
    }

    #[test]
    fn sizes_are_decimal_and_rounded() {
        assert_eq!(size(0), "0\u{a0}B");
        assert_eq!(size(999), "999\u{a0}B");
        assert_eq!(size(1_000), "1.0\u{a0}kB");
        assert_eq!(size(1_250), "1.3\u{a0}kB");
        assert_eq!(size(34_400), "34\u{a0}kB");
        assert_eq!(size(999_499), "999\u{a0}kB");
        assert_eq!(size(999_500), "1.0\u{a0}MB");
        assert_eq!(size(2_140_000), "2.1\u{a0}MB");
    }
}
