//! A request as code, for another place: never with a token.

use super::request::{RequestDraft, is_secret};

/// The request as a call of `fetch`. `content_type` is what the console adds of itself.
#[must_use]
pub fn as_fetch(draft: &RequestDraft, content_type: Option<&str>) -> String {
    let mut init = Vec::new();
    if draft.method != "GET" {
        init.push(["  method: ", &literal(&draft.method)].concat());
    }
    // Pairs: an object has one place for each name, and none for `__proto__`.
    let pairs: Vec<String> = headers(draft, content_type)
        .map(|(name, value)| ["[", &literal(name), ", ", &literal(value), "]"].concat())
        .collect();
    if !pairs.is_empty() {
        init.push(["  headers: [", &pairs.join(", "), "]"].concat());
    }
    if let Some(body) = draft.payload() {
        init.push(["  body: ", &literal(body)].concat());
    }
    let url = literal(draft.url.trim());
    match init.is_empty() {
        true => ["await fetch(", &url, ");"].concat(),
        false => ["await fetch(", &url, ", {\n", &init.join(",\n"), ",\n});"].concat(),
    }
}

/// The request as a command of a POSIX shell. `content_type` is what the console adds of itself.
#[must_use]
pub fn as_curl(draft: &RequestDraft, content_type: Option<&str>) -> String {
    // Without globbing: brackets and braces in a URL mean themselves.
    let mut command = ["curl --globoff ", &quoted(draft.url.trim())].concat();
    let mut option = |name: &str, value: &str| {
        command.push_str(" \\\n  ");
        command.push_str(name);
        command.push_str(value);
    };
    match draft.method.as_str() {
        "GET" => {}
        // With -X HEAD, curl would wait for a body that never comes.
        "HEAD" => option("--head", ""),
        method => option("-X ", &quoted(method)),
    }
    for (name, value) in headers(draft, content_type) {
        // curl removes a header whose value is empty; this is how it sends one.
        let line = match value {
            "" => [name, ";"].concat(),
            _ => [name, ": ", value].concat(),
        };
        option("-H ", &quoted(&line));
    }
    if let Some(body) = draft.payload() {
        option("--data-raw ", &quoted(body));
    }
    command
}

fn headers<'a>(
    draft: &'a RequestDraft,
    content_type: Option<&'a str>,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let added = content_type.map(|it| ("content-type", it));
    draft
        .named()
        .filter(|(name, _)| !is_secret(name))
        .chain(added)
}

/// A string of JavaScript, without what ends a line to older engines or begins a tag.
fn literal(text: &str) -> String {
    let mut literal = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => literal.extend(['\\', letter]),
            '\n' => literal.push_str("\\n"),
            '\0'..' ' | '<' | '\u{2028}' | '\u{2029}' => {
                let code = u32::from(letter);
                literal.push_str(&format!("\\u{code:04x}"));
            }
            _ => literal.push(letter),
        }
    }
    literal.push('"');
    literal
}

/// A word of a POSIX shell. Between single quotes everything means itself, except the quote.
fn quoted(text: &str) -> String {
    ["'", &text.replace('\'', "'\\''"), "'"].concat()
}

#[cfg(test)]
mod tests;
