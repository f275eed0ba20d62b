//! The ways of renewal, in their order, each on or off.

use evertoken::settings::draft::Draft;

use super::fields::LADDER;

/// The ways by their names in the settings, in the order in which they are tried by default, with their texts.
const WAYS: [(&str, &str, &str); 3] = [
    (
        "refresh_token",
        "options_way_refresh_token",
        "options_way_refresh_token_hint",
    ),
    (
        "offscreen",
        "options_way_offscreen",
        "options_way_offscreen_hint",
    ),
    (
        "web_auth_flow",
        "options_way_web_auth_flow",
        "options_way_web_auth_flow_hint",
    ),
];

/// A way of renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name in the settings.
    pub name: &'static str,
    /// Its name: a text's key.
    pub label: &'static str,
    /// What it needs: a text's key.
    pub hint: &'static str,
    /// Whether it is tried.
    pub on: bool,
}

/// The ladder of `draft`: what is on in its order, then the rest.
#[must_use]
pub fn of(draft: &Draft) -> Vec<Step> {
    let chosen = draft.list(LADDER);
    let step = |way: &(&'static str, &'static str, &'static str), on| Step {
        name: way.0,
        label: way.1,
        hint: way.2,
        on,
    };
    let Some(chosen) = chosen else {
        return WAYS.iter().map(|way| step(way, true)).collect();
    };
    let mut steps: Vec<Step> = Vec::new();
    for name in &chosen {
        let way = WAYS.iter().find(|way| way.0 == name);
        let new = way.filter(|way| steps.iter().all(|step| step.name != way.0));
        steps.extend(new.map(|way| step(way, true)));
    }
    for way in &WAYS {
        if steps.iter().all(|step| step.name != way.0) {
            steps.push(step(way, false));
        }
    }
    steps
}

/// The names of the ways that are on.
#[must_use]
pub fn names(steps: &[Step]) -> Vec<String> {
    let on = steps.iter().filter(|step| step.on);
    on.map(|step| step.name.to_owned()).collect()
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
        steps.iter().map(|step| (step.name, step.on)).collect()
    }

    fn ladder(json: &str) -> Vec<Step> {
        of(&Draft::parse(json).unwrap())
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
