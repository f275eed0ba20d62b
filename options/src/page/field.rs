//! A field of any kind: label, control, what it is for, what is wrong with it.

use std::sync::Arc;

use evertoken_pages::text::text;
use leptos::prelude::*;

use super::state::State;
use crate::view::fields::{Field, Kind};
use crate::view::form::Form;

/// The field at `path`, which is also its id.
pub(super) fn field(state: State, spec: Field, path: String) -> AnyView {
    let path: Arc<str> = path.into();
    let hint_id = format!("{path}-hint");
    let fault_id = format!("{path}-fault");
    let described_by = format!("{fault_id} {hint_id}");
    let control = match spec.kind {
        Kind::Line(placeholder) => line(
            state,
            &path,
            described_by,
            placeholder,
            "text",
            |draft, path, text| {
                draft.set_text(path, text);
            },
        ),
        Kind::Seconds(placeholder) => line(
            state,
            &path,
            described_by,
            placeholder,
            "numeric",
            |draft, path, text| {
                draft.set_number(path, text);
            },
        ),
        Kind::Lines(placeholder) => lines(state, &path, described_by, placeholder),
        Kind::Choice(choices) => choice(state, &path, described_by, choices),
        Kind::Switch => switch(state, &path, described_by),
    };
    let class = match spec.kind {
        Kind::Switch => "field switch",
        Kind::Seconds(_) => "field short",
        _ => "field",
    };
    view! {
        <div class=class>
            <label for=path.to_string()>{text(spec.label)}</label>
            {control}
            <p class="fixed" hidden=state.when_at(&path, |form, path| !form.is_fixed(path))>
                {text("options_fixed")}
            </p>
            <p class="fault" id=fault_id role="alert">{state.text_at(&path, Form::fault)}</p>
            <p class="hint quiet" id=hint_id>{text(spec.hint)}</p>
        </div>
    }
    .into_any()
}

type Put = fn(&mut evertoken::settings::draft::Draft, &str, &str);

fn line(
    state: State,
    path: &Arc<str>,
    described_by: String,
    placeholder: &'static str,
    mode: &'static str,
    put: Put,
) -> AnyView {
    let (edited, left) = (Arc::clone(path), Arc::clone(path));
    view! {
        <input
            id=path.to_string()
            type="text"
            inputmode=mode
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            placeholder=placeholder
            aria-describedby=described_by
            aria-invalid=state.text_at(path, invalid)
            disabled=state.when_at(path, Form::is_locked)
            prop:value=state.text_at(path, value)
            on:input=move |event| {
                let typed = event_target_value(&event);
                state.edit(|draft| put(draft, &edited, &typed));
            }
            on:blur=move |_| leave(state, &left)
        />
    }
    .into_any()
}

fn lines(
    state: State,
    path: &Arc<str>,
    described_by: String,
    placeholder: &'static str,
) -> AnyView {
    let (edited, left) = (Arc::clone(path), Arc::clone(path));
    view! {
        <textarea
            id=path.to_string()
            rows="2"
            spellcheck="false"
            placeholder=placeholder
            aria-describedby=described_by
            aria-invalid=state.text_at(path, invalid)
            disabled=state.when_at(path, Form::is_locked)
            prop:value=state.text_at(path, |form, path| {
                form.draft().list(path).unwrap_or_default().join("\n")
            })
            on:input=move |event| {
                let typed = event_target_value(&event);
                // Empty lines too, or nobody could begin another one.
                let entries: Vec<String> = typed.split('\n').map(str::to_owned).collect();
                state.edit(|draft| draft.set_list(&edited, &entries));
            }
            on:blur=move |_| leave(state, &left)
        ></textarea>
    }
    .into_any()
}

fn choice(
    state: State,
    path: &Arc<str>,
    described_by: String,
    choices: &'static [(&'static str, &'static str)],
) -> AnyView {
    let edited = Arc::clone(path);
    let default = choices.first().map_or("", |(word, _)| *word);
    let chosen = state.text_at(path, value);
    let chosen = move || match chosen() {
        word if word.is_empty() => default.to_owned(),
        word => word,
    };
    let options: Vec<_> = choices
        .iter()
        .map(|(word, key)| {
            let chosen = chosen.clone();
            view! { <option value=*word prop:selected=move || chosen() == *word>{text(key)}</option> }
        })
        .collect();
    view! {
        <select
            id=path.to_string()
            aria-describedby=described_by
            aria-invalid=state.text_at(path, invalid)
            disabled=state.when_at(path, Form::is_locked)
            on:change=move |event| {
                let word = event_target_value(&event);
                let word = if word == default { String::new() } else { word };
                state.edit(|draft| draft.set_text(&edited, &word));
            }
        >
            {options}
        </select>
    }
    .into_any()
}

fn switch(state: State, path: &Arc<str>, described_by: String) -> AnyView {
    let edited = Arc::clone(path);
    let checked = state.text_at(path, value);
    view! {
        <input
            id=path.to_string()
            type="checkbox"
            aria-describedby=described_by
            disabled=state.when_at(path, Form::is_locked)
            prop:checked=move || checked() == "true"
            on:change=move |event| {
                let on = event_target_checked(&event);
                state.edit(|draft| draft.set_flag(&edited, on));
            }
        />
    }
    .into_any()
}

fn value(form: &Form, path: &str) -> String {
    form.draft().text(path)
}

fn invalid(form: &Form, path: &str) -> String {
    (!form.fault(path).is_empty()).to_string()
}

/// Spaces round a text, and lines of nothing else, were never meant.
fn leave(state: State, path: &str) {
    if state.now(|page| page.form.is_untidy(path)) {
        state.edit_form(|form| form.tidy(path));
    }
    state.update(|page| page.form.leave(path));
}
