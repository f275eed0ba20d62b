//! One run of the setup check: what is asked, in which order, and which finding rests on which answer.

use futures_util::future::{join, join_all, join3};
use url::Url;

use super::authorization::{self, Diagnosis};
use super::clock::Measured;
use super::observer::Observer;
use super::plan::Plan;
use super::probe::{Client, Request};
use super::probe_result::ProbeResult;
use super::redirects::follow;
use super::renewal::{Attempt, Attempts};
use super::{
    Check, Finding, Verdict, api, clock, discovery, keys, permission, refresh_token, token_endpoint,
};
use crate::message::{PageRequest, SessionView, WorkerReply};
use crate::oidc::provider_metadata::ProviderMetadata;
use crate::settings::{RenewalMethodId, Settings};

/// What all checks of a run have in common.
struct Run<'a, O> {
    observer: &'a O,
    plan: &'a Plan,
    settings: &'a Settings,
    session: Option<&'a SessionView>,
}

/// Makes the checks of `plan`.
pub async fn run(plan: &Plan, observer: &impl Observer) {
    observer.show(plan.settings_finding.clone());
    let Some(settings) = &plan.settings else {
        return;
    };
    let session = match observer.ask(PageRequest::View).await {
        Some(WorkerReply::View(view)) => Some(view),
        _ => None,
    };
    let run = Run {
        observer,
        plan,
        settings,
        session: session.as_ref(),
    };
    let permissions = plan
        .hosts
        .iter()
        .enumerate()
        .map(|(index, host)| async move {
            let granted = observer.is_permitted(host.origins.clone()).await;
            observer.show(permission::diagnose(index, host, granted));
        });
    let apis = 0..settings.apis.len();
    let asked = join3(
        join_all(permissions),
        run.check_provider(),
        run.call_apis(apis, None),
    );
    let (_, renewed, refused) = asked.await;
    // A token that was renewed in this run is not one that has ended meanwhile.
    run.call_apis(refused, Some(renewed)).await;
}

impl<O: Observer> Run<'_, O> {
    /// Calls the APIs with these places in the settings, and gives those that refuse the token. `renewed`: whether the
    /// session was renewed in this run; `None` while that is not known, so that a refusal says nothing yet.
    async fn call_apis(
        &self,
        apis: impl IntoIterator<Item = usize>,
        renewed: Option<bool>,
    ) -> Vec<usize> {
        let signed_in = self.attempts().signed_in;
        let calls = apis.into_iter().map(|index| async move {
            let api = self.settings.apis.get(index)?;
            let call = match Url::parse(&api.url) {
                Ok(url) if signed_in => Some(self.observer.call(&url).await),
                _ => None,
            };
            let refused = call
                .as_ref()
                .is_some_and(|it| it.refuses_token(self.settings));
            if refused && renewed.is_none() {
                return Some(index);
            }
            let renewed = renewed.unwrap_or_default();
            let finding = api::diagnose(self.settings, index, call.as_ref(), renewed);
            self.observer.show(finding);
            None
        });
        join_all(calls).await.into_iter().flatten().collect()
    }

    /// Checks the provider, and renews by each method. True where one renewed the session.
    async fn check_provider(&self) -> bool {
        let Some(metadata) = self.check_metadata().await else {
            self.wait_for(Check::Discovery);
            return false;
        };
        let (redirect_uri, origin) = (self.observer.redirect_uri(), self.observer.origin());
        let client = Client {
            provider: &self.settings.provider,
            metadata: &metadata.0,
            redirect_uri: &redirect_uri,
            origin: &origin,
        };
        let ((diagnosis, token), ()) =
            join(self.ask_client(&client), self.check_keys(&client)).await;
        if let Diagnosis::Final(authorization) = &diagnosis {
            self.observer.show(authorization.clone());
        }
        let mut attempts = self.attempts();
        if !diagnosis.is_hopeless() {
            self.try_renewals(&mut attempts).await;
        }
        let authorization = diagnosis.settle(&attempts);
        let token = token_endpoint::diagnose(&client, token.as_ref(), &authorization, &attempts);
        let client_refused = token_endpoint::refuses_client(&token);
        for finding in [&authorization, &token] {
            self.observer.show(finding.clone());
        }
        if authorization.verdict == Verdict::Failed {
            self.wait_for(Check::Authorization);
        } else if client_refused && authorization.verdict != Verdict::Passed {
            self.wait_for(Check::TokenEndpoint);
        }
        self.observer
            .show(refresh_token::diagnose(&attempts, metadata.1));
        for finding in attempts.findings() {
            self.observer.show(finding);
        }
        attempts.has_renewed()
    }

    /// The metadata, and whether they list `offline_access`.
    async fn check_metadata(&self) -> Option<(ProviderMetadata, Option<bool>)> {
        let provider = &self.settings.provider;
        let request = Request::for_metadata(&provider.issuer)?;
        let (result, measured) = self.fetch(request).await;
        let other = discovery::other_issuer(provider, &result);
        let at_other = match other.as_deref().and_then(Request::for_metadata) {
            Some(request) => Some(self.fetch(request).await.0),
            None => None,
        };
        let (finding, metadata) = discovery::diagnose(provider, &result, at_other.as_ref());
        self.observer.show(finding);
        let offset_ms = self.session.and_then(|view| view.clock_offset_ms);
        let tolerance_s = self.settings.session.clock_tolerance_s;
        self.observer
            .show(clock::diagnose(tolerance_s, measured, offset_ms));
        metadata
    }

    async fn check_keys(&self, client: &Client<'_>) {
        let request = Request::get(client.metadata.jwks_uri.clone());
        let (result, _) = self.fetch(request).await;
        let finding = keys::diagnose(client.provider, client.metadata, &result);
        self.observer.show(finding);
    }

    /// Asks all endpoints that say something of client ID and redirect URI. The second is what the token endpoint says.
    async fn ask_client(&self, client: &Client<'_>) -> (Diagnosis, Option<ProbeResult>) {
        let (random, now) = (self.observer.random(), self.observer.now());
        let direct = (!client.pushes()).then(|| client.authorization(random, now));
        let pushed = self.send(client.pushed(random, now));
        let token = self.send(client.token(random, now));
        let (direct, pushed, token) = join3(self.send(direct), pushed, token).await;
        let standing = token_endpoint::client_standing(token.as_ref());
        let diagnosis = authorization::diagnose(client, direct.as_ref(), pushed.as_ref(), standing);
        (diagnosis, token)
    }

    /// Renews by all methods that can tell something, one after the other: the worker has one renewal in flight at most.
    async fn try_renewals(&self, attempts: &mut Attempts<'_>) {
        while let Some(method) = attempts.next_method() {
            attempts.add(method, self.try_renewal(method).await);
        }
    }

    async fn try_renewal(&self, method: RenewalMethodId) -> Attempt {
        match self.observer.ask(PageRequest::TryRenewal { method }).await {
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

    fn attempts(&self) -> Attempts<'_> {
        Attempts::new(self.settings, self.session, self.observer.now())
    }

    async fn fetch(&self, request: Request) -> (ProbeResult, Option<Measured>) {
        follow(request, async |request| self.observer.send(request).await).await
    }

    async fn send(&self, request: Option<Request>) -> Option<ProbeResult> {
        Some(self.observer.send(request?).await.0)
    }

    /// Says of all checks that rest on `other` and have no finding that they wait for it.
    fn wait_for(&self, other: Check) {
        let checks = self.plan.checks.iter().map(|planned| planned.check);
        for check in checks.filter(|check| check.rests_on(other)) {
            self.observer.show(Finding::waits_for(check, other));
        }
    }
}
