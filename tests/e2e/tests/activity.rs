//! The popup's activity: what the worker did, as a person reads it and takes it along.

use anyhow::{Context as _, Result, ensure};
use evertoken_demo::browser::Browser;
use evertoken_demo::stage::Stage;
use evertoken_e2e::{get, session_record, signed_in};
use serde_json::{Value, json};

/// Title, outcome and bar of every row that is shown, newest first.
const ROWS: &str = "
    const rows = [...document.querySelectorAll('#activity-rows > li')].filter((row) => row.checkVisibility());
    return rows.map((row) => [
        row.querySelector('.title').textContent,
        row.querySelector('.outcome').textContent,
        [...row.querySelectorAll('.bar > span')].map((part) => part.className).join(' '),
    ]);";

async fn rows(browser: &Browser) -> Result<Value> {
    browser.eval(ROWS, json!([])).await
}

/// Waits until the rows have these titles and outcomes. Their bars are left out: whether a call waited for a whole
/// millisecond before it was sent is up to the machine.
async fn until_rows(browser: &Browser, expected: &[(&str, &str)]) -> Result<()> {
    browser
        .until("the rows", async || {
            let shown = rows(browser).await?;
            let read = shown.as_array().context("no rows")?.iter();
            let read: Vec<_> = read.map(|row| (row[0].as_str(), row[1].as_str())).collect();
            let expected: Vec<_> = expected
                .iter()
                .map(|row| (Some(row.0), Some(row.1)))
                .collect();
            ensure!(read == expected, "the rows are {shown:#}");
            Ok(Some(()))
        })
        .await
}

/// Ada is signed in, has made a call, another on a revoked token and one for which the token lacks a scope; the popup
/// shows what happened.
async fn after_three_calls() -> Result<Stage> {
    let stage = signed_in("code").await?;
    stage.browser.emulate_size(400, 600).await?;
    stage.browser.press("Activity").await?;
    get(&stage, "/v1/me?secret=in-the-query").await?;
    stage.api.revoke_all();
    get(&stage, "/v1/me").await?;
    get(&stage, "/v1/forbidden").await?;
    Ok(stage)
}

/// The row of the call on the revoked token, when all four are there.
async fn mended(browser: &Browser) -> Result<Vec<Value>> {
    let shown = browser
        .until("the row of the call", async || {
            let shown = rows(browser).await?;
            let shown = shown.as_array().context("no rows")?.clone();
            let is_whole = |row: &&Value| row[2].as_str().is_some_and(|bar| bar.contains("renew"));
            Ok((shown.len() == 4).then(|| shown.iter().filter(is_whole).cloned().collect()))
        })
        .await?;
    Ok(shown)
}

#[tokio::test]
async fn a_call_on_a_revoked_token_is_one_row_with_its_401_renewal_and_resend() -> Result<()> {
    let stage = after_three_calls().await?;
    let browser = &stage.browser;
    let mended: Vec<Value> = mended(browser).await?;
    assert_eq!(mended.len(), 1, "{mended:?}");
    assert_eq!(
        (&mended[0][0], &mended[0][1]),
        (&json!("GET /v1/me"), &json!("200"))
    );
    let bar = mended[0][2].as_str().context("no bar")?;
    assert!(bar.ends_with("first renewal resend"), "{bar}");
    browser.shows("Token renewed, sent again").await?;
    let open = "
        const row = [...document.querySelectorAll('#activity-rows > li')].find((row) => row.querySelector('.renewal'));
        row.querySelector('summary').focus();
        row.querySelector('summary').click();
        return null;";
    browser.eval(open, json!([])).await?;
    browser.shows("First try, refused with 401").await?;
    browser.shows("Hidden frame, ").await?;

    // What happens meanwhile moves neither what is open nor the keyboard.
    get(&stage, "/v1/next").await?;
    browser.shows("GET /v1/next").await?;
    let kept = "return [document.querySelectorAll('details[open] dl').length, document.activeElement.parentElement.open]";
    assert_eq!(browser.eval(kept, json!([])).await?, json!([1, true]));
    stage.close().await
}

#[tokio::test]
async fn rows_are_filtered_by_text_and_by_kind() -> Result<()> {
    let stage = after_three_calls().await?;
    let browser = &stage.browser;
    mended(browser).await?;
    let titles = async || -> Result<Value> {
        let shown = rows(browser).await?;
        let shown = shown.as_array().context("no rows")?;
        Ok(shown.iter().map(|row| row[0].clone()).collect())
    };
    browser.fill("Filter", "FORBID").await?;
    assert_eq!(titles().await?, json!(["GET /v1/forbidden"]));
    browser.shows("1 entry").await?;
    browser.fill("Filter", "no such thing").await?;
    browser.shows("Nothing fits this filter.").await?;
    browser.fill("Filter", "").await?;
    assert_eq!(titles().await?.as_array().map(Vec::len), Some(4));
    browser.fill("Show", "2").await?;
    assert_eq!(titles().await?, json!(["GET /v1/me"]));
    browser.fill("Show", "1").await?;
    assert_eq!(titles().await?, json!(["GET /v1/forbidden"]));
    stage.close().await
}

#[tokio::test]
async fn the_file_holds_what_happened_and_no_token_and_no_query() -> Result<()> {
    let stage = after_three_calls().await?;
    let browser = &stage.browser;
    mended(browser).await?;
    let listen = "
        const make = URL.createObjectURL;
        URL.createObjectURL = (blob) => { globalThis.saved = blob; return make(blob); };
        HTMLAnchorElement.prototype.click = function () { globalThis.link = [this.download, this.href]; };
        return null;";
    browser.eval(listen, json!([])).await?;
    browser.press("Export").await?;
    let link = browser.eval("return globalThis.link", json!([])).await?;
    assert_eq!(link[0], "evertoken-activity.json");
    assert!(link[1].as_str().is_some_and(|url| url.starts_with("blob:")));
    let file = browser
        .eval("return await globalThis.saved.text()", json!([]))
        .await?;
    let file = file.as_str().context("no file")?;
    let activity: Value = serde_json::from_str(file)?;
    let entries = activity["entries"].as_array().context("no entries")?;
    // An event without members is its name alone.
    let kinds = entries.iter().map(|entry| match &entry["event"] {
        Value::Object(event) => event.keys().next().map_or("", String::as_str),
        event => event.as_str().unwrap_or_default(),
    });
    let kinds: Vec<_> = kinds.collect();
    assert_eq!(
        kinds,
        [
            "signed_in",
            "called",
            "unauthorized",
            "renewed",
            "resent",
            "called",
            "called"
        ]
    );
    for token in issued(browser).await? {
        assert!(!file.contains(&token), "a token stands in the file");
    }
    for left_out in ["eyJ", "in-the-query", "?", "Ada", "ada@"] {
        assert!(!file.contains(left_out), "{left_out} stands in {file}");
    }
    assert!(
        file.contains("no query strings"),
        "it says what is left out"
    );
    stage.close().await
}

/// The tokens that the provider issued last.
async fn issued(browser: &Browser) -> Result<Vec<String>> {
    let record = session_record(browser).await?;
    let tokens = ["id_token", "access_token"].map(|name| {
        record["state"]["tokens"][name]["value"]
            .as_str()
            .map(str::to_owned)
    });
    let tokens: Vec<_> = tokens.into_iter().flatten().collect();
    ensure!(
        tokens.len() == 2,
        "the record has another shape than this test knows"
    );
    Ok(tokens)
}

#[tokio::test]
async fn a_worker_that_is_started_anew_takes_nothing_from_the_view() -> Result<()> {
    let stage = signed_in("code").await?;
    let browser = &stage.browser;
    browser.emulate_size(400, 600).await?;
    browser.press("Activity").await?;
    let signed_in = ("Signed in", "");
    until_rows(browser, &[signed_in]).await?;
    browser.stop_workers().await?;
    get(&stage, "/v1/me").await?;
    until_rows(browser, &[("GET /v1/me", "200"), signed_in]).await?;
    stage.close().await
}

#[tokio::test]
async fn the_last_call_stands_with_the_session_and_leads_to_the_activity() -> Result<()> {
    let stage = signed_in("code").await?;
    let browser = &stage.browser;
    get(&stage, "/v1/me").await?;
    // The popup that people open afterwards.
    evertoken_e2e::open_popup(browser).await?;
    browser.emulate_size(400, 600).await?;
    browser.shows("Last call: GET /v1/me, 200, ").await?;
    browser
        .eval("document.querySelector('.last-call').click()", json!([]))
        .await?;
    let focused =
        "return [document.activeElement.id, document.getElementById('activity').checkVisibility()]";
    assert_eq!(
        browser.eval(focused, json!([])).await?,
        json!(["tab-activity", true])
    );
    stage.close().await
}
