use evertoken::settings::faults;

use super::*;

const SAVED: &str = r#"{"provider":{"issuer":"https://p.test/","client_id":"c"},"apis":[{"url":"https://a.test/"}]}"#;

fn saved() -> Form {
    Form::new(Some(SAVED), Vec::new(), false)
}

fn type_into(form: &mut Form, path: &str, text: &str) {
    form.edit(|draft| draft.set_text(path, text));
}

#[test]
fn a_fault_is_shown_when_its_field_was_left_and_goes_while_it_is_mended() {
    let mut form = Form::new(None, Vec::new(), false);
    type_into(&mut form, "provider.issuer", "http://p.test/");
    assert_eq!(form.fault("provider.issuer"), "");
    form.leave("provider.issuer");
    assert_eq!(
        form.fault("provider.issuer"),
        text::text("reason_not_https")
    );
    assert_eq!(form.fault("provider.client_id"), "", "nobody was there yet");
    type_into(&mut form, "provider.issuer", "https://p.test/");
    assert_eq!(form.fault("provider.issuer"), "");
}

#[test]
fn a_press_of_save_shows_all_faults_and_the_first_by_the_order_of_the_page() {
    let mut form = Form::new(None, Vec::new(), false);
    form.edit(|draft| draft.set_number("session.renewal_timeout_s", "0"));
    assert_eq!(form.show_all(), 3);
    assert_eq!(form.first_fault().unwrap(), "provider.issuer");
    assert_ne!(form.fault("provider.client_id"), "");
    assert!(form.fault("session.renewal_timeout_s").contains("25"));
}

#[test]
fn a_list_shows_the_faults_of_its_entries() {
    let mut form = saved();
    form.edit(|draft| draft.set_list("provider.endpoint_origins", &["x".to_owned()]));
    assert_eq!(
        form.fault("provider.endpoint_origins"),
        text::text("reason_not_a_url")
    );
    let mut form = saved();
    let steps = form
        .ladder
        .iter()
        .map(|step| Step { on: false, ..*step })
        .collect();
    form.set_ladder(steps);
    assert_eq!(
        form.fault("provider.renewal"),
        text::text("reason_no_renewal")
    );
}

#[test]
fn what_was_never_meant_goes_when_the_field_is_left() {
    let mut form = saved();
    assert!(!form.is_untidy("provider.issuer"));
    assert!(
        !form.is_untidy("provider.endpoint_origins"),
        "there is none"
    );
    type_into(&mut form, "provider.issuer", " https://p.test/ ");
    let lines = ["https://a.test ", "", "https://b.test"].map(str::to_owned);
    form.edit(|draft| draft.set_list("provider.endpoint_origins", &lines));
    for path in ["provider.issuer", "provider.endpoint_origins"] {
        assert!(form.is_untidy(path), "{path}");
        form.tidy(path);
        assert!(!form.is_untidy(path), "{path}");
    }
    assert_eq!(form.draft().text("provider.issuer"), "https://p.test/");
    let origins = form.draft().list("provider.endpoint_origins").unwrap();
    assert_eq!(origins, ["https://a.test", "https://b.test"]);
    form.edit(|draft| draft.set_list("provider.endpoint_origins", &[String::new()]));
    form.tidy("provider.endpoint_origins");
    assert_eq!(form.draft().list("provider.endpoint_origins"), None);
}

#[test]
fn faults_without_a_field_are_listed_and_can_be_taken_away() {
    let mut form = saved();
    form.import(r#"{"provider":{"issuer":"https://p.test/","client_id":"c","isuer":1},"apis":5}"#)
        .unwrap();
    let paths: Vec<_> = form.homeless().into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["provider.isuer", "apis"]);
    assert_eq!(form.first_fault().unwrap(), "provider.isuer");
    form.edit(|draft| draft.remove("provider.isuer"));
    assert_eq!(form.homeless().len(), 1);
}

#[test]
fn a_form_is_changed_only_where_the_settings_are() {
    let mut form = saved();
    assert!(!form.is_changed());
    type_into(&mut form, "provider.scope", "openid profile email");
    assert!(!form.is_changed(), "that is the default");
    type_into(&mut form, "provider.scope", "openid");
    assert!(form.is_changed());
    form.settle();
    assert!(!form.is_changed());
    type_into(&mut form, "provider.scope", "");
    form.discard();
    assert_eq!(form.draft().text("provider.scope"), "openid");
}

#[test]
fn what_is_fixed_is_locked_and_neither_saved_nor_imported() {
    let fixed = vec!["provider.issuer".to_owned(), "apis".to_owned()];
    let mut form = Form::new(Some(SAVED), fixed, false);
    assert!(form.is_locked("provider.issuer") && form.is_locked("apis[0].url"));
    assert!(!form.is_locked("provider.client_id") && !form.is_locked("provider"));
    form.import(r#"{"provider":{"issuer":"https://other.test/","client_id":"d"}}"#)
        .unwrap();
    assert_eq!(form.draft().text("provider.issuer"), "https://p.test/");
    assert_eq!(form.draft().text("apis[0].url"), "https://a.test/");
    let saved = form.to_save();
    assert!(
        !saved.contains("p.test") && !saved.contains("a.test"),
        "{saved}"
    );
    assert!(saved.contains("\"d\""), "{saved}");
    assert!(form.export().contains("p.test"));
}

#[test]
fn an_import_takes_everything_and_shows_every_fault() {
    let mut form = Form::new(None, Vec::new(), false);
    form.import(r#"{"provider":{"issuer":"http://p.test/","dpop":true,"renewal":["offscreen"]}}"#)
        .unwrap();
    assert!(form.draft().flag("provider.dpop"));
    assert_eq!(form.all_faults().len(), 2);
    assert_ne!(form.fault("provider.issuer"), "");
    assert_eq!(form.ladder.iter().filter(|step| step.on).count(), 1);
    let refused = form.import("{").unwrap_err();
    assert!(refused.contains('1'), "{refused}");
    assert!(form.draft().flag("provider.dpop"), "nothing was taken");
}

#[test]
fn apis_are_added_and_taken_away() {
    let mut form = Form::new(None, Vec::new(), false);
    assert_eq!(form.rows(), 1);
    assert_eq!(form.add_api(), 1);
    assert_eq!(form.rows(), 2);
    type_into(&mut form, "apis[1].url", "https://b.test/");
    form.remove_api(0);
    assert_eq!(form.draft().text("apis[0].url"), "https://b.test/");
    type_into(&mut form, "apis[0].url", "");
    assert_eq!(form.rows(), 1);
    assert!(
        !form.draft().to_json().contains("apis"),
        "an empty row is no API"
    );
}

#[test]
fn every_reason_has_its_words() {
    let json = r#"{"provider":{"issuer":"https://u@p.test/","client_id":"","scope":"x","flow":"implicit","dpop":true,
        "audience":1,"pushed_authorization_requests":1,
        "response_mode":"query","login_hint":"x","endpoint_origins":["https://p.test/x","y"],"renewal":["offscreen","offscreen"]},
        "apis":[{"url":"https://a.test/?"},{},{"url":"http://a.test"}],"session":{"storage":1,"clock_tolerance_s":-1},"x":1}"#;
    let several = [
        json,
        "{",
        r#"{"a":1,"a":2}"#,
        "[]",
        r#"{"apis":1,"provider":{"renewal":[]}}"#,
    ];
    let mut told = BTreeSet::new();
    let faults = several.iter().flat_map(|json| faults(json, Build::Release));
    // No setting counts minutes yet.
    let (least, most) = (1, 90);
    let reasons = faults
        .map(|fault| fault.reason)
        .chain([Reason::NotMinutes { least, most }]);
    for reason in reasons {
        let code = reason.code();
        told.insert(code);
        let words = words_of(&reason);
        assert!(!words.starts_with("reason_"), "{code}");
        for argument in reason.arguments() {
            assert!(words.contains(&argument), "{code}: {words}");
        }
    }
    assert_eq!(told.len(), 22, "{told:?}");
}
