//! Why a setting is refused: typed, so that a page can say it in its own language.

use std::fmt;

/// Why a setting is refused. `Display` is for developers, in English; pages show the text `reason_` and
/// [`code`](Self::code) in the user's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The text is not JSON.
    NotJson {
        /// The line of the first byte that cannot stand there, from 1.
        line: usize,
        /// The bytes of that line up to it.
        column: usize,
    },
    /// An object names a key twice.
    DuplicateKey {
        /// The line in which the object ends, from 1.
        line: usize,
        /// The bytes of that line up to the end.
        column: usize,
    },
    /// Something else than an object.
    NotAnObject,
    /// Something else than a list.
    NotAList,
    /// Something else than a text.
    NotAText,
    /// Something else than true or false.
    NotABoolean,
    /// Something else than a whole number of seconds within these limits.
    NotSeconds {
        /// The smallest that is accepted.
        least: u32,
        /// The largest that is accepted.
        most: u32,
    },
    /// Something else than a whole number of minutes within these limits.
    NotMinutes {
        /// The smallest that is accepted.
        least: u32,
        /// The largest that is accepted.
        most: u32,
    },
    /// Something else than the status of an answer within these limits.
    NotAStatus {
        /// The smallest that is accepted.
        least: u32,
        /// The largest that is accepted.
        most: u32,
    },
    /// None of these words, which are listed with commas.
    NotAChoice(String),
    /// An empty text.
    Empty,
    /// It must be there.
    Missing,
    /// It is there twice.
    Twice,
    /// No setting has this name.
    Unknown,
    /// Something else than an object of names with a text each.
    NotPairs,
    /// More than so many request parameters.
    TooMany(usize),
    /// A text of more than so many bytes.
    TooLong(usize),
    /// No request parameter can have this name (RFC 6749 section 8.2).
    NotAParameterName,
    /// A request parameter that the requests have already, or that would break them.
    Reserved,
    /// Not an absolute URL.
    NotAUrl,
    /// Another scheme than `https`; in a development build also than `http` on loopback.
    NotHttps,
    /// A host or a path with a `*`.
    Wildcard,
    /// A URL with a user name or a password.
    Credentials,
    /// A URL with a query or a fragment.
    QueryOrFragment,
    /// A URL with more than a scheme and a host.
    NotAnOrigin,
    /// A scope without `openid`.
    NoOpenid,
    /// An empty list of ways of renewal.
    NoRenewal,
    /// `query` with the implicit flow.
    TokensInQuery,
    /// DPoP with the implicit flow.
    DpopWithoutCode,
    /// A key that is no path to a member of a JSON document.
    NotAMember,
    /// A key that is no name of a header (RFC 9110 section 5.1).
    NotAHeader,
    /// It is for development builds, and this is another.
    DevelopmentOnly,
}

impl Reason {
    /// The stable code: lower case letters and underscores.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotJson { .. } => "not_json",
            Self::DuplicateKey { .. } => "duplicate_key",
            Self::NotAnObject => "not_an_object",
            Self::NotAList => "not_a_list",
            Self::NotAText => "not_a_text",
            Self::NotABoolean => "not_a_boolean",
            Self::NotSeconds { .. } => "not_seconds",
            Self::NotMinutes { .. } => "not_minutes",
            Self::NotAStatus { .. } => "not_a_status",
            Self::NotAChoice(_) => "not_a_choice",
            Self::Empty => "empty",
            Self::Missing => "missing",
            Self::Twice => "twice",
            Self::Unknown => "unknown",
            Self::NotPairs => "not_pairs",
            Self::TooMany(_) => "too_many",
            Self::TooLong(_) => "too_long",
            Self::NotAParameterName => "not_a_parameter_name",
            Self::Reserved => "reserved",
            Self::NotAUrl => "not_a_url",
            Self::NotHttps => "not_https",
            Self::Wildcard => "wildcard",
            Self::Credentials => "credentials",
            Self::QueryOrFragment => "query_or_fragment",
            Self::NotAnOrigin => "not_an_origin",
            Self::NoOpenid => "no_openid",
            Self::NoRenewal => "no_renewal",
            Self::TokensInQuery => "tokens_in_query",
            Self::DpopWithoutCode => "dpop_without_code",
            Self::NotAMember => "not_a_member",
            Self::NotAHeader => "not_a_header",
            Self::DevelopmentOnly => "development_only",
        }
    }

    /// What the places `$1`, `$2` of its text are filled with.
    #[must_use]
    pub fn arguments(&self) -> Vec<String> {
        match self {
            Self::NotJson { line, column } | Self::DuplicateKey { line, column } => {
                vec![line.to_string(), column.to_string()]
            }
            Self::NotSeconds { least, most }
            | Self::NotMinutes { least, most }
            | Self::NotAStatus { least, most } => {
                vec![least.to_string(), most.to_string()]
            }
            Self::NotAChoice(names) => vec![names.clone()],
            Self::TooMany(most) | Self::TooLong(most) => vec![most.to_string()],
            _ => Vec::new(),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotJson { line, column } => {
                return write!(f, "is not JSON (line {line}, column {column})");
            }
            Self::DuplicateKey { line, column } => {
                let place = format_args!("line {line}, column {column}");
                return write!(f, "names a key twice in the object that ends in {place}");
            }
            Self::NotSeconds { least, most } => {
                return write!(f, "must be a whole number of seconds, {least} to {most}");
            }
            Self::NotMinutes { least, most } => {
                return write!(f, "must be a whole number of minutes, {least} to {most}");
            }
            Self::NotAStatus { least, most } => {
                return write!(f, "must be the status of an answer, {least} to {most}");
            }
            Self::NotAChoice(names) => return write!(f, "must be one of {names}"),
            Self::TooMany(most) => return write!(f, "must be {most} at most"),
            Self::TooLong(most) => return write!(f, "must be {most} bytes at most"),
            Self::NotAnObject => "must be a JSON object",
            Self::NotAList => "must be a list",
            Self::NotAText => "must be a text",
            Self::NotABoolean => "must be true or false",
            Self::Empty => "must not be empty",
            Self::Missing => "is missing",
            Self::Twice => "is named twice",
            Self::Unknown => "is not a known setting",
            Self::NotPairs => "must be an object of names and texts",
            Self::NotAParameterName => "is no name of a request parameter",
            Self::Reserved => "must not be set here: requests have it already, or would not work with it",
            Self::NotAUrl => "must be an absolute URL (a host in other letters: as xn--)",
            Self::NotHttps => "must be https",
            Self::Wildcard => "must name a host and a path, without *: a path covers all below it",
            Self::Credentials => "must have no user name and no password",
            Self::QueryOrFragment => "must have no query and no fragment",
            Self::NotAnOrigin => "must be a scheme and a host only",
            Self::NoOpenid => "must contain openid",
            Self::NoRenewal => "must name at least one way of renewal",
            Self::TokensInQuery => {
                "must be fragment or web_message with the implicit flow: tokens never stand in a query"
            }
            Self::NotAMember => "must name members by paths such as errors[*].extensions.code",
            Self::NotAHeader => "must name response headers, in letters, digits and hyphens",
            Self::DevelopmentOnly => "is for settings that are built into an unpacked extension",
            Self::DpopWithoutCode => {
                "needs the code flow: only the token endpoint can bind a token to a key"
            }
        })
    }
}
