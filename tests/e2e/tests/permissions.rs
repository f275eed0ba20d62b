//! Host permissions that the user withdraws and gives back.

use anyhow::Result;
use evertoken::message::{ActivityEvent, PageRequest, SessionState, WorkerReply};
use evertoken::problem::{Problem, Recovery};
use evertoken_demo::api::ApiOptions;
use evertoken_demo::stage::{Stage, StageOptions};
use evertoken_e2e::{code, get, renew, signed_in_with, view};
use serde_json::{Value, json};

const API: &str = "https://127.0.0.1/*";
const PROVIDER: &str = "https://localhost/*";

/// Ada is signed in; the API has another host than the provider, and so a permission of its own.
async fn signed_in(provider: Value) -> Result<Stage> {
    signed_in_with(StageOptions {
        api: ApiOptions {
            host: "127.0.0.1",
            ..ApiOptions::default()
        },
        settings: json!({ "provider": provider }),
        ..StageOptions::default()
    })
    .await
}

fn offscreen() -> Value {
    json!({ "renewal": ["offscreen"] })
}

async fn activity(stage: &Stage) -> Result<Vec<ActivityEvent>> {
    let request = PageRequest::Activity { after: 0 };
    match stage.browser.worker_message(request).await? {
        WorkerReply::Activity(entries) => {
            Ok(entries.into_iter().map(|entry| entry.event).collect())
        }
        other => anyhow::bail!("the worker answered {other:?}"),
    }
}

/// The problem of the last call.
async fn problem_of_last_call(stage: &Stage) -> Result<Option<Problem>> {
    let calls = activity(stage).await?.into_iter().rev();
    let mut problems = calls.filter_map(|event| match event {
        ActivityEvent::Called(report) => Some(report.problem),
        _ => None,
    });
    Ok(problems.next().flatten())
}

/// Waits until the session shows no problem: what the user gave back is told to the worker.
async fn until_mended(stage: &Stage) -> Result<()> {
    stage
        .browser
        .until("the end of the problem", async || {
            let problem = view(&stage.browser).await?.problem;
            Ok(problem.is_none().then_some(()))
        })
        .await
}

#[tokio::test]
async fn a_call_to_an_api_without_permission_says_so_and_renews_nothing() -> Result<()> {
    let stage = signed_in(offscreen()).await?;
    let redirect = stage.browser.redirect_pattern();
    stage.browser.allow_only(&[PROVIDER, &redirect]).await?;
    stage.api.revoke_all();
    for _ in 0..3 {
        let answer = get(&stage, "/v1/me").await?;
        assert!(
            answer
                .error
                .is_some_and(|error| error.starts_with("TypeError"))
        );
    }
    let problem = problem_of_last_call(&stage).await?.unwrap();
    assert_eq!(problem.code, "api.not_permitted");
    assert_eq!(problem.recovery, Recovery::FixSettings);
    assert_eq!(view(&stage.browser).await?.problem, None);
    assert_eq!(stage.provider.silent_authorizations(), 0);
    let log = stage.api.log();
    assert!(log.iter().all(|call| call.token.is_none()), "{log:?}");
    stage.browser.fill("URL", &stage.api.url("/v1/me")).await?;
    stage.browser.press("Send").await?;
    let sentence = "Evertoken has no permission for the API's address.";
    stage.browser.shows(sentence).await?;
    stage.browser.shows("(api.not_permitted)").await?;

    stage.browser.allow(API).await?;
    stage.browser.press("Send").await?;
    stage
        .browser
        .shows("Token renewed, call sent again.")
        .await?;
    assert_eq!(problem_of_last_call(&stage).await?, None);
    stage.close().await
}

#[tokio::test]
async fn an_api_whose_cors_headers_allow_no_token_needs_the_permission() -> Result<()> {
    let stage = signed_in(offscreen()).await?;
    assert_eq!(get(&stage, "/v1/cors").await?.status, Some(200));
    let redirect = stage.browser.redirect_pattern();
    stage.browser.allow_only(&[PROVIDER, &redirect]).await?;
    let answer = get(&stage, "/v1/cors").await?;
    assert_eq!(answer.error.as_deref(), Some("TypeError: Failed to fetch"));
    let problem = problem_of_last_call(&stage).await?.unwrap();
    assert_eq!(problem.code, "api.not_permitted");
    let asked = stage.api.log().last().map(|call| call.method.clone());
    assert_eq!(asked.as_deref(), Some("OPTIONS"));
    stage.browser.allow(API).await?;
    assert_eq!(get(&stage, "/v1/cors").await?.status, Some(200));
    stage.close().await
}

#[tokio::test]
async fn a_call_to_an_api_that_is_gone_says_so() -> Result<()> {
    let stage = signed_in(offscreen()).await?;
    stage.browser.fill("URL", &stage.api.url("/v1/me")).await?;
    let Stage { browser, api, .. } = stage;
    drop(api);
    browser.press("Send").await?;
    browser.shows("The API could not be reached").await?;
    browser.shows("(api.unreachable)").await?;
    browser.close().await
}

/// Without the provider's permission calls end with what the API says, and the provider hears nothing of it.
#[tokio::test]
async fn renewals_without_permission_for_the_provider_send_nothing_and_work_again_with_it()
-> Result<()> {
    let refresh =
        json!({ "scope": "openid profile email offline_access", "renewal": ["refresh_token"] });
    for (provider, expected) in [
        (offscreen(), "user_agent.not_permitted"),
        (refresh, "network.not_permitted"),
    ] {
        let stage = signed_in(provider).await?;
        let redirect = stage.browser.redirect_pattern();
        stage.browser.allow_only(&[API, &redirect]).await?;
        stage.api.revoke_all();
        let asked = || {
            (
                stage.provider.log().len(),
                stage.provider.token_requests().len(),
            )
        };
        let before = asked();
        // More than open the breaker.
        for _ in 0..12 {
            assert_eq!(get(&stage, "/v1/me").await?.status, Some(401), "{expected}");
        }
        let session = view(&stage.browser).await?;
        assert_eq!(code(&session), Some(expected));
        assert_eq!(session.state, SessionState::SignedIn);
        assert_eq!(asked(), before, "{expected}");
        let events = activity(&stage).await?;
        let renewals = events
            .iter()
            .filter(|event| matches!(event, ActivityEvent::Renewed { .. }));
        assert!(renewals.count() <= 10, "{events:?}");

        stage.browser.allow(PROVIDER).await?;
        until_mended(&stage).await?;
        // At once: neither a pause nor the breaker is waited for.
        assert_eq!(get(&stage, "/v1/me").await?.status, Some(200), "{expected}");
        assert_eq!(asked().1, before.1 + 1, "{expected}");
        stage.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_renewal_without_permission_for_the_redirect_address_says_so_at_once() -> Result<()> {
    let stage = signed_in(offscreen()).await?;
    stage.browser.allow_only(&[API, PROVIDER]).await?;
    let session = renew(&stage.browser).await?;
    assert_eq!(code(&session), Some("user_agent.not_permitted"));
    assert_eq!(stage.provider.silent_authorizations(), 0);
    stage
        .browser
        .allow(&stage.browser.redirect_pattern())
        .await?;
    until_mended(&stage).await?;
    assert_eq!(renew(&stage.browser).await?.problem, None);
    stage.close().await
}
