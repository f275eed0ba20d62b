use evertoken::problem::{Problem, ProblemCode, Recovery};
use evertoken::renewal_method::RenewalMethodId;

use super::*;

const NOW: UnixTime = UnixTime(1_700_000_000_000);

fn view(state: SessionState) -> SessionView {
    SessionView {
        state,
        issuer: Some("https://tenant.example/".to_owned()),
        ..SessionView::not_configured(None)
    }
}

fn signed_in() -> SessionView {
    SessionView {
        identity: Some(Identity {
            sub: "user-1".to_owned(),
            name: Some("Ada Lovelace".to_owned()),
            email: Some("ada@tenant.example".to_owned()),
        }),
        expires_at: Some(UnixTime(NOW.0 + 16_400)),
        last_renewal: Some(LastRenewal {
            at: UnixTime(NOW.0 - 12_000),
            engine: RenewalMethodId::Offscreen,
            milliseconds: 52,
        }),
        ..view(SessionState::SignedIn)
    }
}

fn problem(recovery: Recovery) -> Problem {
    Problem {
        code: ProblemCode::AuthorizationLoginRequired,
        sentence: "your session with the provider has ended".to_owned(),
        detail: None,
        recovery,
    }
}

fn offers(card: &Card) -> [Offer; 3] {
    [card.sign_in, card.renew, card.sign_out]
}

#[test]
fn signed_in_shows_who_where_and_how_long() {
    let card = session_card(&signed_in(), None, NOW);
    assert_eq!(card.badge, Badge::On);
    assert_eq!(card.heading, "Signed in");
    assert_eq!(card.provider, "tenant.example");
    assert_eq!(card.expiry, "Expires in 0:17");
    assert_eq!(
        card.renewal,
        "Renewed 12\u{a0}s\u{a0}ago through the hidden frame in 52\u{a0}ms"
    );
    let person = card.person.clone().unwrap();
    assert_eq!(
        (person.name.as_str(), person.email.as_str()),
        ("Ada Lovelace", "ada@tenant.example")
    );
    assert_eq!(
        offers(&card),
        [Offer::Absent, Offer::Enabled, Offer::Enabled]
    );
}

#[test]
fn an_expired_token_says_what_happens_next() {
    let card = session_card(&signed_in(), None, UnixTime(NOW.0 + 20_000));
    assert_eq!(card.expiry, "Renews at the next call");
}

#[test]
fn a_person_without_a_name_goes_by_email_and_then_by_subject() {
    let mut view = signed_in();
    let identity = view.identity.as_mut().unwrap();
    identity.name = None;
    assert_eq!(person(identity).name, "ada@tenant.example");
    assert_eq!(person(identity).email, "");
    identity.email = None;
    assert_eq!(person(identity).name, "user-1");
}

#[test]
fn signed_out_offers_only_sign_in() {
    let card = session_card(&view(SessionState::SignedOut), None, NOW);
    assert_eq!(card.badge, Badge::Off);
    assert_eq!(card.heading, "Signed out");
    assert_eq!(
        offers(&card),
        [Offer::Enabled, Offer::Absent, Offer::Absent]
    );
    assert_eq!(card.notice, None);
}

#[test]
fn who_was_signed_in_before_the_browser_was_closed_is_shown_coming_back() {
    let before = SessionView {
        identity: signed_in().identity,
        renewing: true,
        ..view(SessionState::SignedOut)
    };
    let card = session_card(&before, None, NOW);
    assert_eq!(card.heading, "Signing you in again…");
    assert_eq!(card.badge, Badge::Busy);
    assert_eq!(
        card.person.map(|person| person.name).as_deref(),
        Some("Ada Lovelace")
    );
    let failed = SessionView {
        renewing: false,
        problem: Some(problem(Recovery::RetryLater)),
        ..before
    };
    let card = session_card(&failed, None, NOW);
    assert_eq!(card.heading, "Not signed in yet");
    assert!(card.notice.is_some());
    let [sign_in, renew, sign_out] = offers(&card);
    assert_eq!([sign_in, sign_out], [Offer::Enabled; 2]);
    assert_eq!(renew, Offer::Absent);
}

#[test]
fn a_needed_sign_in_tells_its_reason_and_whose_session_it_was() {
    let view = SessionView {
        state: SessionState::SignInNeeded,
        problem: Some(problem(Recovery::SignIn)),
        ..signed_in()
    };
    let card = session_card(&view, None, NOW);
    assert_eq!(card.badge, Badge::Attention);
    assert_eq!(card.heading, "Sign-in needed");
    assert_eq!(card.person.as_ref().unwrap().name, "Ada Lovelace");
    let notice = card.notice.as_ref().unwrap();
    assert_eq!(
        notice.sentence,
        "You are no longer signed in at the provider."
    );
    assert_eq!(notice.code, "authorization.login_required");
    assert_eq!(card.expiry, "");
    assert_eq!(
        offers(&card),
        [Offer::Enabled, Offer::Absent, Offer::Enabled]
    );
}

#[test]
fn calls_that_wait_are_counted_in_words() {
    for (waiting, words) in [
        (0, ""),
        (1, "1 call waits for you to sign in."),
        (3, "3 calls wait for you to sign in."),
    ] {
        for state in [SessionState::SignedOut, SessionState::SignInNeeded] {
            let view = SessionView {
                waiting,
                ..view(state)
            };
            assert_eq!(session_card(&view, None, NOW).appeal, words);
        }
    }
}

#[test]
fn an_api_that_wants_another_sign_in_is_an_offer_while_the_session_goes_on() {
    let view = SessionView {
        step_up: true,
        ..signed_in()
    };
    let card = session_card(&view, None, NOW);
    assert_eq!(
        (card.badge, card.heading.as_str()),
        (Badge::Attention, "Signed in")
    );
    assert_eq!(card.appeal, "An API asks you to sign in again.");
    assert_eq!(card.notice, None);
    assert_eq!(offers(&card), [Offer::Enabled; 3]);
    let waiting = SessionView { waiting: 1, ..view };
    assert_eq!(
        session_card(&waiting, None, NOW).appeal,
        "An API asks you to sign in again.\n1 call waits for it."
    );
    let needed = SessionView {
        state: SessionState::SignInNeeded,
        ..waiting.clone()
    };
    assert_eq!(
        session_card(&needed, None, NOW).appeal,
        "1 call waits for you to sign in."
    );
    let pressed = session_card(&waiting, Some(Action::SignIn), NOW);
    assert_eq!(
        (pressed.appeal.as_str(), pressed.sign_in),
        ("", Offer::Disabled)
    );
}

#[test]
fn a_failed_renewal_is_noted_while_the_session_goes_on() {
    let view = SessionView {
        problem: Some(problem(Recovery::RetryLater)),
        ..signed_in()
    };
    let card = session_card(&view, None, NOW);
    assert_eq!(card.heading, "Signed in");
    assert_eq!(
        card.notice.as_ref().unwrap().action,
        "Try again in a moment."
    );
    assert_eq!(
        offers(&card),
        [Offer::Absent, Offer::Enabled, Offer::Enabled]
    );
}

#[test]
fn without_settings_it_says_what_to_do() {
    let view = SessionView {
        issuer: None,
        ..view(SessionState::NotConfigured)
    };
    let card = session_card(&view, None, NOW);
    assert_eq!(card.badge, Badge::Settings);
    assert!(card.set_up && card.guidance.contains("which provider"));
    assert_eq!(card.provider, "");
    assert_eq!(offers(&card), [Offer::Absent; 3]);
}

#[test]
fn refused_settings_say_which_and_lead_to_them() {
    let view = SessionView {
        problem: Some(Problem {
            code: ProblemCode::SettingsRefused,
            sentence: "provider.issuer: must be an https URL".to_owned(),
            detail: Some("provider.issuer".to_owned()),
            recovery: Recovery::FixSettings,
        }),
        ..view(SessionState::NotConfigured)
    };
    let card = session_card(&view, None, NOW);
    assert_eq!(
        card.notice.unwrap().sentence,
        "The setting provider.issuer cannot be used."
    );
    assert_eq!(card.guidance, "");
    assert_eq!((card.set_up, card.remedy), (true, None));
}

#[test]
fn while_renewing_nothing_can_be_pressed_but_sign_out() {
    let by_worker = session_card(
        &SessionView {
            renewing: true,
            ..signed_in()
        },
        None,
        NOW,
    );
    let by_popup = session_card(&signed_in(), Some(Action::Renew), NOW);
    for card in [by_worker, by_popup] {
        assert_eq!(card.heading, "Signed in");
        assert_eq!(card.progress, "Renewing…");
        assert_eq!(card.renewal, "");
        assert_eq!(
            offers(&card),
            [Offer::Absent, Offer::Disabled, Offer::Enabled]
        );
    }
}

#[test]
fn while_signing_in_the_last_problem_is_forgotten() {
    let view = SessionView {
        signing_in: true,
        problem: Some(problem(Recovery::SignIn)),
        ..view(SessionState::SignInNeeded)
    };
    let card = session_card(&view, None, NOW);
    assert_eq!(card.badge, Badge::Busy);
    assert_eq!(card.heading, "Signing in…");
    assert_eq!(card.notice, None);
    assert_eq!(
        offers(&card),
        [Offer::Disabled, Offer::Absent, Offer::Enabled]
    );
}

#[test]
fn sign_out_cannot_be_pressed_twice() {
    let card = session_card(&signed_in(), Some(Action::SignOut), NOW);
    assert_eq!(card.sign_out, Offer::Disabled);
}

#[test]
fn a_press_counts_before_the_worker_confirms_it() {
    let card = session_card(&view(SessionState::SignedOut), Some(Action::SignIn), NOW);
    assert_eq!(card.heading, "Signing in…");
    assert_eq!(card.sign_in, Offer::Disabled);
    let card = session_card(&signed_in(), Some(Action::SignOut), NOW);
    assert_eq!(
        offers(&card),
        [Offer::Absent, Offer::Disabled, Offer::Disabled]
    );
}

#[test]
fn the_provider_is_named_by_its_host() {
    assert_eq!(host("https://localhost:8443/"), "localhost:8443");
    assert_eq!(host("https://id.example/realms/acme"), "id.example");
    assert_eq!(host("id.example"), "id.example");
}

#[test]
fn a_clock_that_is_minutes_off_is_remarked() {
    let remark = |offset| {
        let view = SessionView {
            clock_offset_ms: Some(offset),
            ..signed_in()
        };
        session_card(&view, None, NOW).remark
    };
    assert_eq!(
        remark(600_400),
        "Your clock is 10\u{a0}min behind the provider's."
    );
    assert_eq!(
        remark(-600_400),
        "Your clock is 10\u{a0}min ahead of the provider's."
    );
    assert_eq!(remark(29_999), "");
}

#[test]
fn a_scope_that_differs_from_what_was_asked_is_remarked() {
    let view = SessionView {
        scope: Some("openid".to_owned()),
        ..signed_in()
    };
    let card = session_card(&view, None, NOW);
    assert_eq!(card.remark, "The provider granted this scope: openid");
    assert_eq!(session_card(&signed_in(), None, NOW).remark, "");
}

#[test]
fn what_is_odd_is_told_a_line_each() {
    let view = SessionView {
        scope: Some("openid".to_owned()),
        clock_offset_ms: Some(60_000),
        ..signed_in()
    };
    assert_eq!(
        session_card(&view, None, NOW).remark,
        "Your clock is 60\u{a0}s behind the provider's.\nThe provider granted this scope: openid"
    );
}

#[test]
fn the_ring_shows_how_much_of_the_tokens_life_is_left() {
    let left = |obtained_at: Option<i64>, expires_at: Option<i64>, state| {
        let view = SessionView {
            obtained_at: obtained_at.map(|at| UnixTime(NOW.0 + at)),
            expires_at: expires_at.map(|at| UnixTime(NOW.0 + at)),
            ..view(state)
        };
        session_card(&view, None, NOW).life_left
    };
    let signed_in = SessionState::SignedIn;
    assert_eq!(left(Some(0), Some(60_000), signed_in), Some(1000));
    assert_eq!(left(Some(-45_000), Some(15_000), signed_in), Some(250));
    // Whole seconds, as in the words beside it.
    assert_eq!(left(Some(-45_750), Some(14_250), signed_in), Some(250));
    assert_eq!(left(Some(-60_000), Some(-1), signed_in), Some(0));
    assert_eq!(left(None, Some(60_000), signed_in), None);
    assert_eq!(left(Some(-1), Some(-1), signed_in), None);
    assert_eq!(left(Some(0), Some(60_000), SessionState::SignedOut), None);
}

#[test]
fn the_next_renewal_is_announced_until_it_begins() {
    let view = SessionView {
        next_renewal_at: Some(UnixTime(NOW.0 + 240_000)),
        ..signed_in()
    };
    let next = |view: &SessionView, now| session_card(view, None, UnixTime(NOW.0 + now)).next;
    assert_eq!(next(&view, 0), "Renews by itself in 4\u{a0}min");
    assert_eq!(next(&view, 240_000), "");
    let renewing = SessionView {
        renewing: true,
        ..view
    };
    assert_eq!(next(&renewing, 0), "");
    assert_eq!(next(&signed_in(), 0), "");
}

#[test]
fn a_pause_after_failures_says_when_it_goes_on_and_can_be_cut_short() {
    let paused = SessionView {
        next_renewal_at: Some(UnixTime(NOW.0 + 240_000)),
        paused_until: Some(UnixTime(NOW.0 + 40_000)),
        problem: Some(problem(Recovery::RetryLater)),
        ..signed_in()
    };
    let card = session_card(&paused, None, NOW);
    assert_eq!(card.next, "Next try in 40\u{a0}s");
    assert_eq!(card.renew, Offer::Enabled);
    assert_eq!(card.remedy, Some(Remedy::TryAgain));
    let later = session_card(&paused, None, UnixTime(NOW.0 + 40_000));
    assert_eq!(later.next, "Renews by itself in 3\u{a0}min");
    let coming_back = SessionView {
        state: SessionState::SignedOut,
        ..paused.clone()
    };
    let card = session_card(&coming_back, None, NOW);
    assert_eq!(
        (card.next.as_str(), card.remedy),
        ("Next try in 40\u{a0}s", None)
    );
    assert_eq!(session_card(&paused, Some(Action::Renew), NOW).next, "");
}

#[test]
fn a_notice_has_a_button_where_pressing_one_is_all_that_helps() {
    let remedy = |state, recovery| {
        let view = SessionView {
            problem: Some(problem(recovery)),
            ..view(state)
        };
        session_card(&view, None, NOW).remedy
    };
    let (signed_in, signed_out) = (SessionState::SignedIn, SessionState::SignedOut);
    assert_eq!(
        remedy(signed_in, Recovery::FixSettings),
        Some(Remedy::Check)
    );
    assert_eq!(
        remedy(signed_out, Recovery::FixSettings),
        Some(Remedy::Check)
    );
    assert_eq!(
        remedy(signed_in, Recovery::RetryLater),
        Some(Remedy::TryAgain)
    );
    assert_eq!(remedy(signed_out, Recovery::RetryLater), None);
    assert_eq!(remedy(SessionState::SignInNeeded, Recovery::SignIn), None);
    assert_eq!(remedy(signed_in, Recovery::Report), None);
}

#[test]
fn only_what_is_not_set_up_offers_to_be() {
    for (state, set_up) in [
        (SessionState::NotConfigured, true),
        (SessionState::SignedOut, false),
        (SessionState::SignedIn, false),
        (SessionState::SignInNeeded, false),
    ] {
        assert_eq!(session_card(&view(state), None, NOW).set_up, set_up);
    }
}
