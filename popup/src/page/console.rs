//! The request line and the answer.

use leptos::ev::{Event, KeyboardEvent, SubmitEvent};
use leptos::prelude::*;

use super::state::State;
use crate::view::answer::Tone;
use crate::view::popup::Popup;
use crate::view::request::{METHODS, has_body};

/// Method, URL, body and "Send".
pub(super) fn request_line(state: State) -> impl IntoView {
    let method = state.now(|popup| popup.draft.method.clone());
    let options =
        METHODS.map(|offered| view! { <option selected=offered == method>{offered}</option> });
    view! {
        <form class="card request" aria-label="Request" novalidate on:submit=submit(state)>
            <div class="field method">
                <label for="method">"Method"</label>
                <select id="method" on:change=edit(state, |popup, value| popup.draft.method = value)>
                    {options}
                </select>
            </div>
            <div class="field url">
                <label for="url">"URL"</label>
                <input
                    id="url"
                    type="url"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="https://"
                    aria-describedby="fault"
                    aria-invalid=state.text(invalid)
                    prop:value=state.now(|popup| popup.draft.url.clone())
                    on:input=edit(state, |popup, value| popup.draft.url = value)
                />
            </div>
            <div class="field body" hidden=state.when(|popup| !has_body(&popup.draft.method))>
                <label for="body">"Body"</label>
                <textarea
                    id="body"
                    rows="3"
                    spellcheck="false"
                    prop:value=state.now(|popup| popup.draft.body.clone())
                    on:input=edit(state, |popup, value| popup.draft.body = value)
                    on:keydown=send_by_key(state)
                ></textarea>
            </div>
            <p class="fault" id="fault" role="alert">{state.text(|popup| popup.fault)}</p>
            <button type="submit" class="primary" disabled=state.when(|popup| popup.calling)>
                "Send"
            </button>
        </form>
    }
}

/// The answer to the last call.
pub(super) fn answer_card(state: State) -> impl IntoView {
    view! {
        <section class="card answer" aria-label="Answer" aria-busy=state.text(busy)>
            <p class="empty" hidden=state.when(|popup| popup.answer.is_some())>
                {state.text(empty)}
            </p>
            <div class="outcome" role="status">
                <p class=state.text(tone) id="status">{state.text(status)}</p>
                <p class="measure quiet" id="measure">{state.text(measure)}</p>
                <p class=state.text(mended) id="verdict">{state.text(verdict)}</p>
            </div>
            <p class="note quiet" id="note">{state.text(note)}</p>
            <pre id="answer" tabindex="0" role="region" aria-label="Answer body">{state.text(body)}</pre>
        </section>
    }
}

fn submit(state: State) -> impl Fn(SubmitEvent) {
    move |event| {
        event.prevent_default();
        state.send();
    }
}

/// Enter alone is a new line in the body.
fn send_by_key(state: State) -> impl Fn(KeyboardEvent) {
    move |event| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            state.send();
        }
    }
}

fn edit(state: State, change: fn(&mut Popup, String)) -> impl Fn(Event) {
    move |event| state.edit(|popup| change(popup, event_target_value(&event)))
}

fn busy(popup: &Popup) -> &str {
    if popup.calling { "true" } else { "false" }
}

fn empty(popup: &Popup) -> &str {
    if popup.calling {
        "Waiting for the answer…"
    } else {
        "The answer appears here."
    }
}

fn invalid(popup: &Popup) -> &str {
    if popup.fault.is_empty() {
        "false"
    } else {
        "true"
    }
}

fn tone(popup: &Popup) -> &str {
    match popup.answer.as_ref().map(|answer| answer.tone) {
        None => "",
        Some(Tone::Good) => "status good",
        Some(Tone::Plain) => "status plain",
        Some(Tone::Bad) => "status bad",
    }
}

fn status(popup: &Popup) -> &str {
    popup.answer.as_ref().map_or("", |answer| &answer.status)
}

fn measure(popup: &Popup) -> &str {
    popup.answer.as_ref().map_or("", |answer| &answer.measure)
}

fn mended(popup: &Popup) -> &str {
    if popup.answer.as_ref().is_some_and(|answer| answer.mended) {
        "verdict mended"
    } else {
        "verdict"
    }
}

fn verdict(popup: &Popup) -> &str {
    popup.answer.as_ref().map_or("", |answer| &answer.verdict)
}

fn note(popup: &Popup) -> &str {
    popup.answer.as_ref().map_or("", |answer| &answer.note)
}

fn body(popup: &Popup) -> &str {
    popup.answer.as_ref().map_or("", |answer| &answer.text)
}
