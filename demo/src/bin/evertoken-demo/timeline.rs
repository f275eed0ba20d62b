//! Prints what happened, one line per event, from the activity of the worker and the logs of the servers.

use std::collections::HashSet;

use anyhow::{Result, bail};
use evertoken::message::{ActivityEntry, ActivityEvent, FailedMethod, PageRequest, WorkerReply};
use evertoken::renewal_method::RenewalMethodId;
use evertoken_demo::api::ApiCall;
use evertoken_demo::now_ms;
use evertoken_demo::provider::{Authorization, Outcome};
use evertoken_demo::stage::Stage;

pub(crate) struct Timeline<'a> {
    stage: &'a Stage,
    started_ms: i64,
    /// The entries that were printed, by id and time: ids may repeat when a session's activity is lost.
    seen: HashSet<(u64, i64)>,
    authorizations: usize,
    calls: usize,
}

/// The events since the last call of [`Timeline::print_all`].
pub(crate) struct News {
    pub(crate) events: Vec<ActivityEvent>,
    pub(crate) authorizations: Vec<Authorization>,
    pub(crate) calls: Vec<ApiCall>,
}

impl News {
    /// The statuses that the API answered, in order.
    pub(crate) fn statuses(&self) -> Vec<u16> {
        self.calls.iter().filter_map(|call| call.status).collect()
    }

    /// The number of silent authorization requests (`prompt=none`).
    pub(crate) fn silent(&self) -> usize {
        self.authorizations
            .iter()
            .filter(|request| request.is_silent())
            .count()
    }
}

struct Line {
    at_ms: i64,
    text: String,
}

impl<'a> Timeline<'a> {
    pub(crate) fn start(stage: &'a Stage) -> Self {
        Self {
            stage,
            started_ms: now_ms(),
            seen: HashSet::new(),
            authorizations: 0,
            calls: 0,
        }
    }

    /// Prints the new entries of the servers' logs.
    pub(crate) fn print_servers(&mut self) {
        let (authorizations, calls) = self.server_news();
        self.print(server_lines(&authorizations, &calls));
    }

    /// Prints the new entries of the worker's activity and of the servers' logs.
    pub(crate) async fn print_all(&mut self) -> Result<News> {
        let entries = self.worker_news().await?;
        let (authorizations, calls) = self.server_news();
        let mut lines = server_lines(&authorizations, &calls);
        lines.extend(entries.iter().map(|entry| Line {
            at_ms: entry.at.0,
            text: told(&entry.event),
        }));
        self.print(lines);
        let events = entries.into_iter().map(|entry| entry.event).collect();
        let news = News {
            events,
            authorizations,
            calls,
        };
        println!(
            "          in sum: {} sign-in page(s), {} silent authorization(s), {} API call(s) {:?}",
            news.authorizations.len() - news.silent(),
            news.silent(),
            news.calls.len(),
            news.statuses(),
        );
        Ok(news)
    }

    async fn worker_news(&mut self) -> Result<Vec<ActivityEntry>> {
        let request = PageRequest::Activity { after: 0 };
        let WorkerReply::Activity(mut entries) = self.stage.browser.worker_message(request).await?
        else {
            bail!("the worker does not tell what happened");
        };
        entries.retain(|entry| self.seen.insert((entry.id, entry.at.0)));
        Ok(entries)
    }

    fn server_news(&mut self) -> (Vec<Authorization>, Vec<ApiCall>) {
        let authorizations = self.stage.provider.log().split_off(self.authorizations);
        let calls = self.stage.api.log().split_off(self.calls);
        self.authorizations += authorizations.len();
        self.calls += calls.len();
        (authorizations, calls)
    }

    fn print(&self, mut lines: Vec<Line>) {
        lines.sort_by_key(|line| line.at_ms);
        for Line { at_ms, text } in lines {
            #[expect(clippy::cast_precision_loss, reason = "a demo does not last for ever")]
            let seconds = (at_ms - self.started_ms) as f64 / 1000.0;
            println!("{seconds:>8.3}  {text}");
        }
    }
}

fn server_lines(authorizations: &[Authorization], calls: &[ApiCall]) -> Vec<Line> {
    let authorizations = authorizations.iter().map(|request| Line {
        at_ms: request.at_ms,
        text: format!(
            "  provider  {} authorization: {}",
            if request.is_silent() {
                "silent"
            } else {
                "interactive"
            },
            match &request.outcome {
                Outcome::Pending => "waiting",
                Outcome::SignInPage => "sign-in page",
                Outcome::Issued => "issued",
                Outcome::Refused(error) => error,
                Outcome::Fault => "out of order",
            },
        ),
    });
    let calls = calls.iter().map(|call| Line {
        at_ms: call.at_ms,
        text: format!(
            "  API       {} {} {} {}",
            call.method,
            call.path,
            call.token
                .as_ref()
                .map_or("no token".to_owned(), |mark| format!("token {mark}")),
            call.status
                .map_or("waiting".to_owned(), |status| status.to_string()),
        ),
    });
    authorizations.chain(calls).collect()
}

fn told(event: &ActivityEvent) -> String {
    match event {
        ActivityEvent::Unauthorized { call } => format!("worker      call {call}: 401"),
        ActivityEvent::Resent { call } => format!("worker      call {call}: sent again"),
        ActivityEvent::Called(report) => {
            format!(
                "worker      call {}: {} {} -> {} in {} ms{}{}",
                report.call,
                report.method,
                report.url,
                report
                    .status
                    .map_or("no answer".to_owned(), |status| status.to_string()),
                report.milliseconds,
                if report.renewed { ", renewed" } else { "" },
                if report.resent { ", resent" } else { "" },
            )
        }
        ActivityEvent::Renewed {
            method,
            milliseconds,
            failed,
            problem,
        } => {
            let before = |failed: &FailedMethod| {
                let how = if failed.skipped { "skipped" } else { "failed" };
                format!(" ({} {how}: {})", failed.method.name(), failed.problem.code)
            };
            format!(
                "worker      renewal by {} in {milliseconds} ms: {}{}",
                method.map_or("no method", RenewalMethodId::name),
                problem
                    .as_ref()
                    .map_or("done", |problem| problem.code.as_str()),
                failed.iter().map(before).collect::<String>(),
            )
        }
        ActivityEvent::SignedIn { problem } => format!(
            "worker      sign-in: {}",
            problem
                .as_ref()
                .map_or("done", |problem| problem.code.as_str())
        ),
        ActivityEvent::SignedOut => "worker      signed out".to_owned(),
        ActivityEvent::LeftProvider { problem } => format!(
            "worker      left the provider: {}",
            problem
                .as_ref()
                .map_or("done", |problem| problem.code.as_str())
        ),
    }
}
