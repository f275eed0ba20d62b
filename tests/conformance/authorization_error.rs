//! Error responses of the authorization endpoint (B01, B02).

use evertoken::message::SessionState;
use evertoken::problem::Recovery;

use crate::refusal::{
    FLOWS, assert_nothing_follows, fault, refused, refused_at_renewal, refused_at_sign_in, renew,
};
use crate::support::{Fault, World};

/// Every error code with its problem code and its recovery.
const REFUSALS: [(&str, &str, Recovery); 13] = [
    (
        "login_required",
        "authorization.login_required",
        Recovery::SignIn,
    ),
    (
        "interaction_required",
        "authorization.interaction_required",
        Recovery::SignIn,
    ),
    (
        "consent_required",
        "authorization.consent_required",
        Recovery::SignIn,
    ),
    (
        "account_selection_required",
        "authorization.account_selection_required",
        Recovery::SignIn,
    ),
    (
        "access_denied",
        "authorization.access_denied",
        Recovery::SignIn,
    ),
    (
        "invalid_request",
        "authorization.invalid_request",
        Recovery::FixSettings,
    ),
    (
        "unauthorized_client",
        "authorization.unauthorized_client",
        Recovery::FixSettings,
    ),
    (
        "unsupported_response_type",
        "authorization.unsupported_response_type",
        Recovery::FixSettings,
    ),
    (
        "invalid_scope",
        "authorization.invalid_scope",
        Recovery::FixSettings,
    ),
    (
        "server_error",
        "authorization.server_error",
        Recovery::RetryLater,
    ),
    (
        "temporarily_unavailable",
        "authorization.temporarily_unavailable",
        Recovery::RetryLater,
    ),
    (
        "an unheard-of code",
        "authorization.unknown",
        Recovery::FixSettings,
    ),
    ("", "authorization.unknown", Recovery::FixSettings),
];

/// Adds these parameters to the redirect.
fn with(parameters: &'static str) -> impl Fn(&World) {
    move |world| {
        world
            .provider
            .forge_redirect(move |url| format!("{url}&{parameters}"));
    }
}

#[test]
fn b01_error_response() {
    for flow in FLOWS {
        for (sent, code, recovery) in REFUSALS {
            let refuse = |world: &World| {
                world.provider.fail(Fault::Authorization(sent));
                world
                    .provider
                    .forge_redirect(|url| format!("{url}&error_description=%3Cscript%3E"));
            };
            refused_at_sign_in(World::new(flow), sent, code, refuse);
            if recovery != Recovery::SignIn {
                refused_at_renewal(World::new(flow), sent, code, refuse);
            }
            let world = World::signed_in(flow);
            refuse(&world);
            let error = world.run(world.engine.session().renew()).unwrap_err();
            assert_eq!((error.code().as_str(), error.recovery()), (code, recovery));
            let told = format!("{:?} {error} {error:?}", world.view());
            assert!(!told.contains("script"), "{sent}: what was described");
        }
    }
}

#[test]
fn b01_error_response_that_only_the_user_can_help() {
    for (sent, code, recovery) in REFUSALS {
        let world = World::signed_in("code");
        world.provider.fail(Fault::Authorization(sent));
        assert_eq!(renew(&world), Some(code));
        assert_nothing_follows(&world, sent);
        let state = world.view().state;
        let waits = recovery == Recovery::SignIn;
        assert_eq!(state == SessionState::SignInNeeded, waits, "{sent}");
    }
}

#[test]
fn b02_error_beside_other_parameters() {
    for flow in FLOWS {
        let judged = |what: &str, code, query: &'static str, forge: &dyn Fn(&World)| {
            refused(flow, what, code, |world| {
                forge(world);
                with(query)(world);
            });
        };
        let none = |_: &World| {};
        let error = "authorization.server_error";
        judged(
            "beside a code or tokens",
            error,
            "error=server_error",
            &none,
        );
        let state = "response.state_mismatch";
        let other = fault(Fault::Parameter("state", "other"));
        judged("wrong state", state, "error=login_required", &other);
        let missing = fault(Fault::NoParameter("state"));
        judged("no state", state, "error=login_required", &missing);
    }
    for (flow, needed) in [("code", "code"), ("implicit", "access_token")] {
        refused(flow, "a description only", "response.incomplete", |world| {
            world.provider.fail(Fault::NoParameter(needed));
            with("error_description=none")(world);
        });
    }
}
