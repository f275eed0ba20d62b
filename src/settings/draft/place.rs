//! Places in a JSON value, by the paths that refusals name: `provider.issuer`, `apis[0].url`.

use serde_json::{Map, Value};

/// A step on a path.
enum Step<'a> {
    Member(&'a str),
    Entry(usize),
}

/// What stands at `path`.
pub(super) fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let (step, rest) = first_step(value, path);
    let next = match (step, value) {
        (Step::Member(name), Value::Object(members)) => members.get(name),
        (Step::Entry(index), Value::Array(entries)) => entries.get(index),
        _ => None,
    }?;
    match rest {
        "" => Some(next),
        rest => at(next, rest),
    }
}

/// What stands at `path`, to be changed: null where nothing was. What is no object or list on the way there, or no
/// list as long as that, is replaced.
pub(super) fn at_mut<'a>(value: &'a mut Value, path: &str) -> &'a mut Value {
    if path.is_empty() {
        return value;
    }
    let (step, rest) = first_step(value, path);
    match step {
        Step::Member(name) => {
            if !value.is_object() {
                *value = Value::Object(Map::new());
            }
            at_mut(member(value, name), rest)
        }
        Step::Entry(index) => {
            if !value.is_array() {
                *value = Value::Array(Vec::new());
            }
            at_mut(entry(value, index), rest)
        }
    }
}

fn member<'a>(value: &'a mut Value, name: &str) -> &'a mut Value {
    let Value::Object(members) = value else {
        return value;
    };
    members.entry(name).or_insert(Value::Null)
}

fn entry(value: &mut Value, index: usize) -> &mut Value {
    let Value::Array(entries) = value else {
        return value;
    };
    if entries.len() <= index {
        entries.resize(index + 1, Value::Null);
    }
    &mut entries[index]
}

/// Removes what stands at `path`, and the objects that are empty then.
pub(super) fn remove(value: &mut Value, path: &str) {
    let (step, rest) = first_step(value, path);
    match (step, value) {
        (Step::Member(name), Value::Object(members)) => {
            let Some(next) = members.get_mut(name) else {
                return;
            };
            if !rest.is_empty() {
                remove(next, rest);
            }
            let is_empty = *next == Value::Object(Map::new());
            if rest.is_empty() || is_empty {
                members.remove(name);
            }
        }
        (Step::Entry(index), Value::Array(entries)) if index < entries.len() => match rest {
            "" => _ = entries.remove(index),
            rest => remove(&mut entries[index], rest),
        },
        _ => {}
    }
}

/// The first step of `path` from `value`, and the rest of the path. A member whose name has a dot or a bracket in
/// it is found all the same.
fn first_step<'a>(value: &Value, path: &'a str) -> (Step<'a>, &'a str) {
    if let Some((index, rest)) = path.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let rest = rest.strip_prefix('.').unwrap_or(rest);
        if let (Value::Array(_) | Value::Null, Ok(index)) = (value, index.parse()) {
            return (Step::Entry(index), rest);
        }
    }
    let of_member = |name: &str| {
        let rest = path.strip_prefix(name)?;
        match rest.chars().next() {
            None | Some('[') => Some(rest),
            Some('.') => rest.strip_prefix('.'),
            _ => None,
        }
    };
    let names = value.as_object().into_iter().flat_map(Map::keys);
    let known = names.filter_map(|name| Some((name.len(), of_member(name)?)));
    let longest = known.max_by_key(|(length, _)| *length);
    let length = longest.map_or_else(|| path.find(['.', '[']), |(length, _)| Some(length));
    let (name, rest) = path.split_at(length.unwrap_or(path.len()));
    (Step::Member(name), rest.strip_prefix('.').unwrap_or(rest))
}
