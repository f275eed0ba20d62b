//! What a newcomer needs: three fields, and how to go on.

use evertoken_pages::text::text;
use leptos::prelude::*;

use super::field::field;
use super::look_up;
use super::state::State;
use crate::view::fields::{API_URL, CLIENT_ID, ISSUER, of_api};

/// The welcome of the first run.
pub(super) fn welcome() -> impl IntoView {
    view! {
        <section class="card welcome" id="welcome">
            <h2>{text("options_welcome_title")}</h2>
            <p>{text("options_welcome_text")}</p>
            <ol>
                <li>{text("options_step_register")}</li>
                <li>{text("options_step_fill_in")}</li>
                <li>{text("options_step_sign_in")}</li>
            </ol>
        </section>
    }
}

/// The three fields that nobody can do without.
pub(super) fn basics(state: State) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="basics">
            <h2 id="basics">{text("options_basics")}</h2>
            <p class="locked" hidden=state.when(|page| !page.form.built_in)>
                {text("options_built_in")}
            </p>
            {field(state, ISSUER, ISSUER.path.to_owned())}
            {look_up::line(state)}
            {field(state, CLIENT_ID, CLIENT_ID.path.to_owned())}
            {field(state, API_URL, of_api(0, &API_URL))}
            {super::transfer::faults(state)}
        </section>
    }
}
