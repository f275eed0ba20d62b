//! Client ID and redirect URI, as the authorization endpoint sees them: a provider sends the browser back only to an
//! address that the client registered (RFC 6749 section 4.1.2.1).

use base64ct::{Base64, Base64Url, Base64UrlUnpadded, Encoding};
use url::{Url, form_urlencoded};

use super::blame::{self, Blame};
use super::keys::{unavailable, unreached};
use super::observed::{Observed, Target, host};
use super::renewal::Attempt;
use super::{Action, Check, Fix, Line, Text};
use crate::oauth::authorization_response::{AuthorizationError, RefusalKind};
use crate::oidc::provider_metadata::ProviderMetadata;
use crate::platform::HttpResponse;
use crate::settings::Provider;

/// What the request was made of.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The settings.
    pub provider: &'a Provider,
    /// The metadata.
    pub metadata: &'a ProviderMetadata,
    /// The extension's redirect URI.
    pub redirect_uri: &'a str,
}

/// What the answer comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// A line.
    Line(Line),
    /// A page that does not say what is wrong: to be compared with the pages for a redirect URI that is surely not
    /// registered and for a client that is surely not known.
    Compare(Page),
}

/// What there is to compare of a page. No `Debug`: it may repeat the request.
#[derive(Clone, PartialEq, Eq)]
pub struct Page {
    status: u16,
    fingerprint: String,
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Page")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// Judges the answer to our own request.
#[must_use]
pub fn judge(asked: &Asked<'_>, observed: &Observed) -> Opinion {
    Opinion::Line(match observed {
        Observed::Unreached(why) => {
            let url = asked.metadata.authorization_endpoint.as_str();
            unreached(Check::Authorization, asked.provider, url, *why)
        }
        Observed::Redirect(None) => accepted(),
        Observed::Redirect(Some(target)) => sent_back(asked, target),
        Observed::Answer(response) => match of_page(asked, response) {
            Some(line) => line,
            None => return Opinion::Compare(page(response)),
        },
    })
}

/// Judges a page that did not say what is wrong, by the answers to requests with one mistake each.
#[must_use]
pub fn compare(
    asked: &Asked<'_>,
    ours: &Page,
    other_redirect_uri: &Observed,
    other_client: &Observed,
) -> Line {
    let is_ours = |other: &Observed| match other {
        Observed::Answer(response) => page(response) == *ours,
        _ => false,
    };
    match (is_ours(other_redirect_uri), is_ours(other_client)) {
        (true, false) => blamed(asked, Blame::RedirectUri),
        (false, true) => blamed(asked, Blame::Client),
        (true, true) if ours.status >= 400 => {
            let fix = Text::new("doctor_authorization_either_fix").with(asked.redirect_uri);
            let fix = Fix::of_setting(fix, "provider.client_id")
                .by(Action::Copy(asked.redirect_uri.to_owned()));
            Line::failed(Check::Authorization, "doctor_authorization_either", fix)
                .with_detail("doctor.authorization_page")
        }
        _ => Line::could_not_tell(Check::Authorization, "doctor_authorization_page")
            .with_detail("doctor.authorization_page"),
    }
}

/// What silent renewal tells where the page of the request itself did not: an answer at the redirect URI, whichever,
/// comes from a provider that knows client and redirect URI.
#[must_use]
pub fn settle(line: Line, attempts: &[&Attempt]) -> Line {
    let open = line.verdict == super::Verdict::CouldNotTell;
    if open && attempts.iter().any(|attempt| attempt.was_answered()) {
        return accepted();
    }
    line
}

fn accepted() -> Line {
    Line::passed(Check::Authorization, "doctor_authorization_passed")
}

fn page(response: &HttpResponse) -> Page {
    Page {
        status: response.status,
        fingerprint: blame::fingerprint(&String::from_utf8_lossy(&response.body)),
    }
}

fn of_page(asked: &Asked<'_>, response: &HttpResponse) -> Option<Line> {
    let endpoint = host(asked.metadata.authorization_endpoint.as_str());
    let text = String::from_utf8_lossy(&response.body);
    let blame = match response.status {
        // A pushed request was taken (RFC 9126 section 2.2).
        201 => return Some(accepted()),
        429 | 500.. => {
            return Some(unavailable(
                Check::Authorization,
                &endpoint,
                response.status,
            ));
        }
        400..500 => blame::of_error_page(&text),
        _ => blame::of_phrases(&text),
    };
    blame.map(|blame| blamed(asked, blame))
}

fn sent_back(asked: &Asked<'_>, Target(target): &Target) -> Line {
    let is_ours = target
        .strip_prefix(asked.redirect_uri)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['?', '#']));
    if !is_ours {
        let blame = readings(target)
            .iter()
            .find_map(|text| blame::of_phrases(text));
        return match blame {
            Some(blame) => blamed(asked, blame),
            None => Line::could_not_tell(Check::Authorization, "doctor_authorization_elsewhere")
                .with_detail("doctor.authorization_elsewhere"),
        };
    }
    let answer = parameters(target);
    let parameter = |name| {
        let found = answer.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    };
    match parameter("error") {
        None => accepted(),
        Some(error) => answered(
            asked,
            error,
            parameter("error_description").unwrap_or_default(),
        ),
    }
}

/// The provider knows client and redirect URI, and refuses the rest of the request.
fn answered(asked: &Asked<'_>, error: &str, description: &str) -> Line {
    if let Some(blame) = blame::of_phrases(&[error, " ", description].concat()) {
        return blamed(asked, blame);
    }
    let known = AuthorizationError::from_code(error);
    let failed = |key, fix| Line::failed(Check::Authorization, key, fix).with_detail(known.code());
    match (known, known.kind()) {
        (AuthorizationError::UnauthorizedClient, _) => failed(
            "doctor_authorization_unauthorized",
            Fix::new("doctor_authorization_unauthorized_fix"),
        ),
        (AuthorizationError::UnsupportedResponseType, _) => failed(
            "doctor_authorization_flow",
            Fix::of_setting("doctor_authorization_flow_fix", "provider.flow"),
        ),
        (_, RefusalKind::SignInNeeded) => accepted(),
        (_, RefusalKind::TryLater) => {
            Line::could_not_tell(Check::Authorization, "doctor_authorization_busy")
                .with_detail(known.code())
        }
        (_, RefusalKind::SettingsWrong) => failed(
            "doctor_authorization_request",
            Fix::of_setting("doctor_authorization_request_fix", "provider.scope"),
        ),
    }
}

fn blamed(asked: &Asked<'_>, blame: Blame) -> Line {
    let failed = |text: Text, fix, detail: &str| {
        Line::failed(Check::Authorization, text, fix).with_detail(detail)
    };
    let provider = asked.provider;
    match blame {
        Blame::RedirectUri => {
            let fix = Text::new("doctor_redirect_uri_fix").with(asked.redirect_uri);
            let fix = Fix::new(fix).by(Action::Copy(asked.redirect_uri.to_owned()));
            let text = Text::new("doctor_redirect_uri");
            failed(text, fix, "doctor.redirect_uri")
        }
        Blame::Client => {
            let text = Text::new("doctor_client_unknown").with(provider.client_id.as_str());
            let fix = Fix::of_setting("doctor_client_unknown_fix", "provider.client_id");
            failed(text, fix, "doctor.client_unknown")
        }
        Blame::Audience => match &provider.audience {
            Some(audience) => {
                let text = Text::new("doctor_audience_unknown").with(audience.as_str());
                let fix = Fix::of_setting("doctor_audience_unknown_fix", "provider.audience");
                failed(text, fix, "doctor.audience")
            }
            // Entra ID names the API by its scope.
            None => failed(
                Text::new("doctor_audience_missing"),
                Fix::of_setting("doctor_audience_missing_fix", "provider.audience"),
                "doctor.audience",
            ),
        },
        Blame::Scope => {
            let text = Text::new("doctor_scope_unknown").with(provider.scope.as_str());
            let fix = Fix::of_setting("doctor_scope_unknown_fix", "provider.scope");
            failed(text, fix, "authorization.invalid_scope")
        }
        Blame::Secret | Blame::Origin => failed(
            Text::new("doctor_authorization_unauthorized"),
            Fix::new("doctor_authorization_unauthorized_fix"),
            "authorization.unauthorized_client",
        ),
    }
}

/// Query and fragment.
fn parameters(url: &str) -> Vec<(String, String)> {
    let Ok(url) = Url::parse(url) else {
        return Vec::new();
    };
    let parts = [url.query(), url.fragment()];
    let pairs = parts.into_iter().flatten();
    pairs
        .flat_map(|part| form_urlencoded::parse(part.as_bytes()).into_owned())
        .collect()
}

/// An address in words: its path, its parameters, and those that are base64 (Google's `authError`).
fn readings(target: &str) -> Vec<String> {
    let path = Url::parse(target).map(|url| url.path().to_owned());
    let mut readings: Vec<String> = path.into_iter().collect();
    for (_, value) in parameters(target) {
        let decoded = Base64UrlUnpadded::decode_vec(&value)
            .or_else(|_| Base64Url::decode_vec(&value))
            .or_else(|_| Base64::decode_vec(&value));
        readings.extend(
            decoded
                .ok()
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        );
        readings.push(value);
    }
    readings
}

#[cfg(test)]
mod tests;
