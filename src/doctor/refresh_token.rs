//! The refresh token: whether the session has one, and why not.

use super::renewal::Attempts;
use super::{Check, Finding, Fix};
use crate::settings::{Flow, RenewalMethodId};

const CHECK: Check = Check::RefreshToken;
const CODE: &str = "session.no_refresh_token";

/// Diagnoses the session of `attempts`. `known_scope`: whether the provider lists the scope `offline_access`; `None` where it
/// lists none. Only a sign-in tells whether a provider gives refresh tokens: what it lists is often incomplete.
pub(super) fn diagnose(attempts: &Attempts<'_>, known_scope: Option<bool>) -> Finding {
    let provider = &attempts.settings.provider;
    let without = |text, fix, path| {
        let fix = Fix::of_setting(fix, path);
        // No harm where there is another renewal method.
        let finding = match provider.renewal.len() {
            1 => Finding::failed(CHECK, text, fix),
            _ => Finding::skipped(CHECK, text).with_fix(fix),
        };
        finding.with_code(CODE)
    };
    let renewal = "provider.renewal";
    let is_asked_for = provider.scope.split(' ').any(|it| it == "offline_access");
    if !provider.renewal.contains(&RenewalMethodId::RefreshToken) {
        Finding::skipped(CHECK, "doctor_renewal_unused")
    } else if provider.flow == Flow::Implicit {
        let fix = "doctor_refresh_implicit_fix";
        without("doctor_refresh_implicit", fix, renewal)
    } else if attempts.has_refresh_token {
        Finding::passed(CHECK, "doctor_refresh_held")
    } else if !attempts.signed_in {
        Finding::skipped(CHECK, "doctor_refresh_signed_out").with_fix(Fix::sign_in())
    } else if is_asked_for || known_scope == Some(false) {
        // A provider that lists its scopes without this one gives refresh tokens by a switch of its own, or never.
        let fix = "doctor_refresh_not_given_fix";
        without("doctor_refresh_not_given", fix, renewal)
    } else {
        let fix = "doctor_refresh_not_asked_fix";
        without("doctor_refresh_not_asked", fix, "provider.scope")
    }
}

#[cfg(test)]
mod tests;
