//! Invariant 1: nothing that is a token, or looks like one, stands where a page or a log can hold it.

use anyhow::{Context as _, Result};
use evertoken::message::PageRequest;
use evertoken_demo::stage::Stage;
use evertoken_e2e::{POPUP, get, session_record, sign_in, signed_in_with, stage, with};
use serde_json::{Value, json};

/// Keeps every message that any context of the extension sends to pages.
const LISTEN: &str = "
    globalThis.heard = [];
    chrome.runtime.onMessage.addListener((message) => { heard.push(JSON.stringify(message)); });";

/// Everything of the page that could hold a text.
const COLLECT: &str = "
    return [
        document.documentElement.outerHTML,
        location.href,
        JSON.stringify(localStorage),
        JSON.stringify(sessionStorage),
        JSON.stringify(await chrome.storage.local.get(null)),
        document.cookie,
        ...heard,
        ...performance.getEntries().map((entry) => entry.name),
        ...(await Promise.all((await chrome.runtime.getContexts({})).map((one) => JSON.stringify(one)))),
    ].join('\\n');";

/// The tokens themselves, from where they are kept.
async fn tokens(stage: &Stage) -> Result<Vec<String>> {
    let record = session_record(&stage.browser).await?;
    let token = |name: &str| {
        record["state"]["tokens"][name]["value"]
            .as_str()
            .map(str::to_owned)
    };
    let mut found: Vec<String> = ["id_token", "access_token"]
        .into_iter()
        .filter_map(token)
        .collect();
    assert_eq!(
        found.len(),
        2,
        "the record has another shape than this test knows"
    );
    let refresh_token = record["state"]["refresh_token"].as_str();
    found.extend(refresh_token.map(str::to_owned));
    Ok(found)
}

/// The first of what must not stand there: a known token, or anything shaped like a JWT.
fn leak<'a>(text: &'a str, tokens: &'a [String]) -> Option<&'a str> {
    let known = tokens
        .iter()
        .find(|token| text.contains(token.as_str()))
        .map(String::as_str);
    known.or_else(|| {
        let jwt = |word: &&str| word.len() > 20 && word.starts_with("eyJ");
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
            .find(jwt)
    })
}

/// `count` tokens are held after a sign-in.
async fn leaves_no_token(provider: Value, count: usize) -> Result<()> {
    let stage = stage(json!({"provider": provider})).await?;
    stage.browser.eval(LISTEN, json!([])).await?;
    sign_in(&stage).await?;
    let mut known = tokens(&stage).await?;
    // An answer of the API goes to the page whole, so it must be one without a token in it.
    get(&stage, "/v1/me").await?;
    stage.api.revoke_all();
    get(&stage, "/v1/me").await?;
    known.extend(tokens(&stage).await?);
    assert!(
        known.len() == 2 * count && known[0] != known[count],
        "the renewal brought new tokens"
    );
    let mut text = stage
        .browser
        .eval(COLLECT, json!([]))
        .await?
        .as_str()
        .unwrap_or_default()
        .to_owned();
    for request in [PageRequest::View, PageRequest::Activity { after: 0 }] {
        let reply: Value = stage.browser.worker_message(request).await?;
        text.push_str(&reply.to_string());
    }
    text.push_str(&stage.browser.console_log().await?.join("\n"));
    assert!(text.contains("view_changed"), "messages were heard");
    assert_eq!(leak(&text, &known), None);
    stage.close().await
}

#[tokio::test]
async fn the_code_flow_leaves_no_token_in_page_console_or_message() -> Result<()> {
    leaves_no_token(json!({"renewal": ["offscreen"]}), 2).await
}

#[tokio::test]
async fn a_refresh_leaves_no_token_in_page_console_or_message() -> Result<()> {
    let scope = "openid profile offline_access";
    leaves_no_token(json!({"scope": scope, "renewal": ["refresh_token"]}), 3).await
}

#[tokio::test]
async fn a_posted_answer_leaves_no_token_in_page_console_or_message() -> Result<()> {
    let posted =
        json!({"flow": "implicit", "response_mode": "web_message", "renewal": ["offscreen"]});
    leaves_no_token(posted, 2).await
}

#[tokio::test]
async fn the_implicit_flow_leaves_no_token_in_page_console_or_message() -> Result<()> {
    leaves_no_token(json!({"flow": "implicit", "renewal": ["offscreen"]}), 2).await
}

#[test]
fn what_looks_like_a_token_is_found() {
    let known = ["opaque-token".to_owned()];
    assert_eq!(leak("a opaque-token b", &known), Some("opaque-token"));
    assert!(leak("x=eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2ln", &known).is_some());
    assert_eq!(leak("nothing here: eyJ", &known), None);
}

#[tokio::test]
async fn a_foreign_page_gets_nothing_out_of_the_callback_page() -> Result<()> {
    let stage = signed_in_with(with(json!({}))).await?;
    let id = stage
        .browser
        .eval("return chrome.runtime.id", json!([]))
        .await?;
    let id = id.as_str().context("no id")?.to_owned();
    // Any page of a web origin; the API serves one.
    stage
        .browser
        .web()
        .goto(&stage.api.url("/open/page"))
        .await?;
    stage
        .browser
        .until("the foreign page", async || {
            let there = stage
                .browser
                .eval("return location.pathname", json!([]))
                .await?;
            Ok((there == "/open/page").then_some(()))
        })
        .await?;
    let probe = "
        const heard = [];
        addEventListener('message', (event) => heard.push(String(event.origin)));
        const callback = `chrome-extension://${args[0]}/offscreen/callback.html`;
        const frames = [`${callback}?code=a&state=b`, `https://${args[0]}.chromiumapp.org/?code=a&state=b`];
        const loads = frames.map((url) => new Promise((done) => {
            const frame = document.createElement('iframe');
            frame.onload = frame.onerror = done;
            frame.src = url;
            document.body.append(frame);
        }));
        await Promise.all(loads);
        const files = ['manifest.json', 'settings.js', 'offscreen/offscreen.html', 'offscreen/callback.html'];
        const read = await Promise.all(files.map((file) =>
            fetch(`chrome-extension://${args[0]}/${file}`).then(() => file, () => null)));
        return { heard, read: read.filter(Boolean), runtime: typeof globalThis.chrome?.runtime?.sendMessage };";
    let seen = stage.browser.eval(probe, json!([id])).await?;
    assert_eq!(
        seen,
        json!({"heard": [], "read": [], "runtime": "undefined"})
    );
    stage.browser.open(POPUP).await?;
    stage.close().await
}
