//! Silent renewal, tried by the worker: one method after the other, as it has one renewal in flight at most.

use evertoken::doctor::renewal::{Attempt, Attempts};
use evertoken::message::{PageRequest, WorkerReply};
use evertoken::settings::RenewalMethodId;
use evertoken_pages::worker;

use super::timeout::Deadline;

/// Tries all methods that can tell something.
pub(super) async fn try_all(attempts: &mut Attempts<'_>, deadline: Deadline) {
    while let Some(method) = attempts.next_method() {
        attempts.add(method, attempt(method, deadline).await);
    }
}

async fn attempt(method: RenewalMethodId, deadline: Deadline) -> Attempt {
    let asked = worker::ask(PageRequest::TryRenewal { method });
    match deadline.in_time(asked).await.flatten() {
        Some(WorkerReply::Tried {
            milliseconds,
            problem: None,
        }) => Attempt::Worked { milliseconds },
        Some(WorkerReply::Tried {
            problem: Some(problem),
            ..
        }) => Attempt::Failed(problem),
        Some(WorkerReply::Refused(problem)) => Attempt::Unanswered(Some(problem)),
        _ => Attempt::Unanswered(None),
    }
}
