//! The DOM kit of all pages, by the names that it has here.

pub(super) use evertoken_pages::dom::{
    append, append_button, append_template as fill, by_id, document, elements, emptied,
    set_attribute as set, set_class as dress, set_disabled as disable, set_hidden as hide,
    set_text as say, set_value as put, value, value_of, window,
};
