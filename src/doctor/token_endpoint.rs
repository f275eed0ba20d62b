//! The token endpoint, asked with a made-up code: a good one refuses the code, and neither the client nor its origin.

use super::blame::{self, Blame};
use super::keys::{unavailable, unreached};
use super::observed::{Observed, host};
use super::{Action, Check, Fix, Line, Text, Verdict};
use crate::json::JsonObject;
use crate::oidc::provider_metadata::ProviderMetadata;
use crate::platform::HttpResponse;
use crate::settings::{Flow, Provider};

/// The line. `origin` is the extension's; `observed` is `None` where nothing was asked.
#[must_use]
pub fn judge(
    provider: &Provider,
    metadata: &ProviderMetadata,
    origin: &str,
    observed: Option<&Observed>,
) -> Line {
    const CHECK: Check = Check::TokenEndpoint;
    let endpoint = metadata.token_endpoint.as_ref();
    let (Flow::Code, Some(endpoint), Some(observed)) = (provider.flow, endpoint, observed) else {
        return Line::skipped(CHECK, "doctor_token_unused");
    };
    let response = match observed {
        Observed::Answer(response) => response,
        Observed::Redirect(_) => return unexpected("doctor.redirected"),
        Observed::Unreached(why) => return unreached(CHECK, provider, endpoint.as_str(), *why),
    };
    if matches!(response.status, 429 | 500..) {
        return unavailable(CHECK, &host(endpoint.as_str()), response.status);
    }
    let body = JsonObject::parse(&response.body).ok();
    let code = body.as_ref().and_then(|body| body.string("error").ok()?);
    match (code, blame(response, body.as_ref())) {
        // Before the code: some providers say which of the two it was only in their description.
        (_, Some(Blame::Origin)) => origin_refused(origin),
        (Some("invalid_grant"), _) => Line::passed(CHECK, "doctor_token_passed"),
        (_, Some(Blame::Secret)) => secret_expected(),
        (Some("invalid_client" | "unauthorized_client"), _) => client_refused(provider),
        (_, _) if response.status == 401 => client_refused(provider),
        (None, _) if response.status == 403 => origin_refused(origin),
        _ => unexpected("token_endpoint.refused"),
    }
}

/// A provider that does not know the client at all refuses it here too: then its type is not what is wrong.
#[must_use]
pub fn settle(line: Line, authorization: &Line) -> Line {
    let client_refused = line.detail.as_deref() == Some("token_endpoint.client_refused");
    if client_refused && authorization.verdict == Verdict::Failed {
        return Line::waits_for(Check::TokenEndpoint, Check::Authorization);
    }
    line
}

fn blame(response: &HttpResponse, body: Option<&JsonObject>) -> Option<Blame> {
    let description = body.and_then(|body| body.string("error_description").ok()?);
    match (body, description) {
        (Some(_), None) => None,
        (Some(_), Some(description)) => speaks_of_origin(description)
            .then_some(Blame::Origin)
            .or_else(|| blame::of_phrases(description)),
        (None, _) => blame::of_phrases(&String::from_utf8_lossy(&response.body)),
    }
}

fn speaks_of_origin(description: &str) -> bool {
    let description = description.to_ascii_lowercase();
    description.contains("origin") || description.contains("cors")
}

fn origin_refused(origin: &str) -> Line {
    let fix = Text::new("doctor_origin_fix").with(origin);
    let fix = Fix::new(fix).by(Action::Copy(origin.to_owned()));
    Line::failed(Check::TokenEndpoint, "doctor_origin", fix).with_detail("token_endpoint.origin")
}

fn secret_expected() -> Line {
    let fix = Fix::new("doctor_secret_fix");
    Line::failed(Check::TokenEndpoint, "doctor_secret", fix)
        .with_detail("token_endpoint.secret_expected")
}

fn client_refused(provider: &Provider) -> Line {
    let text = Text::new("doctor_token_client").with(provider.client_id.as_str());
    let fix = Fix::of_setting("doctor_secret_fix", "provider.client_id");
    Line::failed(Check::TokenEndpoint, text, fix).with_detail("token_endpoint.client_refused")
}

fn unexpected(detail: &str) -> Line {
    Line::could_not_tell(Check::TokenEndpoint, "doctor_token_unexpected").with_detail(detail)
}

#[cfg(test)]
mod tests;
