//! Refresh tokens of oidc-provider: each use rotates, a second use ends the grant.

use anyhow::{Context as _, Result};
use evertoken::message::SessionState;
use evertoken::settings::RenewalMethodId;
use evertoken_demo::browser::Browser;
use evertoken_e2e::interop::{InteropStage, Log, Options};
use evertoken_e2e::{code, renew, until_state, view};
use serde_json::{Value, json};

const SIGNED_IN: (&str, &str) = ("authorization_code", "success");
const REFRESHED: (&str, &str) = ("refresh_token", "success");
const REFUSED: (&str, &str) = ("refresh_token", "invalid_grant");
const UNAVAILABLE: (&str, &str) = ("refresh_token", "status 503");

fn with_refresh_tokens() -> Options {
    Options {
        settings: json!({"provider": {"scope": "openid profile email offline_access",
            "renewal": ["refresh_token", "offscreen"]}}),
        servers: json!({"refreshTokens": true}),
        ..Options::default()
    }
}

fn by_refresh_token_alone() -> Options {
    let mut options = with_refresh_tokens();
    options.settings["provider"]["renewal"] = json!(["refresh_token"]);
    options
}

/// These token requests, and in none of them a refresh token that was presented before.
fn asked_for(log: &Log, expected: &[(&str, &str)]) -> Result<()> {
    log.asked_for(expected)?;
    log.no_refresh_token_came_twice()
}

/// All authorizations worked. These were their prompts; the sign-in has none.
fn authorized(log: &Log, prompts: &[Option<&str>]) -> Result<()> {
    let all = log.authorizations()?;
    assert!(
        all.iter()
            .all(|one| one.outcome.as_deref() == Some("success")),
        "{all:?}"
    );
    let asked: Vec<_> = all.iter().map(|one| one.prompt.as_deref()).collect();
    assert_eq!(asked, prompts);
    Ok(())
}

async fn last_engine(browser: &Browser) -> Result<RenewalMethodId> {
    let view = view(browser).await?;
    assert_eq!(view.state, SessionState::SignedIn, "{view:?}");
    Ok(view.last_renewal.context("nothing was renewed")?.method)
}

#[tokio::test]
async fn three_revoked_tokens_in_a_row_cost_three_refreshes_and_no_authorization() -> Result<()> {
    let mut stage = InteropStage::signed_in_with(with_refresh_tokens()).await?;
    for path in ["first", "second", "third"] {
        stage.servers.revoke().await?;
        let answer = stage.get("fetch", path).await?;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.body["sub"], "grace");
    }
    assert_eq!(
        last_engine(&stage.browser).await?,
        RenewalMethodId::RefreshToken
    );
    let log = stage.log().await?;
    authorized(&log, &[None])?;
    asked_for(&log, &[SIGNED_IN, REFRESHED, REFRESHED, REFRESHED])?;
    assert_eq!(log.statuses()?, [401, 200, 401, 200, 401, 200]);
    // Each refresh presents what the answer before it brought.
    let brought = log.each("issued", "refresh_token")?;
    let presented = log.each("grants", "refresh_token")?;
    assert_eq!(presented[1..], brought[..3]);
    stage.close().await
}

#[tokio::test]
async fn the_alarm_two_calls_and_the_button_at_once_present_the_refresh_token_once() -> Result<()> {
    // Due after three to four seconds: the worker's own alarm starts the renewal that the others join.
    let options = Options {
        token_ttl_s: 5,
        ..with_refresh_tokens()
    };
    let mut stage = InteropStage::signed_in_with(options).await?;
    stage.servers.hold_token_requests().await?;
    let under_way = |log: &Log| {
        Ok(log
            .grants()?
            .last()
            .is_some_and(|one| one.outcome.is_none()))
    };
    stage
        .until_log("the alarm's refresh", under_way)
        .await
        .context("the alarm did not ring")?;
    let before = stage.log().await?.grants()?.len();
    let at_once = "
        await chrome.alarms.create('evertoken.renewal', { when: Date.now() });
        const calls = [1, 2].map((n) => call('fetch', 'GET', args[0] + n, null));
        const renewals = [1, 2].map(() => chrome.runtime.sendMessage('renew'));
        globalThis.statuses = Promise.all(calls).then((all) => all.map((answer) => answer.status));
        globalThis.problems = Promise.all(renewals).then((all) => all.map(({ view }) => view.problem));
        const { view } = await chrome.runtime.sendMessage('view');
        return view.renewing;";
    let renewing = stage
        .browser
        .eval(at_once, json!([stage.url("at-once/")?]))
        .await?;
    assert_eq!(renewing, true);
    stage.servers.release_token_requests().await?;
    let answers = "return [await globalThis.statuses, await globalThis.problems]";
    let answers = stage.browser.eval(answers, json!([])).await?;
    let log = stage.log().await?;
    assert_eq!(answers, json!([[200, 200], [Value::Null, Value::Null]]));
    assert_eq!(log.grants()?.len(), before, "one refresh for all");
    assert_eq!(log.statuses()?, [200, 200]);
    authorized(&log, &[None])?;
    log.no_refresh_token_came_twice()?;
    stage.close().await
}

#[tokio::test]
async fn a_refresh_token_whose_answer_was_lost_is_not_used_again_and_the_iframe_renews()
-> Result<()> {
    let mut stage = InteropStage::signed_in_with(with_refresh_tokens()).await?;
    stage.servers.lose_token_response(true).await?;
    // What was sent was used up: sent again, it would have ended the grant. The next way is tried at once.
    let renewed = renew(&stage.browser).await?;
    assert_eq!(code(&renewed), None);
    assert_eq!(
        last_engine(&stage.browser).await?,
        RenewalMethodId::Offscreen
    );
    let log = stage.log().await?;
    authorized(&log, &[None, Some("none")])?;
    log.asked_for(&[SIGNED_IN, REFRESHED, SIGNED_IN])?;
    assert_eq!(stage.get("fetch", "after").await?.status, 200);
    stage.close().await
}

/// Chromium sends a request again whose connection was closed before anything of an answer came. To the provider
/// that is a second use of the refresh token.
#[tokio::test]
async fn a_refresh_that_chromium_repeats_by_itself_ends_in_the_iframe_and_not_with_the_user()
-> Result<()> {
    let mut stage = InteropStage::signed_in_with(with_refresh_tokens()).await?;
    stage.servers.lose_token_response(false).await?;
    stage.servers.revoke().await?;
    let answer = stage.get("fetch", "after").await?;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        last_engine(&stage.browser).await?,
        RenewalMethodId::Offscreen
    );
    let log = stage.log().await?;
    authorized(&log, &[None, Some("none")])?;
    log.asked_for(&[SIGNED_IN, REFRESHED, REFUSED, SIGNED_IN])?;
    assert_eq!(log.statuses()?, [401, 200]);
    stage.close().await
}

#[tokio::test]
async fn a_token_endpoint_out_of_order_costs_neither_refresh_token_nor_session() -> Result<()> {
    let mut stage = InteropStage::signed_in_with(by_refresh_token_alone()).await?;
    stage.servers.fail_token_requests(1).await?;
    stage.servers.revoke().await?;
    let answer = stage.get("fetch", "while-out-of-order").await?;
    assert_eq!(answer.status, 401, "{answer:?}");
    let failed = view(&stage.browser).await?;
    assert_eq!(failed.state, SessionState::SignedIn);
    assert_eq!(code(&failed), Some("token_endpoint.unavailable"));
    // The provider is given a moment; calls that come meanwhile get the API's own answer.
    let InteropStage { browser, .. } = &stage;
    browser
        .until("a call with a new token", async || {
            let answer = stage.get("fetch", "again").await?;
            assert!([200, 401].contains(&answer.status), "{answer:?}");
            Ok((answer.status == 200).then_some(()))
        })
        .await?;
    assert_eq!(
        last_engine(&stage.browser).await?,
        RenewalMethodId::RefreshToken
    );
    let log = stage.log().await?;
    authorized(&log, &[None])?;
    log.asked_for(&[SIGNED_IN, UNAVAILABLE, REFRESHED])?;
    // What the provider did not see is still good.
    let presented = log.each("grants", "refresh_token")?;
    assert_eq!(presented[1], presented[2]);
    stage.close().await
}

#[tokio::test]
async fn a_worker_stopped_between_renewals_goes_on_with_the_refresh_token_it_stored() -> Result<()>
{
    let mut stage = InteropStage::signed_in_with(with_refresh_tokens()).await?;
    for path in ["first", "second"] {
        stage.browser.stop_workers().await?;
        stage.servers.revoke().await?;
        let answer = stage.get("fetch", path).await?;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    let log = stage.log().await?;
    authorized(&log, &[None])?;
    asked_for(&log, &[SIGNED_IN, REFRESHED, REFRESHED])?;
    stage.close().await
}

#[tokio::test]
async fn a_refresh_token_that_the_provider_revoked_gives_way_to_the_iframe() -> Result<()> {
    let mut stage = InteropStage::signed_in_with(with_refresh_tokens()).await?;
    stage.servers.revoke_refresh_tokens().await?;
    stage.servers.revoke().await?;
    let answer = stage.get("fetch", "by-iframe").await?;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        last_engine(&stage.browser).await?,
        RenewalMethodId::Offscreen
    );
    // The iframe brought a refresh token, which serves the next time.
    stage.servers.revoke().await?;
    let answer = stage.get("fetch", "by-refresh").await?;
    assert_eq!(answer.status, 200, "{answer:?}");
    let log = stage.log().await?;
    authorized(&log, &[None, Some("none")])?;
    asked_for(&log, &[SIGNED_IN, REFUSED, SIGNED_IN, REFRESHED])?;
    stage.close().await
}

#[tokio::test]
async fn without_refresh_token_and_session_the_user_is_asked_and_signs_in_again() -> Result<()> {
    let mut stage = InteropStage::signed_in_with(with_refresh_tokens()).await?;
    stage.servers.revoke_refresh_tokens().await?;
    stage.servers.end_sessions().await?;
    stage.servers.revoke().await?;
    let answer = stage.get("fetch", "gone").await?;
    assert_eq!(answer.status, 401, "{answer:?}");
    until_state(&stage.browser, SessionState::SignInNeeded).await?;
    stage.sign_in().await?;
    stage.servers.revoke().await?;
    let answer = stage.get("fetch", "back").await?;
    assert_eq!(answer.status, 200, "{answer:?}");
    asked_for(
        &stage.log().await?,
        &[SIGNED_IN, REFUSED, SIGNED_IN, REFRESHED],
    )?;
    stage.close().await
}
