//! The provider's pages. `sign-in.html` is the frame of both.

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

/// A page that says one thing. Neither text is escaped.
pub(super) fn notice(title: &str, text: &str) -> String {
    framed(title, &format!("<h1>{title}</h1>\n    <p>{text}</p>"))
}

fn framed(title: &str, content: &str) -> String {
    FRAME
        .replace("{title}", title)
        .replace("{content}", content)
}
