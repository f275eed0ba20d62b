use super::super::fixtures::{answer, metadata, settings};
use super::super::{Action, Verdict};
use super::*;

fn ec_key() -> String {
    let coordinate = "A".repeat(43);
    format!(r#"{{"keys":[{{"kty":"EC","crv":"P-256","x":"{coordinate}","y":"{coordinate}"}}]}}"#)
}

fn finding(result: &ProbeResult) -> Finding {
    diagnose(&settings().provider, &metadata(), result)
}

fn answered(status: u16, body: &str) -> Finding {
    finding(&ProbeResult::Answer(answer(status, body)))
}

#[test]
fn a_key_of_an_accepted_algorithm_passes() {
    assert_eq!(answered(200, &ec_key()).verdict, Verdict::Passed);
}

#[test]
fn a_key_that_fits_none_of_the_providers_algorithms_does_not() {
    let mut metadata = metadata();
    metadata.algorithms = Some(vec![JwsAlgorithm::Rs256]);
    let result = ProbeResult::Answer(answer(200, &ec_key()));
    let found = diagnose(&settings().provider, &metadata, &result);
    assert_eq!(found.text.key, "doctor_keys_none");
    assert_eq!(answered(200, r#"{"keys":[]}"#).text.key, "doctor_keys_none");
}

#[test]
fn what_is_no_key_set_is_named() {
    for (status, body) in [(200, "<html>"), (404, "{}"), (200, "{}")] {
        let found = answered(status, body);
        assert_eq!(found.text.key, "doctor_keys_malformed", "{status} {body}");
        assert_eq!(found.verdict, Verdict::Failed);
    }
    assert_eq!(
        finding(&ProbeResult::Redirect(None)).verdict,
        Verdict::Failed
    );
}

#[test]
fn a_fault_of_the_provider_says_nothing_of_its_keys() {
    for status in [429, 500, 503] {
        assert_eq!(answered(status, "").verdict, Verdict::CouldNotTell);
    }
}

#[test]
fn an_origin_that_no_setting_names_is_to_be_added() {
    let unreached = ProbeResult::Unreached(Unreached::NotPermitted);
    let mut provider = settings().provider;
    let named = diagnose(&provider, &metadata(), &unreached);
    assert_eq!(named.fix.unwrap().text.key, "doctor_permission_fix");
    provider.endpoint_origins.clear();
    let fix = diagnose(&provider, &metadata(), &unreached).fix.unwrap();
    assert_eq!(fix.text.arguments, ["https://keys.test".into()]);
    assert_eq!(
        fix.actions[0],
        Action::Show("provider.endpoint_origins".to_owned())
    );
}

#[test]
fn keys_that_are_not_reached_are_named_by_the_reason() {
    for (why, verdict) in [
        (Unreached::Offline, Verdict::CouldNotTell),
        (Unreached::Timeout, Verdict::CouldNotTell),
        (Unreached::Refused, Verdict::Failed),
        (Unreached::Blocked, Verdict::Failed),
    ] {
        let found = finding(&ProbeResult::Unreached(why));
        assert_eq!(found.verdict, verdict, "{why:?}");
        assert_eq!(found.code.as_deref(), Some(why.code_and_sentence().0));
    }
}
