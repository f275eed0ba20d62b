use super::super::Action;
use super::super::Verdict::{self, Failed, Passed, Skipped};
use super::super::fixtures::settings_with;
use super::*;
use crate::platform::UnixTime;
use crate::settings::Settings;
use RenewalMethodId::{Offscreen, RefreshToken};

fn finding(settings: &Settings, known_scope: Option<bool>, signed_in: bool, held: bool) -> Finding {
    let mut attempts = Attempts::new(settings, None, UnixTime(0));
    attempts.signed_in = signed_in;
    attempts.has_refresh_token = held;
    diagnose(&attempts, known_scope)
}

fn asking(scope: &str, renewal: &[RenewalMethodId]) -> Settings {
    settings_with(|it| {
        scope.clone_into(&mut it.provider.scope);
        it.provider.renewal = renewal.to_vec();
    })
}

#[test]
fn a_token_is_held_or_missing_for_a_reason() {
    let no_scope = Some(false);
    let plain = "openid";
    let offline = "openid offline_access";
    let both = [RefreshToken, Offscreen];
    let alone = [RefreshToken];
    let cases = [
        (plain, &both[..], None, (true, true), Passed, "held"),
        (plain, &both, None, (false, false), Skipped, "signed_out"),
        (plain, &both, None, (true, false), Skipped, "not_asked"),
        (plain, &alone, None, (true, false), Failed, "not_asked"),
        (plain, &alone, no_scope, (true, false), Failed, "not_given"),
        (offline, &both, None, (true, false), Skipped, "not_given"),
        (offline, &alone, None, (true, false), Failed, "not_given"),
        (
            offline,
            &alone,
            no_scope,
            (false, false),
            Skipped,
            "signed_out",
        ),
    ];
    for (scope, renewal, known_scope, (signed_in, held), verdict, text) in cases {
        let found = finding(&asking(scope, renewal), known_scope, signed_in, held);
        let got: (Verdict, &str) = (found.verdict, &found.text.key);
        let text = format!("doctor_refresh_{text}");
        assert_eq!(
            got,
            (verdict, &*text),
            "{scope} {renewal:?} {known_scope:?}"
        );
    }
    let unused = finding(&asking(offline, &[Offscreen]), None, true, false);
    let got: (Verdict, &str) = (unused.verdict, &unused.text.key);
    assert_eq!(got, (Skipped, "doctor_renewal_unused"));
}

#[test]
fn the_scope_to_add_is_named() {
    let settings = asking("openid", &[RefreshToken]);
    let fix = finding(&settings, None, true, false).fix.unwrap();
    assert_eq!(fix.text.key, "doctor_refresh_not_asked_fix");
    assert_eq!(fix.actions, [Action::Show("provider.scope".to_owned())]);
}

#[test]
fn the_implicit_flow_brings_none() {
    let settings = settings_with(|it| it.provider.flow = Flow::Implicit);
    let found = finding(&settings, None, true, false);
    assert_eq!(found.text.key, "doctor_refresh_implicit");
}
