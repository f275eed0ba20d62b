//! A row in a line of words.

use evertoken::message::{ActivityEntry, ActivityEvent};
use evertoken::platform::UnixTime;
use evertoken_pages::notice::Notice;
use evertoken_pages::text::{text, text_with};
use evertoken_pages::units;

use super::Row;

/// How a row ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it should.
    Good,
    /// Neither.
    Plain,
    /// Not as it should.
    Bad,
}

/// The last call that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastCall {
    at: UnixTime,
    method: String,
    path: String,
    status: Option<u16>,
    milliseconds: u32,
}

impl LastCall {
    pub(super) fn of(entry: &ActivityEntry) -> Option<Self> {
        match &entry.event {
            ActivityEvent::Called {
                method,
                url,
                status,
                milliseconds,
                ..
            } => Some(Self {
                at: entry.at,
                method: method.clone(),
                path: path(url).to_owned(),
                status: *status,
                milliseconds: *milliseconds,
            }),
            _ => None,
        }
    }

    /// In one line.
    #[must_use]
    pub fn told(&self, now: UnixTime) -> String {
        let status = self.status.map(|status| status.to_string());
        let status = status.unwrap_or_else(|| text("session_no_answer"));
        let took = units::duration(self.milliseconds);
        let ago = units::ago(now.milliseconds_since(self.at));
        text_with(
            "session_last_call",
            &[&self.method, &self.path, &status, &took, &ago],
        )
    }
}

impl Row<'_> {
    /// What it is.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.entry.event {
            ActivityEvent::Called { method, url, .. } => [method, " ", path(url)].concat(),
            ActivityEvent::Renewed {
                problem: Some(_), ..
            } => text("activity_renewal_failed"),
            ActivityEvent::Renewed { engine, .. } => match engine {
                Some(engine) => text(&engine.text_key("done")),
                None => text("activity_renewal"),
            },
            ActivityEvent::SignedIn { problem: None } => text("activity_signed_in"),
            ActivityEvent::SignedIn { .. } => text("activity_sign_in_failed"),
            ActivityEvent::LeftProvider { problem: None } => text("activity_left_provider"),
            ActivityEvent::LeftProvider { .. } => text("activity_leaving_failed"),
            ActivityEvent::SignedOut
            | ActivityEvent::Unauthorized { .. }
            | ActivityEvent::Resent { .. } => text("activity_signed_out"),
        }
    }

    /// How a call ended, in a word or a number; empty for all else.
    #[must_use]
    pub fn outcome(&self) -> String {
        match &self.entry.event {
            ActivityEvent::Called {
                status, problem, ..
            } => match (status, problem) {
                (Some(status), _) => status.to_string(),
                (None, Some(_)) => text("activity_no_answer"),
                (None, None) => text("activity_given_up"),
            },
            _ => String::new(),
        }
    }

    /// How it ended, in a colour.
    #[must_use]
    pub fn tone(&self) -> Tone {
        match &self.entry.event {
            _ if self.problem().is_some() => Tone::Bad,
            ActivityEvent::Called { status, .. } => match status {
                Some(400..) => Tone::Bad,
                Some(200..=299) => Tone::Good,
                _ => Tone::Plain,
            },
            _ => Tone::Plain,
        }
    }

    /// What stands below: why it failed, with the code, or what was done for a call; may be empty.
    #[must_use]
    pub fn remark(&self) -> String {
        if let Some(problem) = self.problem() {
            let notice = Notice::from(problem);
            return text_with("activity_with_code", &[&notice.sentence, &notice.code]);
        }
        match &self.entry.event {
            ActivityEvent::Called { resent: true, .. } => text(match self.renewed() {
                true => "activity_mended",
                false => "activity_resend",
            }),
            ActivityEvent::Called { .. } if self.renewed() => text("activity_renewed_before"),
            _ => String::new(),
        }
    }

    /// A call that a renewal gave its token.
    pub(super) fn renewed(&self) -> bool {
        matches!(
            &self.entry.event,
            ActivityEvent::Called { renewed: true, .. }
        )
    }
}

/// The path of an absolute URL; the URL itself where it has none.
pub(super) fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').and_then(|at| rest.get(at..)).unwrap_or(url)
}
