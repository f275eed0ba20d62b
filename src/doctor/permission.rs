//! Host permissions: without one the browser keeps answers back, and cookies away from frames.

use super::plan::{Purpose, RequiredHost};
use super::{Action, Check, Finding, Fix, Text};

/// Diagnoses the permission for the host at `index` of the plan. `granted` is what Chrome says, `None` where it does not.
#[must_use]
pub fn diagnose(index: usize, host: &RequiredHost, granted: Option<bool>) -> Finding {
    let check = Check::Permission(index);
    match granted {
        Some(true) => Finding::passed(check, "doctor_permission_granted"),
        None => Finding::could_not_tell(check, "doctor_permission_unknown"),
        Some(false) => {
            let text = match host.purpose {
                Purpose::Provider => "doctor_permission_provider",
                Purpose::Endpoints => "doctor_permission_endpoints",
                Purpose::Api => "doctor_permission_api",
            };
            let fix = Text::new("doctor_permission_fix").with(host.name.as_str());
            let fix = Fix::new(fix).by(Action::Allow(host.requested.clone()));
            let text = Text::new(text).with(host.name.as_str());
            Finding::failed(check, text, fix).with_code("doctor.not_permitted")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Verdict, fixtures};
    use super::*;

    #[test]
    fn a_permission_is_granted_or_asked_for() {
        let plan = fixtures::plan_with_three_hosts();
        let found = |granted| diagnose(0, &plan.hosts[0], granted);
        assert_eq!(found(Some(true)).verdict, Verdict::Passed);
        assert_eq!(found(None).verdict, Verdict::CouldNotTell);
        let refused = found(Some(false));
        assert_eq!(refused.verdict, Verdict::Failed);
        let requested = ["https://login.test", "https://id.chromiumapp.org"];
        let allow = Action::Allow(requested.map(str::to_owned).to_vec());
        assert_eq!(refused.fix.unwrap().actions, [allow]);
    }

    #[test]
    fn what_a_host_is_needed_for_is_said() {
        let plan = fixtures::plan_with_three_hosts();
        let keys = plan
            .hosts
            .iter()
            .map(|host| diagnose(0, host, Some(false)).text.key);
        let expected = [
            "doctor_permission_provider",
            "doctor_permission_endpoints",
            "doctor_permission_api",
        ];
        assert_eq!(keys.collect::<Vec<_>>(), expected);
    }
}
