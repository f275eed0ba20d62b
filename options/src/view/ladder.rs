//! The renewal methods, in their order, each on or off.

use evertoken::renewal_method::RenewalMethodId;
use evertoken::settings::draft::SettingsDraft;

use super::fields::LADDER;

/// A renewal method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The method: its name in the settings, and the keys of its texts.
    pub method: RenewalMethodId,
    /// Whether it is tried.
    pub on: bool,
}

/// The ladder of `draft`: what is on in its order, then the rest of those that are not for development.
#[must_use]
pub fn of(draft: &SettingsDraft) -> Vec<Step> {
    let chosen = draft.list(LADDER);
    let all = RenewalMethodId::default_ladder();
    let Some(chosen) = chosen else {
        return all.map(|method| Step { method, on: true }).collect();
    };
    let mut steps: Vec<Step> = Vec::new();
    let is_new = |steps: &[Step], method| steps.iter().all(|step| step.method != method);
    for name in &chosen {
        let method = RenewalMethodId::from_name(name);
        let new = method.filter(|method| is_new(&steps, *method));
        steps.extend(new.map(|method| Step { method, on: true }));
    }
    for method in all {
        if is_new(&steps, method) {
            steps.push(Step { method, on: false });
        }
    }
    steps
}

/// The names of the methods that are on.
#[must_use]
pub fn names(steps: &[Step]) -> Vec<String> {
    let on = steps.iter().filter(|step| step.on);
    on.map(|step| step.method.name().to_owned()).collect()
}

/// The ladder with the step `index` one place up, or down.
#[must_use]
pub fn moved(steps: &[Step], index: usize, up: bool) -> Vec<Step> {
    let mut steps = steps.to_vec();
    let other = if up { index.wrapping_sub(1) } else { index + 1 };
    if index < steps.len() && other < steps.len() {
        steps.swap(index, other);
    }
    steps
}

/// The ladder with the step `index` on or off.
#[must_use]
pub fn switched(steps: &[Step], index: usize, on: bool) -> Vec<Step> {
    let mut steps = steps.to_vec();
    if let Some(step) = steps.get_mut(index) {
        step.on = on;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(steps: &[Step]) -> Vec<(&str, bool)> {
        let shown = |step: &Step| (step.method.name(), step.on);
        steps.iter().map(shown).collect()
    }

    fn ladder(json: &str) -> Vec<Step> {
        of(&SettingsDraft::parse(json).unwrap())
    }

    #[test]
    fn without_a_word_all_are_on() {
        let all = [
            ("refresh_token", true),
            ("offscreen", true),
            ("web_auth_flow", true),
        ];
        assert_eq!(shown(&ladder("{}")), all);
    }

    #[test]
    fn those_that_are_on_come_first_in_their_order() {
        let steps = ladder(
            r#"{"provider":{"renewal":["web_auth_flow","pigeon","offscreen","offscreen"]}}"#,
        );
        let expected = [
            ("web_auth_flow", true),
            ("offscreen", true),
            ("refresh_token", false),
        ];
        assert_eq!(shown(&steps), expected);
    }

    #[test]
    fn a_step_moves_up_and_down_and_stops_at_the_ends() {
        let steps = ladder("{}");
        let order = |steps: &[Step]| names(steps).join(" ");
        assert_eq!(
            order(&moved(&steps, 1, true)),
            "offscreen refresh_token web_auth_flow"
        );
        assert_eq!(
            order(&moved(&steps, 1, false)),
            "refresh_token web_auth_flow offscreen"
        );
        assert_eq!(moved(&steps, 0, true), steps);
        assert_eq!(moved(&steps, 2, false), steps);
    }

    #[test]
    fn a_step_that_is_off_keeps_its_place_and_is_not_named() {
        let steps = switched(&ladder("{}"), 1, false);
        assert_eq!(shown(&steps)[1], ("offscreen", false));
        assert_eq!(names(&steps), ["refresh_token", "web_auth_flow"]);
    }
}
