//! What to register at the provider, and where it is pasted there.

use evertoken_pages::text::{text, text_with};
use evertoken_webext::{identity, runtime};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::browser;
use super::state::State;
use crate::view::brand::Brand;
use crate::view::page::Page;
use crate::view::registration::{Address, addresses};

/// The addresses, each with a button that copies it.
pub(super) fn register(state: State) -> impl IntoView {
    let options = Brand::ALL.map(|brand| {
        let name = brand
            .name()
            .map_or_else(|| text("options_provider_other"), str::to_owned);
        let chosen = state.text(|page| page.brand().id().to_owned());
        view! { <option value=brand.id() prop:selected=move || chosen() == brand.id()>{name}</option> }
    });
    view! {
        <section class="card register" aria-labelledby="register">
            <h2 id="register">{text("options_register")}</h2>
            <p class="quiet">{text("options_register_text")}</p>
            <div class="field">
                <label for="brand">{text("options_provider")}</label>
                <select
                    id="brand"
                    on:change=move |event| {
                        let brand = Brand::of_id(&event_target_value(&event));
                        state.update(|page| page.chosen_brand = Some(brand));
                    }
                >
                    {options}
                </select>
            </div>
            <div class="where">
                <p>{state.text(|page| text(page.brand().instructions()[0]))}</p>
                <p>{state.text(|page| text(page.brand().instructions()[1]))}</p>
            </div>
            <dl>{state.drawn(Page::uses_web_message, draw)}</dl>
            <p class="unseen" role="status">{state.text(copied)}</p>
        </section>
    }
}

fn draw(state: State, web_message: bool) -> AnyView {
    let origin = runtime::get_url("");
    let all = addresses(&origin, &identity::get_redirect_url(), web_message);
    let row = |(index, Address { label, value }): (usize, Address)| {
        let copied = value.clone();
        view! {
            <div>
                <dt>{text(label)}</dt>
                <dd>
                    <code>{value}</code>
                    <button
                        type="button"
                        aria-label=text_with("options_copy", &[&text(label)])
                        on:click=move |_| copy(state, index, copied.clone())
                    >
                        {state.copy_label(index)}
                    </button>
                </dd>
            </div>
        }
    };
    all.into_iter()
        .enumerate()
        .map(row)
        .collect_view()
        .into_any()
}

fn copy(state: State, index: usize, value: String) {
    state.update(|page| page.copied = None);
    spawn_local(async move {
        if browser::copy(&value).await {
            state.update(|page| page.copied = Some(index));
        }
    });
}

fn copied(page: &Page) -> String {
    match page.copied {
        Some(_) => text("options_copied"),
        None => String::new(),
    }
}
