//! What the browser tests share: functions that set up a stage, sign in, and read the session.

pub mod interop;
pub mod looks;
pub mod setup_check;

use anyhow::{Context as _, Result, ensure};
use evertoken::message::{PageRequest, SessionState, SessionView, WorkerReply};
use evertoken_demo::browser::Browser;
use evertoken_demo::stage::{Stage, StageOptions};
use serde_json::{Value, json};

/// The popup's path.
pub const POPUP: &str = "popup/popup.html";

/// A script that answers the page's calls from now on with `args`: a `type` and a `text` or `base64`.
pub const ANSWER: &str = "
    globalThis.fetch = async () => {
        const body = args.base64 ? Uint8Array.from(atob(args.base64), (it) => it.charCodeAt(0)) : args.text;
        return new Response(body, { status: 200, headers: { 'content-type': args.type } });
    };";

/// A PNG image of a red dot, in base64.
pub const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==";

/// A stage whose popup is open, in which no user is signed in. `settings` is merged into the demo's own.
///
/// # Errors
/// When something does not start.
pub async fn stage(settings: Value) -> Result<Stage> {
    let stage = Stage::set_up(with(settings)).await?;
    open_popup(&stage.browser).await?;
    Ok(stage)
}

/// The options of the usual stage, with `settings` merged into the demo's own.
#[must_use]
pub fn with(settings: Value) -> StageOptions {
    StageOptions {
        settings,
        ..StageOptions::default()
    }
}

/// Opens the popup and waits until the worker controls it. One that opens while the extension is being
/// installed is controlled as soon as it has asked the worker for the session, which it does at once.
///
/// # Errors
/// When there is no popup, or the worker does not control it.
pub async fn open_popup(browser: &Browser) -> Result<()> {
    browser.open(POPUP).await?;
    browser
        .until("the worker's control of the page", async || {
            let controlled = "return navigator.serviceWorker.controller !== null";
            let controlled = browser.eval(controlled, json!([])).await?;
            Ok((controlled == true).then_some(()))
        })
        .await
}

/// A stage with the flow of this name and the renewal method `offscreen` only, in which Ada is signed in.
///
/// # Errors
/// When something does not start, or sign-in fails.
pub async fn signed_in(flow: &str) -> Result<Stage> {
    signed_in_with(with(
        json!({"provider": {"flow": flow, "renewal": ["offscreen"]}}),
    ))
    .await
}

/// A stage with these options whose popup is open, in which Ada is signed in.
///
/// # Errors
/// When something does not start, or sign-in fails.
pub async fn signed_in_with(options: StageOptions) -> Result<Stage> {
    let stage = Stage::set_up(options).await?;
    open_popup(&stage.browser).await?;
    sign_in(&stage).await?;
    Ok(stage)
}

/// Signs in by the popup's button and the provider's page.
///
/// # Errors
/// When no session follows.
pub async fn sign_in(stage: &Stage) -> Result<()> {
    stage.browser.press("Sign in").await?;
    stage.browser.sign_in_at_provider().await?;
    until_state(&stage.browser, SessionState::SignedIn)
        .await
        .map(drop)
}

/// The session as the worker shows it to pages.
///
/// # Errors
/// When the worker does not answer.
pub async fn view(browser: &Browser) -> Result<SessionView> {
    match browser.worker_message(PageRequest::View).await? {
        WorkerReply::View(view) => Ok(view),
        other => anyhow::bail!("the worker answered {other:?}"),
    }
}

/// Waits until the session has this state.
///
/// # Errors
/// When it does not happen within 30 s.
pub async fn until_state(browser: &Browser, state: SessionState) -> Result<SessionView> {
    browser
        .until(&format!("{state:?}"), async || {
            let view = view(browser).await?;
            ensure!(view.state == state, "the session is {view:?}");
            Ok(Some(view))
        })
        .await
}

/// The code of the problem that the session shows.
///
/// # Errors
/// When it shows none.
pub async fn problem_code(browser: &Browser) -> Result<String> {
    Ok(view(browser)
        .await?
        .problem
        .context("no problem is shown")?
        .code
        .to_string())
}

/// Renews as the popup's button does, and returns the session afterwards.
///
/// # Errors
/// When the worker does not answer.
pub async fn renew(browser: &Browser) -> Result<SessionView> {
    match browser.worker_message(PageRequest::Renew).await? {
        WorkerReply::View(view) => Ok(view),
        other => anyhow::bail!("the worker answered {other:?}"),
    }
}

/// The code of the problem in a view.
#[must_use]
pub fn code(view: &SessionView) -> Option<&str> {
    view.problem.as_ref().map(|problem| problem.code.as_str())
}

/// The stored records of the session, as JSON: `{}` if no user is signed in. Of an encrypted record only the name is
/// included. A journal without a session and the activity are left out.
///
/// # Errors
/// When the page cannot be asked.
pub async fn stored(browser: &Browser) -> Result<Value> {
    let all = r#"const all = await chrome.storage.session.get(null);
        delete all["evertoken.activity"];
        const journal = all["evertoken.journal"]?.state;
        if (!journal?.leaving && !journal?.unanswered) delete all["evertoken.journal"];
        const sealed = Object.keys(await chrome.storage.local.get("evertoken.remembered"));
        return JSON.stringify(Object.assign(all, ...sealed.map((name) => ({ [name]: "sealed" }))))"#;
    let text = browser.eval(all, json!([])).await?;
    Ok(serde_json::from_str(text.as_str().context("no text")?)?)
}

/// The session record in the session area, including its tokens.
///
/// # Errors
/// When there is none, or the page cannot be asked.
pub async fn session_record(browser: &Browser) -> Result<Value> {
    let record =
        "return JSON.stringify((await chrome.storage.session.get(null))['evertoken.session'])";
    let record = browser.eval(record, json!([])).await?;
    Ok(serde_json::from_str(record.as_str().context("no record")?)?)
}

/// Waits until no record of a session is stored.
///
/// # Errors
/// When a record stays.
pub async fn until_nothing_is_stored(browser: &Browser) -> Result<()> {
    browser
        .until("an empty storage", async || {
            Ok((stored(browser).await? == json!({})).then_some(()))
        })
        .await
}

/// The statuses that the API answered, in order.
#[must_use]
pub fn statuses(stage: &Stage) -> Vec<Option<u16>> {
    stage.api.log().iter().map(|call| call.status).collect()
}

/// A GET of this path of the API by the page's own `fetch`.
///
/// # Errors
/// When the page cannot be asked.
pub async fn get(stage: &Stage, path: &str) -> Result<evertoken_demo::browser::Answer> {
    stage.browser.fetch(&stage.api.url(path), json!({})).await
}

/// Calls the API until it answers 200 again.
///
/// # Errors
/// When it does not happen within 30 s.
pub async fn until_answered(stage: &Stage) -> Result<()> {
    stage
        .browser
        .until("a call that works again", async || {
            let status = get(stage, "/v1/me").await?.status;
            Ok((status == Some(200)).then_some(()))
        })
        .await
}

/// Runs `script` in every page of the extension that opens from now on, before the page's own scripts.
///
/// # Errors
/// When the browser refuses the script.
pub async fn before_pages(browser: &Browser, script: &str) -> Result<()> {
    let source = format!("if (globalThis.chrome?.runtime) {{ {script} }}");
    let cdp = browser.web().cdp();
    cdp.send_raw("Page.enable", json!({})).await?;
    let source = json!({ "source": source });
    cdp.send_raw("Page.addScriptToEvaluateOnNewDocument", source)
        .await?;
    Ok(())
}
