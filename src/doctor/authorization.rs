//! Client ID and redirect URI: whether the provider accepts both.
//!
//! A provider sends its answer only to a redirect URI that the client registered. Otherwise it shows a page, and no
//! specification defines what that says (RFC 6749 section 4.1.2.1, first paragraph). Which of the two is wrong is told by
//! the error codes of the pushed authorization request endpoint (RFC 9126 section 2.3) and of the token endpoint
//! (RFC 6749 section 5.2).

use url::{Url, form_urlencoded};

use super::keys::endpoint_unreached;
use super::probe::Client;
use super::probe_result::{ProbeResult, Target, error_code, unavailable};
use super::renewal::Attempts;
use super::token_endpoint::ClientStanding;
use super::{Action, Check, Finding, Fix, Text, Verdict};
use crate::json::{self, Value};
use crate::oauth::authorization_response::{AuthorizationError, RefusalKind};
use crate::oauth::pushed_request::{self, PushedRequestError};
use crate::problem::ProblemCode;

const CHECK: Check = Check::Authorization;
/// The provider does not know the requested `audience` (RFC 8707 section 2).
const INVALID_TARGET: &str = "invalid_target";

/// What the check says before renewal was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Diagnosis {
    /// The provider answered: this is final.
    Final(Finding),
    /// It showed a page, or did not answer. A renewal that is answered at the redirect URI proves that it accepts both all
    /// the same; without one, this is the finding.
    Provisional(Finding),
}

/// What an endpoint says of client ID and redirect URI.
enum Answer {
    /// Both are accepted.
    Accepted,
    /// Both are accepted, and the request is refused with this code.
    Error(String),
    /// The client ID is refused.
    ClientRefused,
    /// The redirect URI is refused.
    RedirectUriRefused,
    /// One of the two is refused.
    EitherRefused,
    /// Neither can be said.
    Nothing,
    /// The endpoint was not reached, or has a fault.
    Unreached(Finding),
}

/// Diagnoses what came back from the authorization endpoint (`direct`) and from the pushed authorization request endpoint
/// (`pushed`), each `None` where it was not asked, and what the token endpoint says of the client.
#[must_use]
pub fn diagnose(
    client: &Client<'_>,
    direct: Option<&ProbeResult>,
    pushed: Option<&ProbeResult>,
    standing: ClientStanding,
) -> Diagnosis {
    let pushed = pushed.map(|result| pushed_answer(client, result));
    let answer = match direct.map(|result| direct_answer(client, result)) {
        Some(unclear @ (Answer::EitherRefused | Answer::Nothing)) => match (unclear, pushed) {
            (unclear, Some(Answer::Nothing | Answer::Unreached(_)) | None) => unclear,
            // The two endpoints contradict each other.
            (Answer::EitherRefused, Some(Answer::Accepted | Answer::Error(_))) => Answer::Nothing,
            (_, Some(answer)) => answer,
        },
        Some(answer) => answer,
        None => pushed.unwrap_or(Answer::Nothing),
    };
    match (answer, standing) {
        (Answer::Accepted, _) => Diagnosis::Final(accepted()),
        (Answer::Error(code), _) => match refused(client, &code) {
            busy if busy.verdict == Verdict::CouldNotTell => Diagnosis::Provisional(busy),
            finding => Diagnosis::Final(finding),
        },
        (Answer::Unreached(finding), _) => Diagnosis::Provisional(finding),
        (Answer::ClientRefused, _) | (Answer::EitherRefused, ClientStanding::Refused) => {
            Diagnosis::Provisional(client_refused(client))
        }
        (Answer::RedirectUriRefused, _) | (Answer::EitherRefused, ClientStanding::Accepted) => {
            Diagnosis::Provisional(redirect_uri_refused(client))
        }
        (Answer::EitherRefused, ClientStanding::Unclear) => {
            let text = Text::new("doctor_authorization_either")
                .with(client.provider.client_id.as_str())
                .with(client.redirect_uri);
            let finding = Finding::failed(CHECK, text, compare_both(client));
            Diagnosis::Provisional(finding.with_code("doctor.authorization_page"))
        }
        (Answer::Nothing, _) => {
            let finding = Finding::could_not_tell(CHECK, "doctor_authorization_page");
            let finding = finding.with_fix(compare_both(client));
            Diagnosis::Provisional(finding.with_code("doctor.authorization_page"))
        }
    }
}

impl Diagnosis {
    /// Whether no renewal can work, nor tell more.
    pub(super) fn is_hopeless(&self) -> bool {
        matches!(self, Self::Final(finding) if finding.verdict == Verdict::Failed)
    }

    /// The final finding, once the renewal methods were tried.
    #[must_use]
    pub fn settle(self, attempts: &Attempts<'_>) -> Finding {
        match self {
            Self::Provisional(_) if attempts.was_answered() => accepted(),
            Self::Provisional(finding) | Self::Final(finding) => finding,
        }
    }
}

fn direct_answer(client: &Client<'_>, result: &ProbeResult) -> Answer {
    let endpoint = client.metadata.authorization_endpoint.as_str();
    match result {
        ProbeResult::Unreached(why) => {
            Answer::Unreached(endpoint_unreached(CHECK, client.provider, endpoint, *why))
        }
        ProbeResult::Redirect(None) => Answer::Nothing,
        ProbeResult::Redirect(Some(Target(target))) => redirect_answer(client, target),
        ProbeResult::Answer(response) => match response.status {
            status @ (429 | 500..) => Answer::Unreached(unavailable(CHECK, endpoint, status)),
            200..300 => redirect_in_json(client, &response.body),
            // It asks for the user, as a page for signing in may do: that is not about the client.
            401 => Answer::Nothing,
            400..500 => Answer::EitherRefused,
            _ => Answer::Nothing,
        },
    }
}

/// Some providers answer a script with a JSON object in place of a redirect: a member of it says where that would have led.
fn redirect_in_json(client: &Client<'_>, body: &[u8]) -> Answer {
    let Ok(Value::Object(object)) = json::parse(body) else {
        return Answer::Nothing;
    };
    let targets = object.values().filter_map(Value::as_str);
    // An address without parameters is no answer: it may be the request's own, repeated.
    let answers = targets.filter(|target| target.contains("error=") || target.contains("code="));
    let mut answers = answers.map(|target| redirect_answer(client, target));
    let is_one = |answer: &Answer| !matches!(answer, Answer::Nothing);
    answers.find(is_one).unwrap_or(Answer::Nothing)
}

/// A page of the provider's own says nothing; an answer at the redirect URI says that both are known.
fn redirect_answer(client: &Client<'_>, target: &str) -> Answer {
    let rest = target.strip_prefix(client.redirect_uri);
    if !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['?', '#'])) {
        return Answer::Nothing;
    }
    let url = Url::parse(target).ok();
    let parts = url.iter().flat_map(|url| [url.query(), url.fragment()]);
    let mut parameters = parts
        .flatten()
        .flat_map(|part| form_urlencoded::parse(part.as_bytes()));
    match parameters.find(|(name, _)| name == "error") {
        Some((_, code)) => Answer::Error(code.into_owned()),
        None => Answer::Accepted,
    }
}

fn pushed_answer(client: &Client<'_>, result: &ProbeResult) -> Answer {
    let endpoint = &client.metadata.pushed_authorization_request_endpoint;
    let endpoint = endpoint.as_ref().map(Url::as_str).unwrap_or_default();
    let response = match result {
        ProbeResult::Answer(response) => response,
        ProbeResult::Redirect(_) => return Answer::Nothing,
        ProbeResult::Unreached(why) => {
            let finding = endpoint_unreached(CHECK, client.provider, endpoint, *why);
            return Answer::Unreached(finding);
        }
    };
    match pushed_request::process_response(response) {
        Ok(_) => Answer::Accepted,
        Err(PushedRequestError::Unavailable) => {
            Answer::Unreached(unavailable(CHECK, endpoint, response.status))
        }
        Err(_) => match error_code(response).as_deref() {
            Some("invalid_client") => Answer::ClientRefused,
            Some("invalid_redirect_uri") => Answer::RedirectUriRefused,
            // What RFC 9126 section 2.3 names for a redirect URI that is not registered.
            Some("invalid_request") => Answer::EitherRefused,
            Some(code) => Answer::Error(code.to_owned()),
            None => Answer::Nothing,
        },
    }
}

fn accepted() -> Finding {
    Finding::passed(CHECK, "doctor_authorization_passed")
}

/// The provider accepts both, and refuses the rest of the request.
fn refused(client: &Client<'_>, code: &str) -> Finding {
    if code == INVALID_TARGET {
        return audience_refused(client);
    }
    let error = AuthorizationError::from_code(code);
    let failed = |text: &'static str, fix| Finding::failed(CHECK, text, fix);
    let finding = match (error, error.kind()) {
        (AuthorizationError::UnauthorizedClient, _) => failed(
            "doctor_authorization_unauthorized",
            Fix::new("doctor_authorization_unauthorized_fix"),
        ),
        (AuthorizationError::UnsupportedResponseType, _) => failed(
            "doctor_authorization_flow",
            Fix::of_setting("doctor_authorization_flow_fix", "provider.flow"),
        ),
        (AuthorizationError::InvalidScope, _) => {
            let text = Text::new("doctor_scope_unknown").with(client.provider.scope.as_str());
            let fix = Fix::of_setting("doctor_scope_unknown_fix", "provider.scope");
            Finding::failed(CHECK, text, fix)
        }
        // Also what a provider may answer where no `id_token_hint` says whose session is meant (OIDC Core 3.1.2.1).
        (AuthorizationError::InvalidRequest, _) | (_, RefusalKind::SignInNeeded) => {
            return accepted();
        }
        (_, RefusalKind::TryLater) => Finding::could_not_tell(CHECK, "doctor_authorization_busy"),
        (_, RefusalKind::SettingsWrong) => failed(
            "doctor_authorization_request",
            Fix::of_setting("doctor_authorization_request_fix", "provider.scope"),
        ),
    };
    finding.with_code(ProblemCode::from(error))
}

fn audience_refused(client: &Client<'_>) -> Finding {
    let (text, fix) = match &client.provider.audience {
        Some(audience) => (
            Text::new("doctor_audience_unknown").with(audience.as_str()),
            "doctor_audience_unknown_fix",
        ),
        None => (
            Text::new("doctor_audience_missing"),
            "doctor_audience_missing_fix",
        ),
    };
    let fix = Fix::of_setting(fix, "provider.audience");
    Finding::failed(CHECK, text, fix).with_code("doctor.audience")
}

fn client_refused(client: &Client<'_>) -> Finding {
    let text = Text::new("doctor_client_refused").with(client.provider.client_id.as_str());
    let fix = Text::new("doctor_client_refused_fix").with(client.redirect_uri);
    let fix = Fix::of_setting(fix, "provider.client_id");
    Finding::failed(CHECK, text, fix.by(copy_redirect_uri(client)))
        .with_code("doctor.client_refused")
}

fn redirect_uri_refused(client: &Client<'_>) -> Finding {
    let text = Text::new("doctor_redirect_uri").with(client.provider.client_id.as_str());
    let fix = Fix::new(Text::new("doctor_redirect_uri_fix").with(client.redirect_uri));
    Finding::failed(CHECK, text, fix.by(copy_redirect_uri(client))).with_code("doctor.redirect_uri")
}

/// Both values, to be compared with what is registered at the provider.
fn compare_both(client: &Client<'_>) -> Fix {
    let text = Text::new("doctor_authorization_either_fix")
        .with(client.provider.client_id.as_str())
        .with(client.redirect_uri);
    Fix::of_setting(text, "provider.client_id").by(copy_redirect_uri(client))
}

fn copy_redirect_uri(client: &Client<'_>) -> Action {
    Action::Copy(client.redirect_uri.to_owned())
}

#[cfg(test)]
mod tests;
