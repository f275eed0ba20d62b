//! The provider's pages. `sign-in.html` is the frame of those that people see.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::Value;

const FRAME: &str = include_str!("sign-in.html");

/// The sign-in page; `page` is what its form sends back.
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

/// A page that shows nothing and posts `message` to the window that frames or opened it, if that is of
/// the origin `target`.
pub(super) fn web_message(message: &Value, target: &Value) -> String {
    let [message, target] = [message, target].map(script_literal);
    format!(
        r#"<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Signing in</title>
    <script>
      (window.opener ?? window.parent).postMessage({message}, {target});
    </script>
  </head>
</html>
"#
    )
}

/// JSON that cannot end a script element.
fn script_literal(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

/// A page that says one thing. Neither text is escaped.
pub(super) fn notice(title: &str, text: &str) -> String {
    framed(title, &format!("<h1>{title}</h1>\n    <p>{text}</p>"))
}

/// The answer to a form that was sent already.
pub(super) fn too_late() -> Response {
    let text = "This page was answered already. Start again where you came from.";
    (StatusCode::BAD_REQUEST, Html(notice("Too late", text))).into_response()
}

fn framed(title: &str, content: &str) -> String {
    FRAME
        .replace("{title}", title)
        .replace("{content}", content)
}
