//! What came back for a request of the setup check, and what a failure to reach a host means.

use super::address::host;
use super::{Check, Finding, Fix, Text};
use crate::json::JsonObject;
use crate::platform::HttpResponse;

/// What came back for a request that follows no redirect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeResult {
    /// A response.
    Answer(HttpResponse),
    /// A redirect, and its target where the browser reported it.
    Redirect(Option<Target>),
    /// No response.
    Unreached(Unreached),
}

/// Where a redirect leads. It may hold a code, so its `Debug` is redacted and it stands in no finding.
#[derive(Clone, PartialEq, Eq)]
pub struct Target(pub String);

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Target(redacted)")
    }
}

/// Why no response came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreached {
    /// The browser, another extension or an administrator's policy blocked the request.
    Blocked,
    /// The server's certificate is not trusted, or TLS failed otherwise.
    Certificate,
    /// The extension has no host permission.
    NotPermitted,
    /// There is no network.
    Offline,
    /// The connection was refused or reset.
    Refused,
    /// No response in time.
    Timeout,
    /// DNS knows no such host.
    UnknownHost,
    /// The browser did not say why.
    Unknown,
}

impl Unreached {
    /// The meaning of Chrome's name for a failed request (`net::ERR_…`).
    #[must_use]
    pub fn of_chrome(error: &str) -> Self {
        let reason = error.strip_prefix("net::ERR_").unwrap_or(error);
        match reason {
            "NAME_NOT_RESOLVED" | "NAME_RESOLUTION_FAILED" | "ICANN_NAME_COLLISION" => {
                Self::UnknownHost
            }
            "CONNECTION_REFUSED"
            | "CONNECTION_RESET"
            | "CONNECTION_CLOSED"
            | "CONNECTION_FAILED"
            | "ADDRESS_UNREACHABLE"
            | "EMPTY_RESPONSE"
            | "ADDRESS_INVALID"
            | "UNSAFE_PORT" => Self::Refused,
            "INTERNET_DISCONNECTED" | "NETWORK_CHANGED" => Self::Offline,
            "TIMED_OUT" | "CONNECTION_TIMED_OUT" => Self::Timeout,
            _ if reason.starts_with("CERT_") || reason.starts_with("SSL_") => Self::Certificate,
            _ if reason.starts_with("BLOCKED_") => Self::Blocked,
            _ => Self::Unknown,
        }
    }

    /// The stable code, and the text key of the sentence, whose `$1` is the host.
    pub(super) fn code_and_sentence(self) -> (&'static str, &'static str) {
        match self {
            Self::Blocked => ("doctor.blocked", "doctor_unreached_blocked"),
            Self::Certificate => ("doctor.certificate", "doctor_unreached_certificate"),
            Self::NotPermitted => ("doctor.not_permitted", "doctor_unreached_not_permitted"),
            Self::Offline => ("doctor.offline", "doctor_unreached_offline"),
            Self::Refused => ("doctor.connection_refused", "doctor_unreached_refused"),
            Self::Timeout => ("doctor.timeout", "doctor_unreached_timeout"),
            Self::UnknownHost => ("doctor.unknown_host", "doctor_unreached_unknown_host"),
            Self::Unknown => ("doctor.unreached", "doctor_unreached_unknown"),
        }
    }

    /// The finding where the host of `url` was not reached: `fix` is the change that may help where the host itself is to
    /// blame; without one nothing can be told.
    pub(super) fn finding(self, check: Check, url: &str, fix: Option<Fix>) -> Finding {
        let (code, sentence) = self.code_and_sentence();
        let text = Text::new(sentence).with(host(url));
        let fix = match self {
            Self::Offline => None,
            Self::NotPermitted => Some(Fix::permission(url)),
            Self::Blocked => Some(Fix::new("doctor_blocked_fix")),
            _ => fix,
        };
        let finding = match fix {
            Some(fix) => Finding::failed(check, text, fix),
            None => Finding::could_not_tell(check, text),
        };
        finding.with_code(code)
    }
}

/// The finding for a server of the provider that answers with 429 or a 5xx status.
pub(super) fn unavailable(check: Check, url: &str, status: u16) -> Finding {
    let text = Text::new("doctor_unavailable").with(host(url));
    Finding::could_not_tell(check, text.with(status.to_string())).with_code("doctor.unavailable")
}

/// The `error` of an error response (RFC 6749 section 5.2).
pub(super) fn error_code(response: &HttpResponse) -> Option<String> {
    let body = JsonObject::parse(&response.body).ok()?;
    body.string("error").ok()?.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chromes_names_for_failures_are_told_apart() {
        for (error, reason) in [
            ("net::ERR_NAME_NOT_RESOLVED", Unreached::UnknownHost),
            ("net::ERR_CONNECTION_REFUSED", Unreached::Refused),
            ("net::ERR_INTERNET_DISCONNECTED", Unreached::Offline),
            ("net::ERR_CONNECTION_TIMED_OUT", Unreached::Timeout),
            ("net::ERR_CERT_AUTHORITY_INVALID", Unreached::Certificate),
            ("net::ERR_SSL_PROTOCOL_ERROR", Unreached::Certificate),
            ("net::ERR_BLOCKED_BY_CLIENT", Unreached::Blocked),
            ("net::ERR_FAILED", Unreached::Unknown),
            ("", Unreached::Unknown),
        ] {
            assert_eq!(Unreached::of_chrome(error), reason, "{error}");
        }
    }

    #[test]
    fn where_a_redirect_leads_is_not_printed() {
        let target = Target("https://a.test/?code=secret".to_owned());
        assert!(!format!("{:?}", ProbeResult::Redirect(Some(target))).contains("secret"));
    }
}
