//! Settings that are saved while the extension runs, and the setup check that opens by itself.

use anyhow::{Context as _, Result};
use evertoken::message::{ActivityEvent, PageRequest, SessionState, SessionView, WorkerReply};
use evertoken::settings::RenewalMethodId;
use evertoken::settings::sources::SettingsSources;
use evertoken_demo::browser::Browser;
use evertoken_demo::stage::{self, Stage, StageOptions};
use evertoken_e2e::{POPUP, code, get, open_popup, sign_in, signed_in, stage, until_state, view};
use serde_json::{Value, json};

/// A build without settings, and its popup.
async fn unconfigured() -> Result<Stage> {
    let stage = Stage::set_up(StageOptions {
        unconfigured: true,
        ..StageOptions::default()
    })
    .await?;
    open_popup(&stage.browser).await?;
    Ok(stage)
}

/// Saves settings as the options page does, and has the worker take them up.
async fn configure(browser: &Browser, settings: &Value) -> Result<SessionView> {
    let save = "await chrome.storage.local.set({ 'evertoken.settings': args[0] })";
    browser.eval(save, json!([settings.to_string()])).await?;
    match browser.worker_message(PageRequest::Configure).await? {
        WorkerReply::View(view) => Ok(view),
        other => anyhow::bail!("the worker answered {other:?}"),
    }
}

async fn sources(browser: &Browser) -> Result<SettingsSources> {
    match browser.worker_message(PageRequest::Settings).await? {
        WorkerReply::Settings(sources) => Ok(sources),
        other => anyhow::bail!("the worker answered {other:?}"),
    }
}

/// The code of what kept this way of renewal from working.
async fn tried(browser: &Browser, method: RenewalMethodId) -> Result<Option<String>> {
    let request = PageRequest::TryRenewal { method };
    match browser.worker_message(request).await? {
        WorkerReply::Tried { problem, .. } => Ok(problem.map(|problem| problem.code.to_string())),
        other => anyhow::bail!("the worker answered {other:?}"),
    }
}

async fn activity(browser: &Browser) -> Result<Vec<ActivityEvent>> {
    let request = PageRequest::Activity { after: 0 };
    match browser.worker_message(request).await? {
        WorkerReply::Activity(entries) => {
            Ok(entries.into_iter().map(|entry| entry.event).collect())
        }
        other => anyhow::bail!("the worker answered {other:?}"),
    }
}

#[tokio::test]
async fn settings_that_are_saved_count_from_then_on() -> Result<()> {
    let stage = unconfigured().await?;
    let browser = &stage.browser;
    assert_eq!(view(browser).await?.state, SessionState::NotConfigured);
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(401));
    assert_eq!(sources(browser).await?, SettingsSources::default());

    let settings = stage::settings(&stage.provider, &stage.api);
    let configured = configure(browser, &settings).await?;
    assert_eq!(configured.state, SessionState::SignedOut);
    assert_eq!(configured.issuer.as_deref(), Some(stage.provider.issuer()));
    assert_eq!(sources(browser).await?.saved, Some(settings.to_string()));
    sign_in(&stage).await?;
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));

    let mut other = settings.clone();
    other["session"] = json!({ "clock_tolerance_s": 5 });
    for settings in [&settings, &other] {
        let configured = configure(browser, settings).await?;
        assert_eq!(configured.state, SessionState::SignedIn, "{settings}");
        assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    }
    assert_eq!(stage.provider.silent_authorizations(), 0);
    let calls = activity(browser).await?;
    let calls = calls.iter().filter_map(ActivityEvent::call);
    assert_eq!(calls.collect::<Vec<_>>(), [1, 2, 3], "one after another");

    other["apis"] = json!([]);
    configure(browser, &other).await?;
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(401), "not listed");
    other["provider"]["client_id"] = json!("another");
    let configured = configure(browser, &other).await?;
    assert_eq!(configured.state, SessionState::SignedOut);
    let kept = "return JSON.stringify(await chrome.storage.session.get('evertoken.session'))";
    assert_eq!(browser.eval(kept, json!([])).await?, "{}");

    let refused = configure(browser, &json!({ "provider": {} })).await?;
    assert_eq!(refused.state, SessionState::NotConfigured);
    assert_eq!(code(&refused), Some("settings.refused"));
    let alarms = browser.eval("return chrome.alarms.getAll()", json!([]));
    assert_eq!(alarms.await?, json!([]));
    stage.close().await
}

#[tokio::test]
async fn who_has_nothing_set_up_is_shown_where_to_begin() -> Result<()> {
    let stage = unconfigured().await?;
    stage.browser.options_tab("#welcome").await?;
    stage.close().await
}

#[tokio::test]
async fn the_setup_check_opens_when_the_first_sign_in_fails_and_only_then() -> Result<()> {
    let stage = stage(json!({"provider": {"renewal": ["offscreen"]}})).await?;
    let browser = &stage.browser;
    browser.press("Sign in").await?;
    browser.dismiss_new_window().await?;
    let check = browser.options_tab("#check").await?;
    // It is shown again where it is open, also in another place. Not while it checks: that keeps workers starting.
    let leave = "
        const tabs = await chrome.runtime.getContexts({ contextTypes: ['TAB'] });
        const { tabId, documentUrl } = tabs.find(({ documentUrl }) => documentUrl.endsWith('#check'));
        await chrome.tabs.update(tabId, { url: 'about:blank' });
        return [tabId, documentUrl.replace('#check', '#elsewhere')];";
    let elsewhere = browser.eval(leave, json!([])).await?;
    let left = async || Ok(browser.options_tabs().await?.is_empty().then_some(()));
    browser.until("the page's end", left).await?;
    let come_back = "await chrome.tabs.update(args[0], { url: args[1] })";
    browser.eval(come_back, elsewhere).await?;
    browser.options_tab("#elsewhere").await?;
    browser.stop_workers().await?;
    browser.press("Sign in").await?;
    browser.dismiss_new_window().await?;
    assert_eq!(browser.options_tab("#check").await?, check);
    assert_eq!(browser.options_tabs().await?.len(), 1);
    browser.close_tab(&check).await?;

    sign_in(&stage).await?;
    browser.press("Sign out").await?;
    until_state(browser, SessionState::SignedOut).await?;
    stage.provider.end_sessions();
    browser.press("Sign in").await?;
    browser.dismiss_new_window().await?;
    browser.shows("window was closed").await?;
    assert_eq!(browser.options_tabs().await?, [Value::Null; 0]);
    stage.close().await
}

#[tokio::test]
async fn each_way_of_renewal_can_be_tried_by_itself() -> Result<()> {
    use RenewalMethodId::{Offscreen, RefreshToken, WebAuthFlow};
    let stage = stage(json!({"provider": {"renewal": ["offscreen"]}})).await?;
    let browser = &stage.browser;
    let login_required = Some("authorization.login_required".to_owned());
    assert_eq!(tried(browser, Offscreen).await?, login_required);
    assert_eq!(tried(browser, WebAuthFlow).await?, login_required);
    let no_token = Some("session.no_refresh_token".to_owned());
    assert_eq!(tried(browser, RefreshToken).await?, no_token);
    assert_eq!(view(browser).await?.problem, None);

    sign_in(&stage).await?;
    for engine in [Offscreen, WebAuthFlow] {
        assert_eq!(tried(browser, engine).await?, None, "{engine:?}");
        let last = view(browser).await?.last_renewal;
        assert_eq!(last.map(|last| last.method), Some(engine));
    }
    stage.provider.end_sessions();
    assert_eq!(tried(browser, Offscreen).await?, login_required);
    assert_eq!(view(browser).await?.state, SessionState::SignedIn);
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    let events = activity(browser).await?;
    let renewals = events
        .iter()
        .filter(|event| matches!(event, ActivityEvent::Renewed { .. }));
    assert_eq!(renewals.count(), 2);
    stage.close().await
}

#[tokio::test]
async fn what_happened_is_still_listed_after_the_worker_was_killed() -> Result<()> {
    let stage = signed_in("code").await?;
    let browser = &stage.browser;
    for _ in 0..3 {
        assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    }
    let before = activity(browser).await?;
    let stored = "
        const stored = await chrome.storage.session.get('evertoken.activity');
        return JSON.parse(stored['evertoken.activity'] ?? '{}').entries?.length ?? 0";
    browser
        .until("the activity in the store", async || {
            let count = browser.eval(stored, json!([])).await?;
            Ok((count == before.len()).then_some(()))
        })
        .await?;
    browser.kill_worker().await?;
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    let after = activity(browser).await?;
    let (old, new) = after.split_at_checked(before.len()).context("too few")?;
    assert_eq!(old, before);
    assert_eq!(new.len(), 1, "{new:?}");
    browser.open(POPUP).await?;
    stage.close().await
}
