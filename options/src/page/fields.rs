//! The fields of the form: label, control, what it is for, what is wrong with it.

use evertoken_pages::dom;
use evertoken_pages::text::text;
use web_sys::Element;

use super::state::State;
use crate::view::fields::{
    API, API_URL, CLIENT_ID, Field, ISSUER, Kind, PROVIDER, SESSION, of_api,
};
use crate::view::form::Form;

/// Builds all fields but those of the rows of APIs.
pub(super) fn build() {
    for (place, field, path) in [
        ("issuer-field", ISSUER, ISSUER.path.to_owned()),
        ("client-id-field", CLIENT_ID, CLIENT_ID.path.to_owned()),
        ("first-api-field", API_URL, of_api(0, &API_URL)),
    ] {
        if let Some(place) = dom::by_id(place) {
            fill(&place, field, &path);
        }
    }
    for (place, fields) in [
        ("provider-fields", &PROVIDER[..]),
        ("session-fields", &SESSION[..]),
    ] {
        if let Some(place) = dom::by_id(place) {
            for field in fields {
                append(&place, *field, field.path);
            }
        }
    }
}

/// Appends the field for the setting at `path`, which is also the id of its control.
pub(super) fn append(parent: &Element, field: Field, path: &str) {
    if let Some(place) = dom::append(parent, "div", "", "") {
        fill(&place, field, path);
    }
}

fn fill(place: &Element, field: Field, path: &str) -> Option<()> {
    let (class, control) = match field.kind {
        Kind::Line(_) => ("field", "line-control"),
        Kind::Seconds(_) => ("field short", "line-control"),
        Kind::Numbers(_) => ("field", "line-control"),
        Kind::Lines(_) | Kind::Pairs(_) => ("field", "lines-control"),
        Kind::Choice(_) => ("field", "choice-control"),
        Kind::Switch => ("field switch", "switch-control"),
    };
    place.set_class_name(class);
    dom::append_template(place, "field");
    let part = |selector| place.query_selector(selector).ok().flatten();
    let label = part("label")?;
    dom::set_attribute(&label, "for", path);
    label.set_text_content(Some(&text(field.label)));
    part(".fixed")?.set_id(&fixed_id(path));
    part(".fault")?.set_id(&fault_id(path));
    let hint = part(".hint")?;
    hint.set_id(&hint_id(path));
    hint.set_text_content(Some(&text(field.hint)));
    let control = dom::element_of_template(control)?;
    control.set_id(path);
    let described_by = [&fault_id(path), " ", &hint_id(path)].concat();
    dom::set_attribute(&control, "aria-describedby", &described_by);
    match field.kind {
        Kind::Line(placeholder) => set_up_line(&control, "text", placeholder),
        Kind::Seconds(placeholder) => set_up_line(&control, "numeric", placeholder),
        Kind::Numbers(placeholder) => {
            set_up_line(&control, "text", placeholder.trim_matches(['[', ']']));
        }
        Kind::Lines(placeholder) | Kind::Pairs(placeholder) => {
            dom::set_attribute(&control, "placeholder", placeholder);
        }
        Kind::Choice(choices) => {
            for (word, key) in choices {
                let option = dom::append(&control, "option", "", &text(key))?;
                dom::set_attribute(&option, "value", word);
            }
        }
        Kind::Switch => {}
    }
    label.after_with_node_1(&control).ok()
}

fn set_up_line(control: &Element, mode: &str, placeholder: &str) {
    dom::set_attribute(control, "inputmode", mode);
    dom::set_attribute(control, "placeholder", placeholder);
}

/// Draws all fields that are there.
pub(super) fn draw(form: &Form) {
    for (path, field) in all(form.rows()) {
        let fault = form.fault(&path);
        if let (Some(control), false) = (dom::by_id(&path), field.kind == Kind::Switch) {
            let invalid = if fault.is_empty() { "false" } else { "true" };
            dom::set_attribute(&control, "aria-invalid", invalid);
        }
        dom::set_text(&fault_id(&path), &fault);
        dom::set_hidden(&fixed_id(&path), !form.is_fixed(&path));
        dom::set_disabled(&path, form.is_locked(&path));
        match field.kind {
            Kind::Switch => dom::set_checked(&path, form.draft().flag(&path)),
            // What is typed may be written otherwise in the draft, and the caret would jump.
            _ if dom::has_focus(&path) => {}
            _ => dom::set_value(&path, &value(form, field.kind, &path)),
        }
    }
}

fn value(form: &Form, kind: Kind, path: &str) -> String {
    match kind {
        Kind::Lines(_) => form.draft().list(path).unwrap_or_default().join("\n"),
        Kind::Numbers(_) => form.draft().list(path).unwrap_or_default().join(", "),
        Kind::Pairs(_) => form.draft().pairs(path).join("\n"),
        Kind::Choice(choices) => match form.draft().text(path) {
            word if word.is_empty() => default_of(choices).to_owned(),
            word => word,
        },
        _ => form.draft().text(path),
    }
}

/// Puts what was typed or chosen into the draft.
pub(super) fn take(state: State, control: &Element) {
    let path = control.id();
    let rows = state.now(|page| page.form.rows());
    let Some((_, field)) = all(rows).into_iter().find(|(its, _)| *its == path) else {
        return;
    };
    let typed = dom::value(control);
    state.edit(|draft| match field.kind {
        Kind::Line(_) => draft.set_text(&path, &typed),
        Kind::Seconds(_) => draft.set_number(&path, &typed),
        Kind::Numbers(_) => draft.set_numbers(&path, &typed),
        Kind::Pairs(_) => draft.set_pairs(&path, &typed),
        Kind::Lines(_) => {
            // Empty lines too, or no other line could be begun.
            let entries: Vec<String> = typed.split('\n').map(str::to_owned).collect();
            draft.set_list(&path, &entries);
        }
        Kind::Choice(choices) if typed == default_of(choices) => draft.set_text(&path, ""),
        Kind::Choice(_) => draft.set_text(&path, &typed),
        Kind::Switch => draft.set_flag(&path, dom::is_checked(control)),
    });
}

/// The user left the field at `path`: its fault is shown from now on, and spaces round a text or lines of nothing else,
/// which were never meant, go.
pub(super) fn leave(state: State, path: &str) {
    let rows = state.now(|page| page.form.rows());
    let Some((_, field)) = all(rows).into_iter().find(|(its, _)| its == path) else {
        return;
    };
    // Numbers and pairs are tidy in the draft as they are typed.
    let is_text = match field.kind {
        Kind::Choice(_) | Kind::Switch => return,
        Kind::Numbers(_) | Kind::Pairs(_) => false,
        Kind::Line(_) | Kind::Seconds(_) | Kind::Lines(_) => true,
    };
    if is_text && state.now(|page| page.form.is_untidy(path)) {
        state.edit_form(|form| form.tidy(path));
    }
    state.update(|page| page.form.leave(path));
}

/// Every field, by the path of its setting, while there are so many rows of APIs.
fn all(rows: usize) -> Vec<(String, Field)> {
    let sections = PROVIDER.iter().chain(SESSION.iter());
    let alone = [&ISSUER, &CLIENT_ID].into_iter().chain(sections);
    let alone = alone.map(|field| (field.path.to_owned(), *field));
    let of_apis = (0..rows).flat_map(|row| {
        let fields = [&API_URL].into_iter().chain(API.iter());
        fields.map(move |field| (of_api(row, field), *field))
    });
    alone.chain(of_apis).collect()
}

/// The word that holds where nothing is chosen.
fn default_of(choices: &[(&'static str, &'static str)]) -> &'static str {
    choices.first().map_or("", |(word, _)| *word)
}

fn fault_id(path: &str) -> String {
    [path, "-fault"].concat()
}

fn fixed_id(path: &str) -> String {
    [path, "-fixed"].concat()
}

fn hint_id(path: &str) -> String {
    [path, "-hint"].concat()
}
