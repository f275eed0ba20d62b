//! Import and export of all settings as JSON, and the faults that no field shows.

use evertoken_pages::dom;
use evertoken_pages::text::text_with;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, HtmlInputElement};

use super::state::State;
use super::{focus, requests};
use crate::view::page::Page;

/// The text area that settings are pasted into.
const PASTE: &str = "paste";

/// Draws what came of an import, and the faults that no field shows.
pub(super) fn draw(page: &Page) {
    dom::set_hidden("import", page.form.built_in);
    dom::set_text("imported", &page.import_outcome());
    list_faults("import-faults", &page.import_faults(), &|path, words| {
        let item = dom::document().create_element("li").ok()?;
        describe(&item, path, words)?;
        Some(item)
    });
    let unplaced = page.form.homeless();
    dom::set_hidden("unplaced", unplaced.is_empty());
    list_faults("unplaced-faults", &unplaced, &|path, words| {
        let item = dom::document().create_element("li").ok()?;
        describe(&dom::append(&item, "p", "", "")?, path, words)?;
        let button = dom::append(&item, "button", "", &text_with("options_remove", &[path]))?;
        button.set_id(path);
        dom::set_attribute(&button, "type", "button");
        dom::set_attribute(&button, "data-do", "remove-setting");
        Some(item)
    });
}

/// Lists faults, each a path and what is wrong there.
fn list_faults(
    id: &str,
    faults: &[(String, String)],
    build: &dyn Fn(&str, &str) -> Option<Element>,
) {
    let keys = faults
        .iter()
        .map(|(path, words)| [path, " ", words].concat());
    let keys: Vec<String> = keys.collect();
    if let Some(list) = dom::by_id(id) {
        dom::reconcile(&list, &keys, &|place, _| {
            let (path, words) = faults.get(place)?;
            build(path, words)
        });
    }
}

fn describe(parent: &Element, path: &str, words: &str) -> Option<()> {
    dom::append(parent, "code", "", path)?;
    parent.append_with_str_1(&[" ", words].concat()).ok()
}

/// Removes the setting at `path`.
pub(super) fn remove(state: State, path: &str) {
    state.edit(|draft| draft.remove(path));
}

/// Has the browser save the settings as a file.
pub(super) fn export(state: State) {
    // A browser that cannot save files shows that by itself.
    _ = requests::download(&state.now(|page| page.form.export()));
}

/// Imports the file that was chosen.
pub(super) fn read_file(state: State, chooser: &Element) {
    let chooser: HtmlInputElement = chooser.clone().unchecked_into();
    let Some(file) = chooser.files().and_then(|files| files.get(0)) else {
        return;
    };
    spawn_local(async move {
        let text = JsFuture::from(file.text()).await.unwrap_or_default();
        import(state, &text.as_string().unwrap_or_default());
        // So that the same file can be chosen again.
        chooser.set_value("");
    });
}

/// Imports what was pasted.
pub(super) fn read_paste(state: State) {
    let pasted = dom::value_of(PASTE);
    if pasted.trim().is_empty() {
        focus::to(PASTE);
    } else if import(state, &pasted) {
        dom::set_value(PASTE, "");
    }
}

fn import(state: State, json: &str) -> bool {
    let mut taken = false;
    state.change(|page| {
        taken = page.import(json);
        page.form_changed();
    });
    taken
}
