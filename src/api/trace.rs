//! What is known of a call while it is under way: its report in the making.

use std::rc::Rc;

use url::Url;

use super::call::ApiCall;
use crate::message::{CALL_MARK, CallReport};
use crate::platform::{Clock, UnixTime};

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
                url: without_query(call.url()),
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

/// The URL without its query, which may hold secrets, and without its fragment.
fn without_query(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// The page's own mark of a call: letters, digits and `-`, at most 64 of them.
fn mark(url: &Url) -> Option<String> {
    let mark = url.fragment()?.strip_prefix(CALL_MARK)?;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (mark.len() <= 64 && mark.bytes().all(fits)).then(|| mark.to_owned())
}
