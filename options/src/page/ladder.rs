//! The ways of renewal: on or off, up or down.

use std::sync::Arc;

use evertoken_pages::text::{text, text_with};
use leptos::prelude::*;

use super::focus;
use super::state::State;
use crate::view::fields::LADDER;
use crate::view::form::Form;
use crate::view::ladder::{Step, moved, switched};

/// The ladder.
pub(super) fn ladder(state: State) -> AnyView {
    let path: Arc<str> = LADDER.into();
    view! {
        <fieldset id=LADDER tabindex="-1" aria-describedby="ladder-hint ladder-fault">
            <legend>{text("options_ladder")}</legend>
            <p class="hint quiet" id="ladder-hint">{text("options_ladder_hint")}</p>
            <p class="fixed" hidden=state.when_at(&path, |form, path| !form.is_fixed(path))>
                {text("options_fixed")}
            </p>
            <p class="fault" id="ladder-fault" role="alert">{state.text_at(&path, Form::fault)}</p>
            <ol class="ladder">{state.drawn(|page| page.form.ladder.clone(), draw)}</ol>
        </fieldset>
    }
    .into_any()
}

fn draw(state: State, steps: Vec<Step>) -> AnyView {
    let last = steps.len().saturating_sub(1);
    let locked = state.now(|page| page.form.is_locked(LADDER));
    let row = |(index, step): (usize, &Step)| {
        let name = text(&step.method.text_key(""));
        let id = format!("way-{}", step.method.name());
        view! {
            <li>
                <input
                    type="checkbox"
                    id=id.clone()
                    prop:checked=step.on
                    disabled=locked
                    on:change=move |event| switch(state, index, event_target_checked(&event))
                />
                <div>
                    <label for=id.clone()>{name.clone()}</label>
                    <p class="hint quiet">{text(&step.method.text_key("hint"))}</p>
                </div>
                {arrow(state, index, true, step, &name, locked || index == 0)}
                {arrow(state, index, false, step, &name, locked || index == last)}
            </li>
        }
    };
    steps.iter().enumerate().map(row).collect_view().into_any()
}

fn arrow(state: State, index: usize, up: bool, step: &Step, name: &str, disabled: bool) -> AnyView {
    let key = if up {
        "options_move_up"
    } else {
        "options_move_down"
    };
    view! {
        <button
            type="button"
            class=if up { "arrow up" } else { "arrow" }
            id=arrow_id(step.method.name(), up)
            aria-label=text_with(key, &[name])
            disabled=disabled
            on:click=move |_| shift(state, index, up)
        ></button>
    }
    .into_any()
}

fn arrow_id(name: &str, up: bool) -> String {
    [if up { "up-" } else { "down-" }, name].concat()
}

fn switch(state: State, index: usize, on: bool) {
    let steps = state.now(|page| switched(&page.form.ladder, index, on));
    let name = steps
        .get(index)
        .map(|step| format!("way-{}", step.method.name()));
    state.update(|page| page.form.leave(LADDER));
    set(state, steps);
    name.into_iter().for_each(focus::to);
}

/// The keyboard stays with the step that moved; at an end of the ladder, on the button that leads back.
fn shift(state: State, index: usize, up: bool) {
    let steps = state.now(|page| moved(&page.form.ladder, index, up));
    let place = if up {
        index.saturating_sub(1)
    } else {
        index + 1
    };
    let at_end = place == 0 || place + 1 == steps.len();
    let name = steps.get(place).map(|step| step.method.name());
    set(state, steps);
    if let Some(name) = name {
        focus::to(arrow_id(name, if at_end { !up } else { up }));
    }
}

fn set(state: State, steps: Vec<Step>) {
    state.edit_form(|form| form.set_ladder(steps));
}
