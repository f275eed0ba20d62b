//! The setup check: each of ten wrong settings ends at a finding that names it.

use anyhow::Result;
use evertoken_demo::api::{AcceptedToken, ApiOptions};
use evertoken_demo::provider::{Endpoint, Fault};
use evertoken_demo::stage::{Stage, StageOptions};
use evertoken_e2e::looks::judge;
use evertoken_e2e::setup_check::{OPTIONS, all_failed, check, ended, failed, line, options_with};
use evertoken_e2e::signed_in_with;
use serde_json::json;

/// Signs Ada in and goes to the options page.
async fn signed_in(options: StageOptions) -> Result<Stage> {
    let stage = signed_in_with(options).await?;
    stage.browser.open(OPTIONS).await?;
    Ok(stage)
}

#[tokio::test]
async fn a_setup_without_a_mistake_passes_and_the_report_says_so() -> Result<()> {
    let stage = signed_in(StageOptions::default()).await?;
    let sum = check(&stage.browser).await?;
    assert_eq!(all_failed(&stage.browser).await?, [""; 0], "{sum}");
    assert_eq!(sum, "13 passed, 2 skipped");
    for name in ["authorization", "token-endpoint", "clock", "api-0"] {
        let line = line(&stage.browser, name).await?;
        assert_eq!(line.verdict, "passed", "{name}: {line:?}");
    }
    stage.close().await
}

#[tokio::test]
async fn the_check_starts_by_itself_where_the_address_names_it() -> Result<()> {
    let stage = options_with(json!({})).await?;
    stage.browser.open(&format!("{OPTIONS}#check")).await?;
    let sum = ended(&stage.browser).await?;
    assert!(sum.contains("passed"), "{sum}");
    stage.close().await
}

#[tokio::test]
async fn where_nobody_is_signed_in_nothing_failed_and_a_sign_in_is_offered() -> Result<()> {
    let stage = options_with(json!({})).await?;
    check(&stage.browser).await?;
    assert_eq!(all_failed(&stage.browser).await?, [""; 0]);
    let line = line(&stage.browser, "renewal-offscreen").await?;
    assert_eq!(line.verdict, "unsure", "{line:?}");
    assert_eq!(line.buttons, ["Sign in"]);
    stage.close().await
}

#[tokio::test]
async fn a_wrong_client_id_is_named() -> Result<()> {
    let stage = options_with(json!({ "provider": { "client_id": "somebody-else" } })).await?;
    check(&stage.browser).await?;
    let fix = "“Client ID”";
    failed(&stage.browser, "authorization", "somebody-else", fix).await?;
    assert_eq!(all_failed(&stage.browser).await?, ["authorization"]);
    stage.close().await
}

/// The page of this provider is the same for both mistakes: its other endpoints tell them apart.
#[tokio::test]
async fn a_wrong_client_id_and_a_wrong_callback_url_are_told_apart_whatever_the_page_says()
-> Result<()> {
    for (client_id, pushes, fix) in [
        ("somebody-else", false, "“Client ID”"),
        ("somebody-else", true, "“Client ID”"),
        ("evertoken-demo", false, "chromiumapp.org/"),
        ("evertoken-demo", true, "chromiumapp.org/"),
    ] {
        let stage = options_with(json!({ "provider": { "client_id": client_id } })).await?;
        stage.provider.set_require_par(pushes);
        if client_id == "evertoken-demo" {
            stage.provider.unregister_all();
        }
        check(&stage.browser).await?;
        failed(&stage.browser, "authorization", client_id, fix).await?;
        assert_eq!(all_failed(&stage.browser).await?, ["authorization"]);
        stage.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn where_no_other_endpoint_tells_them_apart_both_are_named() -> Result<()> {
    let stage = options_with(json!({})).await?;
    stage.provider.unregister_all();
    stage.provider.set_refuse_origins(true);
    stage.provider.set_fault(Fault::Status(Endpoint::Par, 503));
    check(&stage.browser).await?;
    let redirect_uri = stage.browser.redirect_pattern().replace('*', "");
    for value in ["evertoken-demo", &redirect_uri] {
        failed(&stage.browser, "authorization", value, value).await?;
    }
    stage.close().await
}

#[tokio::test]
async fn an_issuer_with_a_typing_error_is_named() -> Result<()> {
    for (issuer, found) in [
        (
            "https://nobody.invalid/",
            "no host of the name nobody.invalid",
        ),
        ("{issuer}/typing-error/", "no OpenID provider"),
    ] {
        let stage = options_with(json!({ "provider": { "issuer": issuer } })).await?;
        check(&stage.browser).await?;
        failed(&stage.browser, "discovery", found, "“Issuer”").await?;
        assert_eq!(all_failed(&stage.browser).await?, ["discovery"]);
        stage.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_issuer_without_its_slash_is_named_with_what_to_write() -> Result<()> {
    let stage = options_with(json!({ "provider": { "issuer": "{issuer}" } })).await?;
    check(&stage.browser).await?;
    let fix = format!(
        "Set “Issuer” to {} – with the slash.",
        stage.provider.issuer()
    );
    let line = failed(&stage.browser, "discovery", "with a slash at the end", &fix).await?;
    assert_eq!(line.code, "metadata.issuer_mismatch");
    assert_eq!(line.buttons, ["Show the setting", "Copy the value"]);
    stage.close().await
}

#[tokio::test]
async fn a_callback_url_that_is_not_registered_is_named() -> Result<()> {
    let stage = options_with(json!({})).await?;
    stage.provider.unregister_all();
    check(&stage.browser).await?;
    let redirect_uri = stage.browser.redirect_pattern().replace('*', "");
    let found = "does not know the callback URL";
    failed(&stage.browser, "authorization", found, &redirect_uri).await?;
    assert_eq!(all_failed(&stage.browser).await?, ["authorization"]);
    stage.close().await
}

#[tokio::test]
async fn an_http_url_is_named() -> Result<()> {
    let stage = Stage::set_up(StageOptions {
        unconfigured: true,
        ..StageOptions::default()
    })
    .await?;
    stage.browser.open(OPTIONS).await?;
    // Neither a build nor the form would take such settings.
    let settings = json!({ "provider": { "issuer": "http://login.test/", "client_id": "app" } });
    let save = "await chrome.storage.local.set({ 'evertoken.settings': args[0] })";
    let saved = json!([settings.to_string()]);
    stage.browser.eval(save, saved).await?;
    check(&stage.browser).await?;
    let fix = "provider.issuer";
    failed(&stage.browser, "settings", "provider.issuer", fix).await?;
    let line = failed(&stage.browser, "settings", "Only https is safe", fix).await?;
    assert_eq!(line.buttons, ["Show the setting"]);
    stage.close().await
}

#[tokio::test]
async fn an_api_that_may_not_be_reached_is_named() -> Result<()> {
    let api = ApiOptions {
        host: "127.0.0.1",
        ..ApiOptions::default()
    };
    let stage = signed_in(StageOptions {
        api,
        ..StageOptions::default()
    })
    .await?;
    let redirect = stage.browser.redirect_pattern();
    let provider = "https://localhost/*";
    stage.browser.allow_only(&[provider, &redirect]).await?;
    check(&stage.browser).await?;
    let line = failed(&stage.browser, "permission-1", "API", "access to 127.0.0.1").await?;
    assert_eq!(line.buttons, ["Allow access"]);
    failed(
        &stage.browser,
        "api-0",
        "may not reach",
        "access to 127.0.0.1",
    )
    .await?;
    assert_eq!(all_failed(&stage.browser).await?, ["permission-1", "api-0"]);
    stage.close().await
}

#[tokio::test]
async fn a_clock_that_is_off_by_ten_minutes_is_named() -> Result<()> {
    for (offset_s, found) in [(600, "10\u{a0}min behind"), (-600, "10\u{a0}min ahead of")] {
        let stage = options_with(json!({})).await?;
        stage.provider.set_clock_offset(offset_s);
        check(&stage.browser).await?;
        failed(&stage.browser, "clock", found, "this computer's clock").await?;
        assert_eq!(all_failed(&stage.browser).await?, ["clock"]);
        stage.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_audience_that_the_provider_does_not_know_is_named() -> Result<()> {
    let audience = "https://typing-error.test/";
    let stage = options_with(json!({ "provider": { "audience": audience } })).await?;
    stage.provider.set_audience("https://api.test/");
    check(&stage.browser).await?;
    failed(&stage.browser, "authorization", audience, "“Audience”").await?;
    stage.close().await
}

#[tokio::test]
async fn an_audience_that_the_api_does_not_take_is_named() -> Result<()> {
    let audience = "https://typing-error.test/";
    let stage = signed_in(StageOptions {
        settings: json!({
            "provider": { "audience": audience },
            "apis": [{ "url": "{api}/v1/always-401" }],
        }),
        ..StageOptions::default()
    })
    .await?;
    check(&stage.browser).await?;
    failed(
        &stage.browser,
        "api-0",
        "refuses the access token",
        audience,
    )
    .await?;
    stage.close().await
}

#[tokio::test]
async fn a_token_of_the_wrong_kind_is_named() -> Result<()> {
    let api = ApiOptions {
        accepts: AcceptedToken::AccessToken,
        ..ApiOptions::default()
    };
    let stage = signed_in(StageOptions {
        api,
        ..StageOptions::default()
    })
    .await?;
    check(&stage.browser).await?;
    failed(
        &stage.browser,
        "api-0",
        "refuses the ID token",
        "“Access token”",
    )
    .await?;
    stage.close().await
}

#[tokio::test]
async fn a_provider_that_is_down_is_named() -> Result<()> {
    let stage = options_with(json!({})).await?;
    stage
        .provider
        .set_fault(Fault::Status(Endpoint::Discovery, 503));
    check(&stage.browser).await?;
    let fix = "wait until it is back";
    failed(&stage.browser, "discovery", "status 503", fix).await?;
    let Stage {
        browser, provider, ..
    } = stage;
    drop(provider);
    browser.press("Check again").await?;
    ended(&browser).await?;
    failed(&browser, "discovery", "connection was refused", fix).await?;
    browser.close().await
}

#[tokio::test]
async fn a_provider_that_refuses_frames_is_named() -> Result<()> {
    let stage = signed_in(StageOptions::default()).await?;
    stage.provider.set_fault(Fault::FramingRefused);
    check(&stage.browser).await?;
    failed(
        &stage.browser,
        "framing",
        "X-Frame-Options",
        "“Hidden window”",
    )
    .await?;
    stage.close().await
}

/// Pages for signing in forbid frames everywhere, and some providers answer `prompt=none` with theirs.
#[tokio::test]
async fn f6_where_nobody_is_signed_in_a_page_that_refuses_frames_fails_nothing() -> Result<()> {
    let stage = options_with(json!({})).await?;
    stage.provider.set_fault(Fault::FramingRefused);
    check(&stage.browser).await?;
    assert_eq!(all_failed(&stage.browser).await?, [""; 0]);
    for name in ["framing", "renewal-offscreen"] {
        let line = line(&stage.browser, name).await?;
        assert_eq!(
            (line.verdict.as_str(), line.buttons),
            ("unsure", vec!["Sign in".to_owned()])
        );
    }
    stage.close().await
}

#[tokio::test]
async fn a_frame_without_cookies_is_named() -> Result<()> {
    let stage = signed_in(StageOptions::default()).await?;
    stage.provider.set_fault(Fault::NoCookiesInFrames);
    check(&stage.browser).await?;
    failed(&stage.browser, "cookies", "not in a frame", "SameSite=None").await?;
    stage.close().await
}

#[tokio::test]
async fn a_client_with_a_secret_and_an_origin_that_is_not_allowed_are_named() -> Result<()> {
    let stage = options_with(json!({})).await?;
    stage.provider.set_confidential(true);
    check(&stage.browser).await?;
    failed(
        &stage.browser,
        "token-endpoint",
        "without a secret",
        "public",
    )
    .await?;
    stage.provider.set_confidential(false);
    stage.provider.set_refuse_origins(true);
    stage.browser.press("Check again").await?;
    ended(&stage.browser).await?;
    let origin = "chrome-extension://";
    failed(&stage.browser, "token-endpoint", "origin", origin).await?;
    stage.close().await
}

/// The pictures are in `target/pictures`.
#[tokio::test]
async fn its_looks_pass_in_light_and_dark_while_it_runs_when_all_passed_and_when_some_failed()
-> Result<()> {
    let stage = signed_in(StageOptions::default()).await?;
    let browser = &stage.browser;
    browser.emulate_size(800, 900).await?;
    stage.provider.set_fault(Fault::Hang(Endpoint::Keys));
    browser.press("Check setup").await?;
    browser.shows("Checking…").await?;
    judge(browser, "en/doctor-running").await?;
    stage.provider.clear_fault();
    ended(browser).await?;
    judge(browser, "en/doctor-passed").await?;
    stage.provider.unregister_all();
    stage.provider.set_clock_offset(600);
    stage.provider.set_confidential(true);
    let redirect = browser.redirect_pattern();
    browser.allow_only(&[&redirect]).await?;
    browser.press("Check again").await?;
    ended(browser).await?;
    judge(browser, "en/doctor-failed").await?;
    stage.close().await
}
