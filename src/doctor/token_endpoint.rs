//! The token endpoint, asked with a made-up code: `invalid_grant` says that it accepts the client and its origin
//! (RFC 6749 section 5.2).

use super::keys::endpoint_unreached;
use super::probe::Client;
use super::probe_result::{ProbeResult, error_code, unavailable};
use super::renewal::Attempts;
use super::{Action, Check, Finding, Fix, Text, Verdict};
use crate::problem::ProblemCode;

const CHECK: Check = Check::TokenEndpoint;

/// What the token endpoint says of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientStanding {
    /// It refused the code, and not the client.
    Accepted,
    /// The client is unknown, or not public.
    Refused,
    /// Neither can be said.
    Unclear,
}

/// What `result` says of the client; `None` where the endpoint was not asked.
#[must_use]
pub fn client_standing(result: Option<&ProbeResult>) -> ClientStanding {
    let Some(ProbeResult::Answer(response)) = result else {
        return ClientStanding::Unclear;
    };
    match error_code(response).as_deref() {
        Some("invalid_grant") => ClientStanding::Accepted,
        Some("invalid_client" | "unauthorized_client") => ClientStanding::Refused,
        _ => ClientStanding::Unclear,
    }
}

/// Whether `finding` says that the client is refused.
pub(super) fn refuses_client(finding: &Finding) -> bool {
    finding.code.as_deref() == Some(ProblemCode::TokenEndpointClientRefused.as_str())
}

/// Diagnoses `result`, `None` where the flow does not use the endpoint. `authorization` is the final finding on client ID
/// and redirect URI, which tells an unknown client from one that is not public; tokens that the endpoint gave prove that it
/// takes the client, whatever it says to a made-up code.
#[must_use]
pub fn diagnose(
    client: &Client<'_>,
    result: Option<&ProbeResult>,
    authorization: &Finding,
    attempts: &Attempts<'_>,
) -> Finding {
    let endpoint = client.metadata.token_endpoint.as_ref();
    let (Some(endpoint), Some(result)) = (endpoint, result) else {
        return Finding::skipped(CHECK, "doctor_token_unused");
    };
    let response = match result {
        ProbeResult::Answer(response) => response,
        ProbeResult::Redirect(_) => return unclear(client).with_code("doctor.redirected"),
        ProbeResult::Unreached(why) => {
            return endpoint_unreached(CHECK, client.provider, endpoint.as_str(), *why);
        }
    };
    let gave_tokens = || Finding::passed(CHECK, "doctor_token_gave");
    match (client_standing(Some(result)), authorization.verdict) {
        _ if attempts.has_renewed() => return gave_tokens(),
        (ClientStanding::Accepted, _) if attempts.signed_in => return gave_tokens(),
        (ClientStanding::Accepted, _) => return Finding::passed(CHECK, "doctor_token_passed"),
        (ClientStanding::Refused, Verdict::Failed) => {
            return Finding::waits_for(CHECK, Check::Authorization);
        }
        (ClientStanding::Refused, Verdict::Passed) => {
            return client_refused(client, "doctor_secret", "doctor_secret_fix");
        }
        (ClientStanding::Refused, _) => {
            let fix = "doctor_token_client_fix";
            return client_refused(client, "doctor_client_refused", fix);
        }
        (ClientStanding::Unclear, _) => {}
    }
    match (error_code(response).as_deref(), response.status) {
        (_, status @ (429 | 500..)) => unavailable(CHECK, endpoint.as_str(), status),
        _ if attempts.signed_in => gave_tokens(),
        (Some("unsupported_grant_type"), _) => {
            let fix = Fix::new("doctor_authorization_unauthorized_fix");
            Finding::failed(CHECK, "doctor_token_grant", fix)
                .with_code("token_endpoint.unsupported_grant_type")
        }
        // An error response has status 400 or 401: who answers 403 refuses the sender.
        (None | Some("invalid_request"), 403) => {
            let fix = Fix::new(Text::new("doctor_origin_fix").with(client.origin));
            let fix = fix.by(Action::Copy(client.origin.to_owned()));
            Finding::failed(CHECK, "doctor_origin", fix).with_code("token_endpoint.origin")
        }
        _ => unclear(client).with_code("token_endpoint.refused"),
    }
}

fn client_refused(client: &Client<'_>, text: &'static str, fix: &'static str) -> Finding {
    let text = Text::new(text).with(client.provider.client_id.as_str());
    let fix = Fix::of_setting(fix, "provider.client_id");
    Finding::failed(CHECK, text, fix).with_code(ProblemCode::TokenEndpointClientRefused)
}

/// No specification says which of the two is wrong, if one is.
fn unclear(client: &Client<'_>) -> Finding {
    let fix = Fix::new(Text::new("doctor_token_unexpected_fix").with(client.origin));
    let fix = fix.by(Action::Copy(client.origin.to_owned()));
    Finding::could_not_tell(CHECK, "doctor_token_unexpected").with_fix(fix)
}

#[cfg(test)]
mod tests;
