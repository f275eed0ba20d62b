//! The refresh token: held, asked for, offered.

use super::discovery::Offers;
use super::renewal::Attempts;
use super::{Action, Check, Fix, Line};
use crate::settings::{Flow, RenewalEngine};

const CHECK: Check = Check::RefreshToken;

/// The line. `held`: the session has one.
#[must_use]
pub fn judge(attempts: &Attempts<'_>, offers: Offers, held: bool) -> Line {
    let provider = &attempts.settings.provider;
    if !attempts.is_chosen(RenewalEngine::RefreshToken) {
        return Line::skipped(CHECK, "doctor_rung_unused");
    }
    if provider.flow == Flow::Implicit {
        return missing(
            attempts,
            "doctor_refresh_implicit",
            "doctor_refresh_implicit_fix",
        );
    }
    if held {
        return Line::passed(CHECK, "doctor_refresh_held");
    }
    if offers.refresh_grant == Some(false) {
        return missing(
            attempts,
            "doctor_refresh_unsupported",
            "doctor_refresh_unsupported_fix",
        );
    }
    if !attempts.signed_in {
        let fix = Fix::new("doctor_sign_in_fix").by(Action::SignIn);
        return Line::skipped(CHECK, "doctor_refresh_signed_out").with_fix(fix);
    }
    let asked = provider
        .scope
        .split(' ')
        .any(|scope| scope == "offline_access");
    match asked {
        true => {
            let fix = Fix::new("doctor_refresh_not_given_fix");
            Line::failed(CHECK, "doctor_refresh_not_given", fix)
                .with_detail("session.no_refresh_token")
        }
        // A provider that lists its scopes without this one gives refresh tokens by a switch, or never.
        false if offers.offline_access == Some(false) => missing(
            attempts,
            "doctor_refresh_not_given",
            "doctor_refresh_not_given_fix",
        ),
        false => missing(
            attempts,
            "doctor_refresh_not_asked",
            "doctor_refresh_not_asked_fix",
        ),
    }
}

/// No harm where there is another way of renewal.
fn missing(attempts: &Attempts<'_>, text: &'static str, fix: &'static str) -> Line {
    let path = match fix {
        "doctor_refresh_not_asked_fix" => "provider.scope",
        _ => "provider.renewal",
    };
    let fix = Fix::of_setting(fix, path);
    let only_way = attempts.settings.provider.renewal.len() == 1;
    let line = match only_way {
        true => Line::failed(CHECK, text, fix),
        false => Line::skipped(CHECK, text).with_fix(fix),
    };
    line.with_detail("session.no_refresh_token")
}

#[cfg(test)]
mod tests;
