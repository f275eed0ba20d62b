//! The setup check in a world of the engine.

use std::cell::RefCell;
use std::fmt;

use evertoken::doctor::api::Call as ApiCall;
use evertoken::doctor::clock::Measured;
use evertoken::doctor::plan::plan;
use evertoken::doctor::probe::Request;
use evertoken::doctor::probe_result::{ProbeResult, Target};
use evertoken::doctor::{Action, Finding, Observer, Verdict, run};
use evertoken::message::{PageRequest, WorkerReply};
use evertoken::platform::{Clock as _, HttpResponse, Random, UnixTime};
use evertoken::settings::Build;
use url::Url;

use crate::support::{Call, REDIRECT_URI, World};

/// What comes back for a request that a script sends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fetched {
    /// Status, media type and body.
    Answer(u16, &'static str, &'static str),
    /// A redirect to the redirect URI, with this behind it.
    Redirect(&'static str),
}

/// How a provider answers the check's own requests, which bear no cookies and a made-up code.
pub(crate) struct Site {
    /// The authorization endpoint, to `prompt=none`.
    pub(crate) authorize: Fetched,
    /// The token endpoint.
    pub(crate) token: Fetched,
}

impl Default for Site {
    fn default() -> Self {
        Self {
            authorize: Fetched::Redirect("?error=login_required"),
            token: Fetched::Answer(400, "application/json", r#"{"error":"invalid_grant"}"#),
        }
    }
}

/// What a run found.
pub(crate) struct Checked(Vec<Finding>);

impl Checked {
    /// Runs the check in `world`.
    pub(crate) fn new(world: &World, site: &Site) -> Self {
        let browser = Browser {
            world,
            site,
            found: RefCell::default(),
        };
        let plan = plan(Some(&world.settings_json), Build::Development, REDIRECT_URI);
        world.run(run(&plan, &browser));
        let found = Self(browser.found.into_inner());
        for planned in &plan.checks {
            assert!(
                found.of(&planned.check.name()).is_some(),
                "{planned:?} has no finding"
            );
        }
        found
    }

    /// The first finding of a check is the one that is shown.
    fn of(&self, name: &str) -> Option<&Finding> {
        self.0.iter().find(|finding| finding.check.name() == name)
    }

    pub(crate) fn verdict(&self, name: &str) -> Verdict {
        self.of(name).unwrap().verdict
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        &self.of(name).unwrap().text.key
    }

    /// What the finding offers to copy.
    pub(crate) fn copied(&self, name: &str) -> Option<String> {
        let fix = self.of(name).unwrap().fix.as_ref()?;
        fix.actions.iter().find_map(|action| match action {
            Action::Copy(value) => Some(value.clone()),
            _ => None,
        })
    }

    /// The names of the checks that failed.
    pub(crate) fn failed(&self) -> Vec<String> {
        let names = self.0.iter().map(|finding| finding.check.name());
        let mut failed: Vec<String> = names
            .filter(|name| self.verdict(name) == Verdict::Failed)
            .collect();
        failed.dedup();
        failed
    }

    /// Whether a finding of the provider's offers a sign-in.
    pub(crate) fn offers_sign_in(&self) -> bool {
        let names = self.0.iter().map(|finding| finding.check.name());
        let shown = names.filter_map(|name| self.of(&name));
        let of_provider = shown.filter(|finding| !finding.check.name().starts_with("api"));
        let fixes = of_provider.filter_map(|finding| finding.fix.as_ref());
        fixes
            .into_iter()
            .any(|fix| fix.actions.contains(&Action::SignIn))
    }
}

impl fmt::Debug for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Finding {
            check,
            verdict,
            text,
            code,
            ..
        } in &self.0
        {
            writeln!(f, "{}: {verdict:?} {} {code:?}", check.name(), text.key)?;
        }
        Ok(())
    }
}

struct Browser<'a> {
    world: &'a World,
    site: &'a Site,
    found: RefCell<Vec<Finding>>,
}

impl Random for Browser<'_> {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(7);
    }
}

impl Observer for Browser<'_> {
    fn now(&self) -> UnixTime {
        self.world.clock.now()
    }

    fn random(&self) -> &dyn Random {
        self
    }

    fn origin(&self) -> String {
        "chrome-extension://extension".to_owned()
    }

    fn redirect_uri(&self) -> String {
        REDIRECT_URI.to_owned()
    }

    async fn is_permitted(&self, _: Vec<String>) -> Option<bool> {
        Some(true)
    }

    async fn send(&self, request: Request) -> (ProbeResult, Option<Measured>) {
        let fetched = match request.url.path() {
            "/authorize" => self.site.authorize,
            "/token" => self.site.token,
            _ => {
                let answer = self.world.fetch(request.url, request.form).await;
                let result = match answer.location {
                    Some(target) => ProbeResult::Redirect(Some(Target(target.into()))),
                    None => ProbeResult::Answer(answer),
                };
                return (result, None);
            }
        };
        let result = match fetched {
            Fetched::Redirect(query) => {
                let target = [REDIRECT_URI, query].concat();
                ProbeResult::Redirect(Some(Target(target)))
            }
            Fetched::Answer(status, media_type, body) => ProbeResult::Answer(HttpResponse {
                media_type: media_type.to_owned(),
                ..HttpResponse::new(status, body.as_bytes().to_vec())
            }),
        };
        (result, None)
    }

    async fn ask(&self, request: PageRequest) -> Option<WorkerReply> {
        Some(self.world.engine.answer(request).await)
    }

    async fn call(&self, url: &Url) -> ApiCall {
        let call = Call::get_url(&self.world.api, url.as_str());
        let answer = self.world.engine.interceptor().intercept(call).await;
        let status = answer.unwrap().status;
        ApiCall::of_response(url, status, &|_| None, url.as_str())
    }

    fn show(&self, finding: Finding) {
        self.found.borrow_mut().push(finding);
    }
}
