//! From what Chrome tells of a frame's request to what it means for the authorization. Pure.

use evertoken::platform::{RedirectUrl, UserAgentError};

/// What became of a request of the frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// It starts, or goes on at another address.
    Started,
    /// It was sent to the redirect URI.
    Redirected(RedirectUrl),
    /// It ended with an answer that is no redirect.
    Page {
        status: u16,
        /// As `Content-Type` has it; empty when absent.
        media_type: String,
        /// The page is not shown in a frame of ours, whatever else is in it.
        refuses_frames: bool,
    },
    /// It failed, with Chrome's name for the reason.
    Failed(String),
}

/// How the authorization goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Answer(RedirectUrl),
    End(UserAgentError),
    /// A page may go on by itself: it ends unless it soon does.
    EndUnlessMore(UserAgentError),
    GoOn,
}

pub(super) fn judge(event: &Event) -> Verdict {
    match event {
        Event::Started => Verdict::GoOn,
        Event::Redirected(redirect) => Verdict::Answer(redirect.clone()),
        Event::Page {
            status,
            media_type,
            refuses_frames,
        } => {
            let error = match status {
                400..500 => UserAgentError::Refused(*status),
                500.. => UserAgentError::ServerError(*status),
                _ if *refuses_frames => UserAgentError::FramingRefused,
                // Neither has a body, so the frame shows what it showed before.
                204 | 205 => UserAgentError::LoadFailed,
                200..300 if is_html(media_type) => UserAgentError::PageShown,
                _ => UserAgentError::LoadFailed,
            };
            match refuses_frames {
                true => Verdict::End(error),
                false => Verdict::EndUnlessMore(error),
            }
        }
        Event::Failed(error) => match error.as_str() {
            // Replaced by another request, which may already be under way; or a download, or no content.
            "net::ERR_ABORTED" => Verdict::EndUnlessMore(UserAgentError::LoadFailed),
            "net::ERR_BLOCKED_BY_ADMINISTRATOR" | "net::ERR_BLOCKED_BY_CLIENT" => {
                Verdict::End(UserAgentError::Unavailable)
            }
            "net::ERR_BLOCKED_BY_RESPONSE" => Verdict::End(UserAgentError::FramingRefused),
            "net::ERR_INTERNET_DISCONNECTED" => Verdict::End(UserAgentError::Offline),
            "net::ERR_NAME_NOT_RESOLVED" | "net::ERR_NAME_RESOLUTION_FAILED" => {
                Verdict::End(UserAgentError::NameNotResolved)
            }
            _ => Verdict::End(UserAgentError::LoadFailed),
        },
    }
}

/// A browser takes an answer that does not say what it is for a page.
fn is_html(media_type: &str) -> bool {
    let media_type = media_type.trim().to_ascii_lowercase();
    media_type.is_empty()
        || media_type.starts_with("text/html")
        || media_type.starts_with("application/xhtml+xml")
}

/// Whether an answer with these headers is shown in no frame of the extension at `extension`
/// (`chrome-extension://<id>/`). Chrome does not say it: to `webRequest` such a page is complete.
pub(super) fn refuses_frames(
    policies: &[String],
    frame_options: &[String],
    extension: &str,
) -> bool {
    let mut ancestors = policies
        .iter()
        .flat_map(|header| header.split(','))
        .filter_map(frame_ancestors)
        .peekable();
    if ancestors.peek().is_some() {
        // Each policy must allow it, and then the older header does not count (CSP level 3, section 6.4.2).
        return !ancestors.all(|mut sources| sources.any(|source| covers(source, extension)));
    }
    let mut options = frame_options.iter().flat_map(|header| header.split(','));
    options.any(|option| {
        let option = option.trim();
        option.eq_ignore_ascii_case("deny") || option.eq_ignore_ascii_case("sameorigin")
    })
}

/// The sources of a policy's first `frame-ancestors` directive.
fn frame_ancestors(policy: &str) -> Option<impl Iterator<Item = &str>> {
    policy.split(';').find_map(|directive| {
        let mut words = directive.split_ascii_whitespace();
        let name = words.next()?;
        name.eq_ignore_ascii_case("frame-ancestors")
            .then_some(words)
    })
}

/// `*` holds for network schemes only, so it does not cover an extension.
fn covers(source: &str, extension: &str) -> bool {
    let source = source.to_ascii_lowercase();
    let source = source.trim_end_matches('/');
    source == "chrome-extension:"
        || source == "chrome-extension://*"
        || source == extension.trim_end_matches('/')
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
