//! What to register at the provider, and where it is pasted there.

use evertoken_pages::dom;
use evertoken_pages::text::{text, text_with};
use evertoken_webext::{identity, runtime};
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

use super::requests;
use super::state::State;
use crate::view::brand::Brand;
use crate::view::page::Page;
use crate::view::registration::{Address, addresses};

/// Offers the providers that there are instructions for.
pub(super) fn build() {
    let Some(chooser) = dom::by_id("brand") else {
        return;
    };
    for brand in Brand::ALL {
        let other = || text("options_provider_other");
        let name = brand.name().map_or_else(other, str::to_owned);
        if let Some(option) = dom::append(&chooser, "option", "", &name) {
            dom::set_attribute(&option, "value", brand.id());
        }
    }
}

/// Draws the instructions, and the addresses with a button each that copies it.
pub(super) fn draw(page: &Page) {
    let brand = page.brand();
    dom::set_value("brand", brand.id());
    let [create, paste] = brand.instructions();
    dom::set_text("where-to-create", &text(create));
    dom::set_text("where-to-paste", &text(paste));
    let addresses = addresses(
        &runtime::get_url(""),
        &identity::get_redirect_url(),
        page.uses_web_message(),
    );
    let labels = addresses.iter().map(|address| address.label.to_owned());
    let labels: Vec<String> = labels.collect();
    if let Some(list) = dom::by_id("addresses") {
        dom::reconcile(&list, &labels, &|place, _| {
            row(place, addresses.get(place)?)
        });
    }
    for place in 0..addresses.len() {
        let key = match page.copied == Some(place) {
            true => "options_copied",
            false => "options_copy_short",
        };
        dom::set_text(&button_id(place), &text(key));
    }
    let copied = page.copied.map(|_| text("options_copied"));
    dom::set_text("copied", &copied.unwrap_or_default());
}

fn row(place: usize, address: &Address) -> Option<Element> {
    let row = dom::element_of_template("address-row")?;
    let part = |selector| row.query_selector(selector).ok().flatten();
    let label = text(address.label);
    part("dt")?.set_text_content(Some(&label));
    part("code")?.set_text_content(Some(&address.value));
    let button = part("button")?;
    button.set_id(&button_id(place));
    dom::set_attribute(&button, "data-index", &place.to_string());
    dom::set_attribute(&button, "aria-label", &text_with("options_copy", &[&label]));
    Some(row)
}

fn button_id(place: usize) -> String {
    ["copy-", &place.to_string()].concat()
}

/// Shows the instructions for the provider that was chosen.
pub(super) fn choose_brand(state: State, chooser: &Element) {
    let brand = Brand::of_id(&dom::value(chooser));
    state.update(|page| page.chosen_brand = Some(brand));
}

/// Copies the address beside `button`.
pub(super) fn copy(state: State, button: &Element) {
    let place = button.get_attribute("data-index");
    let place: Option<usize> = place.and_then(|place| place.parse().ok());
    let address = button.previous_element_sibling();
    let address = address.and_then(|address| address.text_content());
    state.update(|page| page.copied = None);
    spawn_local(async move {
        if requests::copy(&address.unwrap_or_default()).await {
            state.update(|page| page.copied = place);
        }
    });
}
