//! The renewal ladder in the real browser: what a silent authorization comes to, and how soon its true cause is known.

use std::time::{Duration, Instant};

use anyhow::Result;
use evertoken::message::SessionState;
use evertoken::settings::RenewalMethodId;
use evertoken_demo::provider::{Endpoint, Fault};
use evertoken_e2e::{code, get, renew, sign_in, signed_in, signed_in_with, stage, view, with};
use serde_json::json;

/// Within this time the reason is there, also on a machine that runs other browsers.
const SOON: Duration = Duration::from_secs(2);

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the test measures")]
async fn the_iframe_tells_why_it_got_no_answer_in_two_seconds() -> Result<()> {
    for (fault, reason, state) in [
        (
            Fault::FramingRefused,
            "user_agent.page_shown",
            SessionState::SignInNeeded,
        ),
        (
            Fault::FramingRefusedByCsp,
            "user_agent.page_shown",
            SessionState::SignInNeeded,
        ),
        (
            Fault::Status(Endpoint::Authorize, 404),
            "user_agent.refused",
            SessionState::SignedIn,
        ),
        (
            Fault::Status(Endpoint::Authorize, 503),
            "user_agent.server_error",
            SessionState::SignedIn,
        ),
        (
            Fault::HtmlPage(Endpoint::Authorize),
            "user_agent.page_shown",
            SessionState::SignInNeeded,
        ),
    ] {
        let stage = signed_in("code").await?;
        assert_eq!(code(&renew(&stage.browser).await?), None);
        stage.provider.set_fault(fault);
        let started = Instant::now();
        let after = renew(&stage.browser).await?;
        let taken = started.elapsed();
        assert_eq!(
            (code(&after), after.state),
            (Some(reason), state),
            "{fault:?}"
        );
        assert!(taken < SOON, "{fault:?}: {taken:?}");
        stage.close().await?;
    }
    Ok(())
}

/// In a frame that got an answer before, the same means that the user is signed out there.
#[tokio::test]
async fn a_frame_that_was_never_answered_is_refused_for_the_settings() -> Result<()> {
    for fault in [Fault::FramingRefused, Fault::FramingRefusedByCsp] {
        let stage = signed_in("code").await?;
        stage.provider.set_fault(fault);
        let after = renew(&stage.browser).await?;
        assert_eq!(
            code(&after),
            Some("user_agent.framing_refused"),
            "{fault:?}"
        );
        assert_eq!(after.state, SessionState::SignedIn, "{fault:?}");
        stage.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_provider_that_refuses_frames_is_asked_in_one_only_once() -> Result<()> {
    let stage = signed_in_with(with(
        json!({"provider": {"renewal": ["offscreen", "web_auth_flow"]}}),
    ))
    .await?;
    stage.provider.set_fault(Fault::FramingRefused);
    // The other engine is refused as well, but not for the frame.
    let reason = renew(&stage.browser).await?;
    assert_eq!(code(&reason), Some("user_agent.interaction_required"));
    let asked = stage.provider.silent_authorizations();
    assert_eq!(asked, 2);
    stage.close().await
}

#[tokio::test]
async fn a_posted_answer_renews() -> Result<()> {
    let settings = json!({"provider": {"response_mode": "web_message", "renewal": ["offscreen"]}});
    let stage = signed_in_with(with(settings)).await?;
    stage.api.revoke_all();
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    let modes: Vec<_> = stage
        .provider
        .log()
        .into_iter()
        .map(|one| one.response_mode)
        .collect();
    assert_eq!(modes, [None, Some("web_message".to_owned())]);
    stage.provider.end_sessions();
    let after = renew(&stage.browser).await?;
    assert_eq!(code(&after), Some("authorization.login_required"));
    stage.close().await
}

#[tokio::test]
async fn an_answer_in_the_fragment_renews_by_either_engine() -> Result<()> {
    for (engine, name) in [
        (RenewalMethodId::Offscreen, "offscreen"),
        (RenewalMethodId::WebAuthFlow, "web_auth_flow"),
    ] {
        let settings = json!({"provider": {"response_mode": "fragment", "renewal": [name]}});
        let stage = stage(settings).await?;
        sign_in(&stage).await?;
        assert_eq!(code(&renew(&stage.browser).await?), None);
        let last = view(&stage.browser).await?.last_renewal;
        assert_eq!(last.map(|last| last.method), Some(engine));
        stage.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_page_that_redirects_by_its_own_script_renews_by_either_engine() -> Result<()> {
    for (engine, name) in [
        (RenewalMethodId::Offscreen, "offscreen"),
        (RenewalMethodId::WebAuthFlow, "web_auth_flow"),
    ] {
        let stage = stage(json!({"provider": {"renewal": [name]}})).await?;
        sign_in(&stage).await?;
        for after_ms in [0, 2000] {
            stage.provider.set_fault(Fault::AnswerByScript(after_ms));
            let renewed = renew(&stage.browser).await?;
            assert_eq!(code(&renewed), None, "{name} after {after_ms} ms");
            let last = renewed.last_renewal.map(|last| last.method);
            assert_eq!(last, Some(engine));
        }
        stage.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_organization_that_was_asked_for_must_come_back() -> Result<()> {
    let stage =
        stage(json!({"provider": {"organization": "org_demo", "renewal": ["offscreen"]}})).await?;
    sign_in(&stage).await?;
    assert_eq!(code(&renew(&stage.browser).await?), None);
    stage.close().await
}
