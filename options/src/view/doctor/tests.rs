use evertoken::doctor::plan::{Plan, plan};
use evertoken::doctor::{clock, permission};
use evertoken::settings::Build;

use super::*;

const SETTINGS: &str = r#"{
    "provider": { "issuer": "https://login.test/", "client_id": "app" },
    "apis": [ { "url": "https://api.test/v1/" } ]
}"#;

fn planned() -> Plan {
    let redirect_uri = "https://id.chromiumapp.org/";
    plan(Some(SETTINGS), Build::Release, redirect_uri)
}

fn sheet() -> Sheet {
    Sheet::new(planned().checks, false)
}

fn refused_permission() -> Finding {
    permission::diagnose(1, &planned().hosts[1], Some(false))
}

#[test]
fn a_setting_of_the_build_is_not_to_be_changed_on_the_page() {
    let nothing_saved = plan(None, Build::Release, "").settings_finding;
    let fix = |built_in, finding: &Finding| Sheet::new(Vec::new(), built_in).shown(finding).fix;
    let built_in = "The build fixes this setting: build again with another one.";
    let sentence = fix(false, &nothing_saved);
    assert_eq!(fix(true, &nothing_saved), format!("{sentence} {built_in}"));
    let other = fix(true, &refused_permission());
    assert_eq!(other, "Allow Evertoken access to api.test.");
}

#[test]
fn every_check_has_a_title_of_its_own() {
    let sheet = sheet();
    let checks = sheet.checks.iter();
    let mut titles: Vec<String> = checks.map(|it| sheet.title(it.check)).collect();
    for title in [
        "Access to api.test",
        "Call to https://api.test/v1/",
        "Renewal: Hidden frame",
    ] {
        assert!(titles.iter().any(|it| it == title), "{titles:?}");
    }
    titles.sort_unstable();
    let count = titles.len();
    titles.dedup();
    assert_eq!(titles.len(), count);
}

#[test]
fn a_finding_that_failed_says_what_to_change_and_offers_to_do_it() {
    let mut sheet = sheet();
    let shown = sheet.shown(&refused_permission());
    assert_eq!(shown.class, "line failed");
    assert_eq!(shown.word, "Failed");
    assert!(shown.sentence.contains("api.test"), "{}", shown.sentence);
    assert_eq!(shown.code, "doctor.not_permitted");
    assert_eq!(shown.fix, "Allow Evertoken access to api.test.");
    assert_eq!(shown.buttons, ["Allow access"]);
    sheet.put(refused_permission());
    let allow = Action::Allow(vec!["https://api.test".to_owned()]);
    assert_eq!(sheet.action("check-permission-1", 0), Some(allow));
    assert_eq!(sheet.action("check-permission-1", 1), None);
    assert_eq!(sheet.action("check-permission-0", 0), None);
}

#[test]
fn every_verdict_has_a_word_and_a_class() {
    let verdicts = [
        Verdict::Passed,
        Verdict::Failed,
        Verdict::CouldNotTell,
        Verdict::Skipped,
    ];
    let words = verdicts.map(|verdict| {
        let (class, word) = class_and_word(verdict);
        (class, text(word))
    });
    for (index, (class, word)) in words.iter().enumerate() {
        let others = words.iter().skip(index + 1);
        assert!(
            others
                .clone()
                .all(|other| other.0 != *class && other.1 != *word)
        );
    }
}

#[test]
fn spans_and_titles_are_shown_in_words() {
    let behind = clock::diagnose(60, None, Some(600_000));
    assert_eq!(
        sheet().shown(&behind).sentence,
        "This computer's clock is 10\u{a0}min behind the provider's."
    );
    let waits = Finding::waits_for(Check::Keys, Check::Discovery);
    assert_eq!(
        sheet().shown(&waits).sentence,
        "Not checked: “Provider” comes first."
    );
}

#[test]
fn the_sum_names_what_there_is_and_the_first_finding_of_a_check_counts() {
    let mut sheet = sheet();
    assert_eq!(sheet.sum(), "");
    sheet.put(clock::diagnose(60, None, Some(0)));
    sheet.put(refused_permission());
    assert!(sheet.put(Finding::out_of_time(Check::Keys)));
    sheet.put(Finding::waits_for(Check::Cookies, Check::Discovery));
    assert!(!sheet.put(Finding::waits_for(Check::Keys, Check::Discovery)));
    assert_eq!(
        sheet.sum(),
        "1 passed, 1 failed, 1 could not tell, 1 skipped"
    );
    assert_eq!(sheet.open().len(), sheet.checks.len() - 4);
}

#[test]
fn the_report_has_all_findings_in_order() {
    let mut sheet = sheet();
    sheet.put(clock::diagnose(60, None, Some(0)));
    sheet.put(refused_permission());
    let expected = "Setup check: 1 passed, 1 failed\n
Failed: Access to api.test
  Evertoken may not reach the API at api.test, so its calls get no token.
  Allow Evertoken access to api.test.
  doctor.not_permitted\n
Passed: Clock
  It agrees with the provider's.\n";
    assert_eq!(sheet.report(), expected);
}
