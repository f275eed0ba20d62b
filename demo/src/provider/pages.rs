//! The provider's pages. `sign-in.html` is the layout of those that users see.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::Value;

const FRAME: &str = include_str!("sign-in.html");

/// The sign-in page; its form sends back the id `page`.
pub(super) fn sign_in(page: &str) -> String {
    let form = format!(
        r#"<h1>Sign in</h1>
    <p>to continue to <strong>Evertoken demo</strong></p>
    <form method="post" action="/login">
      <input type="hidden" name="page" value="{page}" />
      <label for="username">User name</label>
      <input id="username" name="username" value="ada" autocomplete="off" required />
      <button id="sign-in" type="submit">Sign in</button>
    </form>
    <p class="note">No password: this provider runs on your machine and ends with the demo.</p>"#
    );
    framed("Sign in", &form)
}

/// An empty page that posts `message` to the window that frames or opened it, if that window has the origin `target`.
pub(super) fn web_message(message: &Value, target: &Value) -> String {
    let [message, target] = [message, target].map(script_literal);
    running(&format!(
        "(window.opener ?? window.parent).postMessage({message}, {target});"
    ))
}

/// An empty page that asks its server for something, and goes to `address` that many milliseconds after the response.
pub(super) fn goes_on(address: &Value, after_ms: u32) -> String {
    let address = script_literal(address);
    running(&format!(
        r#"const go = () => setTimeout(() => location.replace({address}), {after_ms});
      addEventListener("load", () => fetch("/.well-known/openid-configuration").then(go));"#
    ))
}

/// An empty page with a script.
fn running(script: &str) -> String {
    format!(
        r#"<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Signing in</title>
    <script>
      {script}
    </script>
  </head>
</html>
"#
    )
}

/// `value` as JSON in which no `</script>` can occur.
fn script_literal(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

/// A page with a title and one sentence. Neither is escaped.
pub(super) fn notice(title: &str, text: &str) -> String {
    framed(title, &format!("<h1>{title}</h1>\n    <p>{text}</p>"))
}

/// The response to a form that was already sent.
pub(super) fn too_late() -> Response {
    let text = "This page was answered already. Start again where you came from.";
    (StatusCode::BAD_REQUEST, Html(notice("Too late", text))).into_response()
}

fn framed(title: &str, content: &str) -> String {
    FRAME
        .replace("{title}", title)
        .replace("{content}", content)
}
