//! What is known of a call while it is under way: its report in the making.

use std::rc::Rc;

use url::Url;

use super::call::ApiCall;
use crate::message::{CALL_MARK, CallReport};
use crate::platform::{Clock, UnixTime};
use crate::text::cut;

/// The most bytes of a URL that are kept: it may be an API that links to longer ones.
const MAX_URL_BYTES: usize = 2048;

/// A call under way.
pub(super) struct Trace {
    clock: Rc<dyn Clock>,
    /// When it was intercepted.
    started: UnixTime,
    /// What is known of it so far.
    pub(super) report: CallReport,
}

impl Trace {
    /// The trace of `call`, which was intercepted now and has this `id`.
    pub(super) fn begin(clock: Rc<dyn Clock>, id: u64, call: &impl ApiCall) -> Self {
        Self {
            started: clock.now(),
            clock,
            report: CallReport {
                call: id,
                mark: mark(call.url()),
                method: call.method(),
                url: shown_url(call.url().as_str()),
                ..CallReport::default()
            },
        }
    }

    /// Milliseconds since the call was intercepted.
    pub(super) fn elapsed(&self) -> u32 {
        let elapsed = self.clock.now().milliseconds_since(self.started);
        elapsed.try_into().unwrap_or(0)
    }
}

/// The URL without its query, which may hold secrets, and without its fragment: 2,048 bytes of it at most.
pub(super) fn shown_url(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    cut(url, end.min(MAX_URL_BYTES))
}

/// The page's own mark of a call: letters, digits and `-`, at most 64 of them.
fn mark(url: &Url) -> Option<String> {
    let mark = url.fragment()?.strip_prefix(CALL_MARK)?;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (mark.len() <= 64 && mark.bytes().all(fits)).then(|| mark.to_owned())
}
