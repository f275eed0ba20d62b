//! The renewal methods by name: the one list that settings, session, setup check and pages read.
//!
//! A new method is a file in `src/session/renewal_methods/`, one line in `renewal_methods!`, and its texts in `_locales`
//! (`renewal_<name>` and `renewal_<name>_…`).

use serde::{Deserialize, Serialize};

/// Hands the registry to the macro `$then`: a line per method, in the order in which they are tried by default. The right side
/// is the method's name everywhere: its file, its texts, and how it stands in settings, messages and records. `for development`
/// after it: settings name it in a development build alone, and it is not tried by default.
macro_rules! renewal_methods {
    ($then:ident) => {
        $then! {
            RefreshToken = refresh_token,
            Offscreen = offscreen,
            WebAuthFlow = web_auth_flow,
            StaticToken = static_token for development,
        }
    };
}

macro_rules! define_id {
    ($($method:ident = $name:ident $(for $development:ident)?,)*) => {
        /// Which renewal method: what settings, messages and records name it by.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum RenewalMethodId {
            $(
                #[doc = concat!("`", stringify!($name), "`")]
                $method,
            )*
        }

        impl RenewalMethodId {
            /// Every method, in the order in which they are tried by default.
            pub const ALL: &'static [Self] = &[$(Self::$method),*];

            /// Only settings of a development build may name it.
            #[must_use]
            pub fn is_for_development(self) -> bool {
                match self {
                    $(Self::$method => stringify!($($development)?) == "development",)*
                }
            }

            /// The method's name in settings, messages, records and text keys.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$method => stringify!($name),)*
                }
            }
        }
    };
}

renewal_methods!(define_id);
pub(crate) use renewal_methods;

impl RenewalMethodId {
    /// The method of this name; `None` where there is none.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|method| method.name() == name)
    }

    /// The methods that are tried where the settings name none, in that order.
    pub fn default_ladder() -> impl Iterator<Item = Self> {
        let all = Self::ALL.iter().copied();
        all.filter(|method| !method.is_for_development())
    }

    /// The key of a text about this method: `renewal_<name>`, or `renewal_<name>_<about>` where `about` is not empty.
    #[must_use]
    pub fn text_key(self, about: &str) -> String {
        match about {
            "" => format!("renewal_{}", self.name()),
            about => format!("renewal_{}_{about}", self.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_found_by_the_name_that_serde_writes() {
        for method in RenewalMethodId::ALL {
            assert_eq!(RenewalMethodId::from_name(method.name()), Some(*method));
            let written = serde_json::to_value(method).unwrap();
            assert_eq!(written, method.name());
        }
        assert_eq!(RenewalMethodId::from_name("pigeon"), None);
    }

    #[test]
    fn a_text_is_found_by_the_methods_name() {
        let method = RenewalMethodId::Offscreen;
        assert_eq!(method.text_key(""), "renewal_offscreen");
        assert_eq!(method.text_key("hint"), "renewal_offscreen_hint");
    }
}
