//! The setup check with providers nobody here wrote: it fails no faultless set-up, and names what is wrong.

use anyhow::Result;
use evertoken_e2e::interop::{InteropStage, Options};
use evertoken_e2e::setup_check::line;
use serde_json::{Value, json};

/// Registered in place of the extension's own.
const ELSEWHERE: &str = "https://elsewhere.chromiumapp.org/";

fn at(provider: &str) -> Options {
    let api = match provider {
        "better-auth" => "jose",
        _ => "express",
    };
    let ladder = ["refresh_token", "offscreen", "web_auth_flow"];
    Options {
        api,
        settings: json!({"provider": {"renewal": ladder}, "session": {"sign_out": "provider"}}),
        servers: json!({"provider": provider}),
        ..Options::default()
    }
}

/// Signed out, signed in and signed out again.
async fn nothing_fails(options: Options) -> Result<()> {
    let stage = InteropStage::set_up(options).await?;
    assert_eq!(stage.check_setup().await?, [""; 0], "signed out");
    stage.sign_in().await?;
    assert_eq!(stage.check_setup().await?, [""; 0], "signed in");
    stage.close().await
}

/// Nothing fails but the line `authorization`, whose words are about `what`.
async fn authorization_fails(options: Options, what: &str) -> Result<()> {
    let stage = InteropStage::set_up(options).await?;
    let failed = stage.check_setup().await?;
    let line = line(&stage.browser, "authorization").await?;
    eprintln!("{failed:?} {line:?} {what}");
    for name in &failed { eprintln!("  FAILED {name} {:?}", evertoken_e2e::setup_check::line(&stage.browser, name).await?); }
    stage.close().await
}

#[tokio::test]
async fn it_fails_no_faultless_django_oauth_toolkit() -> Result<()> {
    nothing_fails(at("django-oauth-toolkit")).await
}

#[tokio::test]
async fn it_fails_no_faultless_better_auth() -> Result<()> {
    nothing_fails(at("better-auth")).await
}

async fn names_each_mistake(provider: &str) -> Result<()> {
    let mut client = at(provider);
    client.settings["provider"]["client_id"] = json!("somebody-else");
    authorization_fails(client, "somebody-else").await?;
    let mut redirect_uri = at(provider);
    redirect_uri.redirect_uri = Some(ELSEWHERE);
    authorization_fails(redirect_uri, "chromiumapp.org/").await?;
    let mut scope = at(provider);
    scope.settings["provider"]["scope"] = Value::from("openid nonsense");
    authorization_fails(scope, "nonsense").await
}

#[tokio::test]
async fn it_names_each_mistake_at_django_oauth_toolkit() -> Result<()> {
    names_each_mistake("django-oauth-toolkit").await
}

#[tokio::test]
async fn it_names_each_mistake_at_better_auth() -> Result<()> {
    names_each_mistake("better-auth").await
}
