//! Which rows are shown.

use evertoken::message::ActivityEvent;
use evertoken_pages::letters::lower_case;

use super::{Row, Tone};

/// A kind of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// All rows.
    #[default]
    All,
    /// What did not go as it should.
    Failed,
    /// Renewals, and calls that waited for one.
    Renewals,
}

impl Choice {
    /// All of them, in the order of the list.
    pub const ALL: [Self; 3] = [Self::All, Self::Failed, Self::Renewals];

    /// Its name: a text's key.
    #[must_use]
    pub fn text(self) -> &'static str {
        [
            "activity_show_all",
            "activity_show_failed",
            "activity_show_renewals",
        ][self as usize]
    }
}

/// What the user looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Stands somewhere in the row; small and capital letters are the same.
    pub text: String,
    /// The kind.
    pub choice: Choice,
}

impl Filter {
    /// Whether `row` is shown.
    #[must_use]
    pub fn fits(&self, row: &Row<'_>) -> bool {
        let is_chosen = match self.choice {
            Choice::All => true,
            Choice::Failed => row.tone() == Tone::Bad,
            Choice::Renewals => row.renewal().is_some(),
        };
        is_chosen && self.is_found_in(row)
    }

    fn is_found_in(&self, row: &Row<'_>) -> bool {
        let sought = lower_case(self.text.trim());
        let url = match &row.entry.event {
            ActivityEvent::Called { url, .. } => url.as_str(),
            _ => "",
        };
        let texts = [&row.title(), url, &row.outcome(), &row.remark()].map(lower_case);
        texts.iter().any(|text| text.contains(&sought))
    }
}
