//! What stands in the page's place while the worker does not send the settings.

use evertoken::problem::Problem;
use evertoken_pages::dom;
use evertoken_pages::notice::Notice;
use futures_util::future::select;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement};

/// Between two questions to a worker that does not answer: milliseconds.
const ASK_AGAIN_MS: u32 = 2000;

/// Shows `problem`, and waits until it is time to ask again: soon, or as soon as the user wants to.
pub(super) async fn show_and_wait(root: &Element, problem: &Problem) {
    let notice = Notice::from(problem);
    let shown = root.query_selector("code").ok().flatten();
    // Shown already, it is not announced once more, and its button keeps the focus.
    if shown.and_then(|code| code.text_content()).as_deref() != Some(notice.code.as_str()) {
        _ = show(root, &notice);
    }
    let pressed = Promise::new(&mut |resolve: Function, _| {
        if let Some(button) = dom::by_id("try-again") {
            button
                .unchecked_ref::<HtmlElement>()
                .set_onclick(Some(&resolve));
        }
    });
    select(JsFuture::from(pressed), TimeoutFuture::new(ASK_AGAIN_MS)).await;
}

fn show(root: &Element, notice: &Notice) -> Option<()> {
    root.set_text_content(None);
    dom::append_template(root, "worker-unreachable")?;
    let part = |selector| root.query_selector(selector).ok().flatten();
    part(".notice p")?.set_text_content(Some(&notice.sentence));
    part(".notice code")?.set_text_content(Some(notice.code.as_str()));
    Some(())
}
