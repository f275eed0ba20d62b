//! How one setting is described: an entry of the [table](super::table), from which the parser, the form, the schemas
//! and the documentation take what they need.

use serde_json::{Map, Value};

use super::build::Build;
use super::reason::Reason;
use crate::renewal_method::RenewalMethodId;

/// The description of one setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its path within the settings of one session, such as `provider.scope`. `[]` stands for any entry of a list,
    /// `*` for any member of a map: `apis[].url`.
    pub path: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// What holds where it is absent or `null`.
    pub absent: Absent,
    /// A further condition, which may look at other settings of the same object.
    pub rule: Option<Rule>,
    /// What the table of the documentation says besides the limits of the kind, in Markdown; may be empty.
    pub remark: &'static str,
    /// The section of the specification that defines it; empty where none does.
    pub specification: &'static str,
    /// A value to begin with, written as in [`Absent::Default`]; empty where the default is one.
    pub example: &'static str,
    /// It is refused but in a development build ([`Build::Development`]), and stands in no form and no policy.
    pub development_only: bool,
    /// The key of the text that names it.
    pub label: &'static str,
    /// The key of the text that says what it is for.
    pub hint: &'static str,
}

impl Setting {
    /// What an entry has where it says nothing: an optional text without anything else.
    pub(super) const BLANK: Self = Self {
        path: "",
        kind: Kind::Text,
        absent: Absent::Unset("none"),
        rule: None,
        remark: "",
        specification: "",
        example: "",
        development_only: false,
        label: "",
        hint: "",
    };

    /// The last part of the path: the key in its object.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.split().1
    }

    /// The path of the object that holds it; empty at the root.
    #[must_use]
    pub fn parent(&self) -> &'static str {
        self.split().0
    }

    fn split(&self) -> (&'static str, &'static str) {
        self.path.rsplit_once('.').unwrap_or(("", self.path))
    }

    /// The value that holds where it is absent, if there is one.
    #[must_use]
    pub fn default_value(&self) -> Option<Value> {
        match (self.absent, self.kind) {
            (Absent::Default(text), kind) => Some(kind.value_of(text)),
            (Absent::DefaultLadder, _) => Some(
                RenewalMethodId::default_ladder()
                    .map(RenewalMethodId::name)
                    .collect(),
            ),
            _ => None,
        }
    }

    /// A value to begin with, if the table names one.
    #[must_use]
    pub fn example_value(&self) -> Option<Value> {
        (!self.example.is_empty()).then(|| self.kind.value_of(self.example))
    }
}

/// A condition on a setting: its value, which is of the right kind, and the members of the object that holds it, which
/// were not looked at yet, and the build that the settings are for.
pub type Rule = fn(&Value, &Map<String, Value>, Build) -> Result<(), Reason>;

/// What holds where a setting is absent or `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// The settings are refused.
    Required,
    /// Nothing is set; the words, in Markdown, say what that comes to.
    Unset(&'static str),
    /// This value: a text, a URL or a choice as it is, anything else as JSON.
    Default(&'static str),
    /// The [renewal methods](RenewalMethodId::default_ladder) that are tried by default.
    DefaultLadder,
}

/// What kind of value a setting has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text that is not blank.
    Text,
    /// A URL with `https`, in a development build also `http` on loopback; without user name and password.
    Url(UrlForm),
    /// A whole number.
    WholeNumber {
        /// The smallest that is accepted.
        least: u32,
        /// The largest that is accepted.
        most: u32,
        /// What it counts.
        unit: Unit,
    },
    /// True or false.
    Boolean,
    /// One of these words.
    Choice(&'static [Word]),
    /// A list. The entries of a list of objects are described by the settings below `[]`.
    List(List),
    /// An object of any keys with values of this kind.
    Map(&'static Self),
    /// An object of request parameters by their names: 20 at most, the names as RFC 6749 section 8.2 has them, the values
    /// texts of 2,000 bytes at most. Without those that these lists name, in any case; `name=word` stands for this one word
    /// in the value.
    Parameters(&'static [&'static [&'static str]]),
    /// An object whose members are the settings below its path.
    Object,
}

/// A word of a choice as it stands in the settings, and the key of the text that names it; an empty key where forms have
/// texts of their own. The empty word is what a form offers in place of leaving the setting out.
pub type Word = (&'static str, &'static str);

/// What a list may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct List {
    /// The kind of its entries.
    pub of: &'static Kind,
    /// No entry may stand in it twice.
    pub distinct: bool,
    /// Why an empty list is refused, where it is.
    pub if_empty: Option<&'static Reason>,
}

/// What a URL may have besides scheme and host, and whether it is kept as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlForm {
    /// An identifier that others compare: kept character by character; no query, no fragment (OIDC Discovery 3).
    Identifier,
    /// The beginning of other URLs: normalized; no query, no fragment.
    Prefix,
    /// An origin: normalized; scheme, host and port alone.
    Origin,
}

/// What a whole number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Nothing: it is the status of an answer (RFC 9110 section 15).
    Status,
}

impl Kind {
    /// A number of seconds within these limits.
    pub(super) const fn seconds(least: u32, most: u32) -> Self {
        Self::WholeNumber {
            least,
            most,
            unit: Unit::Seconds,
        }
    }

    /// The words of a choice, without what a form offers for none of them.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        let words = match self {
            Self::Choice(words) => words,
            _ => &[],
        };
        let words = words.iter().map(|(word, _)| *word);
        words.filter(|word| !word.is_empty())
    }

    /// The value that `text` is in the table.
    fn value_of(self, text: &str) -> Value {
        match self {
            Self::Text | Self::Url(_) | Self::Choice(_) => text.into(),
            // A test reads all of them.
            _ => serde_json::from_str(text).unwrap_or_default(),
        }
    }
}
