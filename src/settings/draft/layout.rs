//! JSON as people read it.

use crate::json::{Value, Writer};

/// In one line.
pub(super) fn line(value: &Value) -> String {
    let mut writer = Writer::default();
    writer.value(value);
    writer.finish()
}

/// A line for each member, indented by two spaces, with a line break at the end.
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
        Value::Object(members) if members.members().next().is_some() => {
            text.push('{');
            for (index, (name, value)) in members.members().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                text.push_str(&inner);
                text.push_str(&line(&Value::String(name.to_owned())));
                text.push_str(": ");
                push(text, value, &inner);
            }
            text.push_str(margin);
            text.push('}');
        }
        Value::Array(entries) if entries.iter().any(|entry| entry.as_object().is_some()) => {
            text.push('[');
            for (index, entry) in entries.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                text.push_str(&inner);
                push(text, entry, &inner);
            }
            text.push_str(margin);
            text.push(']');
        }
        _ => text.push_str(&line(value)),
    }
}
