use evertoken::doctor::plan::plan;
use evertoken::doctor::{clock, permission};
use evertoken::settings::Build;

use super::*;

const SETTINGS: &str = r#"{
    "provider": { "issuer": "https://login.test/", "client_id": "app" },
    "apis": [ { "url": "https://api.test/v1/" } ]
}"#;

fn sheet() -> Sheet {
    Sheet::new(
        plan(
            Some(SETTINGS),
            Build::Release,
            "https://id.chromiumapp.org/",
        )
        .slots,
        false,
    )
}

#[test]
fn a_setting_of_the_build_is_not_to_be_changed_on_the_page() {
    let line = plan(None, Build::Release, "").settings_line;
    let fix = |built_in| {
        let shown = Sheet::new(Vec::new(), built_in).shown(&line);
        shown.fix.unwrap().sentence
    };
    let built_in = "The build fixes this setting: build again with another one.";
    assert_eq!(fix(true), format!("{} {built_in}", fix(false)));
    let other = Sheet::new(Vec::new(), true).shown(&refused_permission());
    assert_eq!(
        other.fix.unwrap().sentence,
        "Allow Evertoken access to api.test."
    );
}

fn refused_permission() -> Line {
    let plan = plan(
        Some(SETTINGS),
        Build::Release,
        "https://id.chromiumapp.org/",
    );
    permission::judge(1, &plan.hosts[1], Some(false))
}

#[test]
fn every_place_has_a_title_of_its_own() {
    let sheet = sheet();
    let mut titles: Vec<String> = sheet.slots.iter().map(|it| sheet.title(it.check)).collect();
    assert!(titles.contains(&"Access to api.test".to_owned()));
    assert!(titles.contains(&"Call to https://api.test/v1/".to_owned()));
    titles.sort_unstable();
    let count = titles.len();
    titles.dedup();
    assert_eq!(titles.len(), count);
}

#[test]
fn a_line_that_failed_says_what_to_change_and_offers_to_do_it() {
    let shown = sheet().shown(&refused_permission());
    assert_eq!(shown.class, "line failed");
    assert_eq!(shown.word, "Failed");
    assert!(shown.sentence.contains("api.test"), "{}", shown.sentence);
    assert_eq!(shown.code, "doctor.not_permitted");
    let ShownFix { sentence, buttons } = shown.fix.unwrap();
    assert_eq!(sentence, "Allow Evertoken access to api.test.");
    assert_eq!(buttons[0].0, "Allow access");
}

#[test]
fn every_verdict_has_a_word_and_a_class() {
    let verdicts = [
        Verdict::Passed,
        Verdict::Failed,
        Verdict::CouldNotTell,
        Verdict::Skipped,
    ];
    let mut words: Vec<_> = verdicts.map(|it| (text(word(it)), class(it))).to_vec();
    words.sort_unstable();
    words.dedup_by(|a, b| a.0 == b.0 || a.1 == b.1);
    assert_eq!(words.len(), 4);
}

#[test]
fn spans_and_titles_are_told_in_words() {
    let behind = clock::judge(60, None, Some(600_000));
    assert_eq!(
        sheet().shown(&behind).sentence,
        "This computer's clock is 10\u{a0}min behind the provider's."
    );
    let waits = Line::waits_for(Check::Keys, Check::Discovery);
    assert_eq!(
        sheet().shown(&waits).sentence,
        "Not checked: “Provider” comes first."
    );
}

#[test]
fn the_sum_names_what_there_is() {
    let mut sheet = sheet();
    assert_eq!(sheet.sum(), "");
    sheet.put(clock::judge(60, None, Some(0)));
    sheet.put(refused_permission());
    sheet.put(Line::out_of_time(Check::Keys));
    sheet.put(Line::waits_for(Check::Cookies, Check::Discovery));
    assert_eq!(
        sheet.sum(),
        "1 passed, 1 failed, 1 could not tell, 1 skipped"
    );
    // A line that comes late changes nothing any more.
    sheet.put(Line::waits_for(Check::Keys, Check::Discovery));
    assert_eq!(
        sheet.sum(),
        "1 passed, 1 failed, 1 could not tell, 1 skipped"
    );
    assert_eq!(sheet.open().len(), sheet.slots.len() - 4);
}

#[test]
fn the_report_has_all_lines_in_order() {
    let mut sheet = sheet();
    sheet.put(clock::judge(60, None, Some(0)));
    sheet.put(refused_permission());
    let report = sheet.report();
    let (permission, clock) = (report.find("Access to api.test"), report.find("Clock"));
    assert!(permission.unwrap() < clock.unwrap(), "{report}");
    assert!(
        report.contains("Allow Evertoken access to api.test."),
        "{report}"
    );
    assert!(report.contains("doctor.not_permitted"), "{report}");
}
