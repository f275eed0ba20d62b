//! The session card.

use leptos::prelude::*;

use super::state::State;
use crate::view::popup::Popup;
use crate::view::session_card::{Action, Badge, Offer};

/// Where the session stands, and its buttons.
pub(super) fn session_card(state: State) -> impl IntoView {
    view! {
        <section class="card session" aria-label="Session">
            <div class="state">
                <span class=state.text(badge) aria-hidden="true"></span>
                <div role="status">
                    <h2 id="state">{state.text(|popup| popup.card.heading)}</h2>
                    <p class="quiet">{state.text(|popup| &popup.card.provider)}</p>
                </div>
                <p class="expiry" id="expiry">{state.text(|popup| &popup.card.expiry)}</p>
            </div>
            <div class="who">
                <p class="name">{state.text(name)}</p>
                <p class="email quiet">{state.text(email)}</p>
                <p class="guidance">{state.text(|popup| popup.card.guidance)}</p>
                <code class="command">{state.text(|popup| popup.card.command)}</code>
            </div>
            <p class="renewal quiet">
                <span role="status">{state.text(|popup| popup.card.progress)}</span>
                <span id="renewal">{state.text(|popup| &popup.card.renewal)}</span>
            </p>
            <p class="remark quiet" id="remark">{state.text(|popup| &popup.card.remark)}</p>
            <p class="appeal" id="appeal" role="status">{state.text(|popup| &popup.card.appeal)}</p>
            <div role="status">
                <div class="notice" id="problem" hidden=state.when(|popup| popup.card.notice.is_none())>
                    <p>{state.text(sentence)}</p>
                    <p>{state.text(action)}</p>
                    <code>{state.text(code)}</code>
                </div>
            </div>
            // All three buttons are always in the page, so that none moves while one is pressed.
            <div class="actions">
                <button
                    type="button"
                    class="primary"
                    hidden=state.when(|popup| popup.card.sign_in == Offer::Absent)
                    disabled=state.when(|popup| popup.card.sign_in != Offer::Enabled)
                    on:click=press(state, Action::SignIn)
                >
                    "Sign in"
                </button>
                <button
                    type="button"
                    hidden=state.when(|popup| popup.card.renew == Offer::Absent)
                    disabled=state.when(|popup| popup.card.renew != Offer::Enabled)
                    on:click=press(state, Action::Renew)
                >
                    "Renew now"
                </button>
                <button
                    type="button"
                    hidden=state.when(|popup| popup.card.sign_out == Offer::Absent)
                    disabled=state.when(|popup| popup.card.sign_out != Offer::Enabled)
                    on:click=press(state, Action::SignOut)
                >
                    "Sign out"
                </button>
            </div>
        </section>
    }
}

fn press(state: State, action: Action) -> impl Fn(leptos::ev::MouseEvent) {
    move |_| state.act(action)
}

/// The class by which `popup.css` draws the state's picture.
fn badge(popup: &Popup) -> &str {
    match popup.card.badge {
        Badge::Busy => "badge busy",
        Badge::Settings => "badge settings",
        Badge::Off => "badge off",
        Badge::On => "badge on",
        Badge::Attention => "badge attention",
    }
}

fn name(popup: &Popup) -> &str {
    popup.card.person.as_ref().map_or("", |person| &person.name)
}

fn email(popup: &Popup) -> &str {
    popup
        .card
        .person
        .as_ref()
        .map_or("", |person| &person.email)
}

fn sentence(popup: &Popup) -> &str {
    popup
        .card
        .notice
        .as_ref()
        .map_or("", |notice| &notice.sentence)
}

fn action(popup: &Popup) -> &str {
    popup
        .card
        .notice
        .as_ref()
        .map_or("", |notice| &notice.action)
}

fn code(popup: &Popup) -> &str {
    popup.card.notice.as_ref().map_or("", |notice| &notice.code)
}
