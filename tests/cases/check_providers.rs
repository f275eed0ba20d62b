//! The setup check at real providers, by what each was seen to answer: nothing fails where the settings are right.

use std::time::Duration;

use evertoken::doctor::Verdict::Passed;
use evertoken::platform::UserAgentError::{
    FramingRefused, InteractionRequired, PageShown, Refused, ServerError,
};
use serde_json::{Value, json};

use crate::check::{ALL, INVALID_GRANT, LOGIN_PAGE, describe, signed_in, silent_ways, world};
use crate::checked::{Checked, Fetched, Site};
use crate::support::Fault;

/// How a provider answers.
struct Real {
    name: &'static str,
    site: Site,
    /// Its metadata beside the usual.
    metadata: Value,
    /// What a silent way meets where nobody is signed in at the provider.
    signed_out: Fault,
    /// What it meets where the user is.
    signed_in: Option<Fault>,
}

fn real(name: &'static str, authorize: Fetched, token: Fetched, signed_out: Fault) -> Real {
    Real {
        name,
        site: Site { authorize, token },
        metadata: json!({}),
        signed_out,
        signed_in: None,
    }
}

/// Those that answer `prompt=none` at the redirect URI.
fn by_redirect() -> [Real; 4] {
    let login_required = Fetched::Redirect("?error=login_required");
    let in_json = Fetched::Answer(
        200,
        "application/json",
        r#"{"redirect":true,"url":"https://extension.chromiumapp.org/?error=login_required"}"#,
    );
    let signed_out = Fault::Authorization("login_required");
    let allauth = real(
        "django-allauth",
        login_required,
        INVALID_GRANT,
        signed_out.clone(),
    );
    let better_auth = real("better-auth", in_json, INVALID_GRANT, signed_out.clone());
    let canaille = Real {
        metadata: json!({ "authorization_response_iss_parameter_supported": true }),
        ..real("Canaille", login_required, INVALID_GRANT, signed_out)
    };
    let glewlwyd = Real {
        metadata: json!({ "grant_types_supported": ["authorization_code", "implicit"] }),
        ..real(
            "Glewlwyd",
            Fetched::Redirect("?error=invalid_request&error_description=id_token+mandatory"),
            Fetched::Answer(403, "application/json", r#"{"error":"invalid_code"}"#),
            Fault::Authorization("invalid_request"),
        )
    };
    [allauth, better_auth, canaille, glewlwyd]
}

/// Those that answer it with a page.
fn by_page() -> [Real; 4] {
    let fault = silent_ways(ServerError(500), ServerError(500));
    let toolkit = Real {
        signed_in: Some(fault.clone()),
        ..real(
            "django-oauth-toolkit as shipped",
            Fetched::Answer(500, "text/html", "Server Error (500)"),
            INVALID_GRANT,
            fault,
        )
    };
    let lemon = real(
        "LemonLDAP::NG",
        LOGIN_PAGE,
        INVALID_GRANT,
        silent_ways(FramingRefused, InteractionRequired),
    );
    let simulator = real(
        "auth0-simulator",
        LOGIN_PAGE,
        Fetched::Answer(401, "text/html", "Unauthorized"),
        silent_ways(PageShown, InteractionRequired),
    );
    let with_status_401 = real(
        "one that asks for the user with status 401",
        Fetched::Answer(401, "text/html", "<form>Sign in</form>"),
        Fetched::Answer(400, "text/html", "no nonce in store"),
        silent_ways(Refused(401), Refused(401)),
    );
    [toolkit, lemon, simulator, with_status_401]
}

fn check(real: &Real, ladder: &str) {
    let name = real.name;
    let nobody = world(ladder);
    describe(&nobody, real.metadata.clone());
    nobody.provider.fail(real.signed_out.clone());
    let found = Checked::new(&nobody, &real.site);
    assert_eq!(found.failed(), [""; 0], "{name}, signed out: {found:?}");
    // No sign-in helps against a fault that does not end with it.
    let helps = real.signed_in.is_none();
    assert!(found.offers_sign_in() || !helps, "{name}: {found:?}");
    let ada = signed_in(ladder);
    describe(&ada, real.metadata.clone());
    (*ada.provider.fault.borrow_mut()).clone_from(&real.signed_in);
    let found = Checked::new(&ada, &real.site);
    assert_eq!(found.failed(), [""; 0], "{name}, signed in: {found:?}");
    assert_eq!(found.verdict("token-endpoint"), Passed, "{name}");
    // Later the user is signed in here alone. By now the hint says whose session is meant.
    ada.advance(Duration::from_secs(1800));
    ada.provider.fail(match &real.signed_out {
        Fault::Authorization(_) => Fault::Authorization("login_required"),
        other => other.clone(),
    });
    let found = Checked::new(&ada, &real.site);
    assert_eq!(found.failed(), [""; 0], "{name}, later: {found:?}");
}

#[test]
fn f5_f6_f8_f9_f11_f13_a_faultless_setup_fails_at_no_provider_whoever_is_signed_in() {
    for real in by_redirect().iter().chain(&by_page()) {
        for ladder in [ALL, r#"["refresh_token"]"#, r#"["offscreen"]"#] {
            check(real, ladder);
        }
    }
}
