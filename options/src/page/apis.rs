//! The APIs: which token each gets, and more of them.

use evertoken_pages::text::{text, text_with};
use leptos::prelude::*;

use super::field::field;
use super::focus;
use super::state::State;
use crate::view::fields::{API, API_URL, of_api};

/// A row for each API; the URL of the first stands at the top of the page.
pub(super) fn apis(state: State) -> AnyView {
    let rows = state.drawn(
        |page| page.form.rows(),
        |state, rows| {
            let rows = (0..rows).map(|index| row(state, index, rows));
            rows.collect_view().into_any()
        },
    );
    view! {
        {rows}
        <p>
            <button
                type="button"
                id="add-api"
                disabled=state.when(|page| page.form.is_locked("apis"))
                on:click=move |_| add(state)
            >
                {text("options_add_api")}
            </button>
        </p>
    }
    .into_any()
}

fn row(state: State, index: usize, rows: usize) -> AnyView {
    let number = (index + 1).to_string();
    let url = (index > 0).then(|| field(state, API_URL, of_api(index, &API_URL)));
    let more = API.map(|spec| field(state, spec, of_api(index, &spec)));
    let remove = (rows > 1).then(|| {
        view! {
            <button
                type="button"
                disabled=state.when(|page| page.form.is_locked("apis"))
                on:click=move |_| remove(state, index)
            >
                {text_with("options_remove_api", &[&number])}
            </button>
        }
    });
    view! {
        <fieldset>
            <legend>{text_with("options_api", &[&number])}</legend>
            {url}
            {more.into_iter().collect_view()}
            {remove}
        </fieldset>
    }
    .into_any()
}

fn add(state: State) {
    let mut index = 0;
    state.edit_form(|form| index = form.add_api());
    focus::to(of_api(index, &API_URL));
}

fn remove(state: State, index: usize) {
    state.edit_form(|form| form.remove_api(index));
    focus::to("add-api".to_owned());
}
