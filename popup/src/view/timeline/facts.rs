//! A row's numbers in words.

use evertoken::message::{ActivityEvent, Rung};
use evertoken::renewal_method::RenewalMethodId;
use evertoken_pages::notice::Notice;
use evertoken_pages::text::{text, text_with};
use evertoken_pages::units;

use super::{Part, Row};

/// A name and what stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its name.
    pub name: String,
    /// What is so.
    pub value: String,
}

impl Row<'_> {
    /// All that is known of it.
    #[must_use]
    pub fn facts(&self) -> Vec<Fact> {
        let mut facts = Facts(Vec::new());
        if let ActivityEvent::Called {
            url, wanted_scope, ..
        } = &self.entry.event
        {
            facts.add("activity_fact_url", url.clone());
            facts.add("activity_fact_answer", self.outcome());
            self.tell_times(&mut facts);
            if let Some(scope) = wanted_scope {
                facts.add("activity_fact_scope", scope.clone());
            }
        }
        if let Some(renewal) = self.renewal() {
            // What a call waited for stands among its times.
            if self.renewer().is_none() {
                let told = carrier(renewal.engine, renewal.milliseconds);
                facts.add("activity_fact_renewal", told);
            }
            for rung in renewal.rungs {
                facts.0.push(tried(rung));
            }
        }
        let problem = self.problem();
        let problem = problem.or(self.renewal.and_then(|renewal| renewal.problem));
        if let Some(notice) = problem.map(Notice::from) {
            let told = [&notice.sentence, " ", &notice.action].concat();
            let told = text_with("activity_with_code", &[&told, &notice.code]);
            facts.add("activity_fact_problem", told);
        }
        facts.0
    }

    /// What renewed the token of the call.
    fn renewer(&self) -> Option<RenewalMethodId> {
        self.renewal.and_then(|renewal| renewal.engine)
    }

    fn tell_times(&self, facts: &mut Facts) {
        let segments = self.call_segments();
        let refused = segments.len() > 2;
        for (at, segment) in segments.iter().enumerate() {
            let renewer = self.renewer().filter(|_| segment.part == Part::Renewal);
            if renewer.is_some() {
                facts.add(
                    "activity_fact_renewal",
                    carrier(renewer, segment.milliseconds),
                );
                continue;
            }
            let name = match (segment.part, at) {
                (Part::First, _) if refused => "activity_fact_first",
                (Part::First, _) => continue,
                (Part::Resend, _) => "activity_fact_resend",
                (Part::Renewal | Part::Wait, 0) => "activity_fact_wait",
                (Part::Renewal | Part::Wait, _) => "activity_fact_after",
            };
            if segment.milliseconds > 0 {
                facts.add(name, units::duration(segment.milliseconds));
            }
        }
        if let Some(total) = self.milliseconds() {
            facts.add("activity_fact_took", units::duration(total));
        }
    }
}

struct Facts(Vec<Fact>);

impl Facts {
    fn add(&mut self, name: &str, value: String) {
        let name = text(name);
        self.0.push(Fact { name, value });
    }
}

/// What carried a renewal, and how long.
fn carrier(engine: Option<RenewalMethodId>, milliseconds: u32) -> String {
    let took = units::duration(milliseconds);
    match engine {
        Some(engine) => text_with("activity_engine", &[&text(&engine.text_key("")), &took]),
        None => text("activity_engine_none"),
    }
}

/// A way of renewal that brought nothing, and why.
fn tried(rung: &Rung) -> Fact {
    let notice = Notice::from(&rung.problem);
    let why = text_with("activity_with_code", &[&notice.sentence, &notice.code]);
    let key = if rung.skipped {
        "activity_rung_skipped"
    } else {
        "activity_rung_failed"
    };
    Fact {
        name: text(&rung.engine.text_key("")),
        value: text_with(key, &[&why]),
    }
}
