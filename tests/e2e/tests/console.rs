//! The popup's console as a person uses it, by the names of its controls.

use anyhow::{Context as _, Result};
use evertoken::message::{PageRequest, WorkerReply};
use evertoken_demo::browser::Browser;
use evertoken_demo::stage::Stage;
use evertoken_e2e::{ANSWER, PNG, POPUP, open_popup, signed_in, stage, statuses};
use serde_json::{Value, json};
use thirtyfour::Key;

/// What a token of the user's own looks like.
const OWN_TOKEN: &str = "Bearer of-my-own";

/// Before the page's own scripts: calls to one API get a token.
const SETTINGS: &str = r#"
    const { sendMessage } = chrome.runtime;
    chrome.runtime.sendMessage = async (message) => message === "apis"
        ? { apis: ["https://api.example/v1/"] }
        : sendMessage(message);"#;

/// Everything that the pages keep.
const KEPT: &str = "
    const all = [localStorage, await chrome.storage.session.get(null), await chrome.storage.local.get(null)];
    return JSON.stringify(all)";

async fn eval(stage: &Stage, body: &str, args: Value) -> Result<Value> {
    stage.browser.eval(body, args).await
}

/// The popup as it is after it was closed and opened again.
async fn reopen(browser: &Browser) -> Result<()> {
    browser.web().goto("about:blank").await?;
    open_popup(browser).await
}

async fn value_of(stage: &Stage, id: &str) -> Result<String> {
    let value = "return document.getElementById(args).value";
    let value = eval(stage, value, json!(id)).await?;
    Ok(value.as_str().context("no value")?.to_owned())
}

/// Calls the API's `path` and waits for the answer.
async fn call(stage: &Stage, path: &str) -> Result<()> {
    stage.browser.fill("URL", &stage.api.url(path)).await?;
    stage.browser.press("Send").await?;
    stage.browser.shows("Answered on the first try.").await
}

/// Shows the answer that [`ANSWER`] makes of `args`.
async fn show(stage: &Stage, args: Value) -> Result<()> {
    eval(stage, ANSWER, args).await?;
    stage.browser.fill("URL", "https://api.example/").await?;
    stage.browser.press("Send").await?;
    stage.browser.shows("sent without a token.").await
}

#[tokio::test]
async fn a_call_is_sent_and_cancelled_by_the_keyboard() -> Result<()> {
    let stage = signed_in("code").await?;
    stage.browser.fill("URL", &stage.api.url("/v1/me")).await?;
    stage.browser.control(Key::Enter).await?;
    stage.browser.shows("Answered on the first try.").await?;
    stage.api.hold();
    stage.browser.keys(Key::Enter + "").await?;
    stage.api.parked(1).await?;
    let focus =
        "document.getElementById('send').focus(); return document.activeElement.textContent";
    assert_eq!(eval(&stage, focus, json!([])).await?, "Cancel");
    stage.browser.keys(Key::Enter + "").await?;
    // The page has its own back at once; Chromium does not tell the worker (ADR 0004).
    stage.browser.shows("Cancelled").await?;
    let name = eval(
        &stage,
        "return document.activeElement.textContent",
        json!([]),
    )
    .await?;
    assert_eq!(name, "Send", "the focus stays on the button");
    stage.api.release();
    stage.browser.keys(Key::Enter + "").await?;
    stage.browser.shows("Answered on the first try.").await?;
    stage.close().await
}

#[tokio::test]
async fn requests_and_history_survive_the_popup() -> Result<()> {
    let stage = signed_in("code").await?;
    let browser = &stage.browser;
    browser.fill("Method", "POST").await?;
    browser.fill("Body", "{\"a\":1}").await?;
    call(&stage, "/v1/orders").await?;
    browser.press("Saved").await?;
    browser.fill("Name", "new order").await?;
    browser.press("Save").await?;
    browser.shows("Saved as “new order”.").await?;
    browser.fill("Method", "GET").await?;
    call(&stage, "/v1/me").await?;
    reopen(browser).await?;
    assert_eq!(value_of(&stage, "url").await?, stage.api.url("/v1/me"));
    browser.press("History").await?;
    let lines = "return [...document.querySelectorAll('#history button .name')].map((it) => it.textContent)";
    let lines = eval(&stage, lines, json!([])).await?;
    let [get, post] = ["GET", "POST"];
    let called = |method, path| [method, " ", &stage.api.url(path)].concat();
    assert_eq!(
        lines,
        json!([called(get, "/v1/me"), called(post, "/v1/orders")])
    );
    browser.shows("200 · ").await?;
    browser.press("Saved (1)").await?;
    let url = stage.api.url("/v1/orders");
    browser.press(&format!("new orderPOST {url}")).await?;
    assert_eq!(value_of(&stage, "method").await?, "POST");
    assert_eq!(value_of(&stage, "url").await?, url);
    assert_eq!(value_of(&stage, "body").await?, "{\"a\":1}");
    // The focus stands on "Send".
    stage.browser.keys(Key::Enter + "").await?;
    stage.api.wait_for_answers(3).await?;
    assert_eq!(statuses(&stage), [Some(200); 3]);
    browser.press("Saved (1)").await?;
    browser.press("Delete “new order”").await?;
    browser.press("History").await?;
    browser.press("Clear history").await?;
    browser.shows("Nothing sent yet.").await?;
    reopen(browser).await?;
    browser.press("Saved").await?;
    browser.shows("No requests saved yet.").await?;
    stage.close().await
}

#[tokio::test]
async fn an_answer_goes_with_the_session_whoever_ends_it() -> Result<()> {
    let stage = signed_in("code").await?;
    let browser = &stage.browser;
    call(&stage, "/v1/me").await?;
    reopen(browser).await?;
    browser.shows("Answered on the first try.").await?;
    let _: WorkerReply = browser.worker_message(PageRequest::SignOut).await?;
    browser.shows("The answer appears here.").await?;
    reopen(browser).await?;
    browser.shows("The answer appears here.").await?;
    stage.close().await
}

#[tokio::test]
async fn the_answer_survives_the_popup_and_ends_with_the_session() -> Result<()> {
    let stage = signed_in("code").await?;
    let browser = &stage.browser;
    browser.emulate_size(400, 600).await?;
    browser.press("Console").await?;
    call(&stage, "/v1/me").await?;
    stage.api.revoke_all();
    browser.press("Send").await?;
    browser.shows("Token renewed, call sent again.").await?;
    let shown = "return document.getElementById('answer-card').innerText";
    let before = eval(&stage, shown, json!([])).await?;
    let text = before.as_str().context("no text")?;
    for part in [
        "200",
        "On the way ",
        "First try ",
        "Renewal ",
        "Resend ",
        "\"sub\"",
        "Response headers (",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    reopen(browser).await?;
    browser.shows("Token renewed, call sent again.").await?;
    assert_eq!(eval(&stage, shown, json!([])).await?, before);
    browser.press("Session").await?;
    browser.press("Sign out").await?;
    browser.shows("Signed out").await?;
    browser.press("Console").await?;
    browser.shows("The answer appears here.").await?;
    reopen(browser).await?;
    browser.shows("The answer appears here.").await?;
    stage.close().await
}

#[tokio::test]
async fn a_call_whose_popup_closed_is_told_of_in_the_history() -> Result<()> {
    let stage = signed_in("code").await?;
    stage.api.hold();
    stage.browser.fill("URL", &stage.api.url("/v1/me")).await?;
    stage.browser.press("Send").await?;
    stage.api.parked(1).await?;
    stage.browser.web().goto("about:blank").await?;
    stage.api.release();
    open_popup(&stage.browser).await?;
    stage.browser.press("History").await?;
    let lost = "The popup closed before the answer came, so its body is lost.";
    stage.browser.shows(lost).await?;
    stage.close().await
}

#[tokio::test]
async fn the_value_of_an_authorization_header_is_sent_and_never_kept() -> Result<()> {
    let stage = stage(json!({})).await?;
    let browser = &stage.browser;
    let url = format!("https://localhost:{}/open/x", stage.api.port());
    browser.fill("URL", &url).await?;
    browser.press("Headers").await?;
    browser.press("Add header").await?;
    browser.fill("Header name", "Authorization").await?;
    browser.fill("Header value", OWN_TOKEN).await?;
    browser
        .shows("Evertoken adds no token beside your own")
        .await?;
    browser.press("Send").await?;
    browser
        .shows("Sent with your own Authorization header")
        .await?;
    assert!(stage.api.log()[0].scheme.is_some(), "it was sent");
    browser.press("Saved").await?;
    browser.press("Save").await?;
    browser.shows("Saved as").await?;
    let kept = eval(&stage, KEPT, json!([])).await?;
    let kept = kept.as_str().context("no text")?;
    assert!(
        kept.contains("Authorization") && kept.contains(&url),
        "{kept}"
    );
    assert!(!kept.contains("of-my-own"), "{kept}");
    reopen(browser).await?;
    browser
        .shows("The value of Authorization is never kept")
        .await?;
    browser.press("Headers (1)").await?;
    assert_eq!(value_of(&stage, "header-value-0").await?, "");
    browser.press("Remove header 1").await?;
    browser.press("Send").await?;
    browser.shows("\"authorization_present\"false").await?;
    stage.close().await
}

#[tokio::test]
async fn what_cannot_be_sent_is_told_before_it_is() -> Result<()> {
    let stage = stage(json!({})).await?;
    let browser = &stage.browser;
    let scheme = "Start the URL with https://";
    for (url, words) in [
        ("", "Enter a URL to call."),
        ("api.example/v1", scheme),
        ("localhost:8443/v1", scheme),
        ("ftp://api.example/", scheme),
        ("https://", "The URL is not valid."),
        (
            "https://me@api.example/",
            "Take the user name out of the URL.",
        ),
    ] {
        browser.fill("URL", url).await?;
        browser.press("Send").await?;
        browser.shows(words).await?;
    }
    browser.fill("URL", "https://api.example/").await?;
    browser.press("Headers").await?;
    browser.press("Add header").await?;
    for (name, value, words) in [
        ("", "1", "Give the header a name."),
        ("X One", "1", "“X One” cannot be the name of a header."),
        (
            "X-One",
            "日本",
            "The value of X-One has a letter that no header can carry.",
        ),
    ] {
        browser.fill("Header name", name).await?;
        browser.fill("Header value", value).await?;
        browser.press("Send").await?;
        browser.shows(words).await?;
    }
    // Sent all the same, without it.
    browser.fill("Header value", "1").await?;
    for name in ["Cookie", "host", "Sec-Fetch-Mode", "Proxy-Authorization"] {
        browser.fill("Header name", name).await?;
        let words = format!("The browser does not let a page send the header {name}.");
        browser.shows(&words).await?;
    }
    stage.close().await
}

#[tokio::test]
async fn json_is_a_tree_that_opens_as_far_as_it_is_looked_at() -> Result<()> {
    let stage = stage(json!({})).await?;
    let browser = &stage.browser;
    let small = r#"{"b":12345678901234567890,"a":{"text":"<b>ü</b>"},"empty":[]}"#;
    show(&stage, json!({ "type": "application/json", "text": small })).await?;
    // Brackets and colons are drawn by the style sheet.
    let tree = "return document.getElementById('answer').innerText";
    let lines = eval(&stage, tree, json!([])).await?;
    let lines = lines.as_str().context("no text")?;
    let lines: Vec<&str> = lines
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(
        lines,
        [
            "3 members",
            "\"b\"12345678901234567890",
            "\"a\"1 member",
            "\"text\"\"<b>ü</b>\"",
            "\"empty\"[]"
        ]
    );
    browser.press("Raw").await?;
    assert_eq!(eval(&stage, tree, json!([])).await?, small);
    browser.press("Raw").await?;
    let item = r#"{"id":7,"tags":["a","b"],"name":"one of very many"}"#;
    let large = format!("[{}{item}]", [item, ","].concat().repeat(19_999));
    assert!(large.len() > 1_000_000);
    show(&stage, json!({ "type": "application/json", "text": large })).await?;
    browser.shows("19900 – 19999").await?;
    let count = "return document.querySelectorAll('#answer *').length";
    let drawn = eval(&stage, count, json!([]))
        .await?
        .as_u64()
        .context("no count")?;
    assert!(drawn < 2_000, "{drawn} elements");
    let open = "
        document.querySelector('#answer > details > .members > details:last-child > summary').click();
        await new Promise((resolve) => setTimeout(resolve));
        return document.querySelectorAll('#answer > details > .members > details:last-child > .members > details').length";
    assert_eq!(eval(&stage, open, json!([])).await?, 100);
    stage.close().await
}

#[tokio::test]
async fn pictures_are_shown_and_other_bytes_named() -> Result<()> {
    let stage = stage(json!({})).await?;
    let width = "
        const image = document.querySelector('#answer img');
        await image?.decode();
        return image?.naturalWidth ?? null";
    show(&stage, json!({ "type": "image/png", "base64": PNG })).await?;
    assert_eq!(eval(&stage, width, json!([])).await?, 1);
    reopen(&stage.browser).await?;
    stage.browser.shows("sent without a token.").await?;
    assert_eq!(eval(&stage, width, json!([])).await?, 1);
    show(
        &stage,
        json!({ "type": "application/pdf", "text": "%PDF\u{0}" }),
    )
    .await?;
    let words = "The body is 5 B of application/pdf, which is not text.";
    stage.browser.shows(words).await?;
    assert_eq!(eval(&stage, width, json!([])).await?, Value::Null);
    stage.close().await
}

#[tokio::test]
async fn a_long_text_is_shown_part_by_part() -> Result<()> {
    let stage = stage(json!({})).await?;
    let long = "ü".repeat(75_000);
    show(&stage, json!({ "type": "text/plain", "text": long })).await?;
    let shown = "return document.querySelector('#answer pre').textContent.length";
    assert_eq!(eval(&stage, shown, json!([])).await?, 50_000);
    stage.browser.press("Show more").await?;
    assert_eq!(eval(&stage, shown, json!([])).await?, 75_000);
    assert!(!stage.browser.can_press("Show more").await?);
    stage.close().await
}

#[tokio::test]
async fn the_allow_list_completes_urls_and_tells_which_get_no_token() -> Result<()> {
    let stage = stage(json!({})).await?;
    let browser = &stage.browser;
    let cdp = browser.web().cdp();
    cdp.send_raw("Page.enable", json!({})).await?;
    let script = json!({ "source": SETTINGS });
    cdp.send_raw("Page.addScriptToEvaluateOnNewDocument", script)
        .await?;
    eval(&stage, "localStorage.clear()", json!([])).await?;
    browser.open(POPUP).await?;
    browser
        .until("the first API's URL", async || {
            let url = value_of(&stage, "url").await?;
            Ok((url == "https://api.example/v1/").then_some(()))
        })
        .await?;
    let offered = "return [...document.getElementById('url').list.options].map((it) => it.value)";
    let offered = eval(&stage, offered, json!([])).await?;
    assert_eq!(offered, json!(["https://api.example/v1/"]));
    browser.fill("URL", "https://api.example/v2/me").await?;
    let note = "Not on the allow-list: goes out without a token.";
    browser.shows(note).await?;
    browser.fill("URL", "https://api.example/v1/me").await?;
    assert!(!browser.text().await?.contains(note));
    stage.close().await
}

#[tokio::test]
async fn a_request_is_copied_without_any_token() -> Result<()> {
    let stage = signed_in("code").await?;
    let browser = &stage.browser;
    browser.fill("Method", "POST").await?;
    browser.fill("Body", "{\"it's\":1}").await?;
    browser.press("Headers").await?;
    browser.press("Add header").await?;
    browser.fill("Header name", "Authorization").await?;
    browser.fill("Header value", OWN_TOKEN).await?;
    browser.fill("URL", &stage.api.url("/v1/me")).await?;
    let listen = "
        globalThis.copied = [];
        navigator.clipboard.writeText = async (text) => void copied.push(text);";
    eval(&stage, listen, json!([])).await?;
    browser.press("Copy").await?;
    browser.press("Copy as curl").await?;
    browser.press("Copy as fetch").await?;
    browser.shows("Copied.").await?;
    let copied = eval(&stage, "return copied", json!([])).await?;
    let url = stage.api.url("/v1/me");
    let curl = format!(
        "curl --globoff '{url}' \\\n  -X 'POST' \\\n  -H 'content-type: application/json' \\\n  --data-raw '{{\"it'\\''s\":1}}'"
    );
    assert_eq!(copied[0], curl);
    let fetch = format!(
        "await fetch(\"{url}\", {{\n  method: \"POST\",\n  headers: [[\"content-type\", \"application/json\"]],\n  body: \"{{\\\"it's\\\":1}}\",\n}});"
    );
    assert_eq!(copied[1], fetch);
    stage.close().await
}
