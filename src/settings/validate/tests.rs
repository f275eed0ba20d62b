use serde_json::json;

use super::*;

const fn setting(path: &'static str, kind: Kind, absent: Absent) -> Setting {
    Setting {
        path,
        kind,
        absent,
        ..Setting::BLANK
    }
}

const fn list(of: &'static Kind) -> Kind {
    Kind::List(List {
        of,
        distinct: true,
        if_empty: None,
    })
}

const MINUTES: Kind = Kind::WholeNumber {
    least: 1,
    most: 90,
    unit: Unit::Minutes,
};

/// Kinds within kinds, as settings may have them.
const NESTED: &[Setting] = &[
    setting("calls", list(&Kind::Object), Absent::Default("[]")),
    setting("calls[].when", Kind::Object, Absent::Unset("none")),
    setting("calls[].when.codes", list(&Kind::Text), Absent::Required),
    setting("calls[].when.pause_min", MINUTES, Absent::Default("5")),
    setting(
        "calls[].lanes",
        list(&Kind::Choice(&[("fast", "")])),
        Absent::Default(r#"["fast"]"#),
    ),
    setting("parameters", Kind::Map(&Kind::Text), Absent::Default("{}")),
    setting("places", Kind::Map(&Kind::Object), Absent::Unset("none")),
    setting("places.*.open", Kind::Boolean, Absent::Default("true")),
    Setting {
        development_only: true,
        ..setting("trace", Kind::Text, Absent::Unset("none"))
    },
];

fn validated(session: &Value) -> Validated {
    validate(session, NESTED, "", Build::Release)
}

fn faults(session: &Value, prefix: &str) -> Vec<(String, &'static str)> {
    let faults = validate(session, NESTED, prefix, Build::Release).faults;
    let named = |fault: SettingsError| (fault.path, fault.reason.code());
    faults.into_iter().map(named).collect()
}

#[test]
fn defaults_are_filled_in_at_every_depth_and_null_is_left_out() {
    let written = json!({
        "calls": [{"when": {"codes": ["a"]}}, {"when": null, "lanes": []}],
        "parameters": {"ui": "dark", "nothing": null},
        "places": {"home": {}},
    });
    let validated = validated(&written);
    assert_eq!(validated.faults, []);
    let expected = json!({
        "calls": [{"when": {"codes": ["a"], "pause_min": 5}, "lanes": ["fast"]}, {"lanes": []}],
        "parameters": {"ui": "dark"},
        "places": {"home": {"open": true}},
    });
    assert_eq!(validated.normal, expected);
}

#[test]
fn what_is_for_development_is_refused_elsewhere() {
    let written = json!({"trace": "all"});
    let expected = [("trace".to_owned(), "development_only")];
    assert_eq!(faults(&written, ""), expected);
    assert_eq!(
        validate(&written, NESTED, "", Build::Development).faults,
        []
    );
    assert_eq!(faults(&json!({"trace": null}), ""), []);
}

#[test]
fn an_object_that_may_be_absent_lacks_nothing_while_it_is() {
    assert!(faults(&json!({"calls": [{}]}), "").is_empty());
    let found = faults(&json!({"calls": [{"when": {}}]}), "");
    assert_eq!(found, [("calls[0].when.codes".to_owned(), "missing")]);
}

#[test]
fn faults_are_named_at_every_depth_in_the_order_of_the_table() {
    let written = json!({
        "a": 1,
        "places": {"home": {"open": 1, "closed": 2}, "work": 3},
        "parameters": {"z": 1, "a": " "},
        "calls": [{}, {"when": {"codes": ["a", 5, "a"], "pause_min": 91}, "lanes": ["slow"]}, 7],
    });
    let expected = [
        ("calls[1].when.codes[1]", "not_a_text"),
        ("calls[1].when.codes[2]", "twice"),
        ("calls[1].when.pause_min", "not_minutes"),
        ("calls[1].lanes[0]", "not_a_choice"),
        ("calls[2]", "not_an_object"),
        ("parameters.a", "empty"),
        ("parameters.z", "not_a_text"),
        ("places.home.open", "not_a_boolean"),
        ("places.home.closed", "unknown"),
        ("places.work", "not_an_object"),
        ("a", "unknown"),
    ];
    let expected = expected.map(|(path, code)| (path.to_owned(), code));
    assert_eq!(faults(&written, ""), expected);
}

#[test]
fn a_session_among_several_begins_the_paths() {
    let written = json!({"calls": {}, "b": 1});
    let expected = [
        ("sessions[1].calls", "not_a_list"),
        ("sessions[1].b", "unknown"),
    ]
    .map(|(path, code)| (path.to_owned(), code));
    assert_eq!(faults(&written, "sessions[1]"), expected);
    let whole = [("sessions[1]".to_owned(), "not_an_object")];
    assert_eq!(faults(&json!([]), "sessions[1]"), whole);
    assert_eq!(
        faults(&json!([]), ""),
        [("settings".to_owned(), "not_an_object")]
    );
}

#[test]
fn a_reference_to_a_schema_is_no_setting_and_no_fault_at_the_root() {
    let reference = json!({"$schema": "settings.schema.json"});
    assert!(faults(&reference, "").is_empty());
    assert!(validated(&reference).normal.get("$schema").is_none());
    let within = json!({"calls": [reference]});
    assert_eq!(
        faults(&within, ""),
        [("calls[0].$schema".to_owned(), "unknown")]
    );
}

#[test]
fn no_more_faults_are_named_than_someone_reads() {
    let entries: Vec<u32> = (0..1000).collect();
    assert_eq!(faults(&json!({"calls": entries}), "").len(), MAX_FAULTS);
}

#[test]
fn numbers_are_whole_however_they_are_written() {
    for (written, number) in [
        (json!(60), Some(60)),
        (json!(60.0), Some(60)),
        (json!(-0.0), Some(0)),
        (json!(60.5), None),
        (json!(-1), None),
        (json!(4_294_967_296_u64), None),
        (json!(1e300), None),
        (json!("60"), None),
    ] {
        assert_eq!(whole_number(&written), number, "{written}");
    }
}
