//! The session card in the page. All of it is there from the start, so that nothing moves while it is used.

use evertoken_pages::dom;
use evertoken_webext::runtime;
use web_sys::Event;

use super::{bar, state, tabs};
use crate::view::session_card::{Action, Badge, Card, Offer, Remedy};

/// Makes the card's buttons work.
pub(super) fn start() {
    if let Some(panel) = dom::by_id("session") {
        dom::listen(&panel, &["click"], |event| on_click(&event));
    }
}

/// Shows `card`.
pub(super) fn draw(card: &Card) {
    draw_badge(card);
    let notice = card.notice.as_ref();
    for (id, words) in [
        ("state", card.heading.as_str()),
        ("provider", &card.provider),
        ("expiry", &card.expiry),
        ("name", &card.name),
        ("email", &card.email),
        ("guidance", &card.guidance),
        ("appeal", &card.appeal),
        ("problem-sentence", notice.map_or("", |it| &it.sentence)),
        ("problem-action", action_in_words(card)),
        ("problem-code", notice.map_or("", |it| it.code.as_str())),
        ("progress", &card.progress),
        ("renewal", &card.renewal),
        ("next", &card.next),
        ("remark", &card.remark),
        ("last-call", &card.last_call),
    ] {
        dom::set_text(id, words);
    }
    dom::set_hidden("problem", notice.is_none());
    dom::set_hidden("last-call", card.last_call.is_empty());
    dom::set_hidden("set-up", !card.set_up);
    dom::set_hidden("check", card.remedy != Some(Remedy::Check));
    dom::set_hidden("try-again", card.remedy != Some(Remedy::TryAgain));
    dom::set_disabled("try-again", card.renew != Offer::Enabled);
    for (id, offer) in [
        ("sign-in", card.sign_in),
        ("another-account", card.another_account),
        ("renew", card.renew),
        ("sign-out", card.sign_out),
    ] {
        dom::set_hidden(id, offer == Offer::Absent);
        dom::set_disabled(id, offer != Offer::Enabled);
    }
}

/// The action that helps, in words, where no button says it.
fn action_in_words(card: &Card) -> &str {
    match (&card.notice, card.remedy) {
        (Some(notice), None) => &notice.action,
        _ => "",
    }
}

/// The state's picture, with a ring for how much of the token's life is left, in thousandths.
fn draw_badge(card: &Card) {
    dom::set_class(
        "badge",
        match card.badge {
            Badge::Busy => "badge busy",
            Badge::Settings => "badge settings",
            Badge::Off => "badge off",
            Badge::On => "badge on",
            Badge::Attention => "badge attention",
        },
    );
    if let Some(badge) = dom::by_id("badge") {
        bar::style(&badge, "--left", &card.life_left.unwrap_or(0).to_string());
    }
}

fn on_click(event: &Event) {
    let target = dom::target_of(event);
    let Some(Ok(Some(button))) = target.map(|target| target.closest("button")) else {
        return;
    };
    match button.id().as_str() {
        "sign-in" => state::act(Action::SignIn),
        "another-account" => state::act(Action::UseAnotherAccount),
        "renew" | "try-again" => state::act(Action::Renew),
        "sign-out" => state::act(Action::SignOut),
        "set-up" => runtime::open_options_page(),
        "check" => {
            let check = runtime::get_url("options/options.html#check");
            _ = dom::window().open_with_url_and_target(&check, "_blank");
        }
        "last-call" => tabs::show("tab-activity"),
        _ => {}
    }
}
