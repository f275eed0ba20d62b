//! A run of the setup check, by this page's browser.

use evertoken::doctor::api::Call;
use evertoken::doctor::clock::Measured;
use evertoken::doctor::plan::plan;
use evertoken::doctor::probe::Request;
use evertoken::doctor::probe_result::ProbeResult;
use evertoken::doctor::{Finding, Observer, run as check};
use evertoken::message::{PageRequest, WorkerReply};
use evertoken::platform::{Random, UnixTime};
use evertoken_pages::dom::window;
use evertoken_pages::{clock, http, permission, worker};
use evertoken_webext::{identity, runtime};
use url::Url;

use super::check_list::CheckList;
use super::effective_settings::effective_settings;
use super::request::{send_and_measure, why_unreached};
use super::request_outcome::{Outcome, Report};
use super::timeout::Deadline;

/// What this page sees, within the time of one run.
struct Page<'a> {
    list: &'a CheckList,
    deadline: Deadline,
}

/// Makes all checks, and puts the findings into `list`.
pub(super) async fn run(list: &CheckList) {
    let page = Page {
        list,
        deadline: Deadline::of_new_run(),
    };
    let effective = effective_settings().await;
    let redirect_uri = page.redirect_uri();
    let plan = plan(effective.json.as_deref(), effective.build, &redirect_uri);
    list.lay_out(plan.checks.clone(), effective.built_in);
    check(&plan, &page).await;
}

impl Observer for Page<'_> {
    fn now(&self) -> UnixTime {
        clock::now()
    }

    fn random(&self) -> &dyn Random {
        &BrowserRandom
    }

    fn origin(&self) -> String {
        runtime::get_url("").trim_end_matches('/').to_owned()
    }

    fn redirect_uri(&self) -> String {
        identity::get_redirect_url()
    }

    async fn is_permitted(&self, origins: Vec<String>) -> Option<bool> {
        permission::is_granted(origins).await
    }

    async fn send(&self, request: Request) -> (ProbeResult, Option<Measured>) {
        send_and_measure(&request, self.deadline).await
    }

    async fn ask(&self, request: PageRequest) -> Option<WorkerReply> {
        self.deadline.in_time(worker::ask(request)).await.flatten()
    }

    async fn call(&self, url: &Url) -> Call {
        let report = Report::of(url);
        let request = http::Request::new("GET", url.as_str()).uncached();
        match request.timeout(self.deadline.left_ms()).send().await {
            Ok(response) => Call::of_response(
                url,
                response.status(),
                &|name| response.header(name),
                &response.url(),
            ),
            Err(failure) => {
                let outcome = Report::outcome(report).await;
                let led = outcome.as_ref().and_then(|outcome| match outcome {
                    Outcome::Redirected(to) => Call::led_elsewhere(url, to),
                    Outcome::Failed(_) => None,
                });
                match led {
                    Some(call) => call,
                    None => Call::Unreached(why_unreached(failure, url, outcome).await),
                }
            }
        }
    }

    fn show(&self, finding: Finding) {
        self.list.put(finding);
    }
}

/// The browser's randomness.
struct BrowserRandom;

impl Random for BrowserRandom {
    fn fill(&self, buffer: &mut [u8]) {
        let crypto = window().crypto();
        // It fails only for more than 64 KiB.
        _ = crypto.and_then(|crypto| crypto.get_random_values_with_u8_array(buffer));
    }
}
