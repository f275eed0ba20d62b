//! Which calls get a token, and what of a call stays the page's own.

use anyhow::Result;
use evertoken::message::SessionState;
use evertoken_e2e::{get, signed_in, signed_in_with, stage, statuses, until_state, with};
use serde_json::json;

#[tokio::test]
async fn look_alike_addresses_get_no_token() -> Result<()> {
    let stage = signed_in("code").await?;
    let port = stage.api.port();
    for url in [
        format!("https://localhost.evil.test:{port}/v1/me"),
        "https://evil.test/v1/me".to_owned(),
        format!("https://localhost:{port}/v1ary"),
        format!("https://localhost:{port}/v1/../admin"),
        format!("https://localhost:{port}/v1/%2e%2e/admin"),
        format!("https://localhost:{port}/v1/%2e%2e%2fadmin"),
        format!("https://127.0.0.1:{port}/v1/me"),
        format!("https://localhost:{port}/?https://localhost:{port}/v1/"),
        // Chromium refuses a URL with credentials in `fetch`; what it would reach is evil.test.
        format!("https://localhost:{port}@evil.test/v1/me"),
    ] {
        stage
            .browser
            .fetch(&url, json!({"mode": "no-cors"}))
            .await?;
    }
    let log = stage.api.log();
    assert!(log.len() >= 7, "most of them did reach a server: {log:?}");
    assert!(log.iter().all(|call| call.token.is_none()), "{log:?}");
    assert_eq!(stage.provider.silent_authorizations(), 0);
    stage.close().await
}

#[tokio::test]
async fn nobody_signed_in_means_no_token_and_the_apis_own_401() -> Result<()> {
    let stage = stage(json!({})).await?;
    let answer = get(&stage, "/v1/me").await?;
    assert_eq!(answer.status, Some(401));
    assert!(stage.api.log()[0].token.is_none());
    assert_eq!(stage.provider.log().len(), 0);
    stage.close().await
}

#[tokio::test]
async fn a_callers_own_authorization_is_left_alone() -> Result<()> {
    let stage = signed_in("code").await?;
    let init = json!({"headers": {"Authorization": "Bearer mine"}});
    let answer = stage.browser.fetch(&stage.api.url("/v1/me"), init).await?;
    assert_eq!(answer.status, Some(401));
    assert_eq!(statuses(&stage), [Some(401)]);
    assert_eq!(stage.provider.silent_authorizations(), 0);
    stage.close().await
}

/// Posts a body of each kind and size with a token that was revoked, and expects it to arrive whole.
#[tokio::test]
async fn a_body_is_sent_again_whole() -> Result<()> {
    let stage = signed_in("code").await?;
    let post = "
        const [url, kind] = args;
        const body = {
            text: () => 'hello',
            json: () => JSON.stringify({ a: 'ü' }),
            blob: () => new Blob([new Uint8Array(1_000_000)]),
            bytes: () => new Uint8Array(10_000_000),
            form: () => { const form = new FormData(); form.append('f', new Blob(['x']), 'x'); return form; },
        }[kind]();
        const answer = await fetch(url, { method: 'PUT', body, headers: { 'X-Own': '1' } });
        return { status: answer.status };";
    for kind in ["text", "json", "blob", "bytes", "form"] {
        stage.api.revoke_all();
        let before = stage.api.log().len();
        let answer = stage
            .browser
            .eval(post, json!([stage.api.url("/v1/put"), kind]))
            .await?;
        assert_eq!(answer["status"], 200, "{kind}");
        let log = stage.api.log();
        let calls = &log[before..];
        assert_eq!(calls.len(), 2, "{kind}: {calls:?}");
        assert_eq!(calls[0].body_len, calls[1].body_len, "{kind}");
        assert!(calls[1].body_len > 0, "{kind}");
        assert_eq!(calls[1].method, "PUT");
    }
    stage.close().await
}

#[tokio::test]
async fn a_stream_and_a_body_over_sixteen_mebibytes_are_sent_once() -> Result<()> {
    let stage = signed_in("code").await?;
    let post = "
        const [url, kind] = args;
        const body = kind === 'stream'
            ? new ReadableStream({ start(to) { to.enqueue(new Uint8Array(1000)); to.close(); } })
            : new Uint8Array(16 * 1024 * 1024 + 1);
        const answer = await fetch(url, { method: 'POST', body, duplex: 'half' });
        return answer.status;";
    for (round, kind) in ["stream", "large"].into_iter().enumerate() {
        stage.api.revoke_all();
        let before = stage.api.log().len();
        let status = stage
            .browser
            .eval(post, json!([stage.api.url("/v1/up"), kind]))
            .await?;
        assert_eq!(status, 401, "{kind}");
        assert_eq!(stage.api.log().len(), before + 1, "{kind}");
        // The renewal that it started serves the next call.
        let next = stage
            .browser
            .eval(post, json!([stage.api.url("/v1/up"), kind]))
            .await?;
        assert_eq!(next, 200, "{kind}");
        assert_eq!(stage.provider.silent_authorizations(), round + 1, "{kind}");
    }
    stage.close().await
}

#[tokio::test]
async fn xml_http_request_survives_a_revoked_token() -> Result<()> {
    let stage = signed_in("code").await?;
    stage.api.revoke_all();
    let xhr = "
        return new Promise((resolve, reject) => {
            const request = new XMLHttpRequest();
            request.open('POST', args[0]);
            request.onload = () => resolve([request.status, JSON.parse(request.responseText).body]);
            request.onerror = reject;
            request.send('abc');
        });";
    let answer = stage
        .browser
        .eval(xhr, json!([stage.api.url("/v1/xhr")]))
        .await?;
    assert_eq!(answer, json!([200, "abc"]));
    assert_eq!(statuses(&stage), [Some(401), Some(200)]);
    stage.close().await
}

#[tokio::test]
async fn a_caller_that_aborts_gets_its_abort_error_and_the_others_their_answers() -> Result<()> {
    let stage = signed_in("code").await?;
    stage.api.revoke_all();
    stage.provider.hold();
    let start = "
        globalThis.controller = new AbortController();
        globalThis.gone = fetch(args[0], { signal: controller.signal }).catch((error) => error.name);
        globalThis.patient = fetch(args[0]).then((answer) => answer.status);";
    stage
        .browser
        .eval(start, json!([stage.api.url("/v1/me")]))
        .await?;
    stage.provider.parked(1).await?;
    let gone = stage
        .browser
        .eval("controller.abort(); return gone", json!([]))
        .await?;
    assert_eq!(gone, "AbortError");
    stage.provider.release();
    assert_eq!(stage.browser.eval("return patient", json!([])).await?, 200);
    assert_eq!(stage.provider.silent_authorizations(), 1);
    stage.close().await
}

#[tokio::test]
async fn a_token_never_crosses_to_another_origin_and_a_401_there_renews_nothing() -> Result<()> {
    let stage = signed_in("code").await?;
    let port = stage.api.port();
    let away = format!("https://localhost.evil.test:{port}/v1/me");
    let path = format!("/v1/redirect?to={away}");
    get(&stage, &path).await?;
    let log = stage.api.log();
    assert!(log[0].token.is_some(), "{log:?}");
    let elsewhere = log.iter().filter(|call| call.host.contains("evil"));
    assert!(
        elsewhere.clone().all(|call| call.token.is_none()),
        "{log:?}"
    );
    assert_eq!(stage.provider.silent_authorizations(), 0);
    stage.close().await
}

#[tokio::test]
async fn a_missing_scope_and_a_rejected_fresh_token_are_handed_over() -> Result<()> {
    let stage = signed_in("code").await?;
    assert_eq!(get(&stage, "/v1/forbidden").await?.status, Some(403));
    assert_eq!(stage.provider.silent_authorizations(), 0);
    assert_eq!(get(&stage, "/v1/always-401").await?.status, Some(401));
    assert_eq!(statuses(&stage), [Some(403), Some(401), Some(401)]);
    assert_eq!(stage.provider.silent_authorizations(), 1);
    assert_eq!(get(&stage, "/v1/always-401").await?.status, Some(401));
    assert_eq!(stage.provider.silent_authorizations(), 1, "no loop");
    stage.close().await
}

#[tokio::test]
async fn a_token_that_has_expired_is_renewed_whatever_the_api_calls_that() -> Result<()> {
    let expired_when = json!({
        "json": {"errors[*].extensions.code": "UNAUTHENTICATED"},
        "headers": {"grpc-status": "16"},
    });
    let stage = signed_in_with(with(json!({
        "apis": [{"url": "{api}/v1/", "expired_when": expired_when}],
        "provider": {"renewal": ["offscreen"]},
    })))
    .await?;
    for (renewals, path) in [
        "/v1/expired-419",
        "/v1/expired-graphql",
        "/v1/expired-grpc-web",
    ]
    .into_iter()
    .enumerate()
    {
        stage.api.revoke_all();
        let answer = get(&stage, path).await?;
        assert_eq!(answer.status, Some(200), "{path}");
        assert_eq!(answer.json()["authorization_present"], true, "{path}");
        assert_eq!(
            stage.provider.silent_authorizations(),
            renewals + 1,
            "{path}"
        );
    }
    let sent = [
        Some(419),
        Some(200),
        Some(200),
        Some(200),
        Some(200),
        Some(200),
    ];
    assert_eq!(statuses(&stage), sent);
    stage.close().await
}

#[tokio::test]
async fn a_call_of_ada_that_is_refused_is_not_sent_again_as_bob() -> Result<()> {
    let stage = signed_in("code").await?;
    let browser = &stage.browser;
    stage.api.revoke_all();
    stage.api.hold();
    let post = "globalThis.hers = fetch(args[0], { method: 'POST', body: 'ada' }).then((answer) => answer.status);";
    let url = stage.api.url("/v1/orders");
    browser.eval(post, json!([url])).await?;
    stage.api.parked(1).await?;
    browser.press("Sign out").await?;
    until_state(browser, SessionState::SignedOut).await?;
    stage.provider.end_sessions();
    browser.press("Sign in").await?;
    browser.sign_in_at_provider_as("bob").await?;
    until_state(browser, SessionState::SignedIn).await?;
    stage.api.release();
    assert_eq!(browser.eval("return await hers", json!([])).await?, 401);
    assert_eq!(statuses(&stage), [Some(401)]);
    assert_eq!(get(&stage, "/v1/me").await?.json()["sub"], "bob");
    stage.close().await
}
