//! Tests of the DOM kit in a page.

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::*;

wasm_bindgen_test_configure!(run_in_browser);

/// A list in the page with an input for each of these keys.
fn list(id: &str, keys: &[&str]) -> Element {
    let body: Element = document().body().unwrap().into();
    let list = append(&body, "ul", "", "").unwrap();
    list.set_id(id);
    show(&list, keys);
    list
}

fn show(list: &Element, keys: &[&str]) {
    let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
    let id = list.id();
    reconcile(list, &keys, &|_, key| {
        let input = document().create_element("input").ok()?;
        input.set_id(&[&id, "-", key].concat());
        Some(input)
    });
}

fn keys(list: &Element) -> Vec<String> {
    let children = list.children();
    let key = |index| children.item(index)?.get_attribute(KEY);
    (0..children.length()).filter_map(key).collect()
}

#[wasm_bindgen_test]
fn a_list_has_a_child_for_each_key_in_their_order() {
    let list = list("order", &["a", "b", "c"]);
    assert_eq!(keys(&list), ["a", "b", "c"]);
    show(&list, &["d", "c", "a"]);
    assert_eq!(keys(&list), ["d", "c", "a"]);
    show(&list, &[]);
    assert_eq!(keys(&list), [""; 0]);
}

#[wasm_bindgen_test]
fn what_was_typed_in_a_child_stays_where_it_moves() {
    let list = list("typed", &["a", "b"]);
    set_value("typed-a", "half ty");
    show(&list, &["b", "c", "a"]);
    assert_eq!(value_of("typed-a"), "half ty");
}

#[wasm_bindgen_test]
fn the_focus_stays_on_a_child_that_moves() {
    for order in [["b", "a", "c"], ["b", "c", "a"], ["c", "a", "b"]] {
        let list = list("moved", &["a", "b", "c"]);
        focus(&by_id("moved-a").unwrap());
        show(&list, &order);
        assert!(has_focus("moved-a"), "{order:?}");
        list.remove();
    }
}

#[wasm_bindgen_test]
fn the_focus_is_not_taken_by_a_list_that_does_not_have_it() {
    let list = list("other", &["a", "b"]);
    let body: Element = document().body().unwrap().into();
    let elsewhere = append(&body, "input", "", "").unwrap();
    elsewhere.set_id("elsewhere");
    focus(&elsewhere);
    show(&list, &["b", "a", "c"]);
    assert!(has_focus("elsewhere"));
}

#[wasm_bindgen_test]
fn a_value_that_a_field_has_already_leaves_the_caret() {
    list("caret", &["a"]);
    set_value("caret-a", "typed");
    let field: HtmlInputElement = by_id("caret-a").unwrap().unchecked_into();
    field.set_selection_range(2, 2).unwrap();
    set_value("caret-a", "typed");
    assert_eq!(field.selection_start().unwrap(), Some(2));
}

#[wasm_bindgen_test]
fn a_template_can_be_copied_again() {
    let body: Element = document().body().unwrap().into();
    let template = append(&body, "template", "", "").unwrap();
    template.set_id("copied");
    template.set_inner_html("<p><b></b></p>");
    for copies in 1..=2 {
        append_template(&body, "copied").unwrap();
        let found = document().query_selector_all("p > b").unwrap();
        assert_eq!(found.length(), copies);
    }
    assert_eq!(element_of_template("copied").unwrap().tag_name(), "P");
}
