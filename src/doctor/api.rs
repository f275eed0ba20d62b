//! One call to each API: its status and its challenge (RFC 6750 section 3, RFC 9470).

use url::Url;

use super::address::host;
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
        /// It is a page: its media type is HTML's.
        is_page: bool,
        /// The host that it came from, where a redirect led to another origin, to which the browser sends no token.
        elsewhere: Option<String>,
    },
    /// No response came.
    Unreached(Unreached),
}

impl Call {
    /// What came back for a call of `url`: its status, its headers by name, and the address that it came from.
    pub fn of_response(
        url: &Url,
        status: u16,
        header: &dyn Fn(&str) -> Option<String>,
        from: &str,
    ) -> Self {
        let media_type = header("content-type").unwrap_or_default();
        let media_type = media_type.trim_start().to_ascii_lowercase();
        Self::Answered {
            status,
            challenge: header("www-authenticate"),
            is_page: ["text/html", "application/xhtml+xml"]
                .iter()
                .any(|page| media_type.starts_with(page)),
            elsewhere: other_host(url, from),
        }
    }

    /// What it means that a call of `url` was redirected to the address `to` and failed there: the browser keeps back what
    /// another origin answers. `None` where it is the same origin.
    #[must_use]
    pub fn led_elsewhere(url: &Url, to: &str) -> Option<Self> {
        let elsewhere = Some(other_host(url, to)?);
        Some(Self::Answered {
            status: 302,
            challenge: None,
            is_page: false,
            elsewhere,
        })
    }

    /// Whether the API itself refuses the token, for no reason that it names.
    pub(super) fn refuses_token(&self, settings: &Settings) -> bool {
        match self {
            Self::Answered {
                status: 401,
                challenge,
                elsewhere: None,
                ..
            } => !matches!(
                parse(challenge.as_deref(), settings),
                TokenChallenge::InsufficientScope(_)
                    | TokenChallenge::InsufficientUserAuthentication(_)
            ),
            _ => false,
        }
    }
}

/// The host of `other`, where that is of another origin than `url`.
fn other_host(url: &Url, other: &str) -> Option<String> {
    let origin = Url::parse(other).ok()?.origin();
    (origin != url.origin()).then(|| host(other))
}

fn parse(challenge: Option<&str>, settings: &Settings) -> TokenChallenge {
    let scheme = match settings.provider.dpop {
        true => Scheme::Dpop,
        false => Scheme::Bearer,
    };
    TokenChallenge::parse(challenge, scheme)
}

/// Diagnoses the call to the API at `index` of the settings; `None` where the user is signed out, and none was made.
/// `renewed`: the token was new.
#[must_use]
pub fn diagnose(settings: &Settings, index: usize, call: Option<&Call>, renewed: bool) -> Finding {
    let check = Check::Api(index);
    let Some(call) = call else {
        return Finding::skipped(check, "doctor_api_signed_out").with_fix(Fix::sign_in());
    };
    if call.refuses_token(settings) {
        return match renewed {
            true => token_refused(settings, index),
            false => old_token_refused(index),
        };
    }
    let (status, challenge) = match call {
        Call::Unreached(why) => return unreached(settings, index, *why),
        Call::Answered {
            elsewhere: Some(host),
            ..
        } => return page(index, Text::new("doctor_api_elsewhere").with(host.as_str())),
        Call::Answered {
            status: 200..300,
            is_page: true,
            ..
        } => return page(index, Text::new("doctor_api_page")),
        Call::Answered {
            status, challenge, ..
        } => (*status, challenge.as_deref()),
    };
    let with_status = |key| Text::new(key).with(status.to_string());
    match (status, parse(challenge, settings)) {
        (_, TokenChallenge::InsufficientScope(wanted)) => scope_missing(check, wanted),
        (401, _) => {
            let fix = Fix::new("doctor_api_step_up_fix").by(Action::SignIn);
            Finding::could_not_tell(check, "doctor_api_step_up").with_fix(fix)
        }
        (200..=399, _) => Finding::passed(check, with_status("doctor_api_passed")),
        (404 | 405, _) => Finding::passed(check, with_status("doctor_api_nothing_there")),
        (429 | 500.., _) => Finding::could_not_tell(check, with_status("doctor_api_fault"))
            .with_code("doctor.api_fault"),
        _ => Finding::could_not_tell(check, with_status("doctor_api_refused")),
    }
}

/// Some APIs lead a call whose token they do not take to a page for signing in.
fn page(index: usize, text: Text) -> Finding {
    let fix = Fix::of_setting("doctor_api_page_fix", format!("apis[{index}].url"));
    Finding::could_not_tell(Check::Api(index), text)
        .with_fix(fix)
        .with_code("doctor.api_page")
}

/// A token that may have ended is refused: that says nothing of its kind.
fn old_token_refused(index: usize) -> Finding {
    let fix = Fix::of_setting("doctor_api_old_token_fix", format!("apis[{index}].token"));
    let fix = fix.by(Action::SignIn);
    Finding::could_not_tell(Check::Api(index), "doctor_api_old_token")
        .with_fix(fix)
        .with_code("api.token_refused")
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
