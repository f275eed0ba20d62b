//! Why an iframe gets no answer, over a `chrome.webRequest` that tells what a script says.

use evertoken::platform::{RedirectUrl, SilentCarrier, UserAgentError};
use evertoken_background::platform::browser::Browser;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{Answer, REDIRECT, obliging, silently};
use crate::js::{run, value_of};

/// The words of the scripts below: `start`, `complete` and `fail` a request of the iframe.
const WORDS: &str = r#"
    globalThis.realSetTimeout ??= setTimeout;
    // The second that a page has to go on by itself is 40 ms here, the four of one that is at work 160 ms.
    const shorter = { 1000: 40, 4000: 160 };
    globalThis.setTimeout = (then, ms, ...rest) => realSetTimeout(then, shorter[ms] ?? ms, ...rest);
    globalThis.after = (ms, then) => realSetTimeout(then, ms);
    const request = (more) => ({ requestId: "1", frameId: 5, parentDocumentId: "D1", tabId: -1,
        url: "https://provider.test/authorize", ...more });
    globalThis.start = (more) => webRequests.onBeforeRequest.fire(request(more));
    globalThis.complete = (statusCode, headers, more) => {
        const list = Object.entries({ "Content-Type": "text/html", ...headers });
        const responseHeaders = list.map(([name, value]) => ({ name, value }));
        webRequests.onCompleted.fire(request({ statusCode, responseHeaders, ...more }));
    };
    globalThis.fail = (error, more) => webRequests.onErrorOccurred.fire(request({ error, ...more }));
    globalThis.work = () => start({ requestId: "7", type: "script" });
    globalThis.fromScript = { requestId: "2", initiator: "https://provider.test" };
"#;

/// What an authorization ends with when the iframe's requests go like this and the document says nothing.
async fn seen(script: &str) -> Answer {
    obliging();
    run(WORDS);
    run(&format!("globalThis.answer = (port) => {{ {script} }}"));
    silently(&Browser::default(), SilentCarrier::Offscreen).await
}

#[wasm_bindgen_test]
async fn the_true_cause_of_a_page_or_a_failure_is_told() {
    use UserAgentError::{
        FramingRefused, LoadFailed, NameNotResolved, PageShown, Refused, ServerError,
    };
    for (script, error) in [
        ("start(); complete(200)", PageShown),
        ("start(); complete(404)", Refused(404)),
        ("start(); complete(503)", ServerError(503)),
        (
            r#"start(); complete(200, { "x-frame-options": "DENY" })"#,
            FramingRefused,
        ),
        (
            r#"start(); complete(200, { "Content-Security-Policy": "frame-ancestors 'none'" })"#,
            FramingRefused,
        ),
        (
            r#"start(); fail("net::ERR_NAME_NOT_RESOLVED")"#,
            NameNotResolved,
        ),
        (
            r#"start(); fail("net::ERR_CONNECTION_REFUSED")"#,
            LoadFailed,
        ),
        (
            r#"start(); start({ url: "https://login.test/" }); complete(500)"#,
            ServerError(500),
        ),
        (r#"start(); fail("net::ERR_ABORTED")"#, LoadFailed),
    ] {
        assert_eq!(seen(script).await, Err(error), "{script}");
    }
}

#[wasm_bindgen_test]
async fn the_redirect_is_the_answer_wherever_it_comes_from() {
    let fragment = REDIRECT.replace('?', "#");
    for redirect in [REDIRECT, &fragment] {
        for script in [
            format!(r#"start(); start({{ url: "{redirect}" }})"#),
            format!(r#"start(); complete(200); start({{ ...fromScript, url: "{redirect}" }})"#),
        ] {
            let expected = Ok(RedirectUrl(redirect.to_owned()));
            assert_eq!(seen(&script).await, expected, "{script}");
        }
    }
}

#[wasm_bindgen_test]
async fn a_page_that_goes_on_by_itself_in_time_is_not_the_end() {
    // A script or a form, before the page was complete, after it, and from one page to the next.
    for script in [
        format!(
            r#"start(); start(fromScript); fail("net::ERR_ABORTED");
                after(80, () => start({{ ...fromScript, url: "{REDIRECT}" }}))"#
        ),
        format!(
            r#"start(); complete(200); after(10, () => start(fromScript));
                after(80, () => start({{ ...fromScript, url: "{REDIRECT}" }}))"#
        ),
        // An application that fetches its scripts, and asks its server when it has them.
        format!(
            r#"start(); work(); complete(200);
                after(110, () => {{ work(); start({{ requestId: "8", type: "xmlhttprequest" }}) }});
                after(220, () => start({{ ...fromScript, url: "{REDIRECT}" }}))"#
        ),
        format!(
            r#"start(); complete(404); after(25, () => {{ start(fromScript); complete(200, {{}}, fromScript) }});
                after(50, () => start({{ requestId: "3", url: "{REDIRECT}" }}))"#
        ),
    ] {
        let expected = Ok(RedirectUrl(REDIRECT.to_owned()));
        assert_eq!(seen(&script).await, expected, "{script}");
    }
}

#[wasm_bindgen_test]
async fn a_page_that_is_at_work_and_does_not_go_on_ends_it() {
    for script in [
        "start(); work(); complete(200)".to_owned(),
        // Neither of these brings the answer, whatever its address is.
        format!(
            r#"start(); complete(200); start({{ requestId: "7", type: "script", url: "{REDIRECT}" }})"#
        ),
    ] {
        let expected = Err(UserAgentError::PageShown);
        assert_eq!(seen(&script).await, expected, "{script}");
    }
}

#[wasm_bindgen_test]
async fn a_page_that_posts_the_answer_in_time_is_not_the_end() {
    let answer = seen(
        r#"start(); complete(200); after(10, () => port.onMessage.fire({ response: "posted" }))"#,
    );
    assert_eq!(answer.await, Ok(RedirectUrl("posted".to_owned())));
}

#[wasm_bindgen_test]
async fn requests_of_other_frames_and_other_documents_say_nothing() {
    for other in [
        r#"{ requestId: "9", parentDocumentId: "D2" }"#,
        r#"{ requestId: "9", parentDocumentId: undefined }"#,
        // A frame within the provider's page.
        r#"{ requestId: "9", parentDocumentId: "D3", frameId: 6 }"#,
        // A script of another page.
        r#"{ requestId: "9", frameId: 6, type: "script" }"#,
        // The frame of an earlier authorization, which is on its way out.
        r#"{ requestId: "9", frameId: 4 }"#,
    ] {
        let script = format!(
            r#"start(); start({{ ...{other}, url: "{REDIRECT}stolen" }}); complete(500, {{}}, {other});
                fail("net::ERR_FAILED", {other}); after(60, () => port.onMessage.fire({{ response: "mine" }}))"#
        );
        let expected = Ok(RedirectUrl("mine".to_owned()));
        assert_eq!(seen(&script).await, expected, "{other}");
    }
}

#[wasm_bindgen_test]
async fn requests_are_watched_only_while_an_authorization_runs() {
    obliging();
    run(WORDS);
    let watched = "Object.values(webRequests).map((event) => event.count())";
    run(&format!(
        r#"globalThis.answer = (port) => {{
            globalThis.during = {watched};
            port.onMessage.fire({{ response: "mine" }});
        }}"#
    ));
    assert_eq!(value_of(watched), json!([0, 0, 0, 0]));
    silently(&Browser::default(), SilentCarrier::Offscreen)
        .await
        .unwrap();
    assert_eq!(value_of("during"), json!([1, 1, 1, 0]));
    assert_eq!(value_of(watched), json!([0, 0, 0, 0]));
}
