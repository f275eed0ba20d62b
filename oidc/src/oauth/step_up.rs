//! Step-up authentication (RFC 9470): the authentication that an API requires, which the next authorization request then
//! asks for.

use serde::{Deserialize, Serialize};

/// The most characters of `acr_values`.
const MAX_ACR_VALUES: usize = 512;
/// The largest `max_age`: one year in seconds. A larger one is a mistake or has no effect, and is ignored.
const MAX_AGE_S: u32 = 365 * 24 * 60 * 60;

/// The required authentication. A malformed parameter is ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepUp {
    /// The accepted authentication context classes, separated by spaces: at most 512 printable ASCII characters.
    pub acr_values: Option<String>,
    /// The most seconds since the user authenticated: at most a year.
    pub max_age_s: Option<u32>,
}

impl StepUp {
    /// Takes the parameters of a challenge (RFC 9470 section 3), or those that were stored.
    #[must_use]
    pub fn new(acr_values: Option<&str>, max_age_s: Option<u32>) -> Self {
        let acr_values = acr_values.map(str::trim).filter(|text| {
            let allowed = |c: char| matches!(c, ' '..='~') && !matches!(c, '"' | '\\');
            (1..=MAX_ACR_VALUES).contains(&text.len()) && text.chars().all(allowed)
        });
        Self {
            acr_values: acr_values.map(str::to_owned),
            max_age_s: max_age_s.filter(|seconds| *seconds <= MAX_AGE_S),
        }
    }

    /// Whether the API gives no details, only that the user must authenticate again.
    #[must_use]
    pub fn says_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// The shorter of two limits.
#[must_use]
pub fn stricter(one: Option<u32>, other: Option<u32>) -> Option<u32> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        _ => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acr(text: &str) -> Option<String> {
        StepUp::new(Some(text), None).acr_values
    }

    #[test]
    fn names_of_classes_are_taken_as_they_stand() {
        for text in [
            "mfa",
            "urn:mace:incommon:iap:silver phr",
            "https://p.test/a?b=c#d",
        ] {
            assert_eq!(acr(text).as_deref(), Some(text));
        }
        assert_eq!(acr("  mfa ").as_deref(), Some("mfa"));
        let longest = "a".repeat(512);
        assert_eq!(acr(&longest), Some(longest));
    }

    #[test]
    fn what_is_no_name_of_a_class_is_not_taken() {
        let too_long = "a".repeat(513);
        for text in [
            "", "  ", "a\"b", "a\\b", "a\nb", "m\u{e9}a", "\u{7f}", &too_long,
        ] {
            assert_eq!(acr(text), None, "{text:?}");
        }
    }

    #[test]
    fn an_age_is_taken_up_to_a_year() {
        let age = |seconds| StepUp::new(None, Some(seconds)).max_age_s;
        assert_eq!((age(0), age(31_536_000)), (Some(0), Some(31_536_000)));
        assert_eq!(age(31_536_001), None);
    }

    #[test]
    fn the_shorter_of_two_limits_holds() {
        assert_eq!(stricter(Some(5), Some(60)), Some(5));
        assert_eq!(stricter(Some(60), Some(5)), Some(5));
        assert_eq!(stricter(None, Some(60)), Some(60));
        assert_eq!(stricter(Some(60), None), Some(60));
        assert_eq!(stricter(None, None), None);
    }
}
