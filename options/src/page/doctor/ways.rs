//! Silent renewal, tried by the worker: one way after the other, as it has one renewal in flight at most.

use evertoken::doctor::refresh_token;
use evertoken::doctor::renewal::{Attempt, Attempts};
use evertoken::doctor::{Line, authorization, discovery::Offers};
use evertoken::message::{PageRequest, SessionState, SessionView, WorkerReply};
use evertoken::settings::{RenewalEngine, Settings};
use evertoken_pages::worker;

use super::{board, limit};

/// Tries the ways and tells their lines, and what they say of `authorization`, the line of client and callback URL.
pub(super) async fn check(
    settings: &Settings,
    view: Option<&SessionView>,
    offers: Offers,
    authorization: Line,
) {
    let chosen = |engine| settings.provider.renewal.contains(&engine);
    let held = view.is_some_and(|view| view.refreshable);
    let offscreen = match chosen(RenewalEngine::Offscreen) {
        true => attempt(RenewalEngine::Offscreen).await,
        false => Attempt::NotTried,
    };
    // Also where it is not chosen: it tells whether the frame is without cookies or nobody is signed in.
    let web_auth_flow = match chosen(RenewalEngine::WebAuthFlow) || offscreen.says_nobody() {
        true => attempt(RenewalEngine::WebAuthFlow).await,
        false => Attempt::NotTried,
    };
    let refresh_token = match chosen(RenewalEngine::RefreshToken) && held {
        true => attempt(RenewalEngine::RefreshToken).await,
        false => Attempt::NotTried,
    };
    let attempts = Attempts {
        settings,
        signed_in: view.is_some_and(|view| view.state == SessionState::SignedIn),
        offscreen: &offscreen,
        web_auth_flow: &web_auth_flow,
        refresh_token: &refresh_token,
    };
    board::put(authorization::settle(
        authorization,
        &[&offscreen, &web_auth_flow],
    ));
    board::put(attempts.framing());
    board::put(attempts.cookies());
    board::put(attempts.rung(RenewalEngine::Offscreen));
    board::put(attempts.rung(RenewalEngine::WebAuthFlow));
    board::put(attempts.rung(RenewalEngine::RefreshToken));
    board::put(refresh_token::judge(&attempts, offers, held));
}

async fn attempt(engine: RenewalEngine) -> Attempt {
    match limit::in_time(worker::ask(PageRequest::TryRenewal { engine })).await {
        Some(Some(WorkerReply::Tried {
            milliseconds,
            problem: None,
        })) => Attempt::Worked { milliseconds },
        Some(Some(WorkerReply::Tried {
            problem: Some(problem),
            ..
        })) => Attempt::Failed(problem),
        Some(Some(WorkerReply::Refused { problem })) => Attempt::Unanswered(Some(problem)),
        _ => Attempt::Unanswered(None),
    }
}
