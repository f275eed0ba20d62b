//! Which rows are shown.

use evertoken_pages::letters::lower_case;

use super::Row;
use crate::view::tone::Tone;

/// A kind of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// All rows.
    #[default]
    All,
    /// Rows of what failed.
    Failed,
    /// Renewals, and calls that waited for one.
    Renewals,
}

impl Choice {
    /// All of them, in the order of the list in the page.
    pub const ALL: [Self; 3] = [Self::All, Self::Failed, Self::Renewals];
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
        let url = row.report().map_or("", |report| &report.url);
        let texts = [&row.title(), url, &row.outcome(), &row.remark()].map(lower_case);
        texts.iter().any(|text| text.contains(&sought))
    }
}
