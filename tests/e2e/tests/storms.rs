//! Many calls at once: the provider is asked once, the API little more than once per call, and every call ends.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use evertoken::message::SessionState;
use evertoken_demo::api::{AcceptedToken, ApiOptions};
use evertoken_demo::stage::{Stage, StageOptions};
use evertoken_e2e::{get, open_popup, sign_in, signed_in, view};
use serde_json::{Value, json};

/// So many calls may be on their way when the token turns out to be revoked.
const WINDOW: usize = 64;

/// Makes `count` calls at once, and counts their answers: by status, or "error".
async fn storm(stage: &Stage, count: usize, init: Value) -> Result<BTreeMap<String, usize>> {
    let calls = "
        const [url, count, init] = args;
        const call = () => fetch(url, init).then((answer) => String(answer.status), () => 'error');
        const tally = {};
        for (const outcome of await Promise.all(Array.from({ length: count }, call))) {
            tally[outcome] = (tally[outcome] ?? 0) + 1;
        }
        return tally;";
    let path = if init["method"] == "PUT" {
        "/v1/put"
    } else {
        "/v1/me"
    };
    let args = json!([stage.api.url(path), count, init]);
    let tally = stage.browser.eval(calls, args).await?;
    serde_json::from_value(tally).context("no tally")
}

fn all(status: &str, count: usize) -> BTreeMap<String, usize> {
    [(status.to_owned(), count)].into()
}

#[tokio::test]
async fn a_thousand_calls_on_a_revoked_token_cost_one_renewal_and_all_are_answered() -> Result<()> {
    let stage = signed_in("code").await?;
    for (round, init) in [
        json!({}),
        json!({"method": "PUT", "body": "x".repeat(1000)}),
    ]
    .into_iter()
    .enumerate()
    {
        stage.api.revoke_all();
        let before = stage.api.log().len();
        let tally = storm(&stage, 1000, init).await?;
        assert_eq!(tally, all("200", 1000));
        assert_eq!(stage.provider.silent_authorizations(), round + 1);
        let log = stage.api.log();
        let calls = &log[before..];
        assert!(calls.len() <= 1000 + WINDOW, "{} calls", calls.len());
        if round == 1 {
            let whole = calls.iter().filter(|call| call.status == Some(200));
            assert!(
                whole.clone().all(|call| call.body_len == 1000),
                "a body was cut"
            );
        }
    }
    stage.close().await
}

#[tokio::test]
async fn an_api_that_refuses_for_ever_costs_one_renewal_and_every_caller_gets_its_401() -> Result<()>
{
    let stage = Stage::set_up(StageOptions {
        // It wants the token that it is not sent.
        api: ApiOptions {
            accepts: AcceptedToken::AccessToken,
            ..ApiOptions::default()
        },
        settings: json!({"provider": {"renewal": ["offscreen"]}}),
        ..StageOptions::default()
    })
    .await?;
    open_popup(&stage.browser).await?;
    sign_in(&stage).await?;
    assert_eq!(storm(&stage, 1000, json!({})).await?, all("401", 1000));
    assert_eq!(stage.provider.silent_authorizations(), 1);
    let seen = stage.api.log().len();
    assert!(seen <= 1000 + WINDOW, "{seen} calls");
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(401));
    assert_eq!(stage.provider.silent_authorizations(), 1);
    stage.close().await
}

#[tokio::test]
async fn a_storm_whose_user_is_gone_asks_once_and_ends_with_the_apis_own_401() -> Result<()> {
    let stage = signed_in("code").await?;
    stage.provider.end_sessions();
    stage.api.revoke_all();
    assert_eq!(storm(&stage, 200, json!({})).await?, all("401", 200));
    assert_eq!(stage.provider.silent_authorizations(), 1);
    assert_eq!(
        view(&stage.browser).await?.state,
        SessionState::SignInNeeded
    );
    sign_in(&stage).await?;
    assert_eq!(storm(&stage, 200, json!({})).await?, all("200", 200));
    stage.close().await
}
