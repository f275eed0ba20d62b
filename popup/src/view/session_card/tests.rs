use evertoken::message::{Identity, LastRenewal, SessionState};
use evertoken::problem::{Problem, ProblemCode, Recovery};
use evertoken::renewal_method::RenewalMethodId;

use super::*;
use SessionState::{NotConfigured, SignInNeeded, SignedIn, SignedOut};

const NOW: UnixTime = UnixTime(1_700_000_000_000);

fn in_ms(milliseconds: i64) -> UnixTime {
    UnixTime(NOW.0 + milliseconds)
}

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
        expires_at: Some(in_ms(16_400)),
        last_renewal: Some(LastRenewal {
            at: in_ms(-12_000),
            method: RenewalMethodId::Offscreen,
            milliseconds: 52,
        }),
        ..view(SignedIn)
    }
}

fn problem(recovery: Recovery) -> Option<Problem> {
    Some(Problem {
        code: ProblemCode::AuthorizationLoginRequired,
        sentence: "your session with the provider has ended".to_owned(),
        detail: None,
        recovery,
    })
}

fn card(view: &SessionView) -> Card {
    session_card(view, None, NOW)
}

/// Badge, heading, and of the buttons "Sign in", "Renew now" and "Sign out" whether each is absent (`-`), disabled (`d`) or
/// enabled (`e`).
fn state(card: &Card) -> (Badge, &str, String) {
    let offers = [
        card.sign_in,
        card.another_account,
        card.renew,
        card.sign_out,
    ];
    let offers = offers.map(|offer| match offer {
        Offer::Absent => '-',
        Offer::Disabled => 'd',
        Offer::Enabled => 'e',
    });
    (card.badge, &card.heading, String::from_iter(offers))
}

#[test]
fn every_state_has_its_badge_its_words_and_its_buttons() {
    let needed = SessionView {
        state: SignInNeeded,
        ..signed_in()
    };
    let still_trying = SessionView {
        next_renewal_at: Some(in_ms(60_000)),
        problem: problem(Recovery::RetryLater),
        ..needed.clone()
    };
    let failing = SessionView {
        problem: problem(Recovery::Report),
        ..signed_in()
    };
    let step_up = SessionView {
        step_up: true,
        ..signed_in()
    };
    let coming_back = SessionView {
        state: SignedOut,
        ..signed_in()
    };
    for (view, badge, heading, buttons) in [
        (view(NotConfigured), Badge::Settings, "Not set up", "----"),
        (view(SignedOut), Badge::Off, "Signed out", "ee--"),
        (coming_back, Badge::Off, "Not signed in yet", "ee-e"),
        (signed_in(), Badge::On, "Signed in", "--ee"),
        (step_up, Badge::Attention, "Signed in", "e-ee"),
        (failing, Badge::On, "Signed in", "e-ee"),
        (needed, Badge::Attention, "Sign-in needed", "ee-e"),
        (still_trying, Badge::Attention, "Sign-in needed", "eeee"),
    ] {
        let card = card(&view);
        assert_eq!(state(&card), (badge, heading, buttons.to_owned()));
        assert_eq!(card.set_up, view.state == NotConfigured);
        let name = view.identity.map_or("", |_| "Ada Lovelace");
        assert_eq!(card.name, name, "{heading}");
    }
}

#[test]
fn a_press_counts_before_the_worker_confirms_it() {
    let [sign_in, another] = [Action::SignIn, Action::UseAnotherAccount];
    let [renew, sign_out] = [Action::Renew, Action::SignOut];
    let (busy, on) = (Badge::Busy, Badge::On);
    let with = |state| SessionView {
        state,
        ..signed_in()
    };
    for (view, pressed, badge, heading, buttons) in [
        (view(SignedOut), sign_in, busy, "Signing in…", "dd--"),
        (with(SignInNeeded), sign_in, busy, "Signing in…", "dd-e"),
        (with(SignInNeeded), another, busy, "Signing in…", "dd-e"),
        (
            with(SignedOut),
            renew,
            busy,
            "Signing you in again…",
            "dd-e",
        ),
        (with(SignedIn), renew, on, "Signed in", "--de"),
        (with(SignedIn), sign_out, on, "Signed in", "--dd"),
    ] {
        let card = session_card(&view, Some(pressed), NOW);
        assert_eq!(state(&card), (badge, heading, buttons.to_owned()));
        let signs_in = pressed == sign_in || pressed == another;
        assert_eq!(card.name.is_empty(), signs_in);
    }
}

#[test]
fn what_the_worker_does_of_itself_is_as_if_it_was_pressed() {
    let renewing = SessionView {
        renewing: true,
        ..signed_in()
    };
    let pressed = session_card(&signed_in(), Some(Action::Renew), NOW);
    assert_eq!(card(&renewing), pressed);
    assert_eq!(
        (pressed.progress.as_str(), pressed.renewal.as_str()),
        ("Renewing…", "")
    );
    let signing_in = SessionView {
        signing_in: true,
        problem: problem(Recovery::SignIn),
        ..view(SignInNeeded)
    };
    let pressed = session_card(&view(SignInNeeded), Some(Action::SignIn), NOW);
    assert_eq!(card(&signing_in), pressed, "the last problem is forgotten");
}

#[test]
fn signed_in_shows_who_where_and_how_long() {
    let mut view = signed_in();
    let shown = card(&view);
    assert_eq!(shown.provider, "tenant.example");
    assert_eq!(shown.expiry, "Expires in 0:17");
    assert_eq!(
        shown.renewal,
        "Renewed 12\u{a0}s\u{a0}ago through the hidden frame in 52\u{a0}ms"
    );
    assert_eq!(
        (shown.name.as_str(), shown.email.as_str()),
        ("Ada Lovelace", "ada@tenant.example")
    );
    let expired = session_card(&view, None, in_ms(20_000));
    assert_eq!(expired.expiry, "Renews at the next call");
    let mut without = |part: fn(&mut Identity)| {
        part(view.identity.as_mut().unwrap());
        let card = card(&view);
        (card.name, card.email)
    };
    let by_email = ("ada@tenant.example".to_owned(), String::new());
    assert_eq!(without(|it| it.name = None), by_email);
    assert_eq!(without(|it| it.email = None).0, "user-1");
}

#[test]
fn a_problem_is_shown_with_what_helps() {
    let with = |view: SessionView, recovery| {
        let problem = problem(recovery);
        card(&SessionView { problem, ..view })
    };
    let (check, again) = (Some(Remedy::Check), Some(Remedy::TryAgain));
    for (state, recovery, remedy) in [
        (SignedIn, Recovery::FixSettings, check),
        (SignedOut, Recovery::FixSettings, check),
        (NotConfigured, Recovery::FixSettings, None),
        (SignedIn, Recovery::RetryLater, again),
        (SignedOut, Recovery::RetryLater, None),
        (SignInNeeded, Recovery::SignIn, None),
        (SignedIn, Recovery::Report, None),
    ] {
        let card = with(view(state), recovery);
        assert_eq!(card.remedy, remedy, "{state:?}");
        assert_eq!(card.guidance.is_empty(), state != SignedOut);
        let notice = card.notice.unwrap();
        assert_eq!(notice.code, "authorization.login_required");
        assert_eq!(
            notice.sentence,
            "You are no longer signed in at the provider."
        );
    }
    assert!(
        card(&view(NotConfigured))
            .guidance
            .contains("which provider")
    );
}

#[test]
fn what_waits_for_the_user_is_told_in_words() {
    for (state, step_up, waiting, words) in [
        (SignedOut, false, 0, ""),
        (SignedOut, false, 1, "1 call waits for you to sign in."),
        (SignInNeeded, false, 3, "3 calls wait for you to sign in."),
        (SignInNeeded, true, 1, "1 call waits for you to sign in."),
        (SignedIn, true, 0, "An API asks you to sign in again."),
        (
            SignedIn,
            true,
            1,
            "An API asks you to sign in again.\n1 call waits for it.",
        ),
    ] {
        let view = SessionView {
            step_up,
            waiting,
            ..view(state)
        };
        assert_eq!(card(&view).appeal, words);
        assert_eq!(session_card(&view, Some(Action::SignIn), NOW).appeal, "");
    }
}

#[test]
fn the_provider_is_named_by_its_host() {
    assert_eq!(host("https://localhost:8443/"), "localhost:8443");
    assert_eq!(host("https://id.example/realms/acme"), "id.example");
    assert_eq!(host("id.example"), "id.example");
}

#[test]
fn a_clock_that_is_off_and_a_scope_that_differs_are_remarked() {
    let granted = "The provider granted this scope: openid";
    let behind = "Your clock is 60\u{a0}s behind the provider's.";
    for (offset, scope, remark) in [
        (
            600_400,
            None,
            "Your clock is 10\u{a0}min behind the provider's.",
        ),
        (
            -600_400,
            None,
            "Your clock is 10\u{a0}min ahead of the provider's.",
        ),
        (29_999, None, ""),
        (0, Some("openid"), granted),
        (60_000, Some("openid"), &[behind, "\n", granted].concat()),
    ] {
        let view = SessionView {
            scope: scope.map(str::to_owned),
            clock_offset_ms: Some(offset),
            ..signed_in()
        };
        assert_eq!(card(&view).remark, remark);
    }
}

#[test]
fn the_ring_shows_how_much_of_the_tokens_life_is_left() {
    for (obtained_at, expires_at, state, left) in [
        (Some(0), Some(60_000), SignedIn, Some(1000)),
        (Some(-45_000), Some(15_000), SignedIn, Some(250)),
        // Whole seconds, as in the words beside it.
        (Some(-45_750), Some(14_250), SignedIn, Some(250)),
        (Some(-60_000), Some(-1), SignedIn, Some(0)),
        (None, Some(60_000), SignedIn, None),
        (Some(-1), Some(-1), SignedIn, None),
        (Some(0), Some(60_000), SignedOut, None),
    ] {
        let view = SessionView {
            obtained_at: obtained_at.map(in_ms),
            expires_at: expires_at.map(in_ms),
            ..view(state)
        };
        assert_eq!(card(&view).life_left, left);
    }
}

#[test]
fn the_next_renewal_or_try_is_announced_until_it_begins() {
    let due = SessionView {
        next_renewal_at: Some(in_ms(240_000)),
        ..signed_in()
    };
    let paused = SessionView {
        paused_until: Some(in_ms(40_000)),
        ..due.clone()
    };
    let coming_back = SessionView {
        state: SignedOut,
        ..paused.clone()
    };
    let renew = Some(Action::Renew);
    let next_try = "Next try in 40\u{a0}s";
    for (view, pending, after, words) in [
        (&signed_in(), None, 0, ""),
        (&due, None, 0, "Renews by itself in 4\u{a0}min"),
        (&due, None, 240_000, ""),
        (&due, renew, 0, ""),
        (&paused, None, 0, next_try),
        (&paused, None, 40_000, "Renews by itself in 3\u{a0}min"),
        (&paused, renew, 0, ""),
        (&coming_back, None, 0, next_try),
    ] {
        let card = session_card(view, pending, in_ms(after));
        assert_eq!(card.next, words);
    }
}
