use super::super::Verdict::{self, CouldNotTell, Failed, Passed};
use super::super::{Action, Argument};
use super::*;

const NOW: i64 = 1_800_000_000_000;

fn measured(offset_ms: i64) -> Option<Measured> {
    Some(Measured {
        sent: UnixTime(NOW),
        received: UnixTime(NOW + 200),
        server: UnixTime(NOW + 100 - 500 + offset_ms),
    })
}

#[test]
fn the_offset_is_reckoned_from_the_middle_of_the_request() {
    assert_eq!(measured(0).map(Measured::offset_ms), Some(0));
    assert_eq!(measured(-600_000).map(Measured::offset_ms), Some(-600_000));
}

#[test]
fn clocks_are_compared_with_sign_and_amount() {
    for (offset_ms, verdict, text) in [
        (0, Passed, "doctor_clock_same"),
        (-2_000, Passed, "doctor_clock_same"),
        (30_000, Passed, "doctor_clock_behind_a_little"),
        (-30_000, Passed, "doctor_clock_ahead_a_little"),
        (60_000, Passed, "doctor_clock_behind_a_little"),
        (60_001, Failed, "doctor_clock_behind"),
        (-90_000, Failed, "doctor_clock_ahead"),
        (600_000, Failed, "doctor_clock_behind"),
        (-600_000, Failed, "doctor_clock_ahead"),
    ] {
        let found = diagnose(60, measured(offset_ms), None);
        let got: (Verdict, &str) = (found.verdict, &found.text.key);
        assert_eq!(got, (verdict, text), "{offset_ms}");
        if text != "doctor_clock_same" {
            let amount = Argument::Span(i64::unsigned_abs(offset_ms));
            assert_eq!(found.text.arguments, [amount], "{offset_ms}");
        }
    }
}

#[test]
fn what_a_larger_tolerance_cures_is_said() {
    let fix = diagnose(60, measured(-90_500), None).fix.unwrap();
    assert_eq!(fix.text.arguments, ["91".into()]);
    let shown = Action::Show("session.clock_tolerance_s".to_owned());
    assert_eq!(fix.actions, [shown]);
    assert_eq!(
        diagnose(60, measured(300_001), None).fix.unwrap().actions,
        []
    );
}

#[test]
fn without_a_date_the_worker_is_believed() {
    assert_eq!(diagnose(60, None, Some(600_000)).verdict, Failed);
    assert_eq!(diagnose(60, measured(0), Some(600_000)).verdict, Passed);
    assert_eq!(diagnose(60, None, None).verdict, CouldNotTell);
}
