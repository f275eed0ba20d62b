//! The setup check with providers nobody here wrote: it fails no faultless set-up, and names what is wrong.

use anyhow::Result;
use evertoken_e2e::interop::{InteropStage, Options};
use evertoken_e2e::setup_check::{failed, line};
use serde_json::json;

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

/// Signed out, and signed in.
async fn nothing_fails(options: Options) -> Result<()> {
    let stage = InteropStage::set_up(options).await?;
    assert_eq!(stage.check_setup().await?, [""; 0], "signed out");
    stage.sign_in().await?;
    assert_eq!(stage.check_setup().await?, [""; 0], "signed in");
    stage.close().await
}

#[tokio::test]
async fn it_fails_no_faultless_django_oauth_toolkit() -> Result<()> {
    nothing_fails(at("django-oauth-toolkit")).await
}

/// Its faults at `prompt=none` are no matter where no silent way is chosen.
#[tokio::test]
async fn it_fails_no_site_without_a_validator_that_is_renewed_by_refresh_token() -> Result<()> {
    let mut options = at("django-oauth-toolkit");
    options.settings["provider"]["renewal"] = json!(["refresh_token"]);
    options.servers["silent"] = json!(false);
    nothing_fails(options).await
}

#[tokio::test]
async fn it_fails_no_faultless_better_auth() -> Result<()> {
    nothing_fails(at("better-auth")).await
}

/// An unknown client, a redirect URI that is not registered and an unknown scope.
fn mistakes(provider: &str) -> [Options; 3] {
    let [mut client, mut redirect_uri, mut scope] = [(); 3].map(|()| at(provider));
    client.settings["provider"]["client_id"] = json!("somebody-else");
    redirect_uri.redirect_uri = Some("https://elsewhere.chromiumapp.org/");
    scope.settings["provider"]["scope"] = json!("openid nonsense");
    [client, redirect_uri, scope]
}

#[tokio::test]
async fn it_names_each_mistake_at_django_oauth_toolkit_and_nothing_else() -> Result<()> {
    let words = [
        ("somebody-else", "“Client ID”"),
        ("callback URL", "chromiumapp.org/"),
        ("openid nonsense", "“Scopes”"),
    ];
    for (options, (found, fix)) in mistakes("django-oauth-toolkit").into_iter().zip(words) {
        let stage = InteropStage::set_up(options).await?;
        assert_eq!(stage.check_setup().await?, ["authorization"], "{found}");
        failed(&stage.browser, "authorization", found, fix).await?;
        stage.close().await?;
    }
    Ok(())
}

/// It answers a page of its own for an unknown client and for an unknown redirect URI alike.
#[tokio::test]
async fn it_names_each_mistake_at_better_auth() -> Result<()> {
    let fixes = ["somebody-else", "chromiumapp.org/", "“Scopes”"];
    for (options, fix) in mistakes("better-auth").into_iter().zip(fixes) {
        let stage = InteropStage::set_up(options).await?;
        let mut suspects = stage.check_setup().await?;
        let is_of_scope = fix.contains("Scopes");
        let only_it = suspects.iter().all(|name| name == "authorization");
        assert!(only_it || is_of_scope, "{fix}: {suspects:?}");
        suspects.push("authorization".to_owned());
        let mut told = Vec::new();
        for name in suspects {
            let line = line(&stage.browser, &name).await?;
            if line.verdict != "passed" {
                told.push(line.fix);
            }
        }
        assert!(told.iter().any(|one| one.contains(fix)), "{fix}: {told:?}");
        stage.close().await?;
    }
    Ok(())
}
