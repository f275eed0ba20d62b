//! What Chrome reports of a request of a frame or a window, and what it means for the authorization. Pure.

use evertoken::platform::{RedirectUrl, UserAgentError};

/// An event in the life of a request of the frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// It starts, or goes on at another address.
    Started,
    /// It goes on at the redirect URI.
    Redirected(RedirectUrl),
    /// It ended with an answer that is not a redirect.
    Page {
        status: u16,
        /// As `Content-Type` has it; empty when absent.
        media_type: String,
        /// The page forbids the extension to show it in a frame.
        refuses_frames: bool,
    },
    /// It failed, with Chrome's name for the reason.
    Failed(String),
}

/// How the authorization goes on after an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It ends with the provider's answer.
    Answer(RedirectUrl),
    /// It ends with an error.
    End(UserAgentError),
    /// It ends with an error unless another event follows soon: a page may go on by itself.
    EndUnlessMore(UserAgentError),
    /// It goes on.
    GoOn,
}

/// What `event` means for the authorization.
pub(super) fn interpret(event: &Event) -> Verdict {
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

/// Whether an answer of this media type is shown as a page. A browser assumes so for one without a type.
fn is_html(media_type: &str) -> bool {
    let media_type = media_type.trim().to_ascii_lowercase();
    media_type.is_empty()
        || media_type.starts_with("text/html")
        || media_type.starts_with("application/xhtml+xml")
}

/// Whether an answer with these `Content-Security-Policy` and `X-Frame-Options` headers may not be shown in a frame of
/// the extension at `extension` (`chrome-extension://<id>/`). `webRequest` reports such a page as completed.
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

/// Whether a source of `frame-ancestors` allows the extension. `*` is for network schemes only.
fn covers(source: &str, extension: &str) -> bool {
    let source = source.to_ascii_lowercase();
    let source = source.trim_end_matches('/');
    source == "chrome-extension:"
        || source == "chrome-extension://*"
        || source == extension.trim_end_matches('/')
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
