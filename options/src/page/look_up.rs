//! The look-up of the issuer: asked a moment after the last key, one at a time.

use std::cell::RefCell;

use evertoken::oidc::provider_metadata::configuration_url;
use evertoken::settings::draft::Draft;
use evertoken_pages::text::{text, text_with};
use gloo_timers::callback::Timeout;
use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, RequestCache, RequestCredentials, RequestInit, RequestRedirect, Response,
};

use super::browser;
use super::state::State;
use crate::view::hosts::host_name;
use crate::view::look_up::{self, Chip, LookUp, Tone};

/// How long after the last key the provider is asked: milliseconds.
const PAUSE_MS: u32 = 400;

/// How long the provider may take to answer: milliseconds.
const TIMEOUT_MS: u32 = 10_000;

/// A look-up that is to come or under way; dropping it cancels it.
struct Wait {
    _timer: Option<Timeout>,
    controller: Option<AbortController>,
}

impl Drop for Wait {
    fn drop(&mut self) {
        if let Some(controller) = self.controller.take() {
            controller.abort();
        }
    }
}

thread_local! {
    static WAIT: RefCell<Option<Wait>> = const { RefCell::new(None) };
}

fn wait_for(timer: Option<Timeout>, controller: Option<AbortController>) {
    let wait = Wait {
        _timer: timer,
        controller,
    };
    let before = WAIT.with(|place| place.borrow_mut().replace(wait));
    drop(before);
}

/// What a look-up depends on.
pub(super) fn question(draft: &Draft) -> [String; 4] {
    [
        "provider.issuer",
        "provider.flow",
        "provider.dpop",
        "provider.endpoint_origins",
    ]
    .map(|path| draft.text(path))
}

/// Gives the look-up before up, and begins one for the issuer that stands in the form, unless it can be none.
pub(super) fn start(state: State) {
    let issuer = state.now(|page| page.form.draft().text("provider.issuer"));
    wait_for(None, None);
    if !look_up::can_ask(&issuer) {
        state.update(|page| page.look_up = look_up::before(&issuer));
        return;
    }
    state.update(|page| page.look_up = look_up::asking(&issuer));
    let timer = Timeout::new(PAUSE_MS, move || spawn_local(ask(state)));
    wait_for(Some(timer), None);
}

async fn ask(state: State) {
    let Ok(controller) = AbortController::new() else {
        return;
    };
    let signal = controller.signal();
    let late = controller.clone();
    let timer = Timeout::new(TIMEOUT_MS, move || late.abort());
    wait_for(Some(timer), Some(controller));
    let issuer = state.now(|page| page.form.draft().text("provider.issuer"));
    let found = match fetch(&issuer, &signal).await {
        Ok((status, body)) => state.now(|page| look_up::answered(status, body, page.form.draft())),
        Err(_) => {
            let host = host_name(&issuer).unwrap_or_default();
            let permitted = browser::is_permitted(&["https://", &host].concat()).await;
            look_up::unanswered(&issuer, permitted)
        }
    };
    // What was given up, because someone types on, says nothing any more.
    if state.now(|page| page.form.draft().text("provider.issuer")) == issuer {
        state.update(|page| page.look_up = found);
    }
}

async fn fetch(issuer: &str, signal: &web_sys::AbortSignal) -> Result<(u16, Vec<u8>), JsValue> {
    let url = configuration_url(issuer).map_err(|error| JsValue::from(error.to_string()))?;
    let init = RequestInit::new();
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Error);
    init.set_signal(Some(signal));
    let answer = window().fetch_with_str_and_init(url.as_str(), &init);
    let response: Response = JsFuture::from(answer).await?.dyn_into()?;
    let body = JsFuture::from(response.array_buffer()?).await?;
    Ok((response.status(), Uint8Array::new(&body).to_vec()))
}

/// The line under the issuer. It always has its place, so that nothing jumps when an answer comes.
pub(super) fn line(state: State) -> impl IntoView {
    view! {
        <div class="look-up" id="look-up">
            <div class="answer">
                <p class=state.text(tone) role="status" id="look-up-text">
                    {state.text(|page| page.look_up.sentence.clone())}
                </p>
                <button
                    type="button"
                    hidden=state.when(|page| page.look_up.fix.is_none() || is_locked(&page.form))
                    on:click=move |_| fix(state)
                >
                    {state.text(fix_label)}
                </button>
                <button
                    type="button"
                    hidden=state.when(|page| page.look_up.blocked.is_none())
                    on:click=move |_| unblock(state)
                >
                    {text("options_look_up")}
                </button>
            </div>
            <ul
                class="chips"
                aria-label=text("options_supports")
                hidden=state.when(|page| page.look_up.chips.is_empty())
            >
                {state.drawn(|page| page.look_up.chips.clone(), |_, chips| draw_chips(chips))}
            </ul>
        </div>
    }
}

fn draw_chips(chips: Vec<Chip>) -> AnyView {
    let chip = |Chip { text, there }| {
        let class = if there { "chip" } else { "chip lacks" };
        let words = if there {
            text
        } else {
            text_with("options_lacks", &[&text])
        };
        view! { <li class=class>{words}</li> }
    };
    chips.into_iter().map(chip).collect_view().into_any()
}

fn tone(page: &crate::view::page::Page) -> String {
    let tone = match page.look_up.tone {
        Tone::Plain => "quiet",
        Tone::Busy => "quiet busy",
        Tone::Good => "good",
        Tone::Bad => "bad",
    };
    tone.to_owned()
}

fn fix_label(page: &crate::view::page::Page) -> String {
    let LookUp { fix, .. } = &page.look_up;
    fix.as_ref().map_or_else(String::new, look_up::Fix::label)
}

fn is_locked(form: &crate::view::form::Form) -> bool {
    form.is_locked("provider.issuer")
}

fn fix(state: State) {
    if let Some(fix) = state.now(|page| page.look_up.fix.clone()) {
        state.edit_form(|form| form.edit(|draft| fix.apply(draft)));
        super::focus::to("provider.issuer".to_owned());
    }
}

fn unblock(state: State) {
    let Some(host) = state.now(|page| page.look_up.blocked.clone()) else {
        return;
    };
    let asked = browser::request_host(&host);
    spawn_local(async move {
        if asked.await {
            state.hosts_changed();
            start(state);
        }
    });
}
