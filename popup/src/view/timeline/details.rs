//! All that is known of a row, as names and values.

use evertoken::message::FailedMethod;
use evertoken::renewal_method::RenewalMethodId;
use evertoken_pages::notice::Notice;
use evertoken_pages::text::{text, text_with};
use evertoken_pages::units;

use super::{Phase, Row};

/// A name and its value, both in the user's language.
pub type Detail = (String, String);

impl Row<'_> {
    /// The row's details, in the order in which they are shown.
    #[must_use]
    pub fn details(&self) -> Vec<Detail> {
        let mut details = Details(Vec::new());
        if let Some(report) = self.report() {
            details.add("activity_fact_url", report.url.clone());
            details.add("activity_fact_answer", self.outcome());
            if let Some(url) = &report.redirected_to {
                details.add("activity_fact_redirected_to", url.clone());
            }
            self.add_times(&mut details);
            if let Some(scope) = &report.wanted_scope {
                details.add("activity_fact_scope", scope.clone());
            }
        }
        if let Some(renewal) = self.renewal() {
            // What a call waited for stands among its times.
            if self.renewed_by().is_none() {
                let method = method_and_time(renewal.method, renewal.milliseconds);
                details.add("activity_fact_renewal", method);
            }
            details.0.extend(renewal.failed.iter().map(failed_method));
        }
        let problem = self.problem();
        let problem = problem.or(self.waited_for.and_then(|renewal| renewal.problem));
        if let Some(notice) = problem.map(Notice::from) {
            let words = [&notice.sentence, " ", &notice.action].concat();
            let words = text_with("activity_with_code", &[&words, notice.code.as_str()]);
            details.add("activity_fact_problem", words);
        }
        details.0
    }

    /// The method of the renewal that the call waited for.
    fn renewed_by(&self) -> Option<RenewalMethodId> {
        self.waited_for.and_then(|renewal| renewal.method)
    }

    fn add_times(&self, details: &mut Details) {
        let refused = self.report().and_then(|report| report.timing.refused_ms);
        let mut tried = false;
        for span in self.call_spans().unwrap_or_default() {
            let method = self.renewed_by().filter(|_| span.phase == Phase::Renewal);
            if method.is_some() {
                let method = method_and_time(method, span.milliseconds);
                details.add("activity_fact_renewal", method);
                continue;
            }
            let name = match span.phase {
                Phase::FirstTry => {
                    tried = true;
                    // Without a refusal it is all there is, and stands below as the whole.
                    if refused.is_none() {
                        continue;
                    }
                    "activity_fact_first"
                }
                Phase::Resend => "activity_fact_resend",
                _ if tried => "activity_fact_after",
                _ => "activity_fact_wait",
            };
            if span.milliseconds > 0 {
                details.add(name, units::duration(span.milliseconds));
            }
        }
        if let Some(total) = self.milliseconds() {
            details.add("activity_fact_took", units::duration(total));
        }
    }
}

struct Details(Vec<Detail>);

impl Details {
    fn add(&mut self, name: &str, value: String) {
        let name = text(name);
        self.0.push((name, value));
    }
}

/// The method that renewed, and how long it took.
fn method_and_time(method: Option<RenewalMethodId>, milliseconds: u32) -> String {
    let took = units::duration(milliseconds);
    match method {
        Some(method) => text_with("activity_engine", &[&text(&method.text_key("")), &took]),
        None => text("activity_engine_none"),
    }
}

/// A renewal method that failed or was skipped, and why.
fn failed_method(failed: &FailedMethod) -> Detail {
    let notice = Notice::from(&failed.problem);
    let why = text_with(
        "activity_with_code",
        &[&notice.sentence, notice.code.as_str()],
    );
    let key = if failed.skipped {
        "activity_rung_skipped"
    } else {
        "activity_rung_failed"
    };
    let method = text(&failed.method.text_key(""));
    (method, text_with(key, &[&why]))
}
