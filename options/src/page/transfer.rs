//! Import and export of all settings as JSON.

use evertoken_pages::text::{text, text_with};
use leptos::ev::Event;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

use super::state::State;
use super::{browser, focus};
use crate::view::page::Page;

const PASTE: &str = "paste";

/// The card.
pub(super) fn transfer(state: State) -> impl IntoView {
    view! {
        <section class="card transfer" aria-labelledby="transfer">
            <h2 id="transfer">{text("options_transfer")}</h2>
            <p class="quiet">{text("options_transfer_text")}</p>
            <p>
                <button type="button" on:click=move |_| export(state)>
                    {text("options_export")}
                </button>
            </p>
            <div class="import" hidden=state.when(|page| page.form.built_in)>
                <div class="field">
                    <label for="file">{text("options_import_file")}</label>
                    <input
                        id="file"
                        type="file"
                        accept="application/json,.json"
                        on:change=move |event| read_file(state, &event)
                    />
                </div>
                <div class="field">
                    <label for=PASTE>{text("options_import_paste")}</label>
                    <textarea id=PASTE rows="3" spellcheck="false"></textarea>
                </div>
                <p>
                    <button type="button" on:click=move |_| read_paste(state)>
                        {text("options_import")}
                    </button>
                </p>
            </div>
            <p role="status" id="imported">{state.text(Page::import_outcome)}</p>
            <ul class="refusals">
                {state.drawn(Page::import_faults, |_, faults| {
                    let row = |(path, words): (String, String)| {
                        view! { <li><code>{path}</code>" "{words}</li> }
                    };
                    faults.into_iter().map(row).collect_view().into_any()
                })}
            </ul>
        </section>
    }
}

/// What is wrong with settings that no field shows, each with the way out.
pub(super) fn faults(state: State) -> impl IntoView {
    view! {
        <div class="homeless" hidden=state.when(|page| page.form.homeless().is_empty())>
            <h3>{text("options_faults_title")}</h3>
            <ul>
                {state.drawn(|page| page.form.homeless(), |state, faults| {
                    let row = |(path, words): (String, String)| {
                        let (id, label) = (path.clone(), text_with("options_remove", &[&path]));
                        view! {
                            <li>
                                <p><code>{path.clone()}</code>" "{words}</p>
                                <button
                                    type="button"
                                    id=id
                                    on:click=move |_| {
                                        state.edit_form(|form| form.edit(|draft| draft.remove(&path)));
                                    }
                                >
                                    {label}
                                </button>
                            </li>
                        }
                    };
                    faults.into_iter().map(row).collect_view().into_any()
                })}
            </ul>
        </div>
    }
}

fn export(state: State) {
    // Without a browser that keeps files there is nobody to tell.
    _ = browser::download(&state.now(|page| page.form.export()));
}

fn read_file(state: State, event: &Event) {
    let input: HtmlInputElement = event_target(event);
    let Some(file) = input.files().and_then(|files| files.get(0)) else {
        return;
    };
    spawn_local(async move {
        let text = JsFuture::from(file.text()).await.unwrap_or_default();
        import(state, &text.as_string().unwrap_or_default());
        // So that the same file can be chosen again.
        input.set_value("");
    });
}

fn read_paste(state: State) {
    let area = document().get_element_by_id(PASTE);
    let Some(area) = area.and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok()) else {
        return;
    };
    if area.value().trim().is_empty() {
        return focus::to(PASTE.to_owned());
    }
    if import(state, &area.value()) {
        area.set_value("");
    }
}

fn import(state: State, json: &str) -> bool {
    let mut taken = false;
    state.change(|page| {
        taken = page.import(json);
        page.changed();
    });
    taken
}
