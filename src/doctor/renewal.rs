//! Silent renewal: each renewal method, the frame that one of them needs, and the cookies that have to reach that frame.

use super::{Argument, Check, Finding, Fix, Text, renewal_methods};
use crate::message::{SessionState, SessionView};
use crate::platform::UnixTime;
use crate::problem::{Problem, ProblemCode, Recovery};
use crate::settings::{RenewalMethodId, Settings};

/// The outcome of trying one renewal method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The worker did not answer in time, or refused to try: then why.
    Unanswered(Option<Problem>),
    /// It worked.
    Worked {
        /// How long it took.
        milliseconds: u32,
    },
    /// It failed.
    Failed(Problem),
}

/// The renewal methods that were tried, and what is known of the session.
#[derive(Clone, Debug)]
pub struct Attempts<'a> {
    /// The settings.
    pub settings: &'a Settings,
    /// A user is signed in.
    pub signed_in: bool,
    /// The session has a refresh token.
    pub has_refresh_token: bool,
    /// The user signed in a moment ago, so that the provider knows them.
    signed_in_lately: bool,
    made: Vec<(RenewalMethodId, Attempt)>,
}

/// How long after a sign-in the provider surely knows the user, in milliseconds.
const LATELY_MS: i64 = 5 * 60 * 1000;

impl Attempt {
    /// The provider answered at the redirect URI: with tokens, or with an error that a specification defines.
    fn was_answered(&self) -> bool {
        match self {
            Self::Worked { .. } => true,
            Self::Failed(problem) => {
                matches!(
                    problem.code.area(),
                    "authorization" | "response" | "id_token"
                )
            }
            Self::Unanswered(_) => false,
        }
    }

    fn worked(&self) -> bool {
        matches!(self, Self::Worked { .. })
    }

    fn failed_by(&self, code: ProblemCode) -> bool {
        matches!(self, Self::Failed(problem) if problem.code == code)
    }

    fn is_signed_out(&self) -> bool {
        self.failed_by(ProblemCode::AuthorizationLoginRequired)
    }

    /// A page came where an answer was due: the one for signing in, perhaps, which many providers also forbid to frame.
    fn is_page(&self) -> bool {
        matches!(self, Self::Failed(problem) if is_page(problem))
    }
}

fn is_page(problem: &Problem) -> bool {
    match problem.code {
        ProblemCode::UserAgentFramingRefused
        | ProblemCode::UserAgentInteractionRequired
        | ProblemCode::UserAgentPageShown => true,
        ProblemCode::UserAgentRefused => problem.detail.as_deref() == Some("401"),
        _ => false,
    }
}

impl<'a> Attempts<'a> {
    /// No attempt yet, with the session as `view` has it at `now`.
    #[must_use]
    pub fn new(settings: &'a Settings, view: Option<&SessionView>, now: UnixTime) -> Self {
        let session = view.filter(|view| view.state == SessionState::SignedIn);
        // A renewal moves this on, and says nothing of the user: it may have been by the refresh token.
        let signed_in_at = session
            .filter(|view| view.last_renewal.is_none())
            .and_then(|view| view.obtained_at);
        Self {
            settings,
            signed_in: session.is_some(),
            signed_in_lately: signed_in_at.is_some_and(|at| now.milliseconds_since(at) < LATELY_MS),
            has_refresh_token: view.is_some_and(|view| view.refreshable),
            made: Vec::new(),
        }
    }

    /// The renewal method to try next; `None` at the end.
    #[must_use]
    pub fn next_method(&self) -> Option<RenewalMethodId> {
        let in_frame = self.of(RenewalMethodId::Offscreen);
        let wanted = |method| {
            let lacks_token = method == RenewalMethodId::RefreshToken && !self.has_refresh_token;
            // The hidden window tells a frame that is the matter from a user who is signed out.
            let explains = method == RenewalMethodId::WebAuthFlow
                && in_frame.is_some_and(|attempt| attempt.is_signed_out() || attempt.is_page());
            (self.is_chosen(method) && !lacks_token) || explains
        };
        let mut methods = renewal_methods(self.settings);
        methods.find(|method| self.of(*method).is_none() && wanted(*method))
    }

    /// Adds the outcome of trying `method`.
    pub fn add(&mut self, method: RenewalMethodId, attempt: Attempt) {
        self.made.push((method, attempt));
    }

    /// Whether one of them renewed the session: by a code or a refresh token where the flow is the code flow.
    pub(super) fn has_renewed(&self) -> bool {
        self.signed_in && self.made.iter().any(|(_, attempt)| attempt.worked())
    }

    /// Whether the provider answered a silent authorization at the redirect URI, and so accepts client ID and redirect URI
    /// (RFC 6749 section 4.1.2.1).
    #[must_use]
    pub fn was_answered(&self) -> bool {
        let silent = [RenewalMethodId::Offscreen, RenewalMethodId::WebAuthFlow];
        let mut attempts = silent.iter().filter_map(|method| self.of(*method));
        attempts.any(Attempt::was_answered)
    }

    /// The findings on framing, cookies and each renewal method.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let methods = renewal_methods(self.settings).map(|method| self.method(method));
        [self.framing(), self.cookies()]
            .into_iter()
            .chain(methods)
            .collect()
    }

    /// Whether the settings name `method`.
    pub(super) fn is_chosen(&self, method: RenewalMethodId) -> bool {
        self.settings.provider.renewal.contains(&method)
    }

    fn of(&self, method: RenewalMethodId) -> Option<&Attempt> {
        let mut made = self.made.iter();
        made.find_map(|(tried, attempt)| (*tried == method).then_some(attempt))
    }

    /// The user is signed in at the provider, as the hidden window shows, and not in the frame.
    fn frame_lacks_cookies(&self) -> bool {
        self.of(RenewalMethodId::Offscreen)
            .is_some_and(Attempt::is_signed_out)
            && self
                .of(RenewalMethodId::WebAuthFlow)
                .is_some_and(Attempt::worked)
    }

    /// A page in place of an answer is the provider's doing, and not for want of a session there.
    fn page_is_a_fault(&self, method: RenewalMethodId) -> bool {
        let in_window = self.of(RenewalMethodId::WebAuthFlow);
        let only_in_frame =
            method == RenewalMethodId::Offscreen && in_window.is_some_and(Attempt::was_answered);
        only_in_frame || self.signed_in_lately
    }

    fn framing(&self) -> Finding {
        let Some(attempt) = self.of(RenewalMethodId::Offscreen) else {
            return Finding::skipped(Check::Framing, "doctor_frame_unused");
        };
        let refused = ProblemCode::UserAgentFramingRefused;
        if attempt.failed_by(refused) {
            if !self.page_is_a_fault(RenewalMethodId::Offscreen) {
                return page_shown(Check::Framing, refused);
            }
            let fix = Fix::of_setting("doctor_framing_fix", "provider.renewal");
            let finding = Finding::failed(Check::Framing, "doctor_framing", fix);
            return finding.with_code(refused);
        }
        match attempt.was_answered() {
            true => Finding::passed(Check::Framing, "doctor_framing_passed"),
            false => Finding::could_not_tell(Check::Framing, "doctor_frame_no_answer"),
        }
    }

    fn cookies(&self) -> Finding {
        let Some(attempt) = self.of(RenewalMethodId::Offscreen) else {
            return Finding::skipped(Check::Cookies, "doctor_frame_unused");
        };
        // The provider knows which user has to consent, or to choose an account.
        let known_user = [
            ProblemCode::AuthorizationConsentRequired,
            ProblemCode::AuthorizationAccountSelectionRequired,
        ];
        if self.frame_lacks_cookies() {
            let fix = Fix::of_setting("doctor_cookies_fix", "provider.renewal");
            let finding = Finding::failed(Check::Cookies, "doctor_cookies", fix);
            finding.with_code("doctor.cookies")
        } else if attempt.is_signed_out() {
            signed_out(Check::Cookies)
        } else if attempt.worked() || known_user.iter().any(|it| attempt.failed_by(*it)) {
            Finding::passed(Check::Cookies, "doctor_cookies_passed")
        } else {
            Finding::could_not_tell(Check::Cookies, "doctor_frame_no_answer")
        }
    }

    fn method(&self, method: RenewalMethodId) -> Finding {
        let check = Check::Renewal(method);
        if !self.is_chosen(method) {
            return Finding::skipped(check, "doctor_renewal_unused");
        }
        match self.of(method) {
            // Only a method that lacks what it needs is chosen and not tried.
            None => Finding::waits_for(check, Check::RefreshToken),
            Some(Attempt::Worked { milliseconds }) => {
                let text = Text::new("doctor_renewal_passed");
                Finding::passed(check, text.with(Argument::Duration(*milliseconds)))
            }
            Some(Attempt::Unanswered(None)) => {
                Finding::could_not_tell(check, "doctor_renewal_unanswered")
                    .with_code(ProblemCode::WorkerSilent)
            }
            Some(Attempt::Unanswered(Some(problem))) => {
                Finding::could_not_tell(check, Text::of_problem(problem)).with_code(problem.code)
            }
            Some(Attempt::Failed(_))
                if method == RenewalMethodId::Offscreen && self.frame_lacks_cookies() =>
            {
                let fix = Fix::of_setting("doctor_cookies_fix", "provider.renewal");
                let finding = Finding::failed(check, "doctor_renewal_no_cookies", fix);
                finding.with_code(ProblemCode::AuthorizationLoginRequired)
            }
            Some(Attempt::Failed(problem)) if is_page(problem) && !self.page_is_a_fault(method) => {
                page_shown(check, problem.code)
            }
            // Only a session gives the hint without which a provider may refuse (OIDC Core 3.1.2.1).
            Some(Attempt::Failed(problem))
                if problem.code == ProblemCode::AuthorizationInvalidRequest && !self.signed_in =>
            {
                signed_out(check).with_code(problem.code)
            }
            Some(Attempt::Failed(problem)) => diagnose(check, problem),
        }
    }
}

/// The provider shows a page, as many do where nobody is signed in.
fn page_shown(check: Check, code: ProblemCode) -> Finding {
    let finding = Finding::could_not_tell(check, "doctor_page_shown").with_fix(Fix::sign_in());
    finding.with_code(code)
}

/// Diagnoses a renewal that failed by `problem`.
fn diagnose(check: Check, problem: &Problem) -> Finding {
    if problem.code == ProblemCode::AuthorizationLoginRequired {
        return signed_out(check);
    }
    if problem.code == ProblemCode::SessionNoRefreshToken {
        return Finding::waits_for(check, Check::RefreshToken);
    }
    let text = Text::of_problem(problem);
    let finding = match (fix(problem), problem.recovery) {
        (Some(fix), _) => Finding::failed(check, text, fix),
        (None, Recovery::SignIn) => Finding::could_not_tell(check, text).with_fix(Fix::sign_in()),
        (None, Recovery::RetryLater) => Finding::could_not_tell(check, text),
        (None, Recovery::FixSettings) => {
            Finding::failed(check, text, Fix::new("doctor_renewal_settings_fix"))
        }
        (None, Recovery::Report) => {
            Finding::failed(check, text, Fix::new("doctor_renewal_report_fix"))
        }
    };
    finding.with_code(problem.code)
}

/// The user is signed out at the provider, so silent renewal cannot be tried.
fn signed_out(check: Check) -> Finding {
    let finding = Finding::could_not_tell(check, "doctor_signed_out").with_fix(Fix::sign_in());
    finding.with_code(ProblemCode::AuthorizationLoginRequired)
}

/// What to change, where `problem` tells it.
fn fix(problem: &Problem) -> Option<Fix> {
    let (text, path) = match problem.code {
        ProblemCode::UserAgentFramingRefused => ("doctor_framing_fix", "provider.renewal"),
        ProblemCode::UserAgentInteractionRequired | ProblemCode::UserAgentPageShown => {
            ("doctor_page_shown_fix", "provider.renewal")
        }
        ProblemCode::UserAgentRefused => ("doctor_refused_fix", ""),
        ProblemCode::UserAgentNotPermitted | ProblemCode::NetworkNotPermitted => {
            ("doctor_renewal_permission_fix", "")
        }
        ProblemCode::AuthorizationInvalidScope => ("doctor_scope_unknown_fix", "provider.scope"),
        ProblemCode::AuthorizationUnauthorizedClient => {
            ("doctor_authorization_unauthorized_fix", "")
        }
        ProblemCode::AuthorizationUnsupportedResponseType => {
            ("doctor_authorization_flow_fix", "provider.flow")
        }
        ProblemCode::TokenEndpointClientRefused => ("doctor_secret_fix", "provider.client_id"),
        ProblemCode::TokenEndpointNoAccessToken => ("doctor_no_access_token_fix", "provider.scope"),
        ProblemCode::TokenEndpointNoIdToken => ("doctor_no_id_token_fix", "provider.renewal"),
        ProblemCode::IdTokenExp | ProblemCode::IdTokenIat | ProblemCode::IdTokenNbf => {
            ("doctor_tolerance_fix", "session.clock_tolerance_s")
        }
        _ => return None,
    };
    Some(match path {
        "" => Fix::new(text),
        path => Fix::of_setting(text, path),
    })
}

#[cfg(test)]
mod tests;
