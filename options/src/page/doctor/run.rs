//! One run of the setup check, from the first finding to the last.

use evertoken::doctor::authorization::{self, Diagnosis};
use evertoken::doctor::plan::{Plan, plan};
use evertoken::doctor::probe::{Client, Request};
use evertoken::doctor::probe_result::ProbeResult;
use evertoken::doctor::renewal::Attempts;
use evertoken::doctor::{
    Check, Finding, Verdict, api, clock, discovery, keys, permission, token_endpoint,
};
use evertoken::message::{PageRequest, SessionView, WorkerReply};
use evertoken::platform::Random;
use evertoken::settings::Settings;
use evertoken_pages::clock::now;
use evertoken_pages::dom::window;
use evertoken_pages::{permission as host_permission, worker};
use evertoken_webext::{identity, runtime};
use futures_util::future::{join, join_all, join3};
use url::Url;

use super::check_list::CheckList;
use super::effective_settings::effective_settings;
use super::request::{send, send_and_measure};
use super::timeout::Deadline;
use super::{api_call, renewal_checks};

/// What all checks of a run have in common.
struct Run<'a> {
    list: &'a CheckList,
    deadline: Deadline,
    settings: &'a Settings,
    session: Option<&'a SessionView>,
}

/// Makes all checks, and puts the findings into `list`.
pub(super) async fn run(list: &CheckList) {
    let deadline = Deadline::of_new_run();
    let effective = effective_settings().await;
    let redirect_uri = identity::get_redirect_url();
    let Plan {
        settings_finding,
        settings,
        hosts,
        checks,
    } = plan(effective.json.as_deref(), effective.build, &redirect_uri);
    list.lay_out(checks, effective.built_in);
    list.put(settings_finding);
    let Some(settings) = settings else {
        return;
    };
    let session = match deadline.in_time(worker::ask(PageRequest::View)).await {
        Some(Some(WorkerReply::View(view))) => Some(view),
        _ => None,
    };
    let run = Run {
        list,
        deadline,
        settings: &settings,
        session: session.as_ref(),
    };
    let granted = hosts.iter().enumerate().map(|(index, host)| async move {
        let granted = host_permission::is_granted(host.origins.clone()).await;
        list.put(permission::diagnose(index, host, granted));
    });
    join3(
        join_all(granted),
        run.check_provider(&redirect_uri),
        run.call_apis(),
    )
    .await;
}

impl Run<'_> {
    async fn call_apis(&self) {
        let signed_in = Attempts::new(self.settings, self.session).signed_in;
        let apis = self.settings.apis.iter().enumerate();
        let calls = apis.map(|(index, one)| async move {
            let called = match Url::parse(&one.url) {
                Ok(url) if signed_in => Some(api_call::call(&url, self.deadline).await),
                _ => None,
            };
            let finding = api::diagnose(self.settings, index, called.as_ref());
            self.list.put(finding);
        });
        join_all(calls).await;
    }

    async fn check_provider(&self, redirect_uri: &str) {
        let provider = &self.settings.provider;
        let Some(request) = Request::for_metadata(&provider.issuer) else {
            return;
        };
        let (result, measured) = send_and_measure(&request, self.deadline).await;
        let (finding, metadata) = discovery::diagnose(provider, &result);
        self.list.put(finding);
        let offset_ms = self.session.and_then(|view| view.clock_offset_ms);
        let tolerance_s = self.settings.session.clock_tolerance_s;
        self.list
            .put(clock::diagnose(tolerance_s, measured, offset_ms));
        let Some((metadata, offers)) = metadata else {
            return self.list.wait_for(Check::Discovery);
        };
        let origin = runtime::get_url("");
        let client = Client {
            provider,
            metadata: &metadata,
            redirect_uri,
            origin: origin.trim_end_matches('/'),
        };
        let asked = join(self.check_client(&client), self.check_keys(&client));
        let ((diagnosis, token), ()) = asked.await;
        let put = |authorization: &Finding| {
            let finding = token_endpoint::diagnose(&client, token.as_ref(), authorization);
            self.list.put(finding);
            self.list.put(authorization.clone());
            if authorization.verdict == Verdict::Failed {
                self.list.wait_for(Check::Authorization);
            }
            authorization.verdict
        };
        if let Diagnosis::Final(authorization) = &diagnosis
            && put(authorization) == Verdict::Failed
        {
            return;
        }
        let mut attempts = Attempts::new(self.settings, self.session);
        renewal_checks::try_all(&mut attempts, self.deadline).await;
        put(&diagnosis.settle(&attempts));
        for finding in attempts.findings(offers) {
            self.list.put(finding);
        }
    }

    async fn check_keys(&self, client: &Client<'_>) {
        let request = Request::get(client.metadata.jwks_uri.clone());
        let result = send(&request, self.deadline).await;
        let finding = keys::diagnose(client.provider, client.metadata, &result);
        self.list.put(finding);
    }

    /// Asks all endpoints that say something of client ID and redirect URI. The second is what the token endpoint says.
    async fn check_client(&self, client: &Client<'_>) -> (Diagnosis, Option<ProbeResult>) {
        let direct = (!client.pushes()).then(|| client.authorization(&BrowserRandom, now()));
        let token = client.token(&BrowserRandom, now());
        let (direct, token) = join(self.send(direct), self.send(token)).await;
        let unclear = |direct| authorization::needs_pushed_request(client, direct);
        let pushed = match direct.as_ref().is_none_or(unclear) {
            true => client.pushed(&BrowserRandom, now()),
            false => None,
        };
        let pushed = self.send(pushed).await;
        let standing = token_endpoint::client_standing(token.as_ref());
        let diagnosis = authorization::diagnose(client, direct.as_ref(), pushed.as_ref(), standing);
        (diagnosis, token)
    }

    async fn send(&self, request: Option<Request>) -> Option<ProbeResult> {
        Some(send(&request?, self.deadline).await)
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
