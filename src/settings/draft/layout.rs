//! JSON as people read it.

use serde_json::Value;

use crate::settings::validate::sorted_keys;

/// A line for each member, by their names, indented by two spaces; with a line break at the end.
pub(super) fn lines(value: &Value) -> String {
    let mut text = String::new();
    push(&mut text, value, "\n");
    text.push('\n');
    text
}

/// `margin` is what a line of `value` begins with: the line break and the spaces.
fn push(text: &mut String, value: &Value, margin: &str) {
    let inner = [margin, "  "].concat();
    match value {
        Value::Object(members) if !members.is_empty() => {
            text.push('{');
            for (index, name) in sorted_keys(members).into_iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                text.push_str(&inner);
                text.push_str(&Value::from(name).to_string());
                text.push_str(": ");
                push(text, &members[name], &inner);
            }
            text.push_str(margin);
            text.push('}');
        }
        Value::Array(entries) if entries.iter().any(Value::is_object) => {
            text.push('[');
            for (index, entry) in entries.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                text.push_str(&inner);
                push(text, entry, &inner);
            }
            text.push_str(margin);
            text.push(']');
        }
        _ => text.push_str(&value.to_string()),
    }
}
