//! The answer in the page.

use evertoken_pages::dom;
use evertoken_pages::text::{text, text_with};
use web_sys::Element;

use super::{act, json_tree, read};
use crate::page::bar;
use crate::view::answer::Answer;
use crate::view::body::{Body, cut, media_type};
use crate::view::call_time::Span;

/// How much of a text is shown at once (bytes).
const STEP: usize = 100_000;

/// Draws the answer, or the room for one.
pub(super) fn draw() {
    read(|console| {
        let calling = console.calling.is_some();
        if let Some(card) = dom::by_id("answer-card") {
            dom::set_attribute(&card, "aria-busy", &calling.to_string());
        }
        let wait = match calling {
            true => "console_answer_wait",
            false => "console_answer_empty",
        };
        dom::set_text("answer-empty", &text(wait));
        let answer = console.answer.as_ref();
        dom::set_hidden("answer-empty", answer.is_some());
        draw_outcome(answer);
        draw_times(&answer.map(Answer::spans).unwrap_or_default());
        draw_headers(answer.map_or(&[], |answer| &answer.headers));
    });
    draw_body();
}

/// Draws the body, as the user wants to see it.
pub(super) fn draw_body() {
    let Some(content) = dom::emptied("answer") else {
        return;
    };
    read(|console| {
        let answer = console.answer.as_ref();
        let body = answer.map(|answer| &answer.body);
        dom::set_hidden("raw", !matches!(body, Some(Body::Json(_))));
        if let Some(raw) = dom::by_id("raw") {
            dom::set_attribute(&raw, "aria-pressed", &console.raw.to_string());
        }
        let text = body.and_then(Body::text).unwrap_or_default();
        let shown = match body {
            Some(Body::Json(json)) if !console.raw => json_tree::draw(&content, json),
            Some(Body::Image(base64)) => {
                let content_type = answer.map_or("", |answer| &answer.content_type);
                draw_image(&content, base64, media_type(content_type))
            }
            _ => draw_text(&content, text),
        };
        dom::set_hidden("answer", shown.is_none());
        dom::set_hidden("copy-body", text.is_empty());
    });
}

/// Shows the next part of a long text.
pub(super) fn show_more() {
    let Ok(Some(pre)) = dom::document().query_selector("#answer pre") else {
        return;
    };
    let shown = pre.text_content().unwrap_or_default().len();
    read(|console| {
        if let Some(text) = console.answer.as_ref().and_then(|it| it.body.text()) {
            let more = cut(text, shown + STEP);
            dom::append(&pre, "span", "", more.get(shown..).unwrap_or_default());
            dom::set_hidden("more", more.len() == text.len());
        }
    });
}

fn draw_outcome(answer: Option<&Answer>) {
    for (id, words) in [
        ("status", Answer::status as fn(&Answer) -> String),
        ("measure", Answer::measure),
        ("verdict", Answer::verdict),
        ("note", Answer::note),
    ] {
        dom::set_text(id, &answer.map(words).unwrap_or_default());
    }
    let tone = answer.map_or("", |answer| answer.tone().class());
    dom::set_class("status", &["status ", tone].concat());
    let verdict = match answer.is_some_and(Answer::mended) {
        true => "verdict mended",
        false => "verdict",
    };
    dom::set_class("verdict", verdict);
}

/// A bar whose parts are as long as they took, and the same in words.
fn draw_times(spans: &[Span]) {
    let (Some(bar), Some(list)) = (dom::emptied("bar"), dom::emptied("times")) else {
        return;
    };
    dom::set_hidden("bar", spans.is_empty());
    dom::set_hidden("times", spans.is_empty());
    bar::fill(&bar, spans);
    for span in spans {
        dom::append(&list, "li", span.phase.class(), &span.words());
    }
}

fn draw_headers(headers: &[(String, String)]) {
    let count = headers.len().to_string();
    dom::set_text(
        "response-headers-tool",
        &text_with("console_answer_headers", &[&count]),
    );
    dom::set_hidden("response-headers-tool", headers.is_empty());
    dom::set_hidden(
        "response-headers",
        headers.is_empty() || !act::is_open("response-headers-tool"),
    );
    let Some(list) = dom::emptied("response-headers") else {
        return;
    };
    for (name, value) in headers {
        dom::append(&list, "dt", "", name);
        dom::append(&list, "dd", "", value);
    }
}

fn draw_text(content: &Element, body: &str) -> Option<()> {
    if body.trim().is_empty() {
        return None;
    }
    let shown = cut(body, STEP);
    let pre = dom::append(content, "pre", "", "")?;
    dom::append(&pre, "span", "", shown)?;
    let more = dom::append_button(content, "small", &text("console_more"), "more", 0)?;
    dom::set_attribute(&more, "id", "more");
    dom::set_hidden("more", shown.len() == body.len());
    Some(())
}

fn draw_image(content: &Element, base64: &str, kind: &str) -> Option<()> {
    let image = dom::append(content, "img", "", "")?;
    dom::set_attribute(&image, "alt", &text_with("console_image", &[kind]));
    dom::set_attribute(&image, "src", &["data:", kind, ";base64,", base64].concat());
    Some(())
}
