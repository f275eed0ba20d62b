//! The activity: what happened, a row each.

mod export;
mod frame;
mod list;
mod row;

use std::cell::RefCell;

use evertoken::message::{PageRequest, WorkerReply};
use evertoken_pages::worker;
use gloo_timers::callback::Interval;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

use super::{dom, state};
use crate::view::timeline::{Choice, Filter, Timeline};

/// Between two questions while the view is seen (milliseconds).
const ASK_AGAIN: u32 = 2000;

thread_local! {
    /// The page has one.
    static VIEW: RefCell<View> = RefCell::default();
}

#[derive(Default)]
struct View {
    timeline: Timeline,
    filter: Filter,
    /// The worker has not answered yet.
    asking: bool,
    /// Something happened meanwhile.
    ask_again: bool,
}

/// Puts the view into its panel and follows what happens.
pub(super) fn start() {
    let Some(panel) = dom::by_id("activity") else {
        return;
    };
    if frame::build(&panel).is_none() {
        return;
    }
    let hear = Closure::<dyn Fn(Event)>::new(|event: Event| hear(&event));
    let hear = hear.into_js_value();
    for name in ["click", "input"] {
        _ = panel.add_event_listener_with_callback(name, hear.unchecked_ref());
    }
    let follow = || {
        if is_seen() {
            refresh();
        }
    };
    Interval::new(ASK_AGAIN, follow).forget();
    refresh();
}

/// Asks the worker what happened since. Of questions that come while one is under way, one is asked after it.
pub(super) fn refresh() {
    let busy = change(|view| {
        view.ask_again = view.asking;
        std::mem::replace(&mut view.asking, true)
    });
    if !busy {
        spawn_local(ask());
    }
}

async fn ask() {
    loop {
        let has_news = learn().await.is_some_and(|has_news| has_news);
        if has_news {
            list::draw();
            let last_call = change(|view| view.timeline.last_call());
            state::tell_last_call(last_call);
        }
        let again = change(|view| {
            view.asking = view.ask_again;
            std::mem::take(&mut view.ask_again)
        });
        if !again {
            return;
        }
    }
}

/// Whether something happened; `None` when the worker does not answer.
async fn learn() -> Option<bool> {
    let after = change(|view| view.timeline.ask_after());
    let told = entries(after).await?;
    let before = change(|view| view.timeline.newest());
    if !change(|view| view.timeline.follow(told)) {
        let told = entries(0).await?;
        change(|view| view.timeline.merge(told));
    }
    Some(change(|view| view.timeline.newest()) != before)
}

async fn entries(after: u64) -> Option<Vec<evertoken::message::ActivityEntry>> {
    match worker::ask(PageRequest::Activity { after }).await? {
        WorkerReply::Activity { entries } => Some(entries),
        _ => None,
    }
}

fn change<T>(change: impl FnOnce(&mut View) -> T) -> T {
    VIEW.with_borrow_mut(change)
}

/// The view is shown, and the page is.
fn is_seen() -> bool {
    let panel = dom::by_id("activity");
    let panel = panel.and_then(|panel| panel.unchecked_into::<HtmlElement>().offset_parent());
    panel.is_some() && !dom::document().hidden()
}

/// One listener for everything: rows need none of their own.
fn hear(event: &Event) {
    let Some(target) = event.target() else { return };
    let target: Element = target.unchecked_into();
    match target.id().as_str() {
        frame::EXPORT => export::save(),
        frame::TEXT | frame::CHOICE => filter(),
        _ => {
            if let Ok(Some(summary)) = target.closest("summary") {
                list::expand(&summary);
            }
        }
    }
}

fn filter() {
    let value = |id| {
        let field = dom::by_id(id)?;
        // A select has a value too.
        Some(field.unchecked_into::<HtmlInputElement>().value())
    };
    let choice = value(frame::CHOICE).and_then(|chosen| chosen.parse().ok());
    let choice = choice.and_then(|index: usize| Choice::ALL.get(index).copied());
    change(|view| {
        view.filter = Filter {
            text: value(frame::TEXT).unwrap_or_default(),
            choice: choice.unwrap_or_default(),
        };
    });
    list::draw();
}
