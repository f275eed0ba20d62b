//! The look-up of the issuer: asked a moment after the last key, one at a time.

use evertoken::doctor::probe::Request;
use evertoken::doctor::probe_result::ProbeResult;
use evertoken::doctor::redirects::follow;
use evertoken::settings::draft::SettingsDraft;
use evertoken_pages::text::text_with;
use evertoken_pages::{dom, permission};
use futures_util::future::abortable;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;

use super::doctor::{Deadline, send_and_measure};
use super::focus;
use super::state::State;
use crate::view::hosts::host_name;
use crate::view::look_up::{self, Chip, Fix, Tone};
use crate::view::page::Page;

/// Between the last key and the question: milliseconds. Nobody who types is faster than this for long.
const PAUSE_MS: u32 = 400;

/// The settings that a look-up depends on, as text.
pub(super) fn question(draft: &SettingsDraft) -> [String; 4] {
    [
        "provider.issuer",
        "provider.flow",
        "provider.dpop",
        "provider.endpoint_origins",
    ]
    .map(|path| draft.text(path))
}

/// Ends the look-up before, and begins one for the issuer in the form, unless it can be none.
pub(super) fn start(state: State) {
    let issuer = state.now(|page| page.form.draft().text("provider.issuer"));
    state.replace_look_up(None);
    if !look_up::can_ask(&issuer) {
        state.update(|page| page.look_up = look_up::before(&issuer));
        return;
    }
    state.update(|page| page.look_up = look_up::asking(&issuer));
    let (look_up, handle) = abortable(ask(state, issuer));
    state.replace_look_up(Some(handle));
    // Aborted, it ends where it waits, and its request with it.
    spawn_local(async move {
        _ = look_up.await;
    });
}

async fn ask(state: State, issuer: String) {
    TimeoutFuture::new(PAUSE_MS).await;
    let found = match fetch(&issuer).await {
        Some((status, body)) => {
            let found = state.now(|page| look_up::answered(status, body, page.form.draft()));
            match look_up::issuer_to_confirm(&found, &issuer) {
                Some(named) => look_up::confirmed(found, &named, fetch(&named).await),
                None => found,
            }
        }
        None => {
            let host = host_name(&issuer).unwrap_or_default();
            let granted = permission::is_granted(vec![["https://", &host].concat()]).await;
            look_up::unanswered(&issuer, granted == Some(true))
        }
    };
    state.update(|page| page.look_up = found);
}

/// Status and body of the metadata of `issuer`, as the setup check fetches them; `None` where none came.
async fn fetch(issuer: &str) -> Option<(u16, Vec<u8>)> {
    let deadline = Deadline::of_new_run();
    let send = async |request| send_and_measure(&request, deadline).await;
    match follow(Request::for_metadata(issuer)?, send).await.0 {
        ProbeResult::Answer(response) => Some((response.status, response.body)),
        _ => None,
    }
}

/// Draws the lines under the issuer.
pub(super) fn draw(page: &Page) {
    let look_up = &page.look_up;
    let class = match look_up.tone {
        Tone::Plain => "quiet",
        Tone::Busy => "quiet busy",
        Tone::Good => "good",
        Tone::Bad => "bad",
    };
    dom::set_class("look-up-text", class);
    dom::set_text("look-up-text", &look_up.sentence);
    let fix = look_up.fix.as_ref();
    let fix = fix.filter(|_| !page.form.is_locked("provider.issuer"));
    dom::set_hidden("look-up-fix", fix.is_none());
    dom::set_text("look-up-fix", &fix.map_or_else(String::new, Fix::label));
    dom::set_hidden("look-up-allow", look_up.blocked.is_none());
    dom::set_hidden("look-up-chips", look_up.chips.is_empty());
    if let Some(list) = dom::by_id("look-up-chips") {
        let words: Vec<String> = look_up.chips.iter().map(words_of).collect();
        dom::reconcile(&list, &words, &|place, words| {
            let there = look_up.chips.get(place)?.there;
            let item = dom::document().create_element("li").ok()?;
            item.set_class_name(if there { "chip" } else { "chip lacks" });
            item.set_text_content(Some(words));
            Some(item)
        });
    }
}

fn words_of(chip: &Chip) -> String {
    match chip.there {
        true => chip.text.clone(),
        false => text_with("options_lacks", &[&chip.text]),
    }
}

/// Makes the change that the look-up proposes.
pub(super) fn apply_fix(state: State) {
    if let Some(fix) = state.now(|page| page.look_up.fix.clone()) {
        state.edit_form(|form| form.edit(|draft| fix.apply(draft)));
        focus::to("provider.issuer");
    }
}

/// Asks the user for access to the provider, and looks it up then.
pub(super) fn allow(state: State) {
    let Some(host) = state.now(|page| page.look_up.blocked.clone()) else {
        return;
    };
    let granted = permission::request(vec![["https://", &host].concat()]);
    spawn_local(async move {
        if granted.await {
            state.hosts_changed();
            start(state);
        }
    });
}
