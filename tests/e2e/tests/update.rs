//! A new version of the extension: what is under way is waited for, and what is cut off leaves nothing behind.

use anyhow::Result;
use evertoken::message::SessionState;
use evertoken_demo::stage::Stage;
use evertoken_e2e::{get, open_popup, signed_in, until_state};
use serde_json::json;

/// The session was in the memory of the old version; the provider still knows Ada, and nobody is asked.
async fn comes_back(stage: &Stage) -> Result<()> {
    let signed_in = until_state(&stage.browser, SessionState::SignedIn);
    signed_in.await.map(drop)
}

#[tokio::test]
async fn a_reload_ends_every_call_and_everything_works_after_it() -> Result<()> {
    let mut stage = signed_in("code").await?;
    stage.api.hold();
    let start = "[1, 2, 3].forEach(() => fetch(args[0]))";
    let url = stage.api.url("/v1/me");
    stage.browser.eval(start, json!([url])).await?;
    stage.api.parked(3).await?;
    stage.browser.reload_extension().await?;
    // The calls ended with the page and the worker: their connections are closed.
    stage.api.parked(0).await?;
    stage.api.release();
    open_popup(&stage.browser).await?;
    comes_back(&stage).await?;
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    stage.close().await
}

#[tokio::test]
async fn a_reload_during_a_renewal_leaves_nothing_behind() -> Result<()> {
    let mut stage = signed_in("code").await?;
    stage.api.revoke_all();
    stage.provider.hold();
    let url = stage.api.url("/v1/me");
    let start = "[1, 2, 3].forEach(() => fetch(args[0]))";
    stage.browser.eval(start, json!([url])).await?;
    stage.provider.parked(1).await?;
    stage.browser.reload_extension().await?;
    stage.provider.parked(0).await?;
    stage.provider.release();
    open_popup(&stage.browser).await?;
    comes_back(&stage).await?;
    stage.api.revoke_all();
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    stage.close().await
}

/// No driver can bring an update about, so the worker's script runs in a page here, with stand-ins for what it imports.
#[tokio::test]
async fn an_update_waits_for_the_worker_and_then_reloads_the_extension() -> Result<()> {
    let stage = signed_in("code").await?;
    let script: String = include_str!("../../../background/worker.js")
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("import "))
        .collect();
    let stand_ins = "
        const [starts] = args;
        const told = [];
        const listeners = {};
        const event = (name) => ({ addListener: (listener) => (listeners[name] = listener) });
        const area = { get: async () => ({}) };
        const chrome = {
            alarms: { onAlarm: event('alarm') },
            notifications: { onClicked: event('notification') },
            permissions: { onAdded: event('permission') },
            storage: { onChanged: event('storage'), local: area, managed: area, session: area },
            runtime: { onMessage: event('message'), onStartup: event('startup'), onInstalled: event('install'),
                onUpdateAvailable: event('update'), reload: () => told.push('reload') },
        };
        let quietNow;
        const quiet = new Promise((resolve) => (quietNow = resolve));
        const initialize = async () => { if (!starts) throw new Error('broken'); };
        const Worker = { start: async () => ({ quiet: () => { told.push('asked'); return quiet; } }) };
        const settings = null;
        const addEventListener = () => {};";
    let update = "
        const update = listeners.update({ version: '2' }).catch(() => {});
        await ready.catch(() => {});
        await Promise.resolve();
        const before = told.join();
        quietNow();
        await update;
        return [before, told.join()];";
    let body = [stand_ins, &script, update].concat();
    let told = stage.browser.eval(&body, json!([true])).await?;
    assert_eq!(told, json!(["asked", "asked,reload"]));
    // A version that cannot even start is not kept.
    let told = stage.browser.eval(&body, json!([false])).await?;
    assert_eq!(told[1], "reload");
    stage.close().await
}
