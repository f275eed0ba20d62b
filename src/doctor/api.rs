//! One call to each API.

use super::observed::{Unreached, host};
use super::plan::allow;
use super::{Action, Check, Fix, Line, Text};
use crate::oauth::challenge::TokenChallenge;
use crate::oauth::token_endpoint::Scheme;
use crate::settings::{Settings, TokenKind};

/// What became of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// It was answered.
    Answered {
        /// The status.
        status: u16,
        /// `WWW-Authenticate`.
        challenge: Option<String>,
    },
    /// It was not.
    Unreached(Unreached),
}

/// The line of the API at `index`; `call` is `None` where none was made, since nobody is signed in.
#[must_use]
pub fn judge(settings: &Settings, index: usize, call: Option<&Call>) -> Line {
    let check = Check::Api(index);
    let Some(call) = call else {
        let fix = Fix::new("doctor_sign_in_fix").by(Action::SignIn);
        return Line::skipped(check, "doctor_api_signed_out").with_fix(fix);
    };
    let (status, challenge) = match call {
        Call::Unreached(why) => return unreached(settings, index, *why),
        Call::Answered { status, challenge } => (*status, challenge.as_deref()),
    };
    let scheme = match settings.provider.dpop {
        true => Scheme::Dpop,
        false => Scheme::Bearer,
    };
    let told = |key| Text::new(key).with(status.to_string());
    match (status, TokenChallenge::parse(challenge, scheme)) {
        (_, TokenChallenge::InsufficientScope(wanted)) => scope_missing(check, wanted),
        (401, TokenChallenge::InsufficientUserAuthentication(_)) => {
            let fix = Fix::new("doctor_api_step_up_fix").by(Action::SignIn);
            Line::could_not_tell(check, "doctor_api_step_up").with_fix(fix)
        }
        (401, _) => token_refused(settings, index),
        (200..=399, _) => Line::passed(check, told("doctor_api_passed")),
        (404 | 405, _) => Line::passed(check, told("doctor_api_nothing_there")),
        (429 | 500.., _) => {
            Line::could_not_tell(check, told("doctor_api_fault")).with_detail("doctor.api_fault")
        }
        _ => Line::could_not_tell(check, told("doctor_api_refused")),
    }
}

fn unreached(settings: &Settings, index: usize, why: Unreached) -> Line {
    let check = Check::Api(index);
    let url = settings
        .apis
        .get(index)
        .map(|api| api.url.as_str())
        .unwrap_or_default();
    let text = Text::new(why.sentence()).with(host(url));
    let path = format!("apis[{index}].url");
    let fix = match why {
        Unreached::Offline | Unreached::Timeout => {
            return Line::could_not_tell(check, text).with_detail(why.code());
        }
        Unreached::NotPermitted => {
            Fix::new(Text::new("doctor_permission_fix").with(host(url))).by(allow(&[url]))
        }
        Unreached::Blocked => Fix::new("doctor_blocked_fix"),
        Unreached::UnknownHost => Fix::of_setting("doctor_api_spelling_fix", path),
        _ => Fix::of_setting("doctor_api_down_fix", path),
    };
    Line::failed(check, text, fix).with_detail(why.code())
}

fn scope_missing(check: Check, wanted: Option<String>) -> Line {
    let line = match wanted {
        Some(scope) => {
            let fix = Text::new("doctor_api_scope_fix").with(scope.as_str());
            let text = Text::new("doctor_api_scope").with(scope);
            Line::failed(check, text, Fix::of_setting(fix, "provider.scope"))
        }
        None => {
            let fix = Fix::of_setting("doctor_api_some_scope_fix", "provider.scope");
            Line::failed(check, "doctor_api_some_scope", fix)
        }
    };
    line.with_detail("api.insufficient_scope")
}

/// A fresh token is refused: it is of the wrong kind, or for another audience.
fn token_refused(settings: &Settings, index: usize) -> Line {
    let check = Check::Api(index);
    let provider = &settings.provider;
    let kind = settings.apis.get(index).map(|api| provider.token_for(api));
    let token = format!("apis[{index}].token");
    let (text, fix) = match (kind, provider.audience.as_deref()) {
        (Some(TokenKind::AccessToken), Some(audience)) => (
            "doctor_api_access_token",
            Fix::of_setting(
                Text::new("doctor_api_audience_fix").with(audience),
                "provider.audience",
            )
            .by(Action::Show(token)),
        ),
        (Some(TokenKind::AccessToken), None) => (
            "doctor_api_access_token",
            Fix::of_setting("doctor_api_no_audience_fix", "provider.audience")
                .by(Action::Show(token)),
        ),
        _ => (
            "doctor_api_id_token",
            Fix::of_setting("doctor_api_id_token_fix", token),
        ),
    };
    Line::failed(check, text, fix).with_detail("api.token_refused")
}

#[cfg(test)]
mod tests;
