//! Requests of every kind that a page can make, with a token that was refused: what the page sees is the good answer.
//! What cannot be had through a worker is in `docs/limits.md`.

use std::fs;

use anyhow::Result;
use evertoken_demo::stage::Stage;
use evertoken_e2e::{get, open_popup, signed_in, statuses};
use serde_json::{Value, json};
use thirtyfour::By;

/// A `fetch` of `args[0]` with `args[1]`, which ends: what a dialog would hold back comes to "held".
const FETCH: &str = "
    const limit = new Promise((resolve) => setTimeout(() => resolve('held'), 20_000));
    return await Promise.race([fetch(...args).then(({ status }) => status, String), limit]);";

async fn fetch(stage: &Stage, path: &str, init: Value) -> Result<Value> {
    let args = json!([stage.api.url(path), init]);
    stage.browser.eval(FETCH, args).await
}

/// A signed-in stage whose token the API has revoked.
async fn revoked() -> Result<Stage> {
    let stage = signed_in("code").await?;
    stage.api.revoke_all();
    Ok(stage)
}

#[tokio::test]
async fn a_challenge_of_basic_opens_no_dialog_and_is_handed_to_the_page() -> Result<()> {
    let stage = signed_in("code").await?;
    for init in [
        json!({}),
        json!({"credentials": "include"}),
        json!({"method": "POST", "body": "text"}),
        json!({"method": "POST", "body": "text", "credentials": "include"}),
    ] {
        assert_eq!(
            fetch(&stage, "/v1/basic", init.clone()).await?,
            401,
            "{init}"
        );
    }
    stage.browser.press("Sign out").await?;
    for init in [json!({"credentials": "include"}), json!({"method": "POST"})] {
        assert_eq!(
            fetch(&stage, "/v1/basic", init.clone()).await?,
            401,
            "{init}"
        );
    }
    stage.close().await
}

#[tokio::test]
async fn a_401_without_any_cors_header_renews() -> Result<()> {
    let stage = revoked().await?;
    let bare = "
        const answer = await fetch(args[0], { headers: { Authorization: 'Bearer mine' } });
        return [answer.status, [...answer.headers.keys()].filter((name) => name.startsWith('access-control'))];";
    let bare = stage.browser.eval(bare, json!([stage.api.url("/v1/me")]));
    assert_eq!(bare.await?, json!([401, []]));
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    stage.close().await
}

#[tokio::test]
async fn a_range_is_answered_in_part_before_and_after_a_renewal() -> Result<()> {
    let stage = revoked().await?;
    let part = "
        const answer = await fetch(args[0], { headers: { Range: 'bytes=10-12' } });
        const bytes = new Uint8Array(await answer.arrayBuffer());
        return [answer.status, answer.headers.get('content-range'), ...bytes];";
    let expected = json!([206, "bytes 10-12/1000", 10, 11, 12]);
    for calls in [2, 3] {
        let args = json!([stage.api.url("/v1/file")]);
        assert_eq!(stage.browser.eval(part, args).await?, expected);
        assert_eq!(stage.api.log().len(), calls);
    }
    assert_eq!(statuses(&stage), [Some(401), Some(206), Some(206)]);
    stage.close().await
}

#[tokio::test]
async fn events_begin_and_go_on_after_a_renewal_each() -> Result<()> {
    let stage = revoked().await?;
    let open = "
        globalThis.seen = [];
        globalThis.source = new EventSource(args[0]);
        source.onmessage = ({ data }) => seen.push(data);
        source.onerror = () => source.readyState === EventSource.CLOSED && seen.push('closed');";
    let events = stage.api.url("/v1/events");
    stage.browser.eval(open, json!([events])).await?;
    for _ in 0..2 {
        // The API ends each stream after an event, and the page's browser connects anew.
        let more = "const before = seen.length; return before";
        let before = stage.browser.eval(more, json!([])).await?;
        let before = before.as_u64();
        stage.api.revoke_all();
        stage
            .browser
            .until("another event", async || {
                let now = stage.browser.eval("return seen.length", json!([])).await?;
                Ok((now.as_u64() > before).then_some(()))
            })
            .await?;
    }
    let seen = "source.close(); return [...new Set(seen)]";
    assert_eq!(stage.browser.eval(seen, json!([])).await?, json!(["ada"]));
    assert!(statuses(&stage).contains(&Some(401)));
    // Chromium does not tell a worker where an EventSource wants to go on; who reads events by `fetch` says it.
    let resumed = json!({"headers": {"Last-Event-ID": "6"}});
    let resumed = stage.browser.fetch(&events, resumed).await?;
    assert!(resumed.body.contains("id: 7"), "{resumed:?}");
    stage.close().await
}

#[tokio::test]
async fn what_is_sent_while_the_page_closes_arrives_with_its_token() -> Result<()> {
    let stage = signed_in("code").await?;
    let browser = &stage.browser;
    let page = browser.web().window().await?;
    for (refused, sent) in [(false, vec![Some(200)]), (true, vec![Some(401), Some(200)])] {
        if refused {
            stage.api.revoke_all();
        }
        let before = stage.api.log().len();
        let tab = browser.web().new_tab().await?;
        browser.web().switch_to_window(tab).await?;
        open_popup(browser).await?;
        let last = "
            addEventListener('pagehide', () =>
                fetch(args[0], { method: 'POST', body: 'last words', keepalive: true }));
            setTimeout(() => close());";
        browser
            .eval(last, json!([stage.api.url("/v1/last")]))
            .await?;
        browser.web().switch_to_window(page.clone()).await?;
        stage.api.wait_for_answers(before + sent.len()).await?;
        assert_eq!(statuses(&stage)[before..], sent);
        assert!(
            stage.api.log()[before..]
                .iter()
                .all(|call| call.body_len == 10)
        );
    }
    stage.close().await
}

#[tokio::test]
async fn a_no_cors_call_and_a_beacon_bear_the_token_and_take_it_to_no_other_origin() -> Result<()> {
    let stage = revoked().await?;
    let no_cors = json!({"mode": "no-cors"});
    assert_eq!(fetch(&stage, "/v1/me", no_cors.clone()).await?, 200);
    let post = json!({"mode": "no-cors", "method": "POST", "body": "text"});
    assert_eq!(fetch(&stage, "/v1/post", post).await?, 200);
    let beacon = "return navigator.sendBeacon(args[0], 'text')";
    let args = json!([stage.api.url("/v1/beacon")]);
    assert_eq!(stage.browser.eval(beacon, args).await?, true);
    stage.api.wait_for_answers(4).await?;
    assert_eq!(
        statuses(&stage),
        [Some(401), Some(200), Some(200), Some(200)]
    );
    let away = format!("https://localhost.evil.test:{}/v1/me", stage.api.port());
    fetch(&stage, &format!("/v1/redirect?to={away}"), no_cors).await?;
    let log = stage.api.log();
    let elsewhere: Vec<_> = log
        .iter()
        .filter(|call| call.host.contains("evil"))
        .collect();
    assert!(elsewhere.iter().all(|call| call.token.is_none()), "{log:?}");
    assert!(
        log.iter()
            .any(|call| call.path == "/v1/redirect" && call.token.is_some())
    );
    stage.close().await
}

/// The popup's own policy lets no picture in but the extension's own, and what the page made: so it is fetched.
#[tokio::test]
async fn a_picture_is_fetched_with_a_token_and_shown() -> Result<()> {
    let stage = revoked().await?;
    let show = "
        const picture = new Image();
        picture.src = URL.createObjectURL(await (await fetch(args[0])).blob());
        await picture.decode();
        return [picture.naturalWidth, picture.naturalHeight];";
    let args = json!([stage.api.url("/v1/picture")]);
    assert_eq!(stage.browser.eval(show, args).await?, json!([1, 1]));
    stage.close().await
}

#[tokio::test]
async fn a_picture_in_the_markup_bears_the_token_where_the_policy_names_the_api() -> Result<()> {
    let stage = signed_in("code").await?;
    let manifest = "return JSON.stringify(chrome.runtime.getManifest())";
    let manifest = stage.browser.eval(manifest, json!([])).await?;
    let mut manifest: Value = serde_json::from_str(manifest.as_str().unwrap_or_default())?;
    let policy = &mut manifest["content_security_policy"]["extension_pages"];
    let text = policy.as_str().unwrap_or_default();
    *policy = text
        .replace("img-src", "img-src https://localhost:*")
        .into();
    stage.add_file("manifest.json", manifest.to_string())?;
    let stage = stage.restart_browser().await?;
    open_popup(&stage.browser).await?;
    stage.api.revoke_all();
    let show = "
        const picture = new Image();
        picture.src = args[0];
        await picture.decode();
        return picture.naturalWidth;";
    let args = json!([stage.api.url("/v1/picture")]);
    assert_eq!(stage.browser.eval(show, args).await?, 1);
    stage.close().await
}

/// In pieces that are answered one by one there is progress, and each is sent again where it was refused.
#[tokio::test]
async fn an_upload_in_pieces_shows_its_progress_through_a_renewal() -> Result<()> {
    let stage = signed_in("code").await?;
    let whole = "
        return new Promise((resolve, reject) => {
            const request = new XMLHttpRequest();
            let told = 0;
            request.upload.onprogress = () => (told += 1);
            request.open('POST', args[0]);
            request.onload = () => resolve([request.status, told]);
            request.onerror = reject;
            request.send(new Uint8Array(5_000_000).fill(255));
        });";
    let args = json!([stage.api.url("/v1/up")]);
    let whole = stage.browser.eval(whole, args).await?;
    // Chromium hands the body to the worker, and tells the page nothing of how it goes on from there.
    assert_eq!(whole, json!([200, 0]));
    let piece = "
        const answer = await fetch(args[0], { method: 'PUT', body: new Uint8Array(1_000_000).fill(255) });
        return answer.ok ? 1_000_000 : 0;";
    let mut sent = 0;
    for number in 0..4 {
        if number == 2 {
            stage.api.revoke_all();
        }
        let url = stage.api.url(&format!("/v1/up/{number}"));
        let piece = stage.browser.eval(piece, json!([url])).await?;
        sent += piece.as_u64().unwrap_or_default();
    }
    assert_eq!(sent, 4_000_000);
    let log = stage.api.log();
    assert!(log[1..].iter().all(|call| call.body_len == 1_000_000));
    assert_eq!(log.len(), 6, "one piece was sent twice: {log:?}");
    stage.close().await
}

#[tokio::test]
async fn a_file_of_100_mb_passes_the_worker_without_filling_its_memory() -> Result<()> {
    const MIB: u64 = 1024 * 1024;
    let stage = signed_in("code").await?;
    let browser = &stage.browser;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("file");
    fs::write(&path, vec![255; usize::try_from(100 * MIB)?])?;
    let field = "
        const field = Object.assign(document.createElement('input'), { type: 'file', id: 'file' });
        document.body.append(field);";
    browser.eval(field, json!([])).await?;
    let field = browser.web().find(By::Id("file")).await?;
    field.send_keys(path.to_string_lossy()).await?;
    // The offscreen document of renewals stays open after the first, in the same process.
    stage.api.revoke_all();
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    let send = "
        const body = document.getElementById('file').files[0];
        return (await fetch(args[0], { method: 'POST', body })).status;";
    for (refused, expected) in [(false, 200), (true, 401), (false, 200)] {
        if refused {
            stage.api.revoke_all();
        }
        let calls = stage.api.log().len();
        browser.forget_memory_peak()?;
        let before = browser.memory_peak()?;
        let status = browser.eval(send, json!([stage.api.url("/v1/up")])).await?;
        assert_eq!(status, expected);
        let grown = browser.memory_peak()?.saturating_sub(before) / MIB;
        assert!(grown < 32, "the extension's process grew by {grown} MiB");
        // Too large to be sent twice; the renewal serves the next call.
        assert_eq!(stage.api.log().len(), calls + 1);
    }
    stage.close().await
}
