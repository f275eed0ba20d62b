//! Pages that the worker does not control: after a hard reload their calls wait until it does.

use anyhow::Result;
use evertoken_demo::browser::Browser;
use evertoken_demo::stage::Stage;
use evertoken_e2e::{signed_in, statuses};
use serde_json::{Value, json};

/// Before the page's own scripts: the worker hears nothing of the page until `letGo()`, so it does not take the page
/// over; and `runOut()` ends what a page waits for with patience.
const HOLD: &str = "
    const { sendMessage } = chrome.runtime;
    const gate = new Promise((resolve) => { globalThis.letGo = resolve; });
    chrome.runtime.sendMessage = (...message) => gate.then(() => sendMessage(...message));
    const { setTimeout } = globalThis;
    const patient = [];
    globalThis.setTimeout = (act, ms, ...rest) => ms === 10000 ? patient.push(act) : setTimeout(act, ms, ...rest);
    globalThis.runOut = () => patient.forEach((act) => act());";

const IS_CONTROLLED: &str = "return navigator.serviceWorker.controller !== null";

/// Reloads the page past its service worker, as Shift and the reload button do.
async fn reload_hard(browser: &Browser) -> Result<()> {
    browser.eval("globalThis.old = true", json!([])).await?;
    let past_the_cache = json!({ "ignoreCache": true });
    let cdp = browser.web().cdp();
    cdp.send_raw("Page.reload", past_the_cache).await?;
    browser
        .until("the reload", async || {
            let fresh = "return !globalThis.old && document.readyState === 'complete'";
            let fresh = browser.eval(fresh, json!([])).await?;
            Ok((fresh == true).then_some(()))
        })
        .await
}

/// A popup that was reloaded so and stays uncontrolled until [`let_go`]; Ada is signed in.
async fn uncontrolled() -> Result<Stage> {
    let stage = signed_in("code").await?;
    let cdp = stage.browser.web().cdp();
    cdp.send_raw("Page.enable", json!({})).await?;
    let script = json!({ "source": HOLD });
    cdp.send_raw("Page.addScriptToEvaluateOnNewDocument", script)
        .await?;
    lose_control(&stage).await?;
    Ok(stage)
}

/// The same page once more without a worker.
async fn lose_control(stage: &Stage) -> Result<()> {
    reload_hard(&stage.browser).await?;
    let controlled = stage.browser.eval(IS_CONTROLLED, json!([])).await?;
    assert_eq!(controlled, false, "a hard reload leaves the worker behind");
    Ok(())
}

async fn eval(stage: &Stage, body: &str, args: Value) -> Result<Value> {
    stage.browser.eval(body, args).await
}

/// No call reached the API without a token.
fn assert_all_bear_a_token(stage: &Stage) {
    let log = stage.api.log();
    assert!(log.iter().all(|call| call.token.is_some()), "{log:?}");
}

#[tokio::test]
async fn the_popup_calls_after_a_hard_reload_as_before() -> Result<()> {
    let stage = signed_in("code").await?;
    stage.browser.fill("URL", &stage.api.url("/v1/me")).await?;
    for round in 1..=3 {
        stage.api.revoke_all();
        reload_hard(&stage.browser).await?;
        stage.browser.press("Send").await?;
        // The answer of the round before is still there.
        let answered = async || Ok((statuses(&stage).len() == 2 * round).then_some(()));
        stage.browser.until("the answer", answered).await?;
        let mended = "Token renewed, call sent again.";
        stage.browser.shows(mended).await?;
        assert_eq!(stage.provider.silent_authorizations(), round);
    }
    assert_eq!(statuses(&stage), [Some(401), Some(200)].repeat(3));
    assert_all_bear_a_token(&stage);
    stage.close().await
}

#[tokio::test]
async fn calls_wait_for_the_worker_and_bear_its_token() -> Result<()> {
    let stage = uncontrolled().await?;
    stage.api.revoke_all();
    let start = "
        globalThis.calls = [1, 2, 3].map(() => fetch(args[0]).then((answer) => answer.status));";
    eval(&stage, start, json!([stage.api.url("/v1/me")])).await?;
    let end = "letGo(); return Promise.all(calls)";
    assert_eq!(eval(&stage, end, json!([])).await?, json!([200, 200, 200]));
    assert_all_bear_a_token(&stage);
    assert_eq!(stage.provider.silent_authorizations(), 1);
    assert_eq!(eval(&stage, IS_CONTROLLED, json!([])).await?, true);
    stage.close().await
}

#[tokio::test]
async fn the_answer_is_the_one_that_a_controlled_page_gets_and_the_token_is_nowhere() -> Result<()>
{
    let stage = uncontrolled().await?;
    let call = "
        const answer = fetch(args[0], { headers: { 'X-Own': '1' } });
        letGo();
        const { status, statusText, type, url, redirected, headers, body } = await answer;
        let text = '';
        for await (const chunk of body.pipeThrough(new TextDecoderStream())) text += chunk;
        return { status, statusText, type, url, redirected, text: text.replace(/\"call\":\\d+/, ''),
            headers: [...headers].filter(([name]) => name !== 'date') };";
    let url = stage.api.url("/v1/me?q=1");
    let waited = eval(&stage, call, json!([url])).await?;
    let controlled = eval(&stage, call, json!([url])).await?;
    assert_eq!(waited, controlled);
    assert_eq!(waited["status"], 200);
    let everything = "
        return [document.documentElement.outerHTML, JSON.stringify(args),
            ...performance.getEntries().map((entry) => entry.name)].join()";
    let everything = eval(&stage, everything, json!([waited])).await?;
    assert!(!everything.to_string().contains("eyJ"), "{everything}");
    let console = stage.browser.console_log().await?;
    assert!(!console.concat().contains("eyJ"), "{console:?}");
    stage.close().await
}

/// Posts a body of one kind, changes what can be changed, and lets the worker come.
const POST: &str = "
    const [url, kind] = args;
    const form = new FormData();
    form.append('f', new Blob(['x']), 'x.txt');
    const search = new URLSearchParams({ a: 'ü' });
    const headers = new Headers({ 'content-type': 'text/plain' });
    const init = {
        text: () => ({ body: 'hello', headers }),
        blob: () => ({ body: new Blob(['hello'], { type: 'text/html' }) }),
        bytes: () => ({ body: new Uint8Array(1_000_000) }),
        form: () => ({ body: form }),
        search: () => ({ body: search }),
        request: () => ({ body: 'hello' }),
        stream: () => ({ body: new Blob(['hello']).stream(), duplex: 'half' }),
    }[kind]();
    init.method = 'POST';
    const sent = kind === 'request' ? fetch(new Request(url, init)) : fetch(url, init);
    form.append('g', 'late');
    search.append('late', '1');
    headers.set('content-type', 'late/late');
    letGo();
    const answer = await sent;
    const { body, body_len, content_type } = answer.ok ? await answer.json() : {};
    return { status: answer.status, body, body_len, type: content_type?.split(';')[0] };";

/// Each with a token that was revoked, but for the stream, which is sent once.
#[tokio::test]
async fn every_kind_of_body_arrives_as_it_was_when_the_call_was_made() -> Result<()> {
    let stage = uncontrolled().await?;
    for (kind, body, body_len, media_type) in [
        ("text", json!("hello"), 5, json!("text/plain")),
        ("blob", json!("hello"), 5, json!("text/html")),
        (
            "bytes",
            json!("\0".repeat(1_000_000)),
            1_000_000,
            Value::Null,
        ),
        (
            "search",
            json!("a=%C3%BC"),
            8,
            json!("application/x-www-form-urlencoded"),
        ),
        ("request", json!("hello"), 5, json!("text/plain")),
        ("form", Value::Null, 0, json!("multipart/form-data")),
    ] {
        stage.api.revoke_all();
        let before = stage.api.log().len();
        let answer = eval(&stage, POST, json!([stage.api.url("/v1/up"), kind])).await?;
        assert_eq!(answer["status"], 200, "{kind}");
        assert_eq!(answer["type"], media_type, "{kind}");
        if kind == "form" {
            let parts = answer["body"].to_string();
            assert!(
                parts.contains("x.txt") && !parts.contains("late"),
                "{parts}"
            );
        } else {
            assert_eq!(answer["body"], body, "{kind}");
            assert_eq!(answer["body_len"], body_len, "{kind}");
        }
        assert_eq!(stage.api.log().len(), before + 2, "{kind}: sent again");
        lose_control(&stage).await?;
    }
    let stream = json!([stage.api.url("/v1/up"), "stream"]);
    let answer = eval(&stage, POST, stream).await?;
    assert_eq!(
        (&answer["status"], &answer["body"]),
        (&json!(200), &json!("hello"))
    );
    assert_all_bear_a_token(&stage);
    stage.close().await
}

#[tokio::test]
async fn a_call_that_is_given_up_while_it_waits_ends_at_once_and_is_never_sent() -> Result<()> {
    let stage = uncontrolled().await?;
    let give_up = "
        const names = [];
        const name = (error) => names.push(error.name ?? error);
        const controller = new AbortController();
        const call = fetch(args[0], { signal: controller.signal });
        controller.abort();
        await call.catch(name);
        await fetch(args[0], { signal: AbortSignal.abort('mine') }).catch(name);
        await fetch(args[0], { method: 'GET', body: 'none' }).catch(name);
        return names;";
    let names = eval(&stage, give_up, json!([stage.api.url("/v1/me")])).await?;
    assert_eq!(names, json!(["AbortError", "mine", "TypeError"]));
    let next = "letGo(); return (await fetch(args[0])).status";
    let next = eval(&stage, next, json!([stage.api.url("/v1/next")])).await?;
    assert_eq!(next, 200);
    let paths: Vec<_> = stage.api.log().into_iter().map(|call| call.path).collect();
    assert_eq!(paths, ["/v1/next"]);
    stage.close().await
}

#[tokio::test]
async fn without_a_worker_a_call_fails_as_without_a_network_and_the_next_one_asks_again()
-> Result<()> {
    let stage = uncontrolled().await?;
    let run_out = "
        const calls = [fetch(args[0]), new Promise((resolve, reject) => {
            const request = new XMLHttpRequest();
            request.open('GET', args[0]);
            request.onerror = () => reject(new TypeError());
            request.send();
        })];
        const own = await fetch('popup.css');
        runOut();
        const ended = await Promise.allSettled(calls);
        return [own.status, ...ended.map((one) => one.reason.name)];";
    let ended = eval(&stage, run_out, json!([stage.api.url("/v1/me")])).await?;
    assert_eq!(ended, json!([200, "TypeError", "TypeError"]));
    assert!(stage.api.log().is_empty());
    let next = "const call = fetch(args[0]); letGo(); return (await call).status";
    let next = eval(&stage, next, json!([stage.api.url("/v1/me")])).await?;
    assert_eq!(next, 200);
    // Nobody listens there.
    let away = "return fetch('https://localhost:9/').catch((error) => error.name)";
    assert_eq!(eval(&stage, away, json!([])).await?, "TypeError");
    assert_all_bear_a_token(&stage);
    stage.close().await
}

/// Tells the events of one request, and what it came to.
const XHR: &str = "
    globalThis.xhr = (url, method, async) => {
        const request = new XMLHttpRequest();
        request.open(method, url, async);
        const told = [];
        for (const name of ['load', 'error', 'abort']) request.addEventListener(name, () => told.push(name));
        const end = new Promise((resolve) => request.addEventListener('loadend', resolve));
        return { request, told: () => end.then(() => [...told, request.status]) };
    };";

#[tokio::test]
async fn an_xml_http_request_waits_too() -> Result<()> {
    let stage = uncontrolled().await?;
    stage.api.revoke_all();
    eval(&stage, XHR, json!([])).await?;
    let calls = "
        const [sent, aborted, again, blocking] = [0, 1, 2, 3].map((n) => xhr(args[0] + n, 'POST', n !== 3));
        sent.request.send('abc');
        aborted.request.send();
        aborted.request.abort();
        again.request.send('first');
        again.request.abort();
        again.request.open('POST', args[0] + 'again');
        again.request.send('second');
        const thrown = [() => sent.request.send(), () => blocking.request.send()].map((act) => {
            try { act(); } catch (error) { return error.name; }
        });
        letGo();
        const told = [await sent.told(), await aborted.told(), thrown];
        await new Promise((resolve) => {
            if (again.request.readyState === 4) resolve();
            again.request.addEventListener('load', resolve);
        });
        return [...told, JSON.parse(sent.request.responseText).body, JSON.parse(again.request.responseText).body];";
    let told = eval(&stage, calls, json!([stage.api.url("/v1/xhr")])).await?;
    let expected = json!([
        ["load", 200],
        ["abort", 0],
        ["InvalidStateError", "NetworkError"],
        "abc",
        "second"
    ]);
    assert_eq!(told, expected);
    let mut paths: Vec<_> = stage.api.log().into_iter().map(|call| call.path).collect();
    paths.dedup();
    paths.sort();
    paths.dedup();
    assert_eq!(paths, ["/v1/xhr0", "/v1/xhragain"]);
    assert_all_bear_a_token(&stage);
    stage.close().await
}
