//! Which session of the extension: there is one for now, and it has the default id.

/// Names one session. Everything that the browser keeps for a session, or names by it (records, alarm, notification, the key of
/// DPoP proofs), bears the name that [`key`](Self::key) makes, so no two sessions share any of it.
///
/// A number is given to a session once, and to no other after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(u32);

impl SessionId {
    /// The session with this number; 0 is the default one.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The name under which this session keeps what `base` names. The default session keeps it as `base` itself, as versions did
    /// that knew one session only.
    #[must_use]
    pub fn key(self, base: &str) -> String {
        match self.0 {
            0 => base.to_owned(),
            number => format!("{base}.{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Record;

    #[test]
    fn the_default_session_keeps_the_names_of_earlier_versions() {
        let session = SessionId::default();
        assert_eq!(session.key(Record::Session.key()), "evertoken.session");
    }

    #[test]
    fn no_two_sessions_share_a_name() {
        let names = [0, 1, 11].map(|number| SessionId::new(number).key("evertoken.session"));
        assert_eq!(names[1], "evertoken.session.1");
        assert!(names[0] != names[1] && names[1] != names[2] && names[0] != names[2]);
    }
}
