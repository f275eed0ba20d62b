use super::super::Action;
use super::super::Verdict::{self, Failed, Passed, Skipped};
use super::super::fixtures::settings_with;
use super::*;
use crate::settings::Settings;
use RenewalMethodId::{Offscreen, RefreshToken};

const SILENT: Offers = Offers {
    offline_access: None,
    refresh_grant: None,
};

fn finding(settings: &Settings, offers: Offers, signed_in: bool, held: bool) -> Finding {
    let held = Held {
        signed_in,
        refresh_token: held,
    };
    diagnose(&settings.provider, held, offers)
}

fn asking(scope: &str, renewal: &[RenewalMethodId]) -> Settings {
    settings_with(|it| {
        scope.clone_into(&mut it.provider.scope);
        it.provider.renewal = renewal.to_vec();
    })
}

#[test]
fn a_token_is_held_or_missing_for_a_reason() {
    let no_grant = Offers {
        refresh_grant: Some(false),
        ..SILENT
    };
    let no_scope = Offers {
        offline_access: Some(false),
        ..SILENT
    };
    let plain = "openid";
    let offline = "openid offline_access";
    let both = [RefreshToken, Offscreen];
    let alone = [RefreshToken];
    let cases = [
        (plain, &both[..], SILENT, (true, true), Passed, "held"),
        (plain, &both, SILENT, (false, false), Skipped, "signed_out"),
        (plain, &both, SILENT, (true, false), Skipped, "not_asked"),
        (plain, &alone, SILENT, (true, false), Failed, "not_asked"),
        (plain, &alone, no_scope, (true, false), Failed, "not_given"),
        (offline, &both, SILENT, (true, false), Failed, "not_given"),
        (
            offline,
            &both,
            no_grant,
            (true, false),
            Skipped,
            "unsupported",
        ),
        (
            offline,
            &alone,
            no_grant,
            (false, false),
            Failed,
            "unsupported",
        ),
    ];
    for (scope, renewal, offers, (signed_in, held), verdict, text) in cases {
        let found = finding(&asking(scope, renewal), offers, signed_in, held);
        let got: (Verdict, &str) = (found.verdict, &found.text.key);
        let text = format!("doctor_refresh_{text}");
        assert_eq!(got, (verdict, &*text), "{scope} {renewal:?} {offers:?}");
    }
    let unused = finding(&asking(offline, &[Offscreen]), SILENT, true, false);
    let got: (Verdict, &str) = (unused.verdict, &unused.text.key);
    assert_eq!(got, (Skipped, "doctor_renewal_unused"));
}

#[test]
fn the_scope_to_add_is_named() {
    let settings = asking("openid", &[RefreshToken]);
    let fix = finding(&settings, SILENT, true, false).fix.unwrap();
    assert_eq!(fix.text.key, "doctor_refresh_not_asked_fix");
    assert_eq!(fix.actions, [Action::Show("provider.scope".to_owned())]);
}

#[test]
fn the_implicit_flow_brings_none() {
    let settings = settings_with(|it| it.provider.flow = Flow::Implicit);
    let found = finding(&settings, SILENT, true, false);
    assert_eq!(found.text.key, "doctor_refresh_implicit");
}
