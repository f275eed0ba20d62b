//! The three views, of which one is shown (the tabs pattern of the ARIA Authoring Practices).

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::focus;
use super::state::State;
use crate::view::popup::{Popup, Tab};
use evertoken_pages::text::text;

/// A tab for each view. Arrow keys move between them; only the chosen one is reached by Tab.
pub(super) fn tabs(state: State) -> impl IntoView {
    let tab = move |tab: Tab| {
        view! {
            <button
                type="button"
                role="tab"
                id=tab.id()
                aria-controls=tab.panel_id()
                aria-selected=move || state.chosen(tab).to_string()
                tabindex=move || if state.chosen(tab) { "0" } else { "-1" }
                on:click=move |_| state.show(tab)
            >
                {text(tab.text())}
            </button>
        }
    };
    view! {
        <div role="tablist" aria-label=text("popup_views") on:keydown=move |event| by_key(state, &event)>
            {Tab::ALL.map(tab)}
        </div>
    }
}

/// A view, there while its tab is chosen.
pub(super) fn panel(state: State, tab: Tab, content: impl IntoView) -> impl IntoView {
    view! {
        <div role="tabpanel" id=tab.panel_id() aria-labelledby=tab.id() hidden=move || !state.chosen(tab)>
            {content}
        </div>
    }
}

fn by_key(state: State, event: &KeyboardEvent) {
    let chosen = state.now(|popup: &Popup| popup.tab);
    let next = match event.key().as_str() {
        "ArrowRight" => chosen.after(),
        "ArrowLeft" => chosen.before(),
        "Home" => Tab::ALL[0],
        "End" => Tab::ALL[1],
        _ => return,
    };
    event.prevent_default();
    state.show(next);
    focus::to(next.id());
}
