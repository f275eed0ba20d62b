//! Opens pages, runs scripts in them, and reads what they show.

use anyhow::{Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Browser;

/// A script that runs the body of an async function with `args` and passes on what it returns or throws.
const ASYNC_CALL: &str = "
    const done = arguments[arguments.length - 1];
    (async (args) => { BODY })(arguments[0]).then(
        (value) => done({ value: value ?? null }),
        (error) => done({ error: String(error) }),
    );";

const FETCH: &str = "
    const started = performance.now();
    try {
        const response = await fetch(args[0], args[1]);
        const body = await response.text();
        const { status, redirected, url } = response;
        return { status, body, redirected, url, milliseconds: performance.now() - started };
    } catch (error) {
        return { error: String(error), milliseconds: performance.now() - started };
    }";

/// The outcome of a page's `fetch`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Answer {
    /// The status; `None` when `fetch` threw.
    pub status: Option<u16>,
    /// The body as text.
    #[serde(default)]
    pub body: String,
    /// Whether a redirect was followed.
    #[serde(default)]
    pub redirected: bool,
    /// The URL of the response, after redirects.
    #[serde(default)]
    pub url: String,
    /// What `fetch` threw.
    #[serde(default)]
    pub error: Option<String>,
    /// Milliseconds from the call to the end of the body, by the page's clock.
    pub milliseconds: f64,
}

impl Answer {
    /// The body as JSON; null when it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

impl Browser {
    /// Opens a page of the extension, such as `popup/popup.html`, in the current window.
    ///
    /// # Errors
    /// When there is no such page.
    pub async fn open(&self, path: &str) -> Result<()> {
        let url = format!("chrome-extension://{}/{path}", self.extension_id);
        self.web.goto(&url).await?;
        self.until(path, async || {
            let place = "return [location.href, document.readyState === 'complete']";
            let place = self.eval(place, json!([])).await?;
            if place[1] == true && place[0] != url.as_str() {
                // The browser's initial blank page loaded after this one, and replaced it.
                self.web.goto(&url).await?;
            }
            Ok((place == json!([url, true])).then_some(()))
        })
        .await
    }

    /// Runs `body` in the page as the body of an async function with the parameter `args`. Its result must be JSON.
    ///
    /// # Errors
    /// When it throws.
    pub async fn eval(&self, body: &str, args: Value) -> Result<Value> {
        let script = ASYNC_CALL.replace("BODY", body);
        let mut outcome = self
            .web
            .execute_async(script, vec![args])
            .await?
            .json()
            .clone();
        if let Some(error) = outcome["error"].as_str() {
            bail!("the page threw: {error}");
        }
        Ok(outcome["value"].take())
    }

    /// A plain `fetch(url, init)` in the page.
    ///
    /// # Errors
    /// When the page cannot be asked; a `fetch` that throws is an [`Answer`].
    pub async fn fetch(&self, url: &str, init: Value) -> Result<Answer> {
        let answer = self.eval(FETCH, json!([url, init])).await?;
        Ok(serde_json::from_value(answer)?)
    }

    /// The text that the page shows, with normal spaces for non-breaking ones.
    ///
    /// # Errors
    /// When the page cannot be asked.
    pub async fn text(&self) -> Result<String> {
        let text = self
            .eval("return document.body.innerText", json!([]))
            .await?;
        Ok(text.as_str().unwrap_or_default().replace('\u{a0}', " "))
    }

    /// Waits until the page shows `text`.
    ///
    /// # Errors
    /// When it does not within 30 s; the error contains what it shows.
    pub async fn shows(&self, text: &str) -> Result<()> {
        self.until(&format!("\"{text}\" on the page"), async || {
            let shown = self.text().await?;
            if shown.contains(text) {
                Ok(Some(()))
            } else {
                bail!("the page shows: {shown}")
            }
        })
        .await
    }

    /// The console messages of pages since the last call, including those of the browser about failed requests.
    ///
    /// # Errors
    /// When the browser cannot be asked.
    pub async fn console_log(&self) -> Result<Vec<String>> {
        let entries = self.web.browser_log().await?;
        Ok(entries
            .into_iter()
            .map(|entry| format!("{} {}", entry.level, entry.message))
            .collect())
    }
}
