//! One call to each API: its status and its challenge (RFC 6750 section 3, RFC 9470).

use super::probe_result::Unreached;
use super::{Action, Check, Finding, Fix, Text};
use crate::oauth::challenge::TokenChallenge;
use crate::oauth::token_endpoint::Scheme;
use crate::settings::{Settings, TokenKind};

/// The outcome of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// The API answered.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The value of `WWW-Authenticate`.
        challenge: Option<String>,
    },
    /// No response came.
    Unreached(Unreached),
}

/// Diagnoses the call to the API at `index` of the settings; `None` where the user is signed out, and none was made.
#[must_use]
pub fn diagnose(settings: &Settings, index: usize, call: Option<&Call>) -> Finding {
    let check = Check::Api(index);
    let Some(call) = call else {
        return Finding::skipped(check, "doctor_api_signed_out").with_fix(Fix::sign_in());
    };
    let (status, challenge) = match call {
        Call::Unreached(why) => return unreached(settings, index, *why),
        Call::Answered { status, challenge } => (*status, challenge.as_deref()),
    };
    let scheme = match settings.provider.dpop {
        true => Scheme::Dpop,
        false => Scheme::Bearer,
    };
    let with_status = |key| Text::new(key).with(status.to_string());
    match (status, TokenChallenge::parse(challenge, scheme)) {
        (_, TokenChallenge::InsufficientScope(wanted)) => scope_missing(check, wanted),
        (401, TokenChallenge::InsufficientUserAuthentication(_)) => {
            let fix = Fix::new("doctor_api_step_up_fix").by(Action::SignIn);
            Finding::could_not_tell(check, "doctor_api_step_up").with_fix(fix)
        }
        (401, _) => token_refused(settings, index),
        (200..=399, _) => Finding::passed(check, with_status("doctor_api_passed")),
        (404 | 405, _) => Finding::passed(check, with_status("doctor_api_nothing_there")),
        (429 | 500.., _) => Finding::could_not_tell(check, with_status("doctor_api_fault"))
            .with_code("doctor.api_fault"),
        _ => Finding::could_not_tell(check, with_status("doctor_api_refused")),
    }
}

fn unreached(settings: &Settings, index: usize, why: Unreached) -> Finding {
    let api = settings.apis.get(index);
    let url = api.map(|api| api.url.as_str()).unwrap_or_default();
    let change = |text| Some(Fix::of_setting(text, format!("apis[{index}].url")));
    let fix = match why {
        Unreached::Timeout => None,
        Unreached::UnknownHost => change("doctor_api_spelling_fix"),
        _ => change("doctor_api_down_fix"),
    };
    why.finding(Check::Api(index), url, fix)
}

fn scope_missing(check: Check, wanted: Option<String>) -> Finding {
    let line = match wanted {
        Some(scope) => {
            let fix = Text::new("doctor_api_scope_fix").with(scope.as_str());
            let text = Text::new("doctor_api_scope").with(scope);
            Finding::failed(check, text, Fix::of_setting(fix, "provider.scope"))
        }
        None => {
            let fix = Fix::of_setting("doctor_api_some_scope_fix", "provider.scope");
            Finding::failed(check, "doctor_api_some_scope", fix)
        }
    };
    line.with_code("api.insufficient_scope")
}

/// A fresh token is refused: it is of the wrong kind, or for another audience.
fn token_refused(settings: &Settings, index: usize) -> Finding {
    let check = Check::Api(index);
    let provider = &settings.provider;
    let kind = settings.apis.get(index).map(|api| provider.token_for(api));
    let token = format!("apis[{index}].token");
    let audience =
        |text: Text| Fix::of_setting(text, "provider.audience").by(Action::Show(token.clone()));
    let (text, fix) = match (kind, provider.audience.as_deref()) {
        (Some(TokenKind::AccessToken), Some(named)) => {
            let fix = Text::new("doctor_api_audience_fix").with(named);
            ("doctor_api_access_token", audience(fix))
        }
        (Some(TokenKind::AccessToken), None) => {
            let fix = Text::new("doctor_api_no_audience_fix");
            ("doctor_api_access_token", audience(fix))
        }
        _ => {
            let fix = Fix::of_setting("doctor_api_id_token_fix", token);
            ("doctor_api_id_token", fix)
        }
    };
    Finding::failed(check, text, fix).with_code("api.token_refused")
}

#[cfg(test)]
mod tests;
