//! Silent renewal: each way of it, the frame it needs, and the cookies that have to reach that frame.

use super::{Action, Check, Fix, Line, Text};
use crate::error::{Problem, Recovery};
use crate::settings::{RenewalEngine, Settings};

/// What came of trying one way of renewal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It was not tried.
    NotTried,
    /// The worker refused to try it, or did not answer in time.
    Unanswered(Option<Problem>),
    /// It worked.
    Worked {
        /// How long it took.
        milliseconds: u32,
    },
    /// It brought nothing.
    Failed(Problem),
}

/// The attempts, and what is known of the session.
#[derive(Clone, Copy, Debug)]
pub struct Attempts<'a> {
    /// The settings.
    pub settings: &'a Settings,
    /// Somebody is signed in here.
    pub signed_in: bool,
    /// In an iframe.
    pub offscreen: &'a Attempt,
    /// By `identity.launchWebAuthFlow`.
    pub web_auth_flow: &'a Attempt,
    /// By the refresh token.
    pub refresh_token: &'a Attempt,
}

/// Answers that only a provider gives which knows neither who is asking nor that anybody is signed in.
const NOBODY: &str = "authorization.login_required";

impl Attempt {
    /// The provider answered at the redirect URI: with tokens, or with an error of the specification.
    #[must_use]
    pub fn was_answered(&self) -> bool {
        match self {
            Self::Worked { .. } => true,
            Self::Failed(problem) => {
                let areas = ["authorization.", "response.", "id_token."];
                areas.iter().any(|area| problem.code.starts_with(area))
            }
            Self::NotTried | Self::Unanswered(_) => false,
        }
    }

    fn worked(&self) -> bool {
        matches!(self, Self::Worked { .. })
    }

    fn code(&self) -> Option<&str> {
        match self {
            Self::Failed(problem) | Self::Unanswered(Some(problem)) => Some(&problem.code),
            _ => None,
        }
    }

    /// The provider says that nobody is signed in.
    #[must_use]
    pub fn says_nobody(&self) -> bool {
        self.code() == Some(NOBODY)
    }
}

impl Attempts<'_> {
    /// Whether the settings name this way.
    #[must_use]
    pub fn is_chosen(&self, engine: RenewalEngine) -> bool {
        self.settings.provider.renewal.contains(&engine)
    }

    fn of(&self, engine: RenewalEngine) -> &Attempt {
        match engine {
            RenewalEngine::Offscreen => self.offscreen,
            RenewalEngine::WebAuthFlow => self.web_auth_flow,
            RenewalEngine::RefreshToken => self.refresh_token,
        }
    }

    /// The frame knows nobody, and the hidden window does.
    fn frame_is_without_cookies(&self) -> bool {
        self.offscreen.says_nobody() && self.web_auth_flow.worked()
    }

    /// Whether the provider lets its answer into a frame.
    #[must_use]
    pub fn framing(&self) -> Line {
        const CHECK: Check = Check::Framing;
        if !self.is_chosen(RenewalEngine::Offscreen) {
            return Line::skipped(CHECK, "doctor_frame_unused");
        }
        match self.offscreen.code() {
            Some(code @ "user_agent.framing_refused") => {
                let fix = Fix::of_setting("doctor_framing_fix", "provider.renewal");
                Line::failed(CHECK, "doctor_framing", fix).with_detail(code)
            }
            _ if self.offscreen.was_answered() => Line::passed(CHECK, "doctor_framing_passed"),
            code => {
                let line = Line::could_not_tell(CHECK, "doctor_frame_no_answer");
                Line {
                    detail: code.map(str::to_owned),
                    ..line
                }
            }
        }
    }

    /// Whether the user's session at the provider reaches a frame.
    #[must_use]
    pub fn cookies(&self) -> Line {
        const CHECK: Check = Check::Cookies;
        if !self.is_chosen(RenewalEngine::Offscreen) {
            return Line::skipped(CHECK, "doctor_frame_unused");
        }
        if self.frame_is_without_cookies() {
            let fix = Fix::of_setting("doctor_cookies_fix", "provider.renewal");
            return Line::failed(CHECK, "doctor_cookies", fix).with_detail("doctor.cookies");
        }
        match self.offscreen.code() {
            None if self.offscreen.worked() => Line::passed(CHECK, "doctor_cookies_passed"),
            // The provider knows who it is that must consent or choose.
            Some("authorization.consent_required" | "authorization.account_selection_required") => {
                Line::passed(CHECK, "doctor_cookies_passed")
            }
            Some(NOBODY) => nobody(CHECK),
            _ => Line::could_not_tell(CHECK, "doctor_frame_no_answer"),
        }
    }

    /// Whether renewal by this engine works.
    #[must_use]
    pub fn rung(&self, engine: RenewalEngine) -> Line {
        let check = Check::of_engine(engine);
        if !self.is_chosen(engine) {
            return Line::skipped(check, "doctor_rung_unused");
        }
        if engine == RenewalEngine::Offscreen && self.frame_is_without_cookies() {
            let fix = Fix::of_setting("doctor_cookies_fix", "provider.renewal");
            return Line::failed(check, "doctor_rung_no_cookies", fix).with_detail(NOBODY);
        }
        match self.of(engine) {
            Attempt::Worked { milliseconds } => {
                let took = super::Argument::Duration(*milliseconds);
                Line::passed(check, Text::new("doctor_rung_passed").with(took))
            }
            // The line of the refresh token says why there was nothing to try it with.
            Attempt::NotTried if engine == RenewalEngine::RefreshToken => {
                Line::waits_for(check, Check::RefreshToken)
            }
            Attempt::NotTried => Line::skipped(check, "doctor_rung_not_tried"),
            Attempt::Unanswered(None) => {
                Line::could_not_tell(check, "doctor_rung_unanswered").with_detail("worker.silent")
            }
            Attempt::Unanswered(Some(problem)) => {
                Line::could_not_tell(check, Text::of_problem(problem)).with_detail(&*problem.code)
            }
            Attempt::Failed(problem) => self.judge(check, problem),
        }
    }

    fn judge(&self, check: Check, problem: &Problem) -> Line {
        let code = problem.code.as_str();
        let text = Text::of_problem(problem);
        if code == NOBODY {
            return nobody(check);
        }
        if code == "session.no_refresh_token" {
            return Line::waits_for(check, Check::RefreshToken).with_detail(code);
        }
        if let Some(fix) = fix(code) {
            return Line::failed(check, text, fix).with_detail(code);
        }
        match problem.recovery {
            Recovery::SignIn => {
                let fix = Fix::new("doctor_sign_in_fix").by(Action::SignIn);
                Line::could_not_tell(check, text)
                    .with_fix(fix)
                    .with_detail(code)
            }
            Recovery::RetryLater => Line::could_not_tell(check, text).with_detail(code),
            Recovery::FixSettings => {
                let fix = Fix::new("doctor_rung_settings_fix");
                Line::failed(check, text, fix).with_detail(code)
            }
            Recovery::Report => {
                Line::failed(check, text, Fix::new("doctor_rung_report_fix")).with_detail(code)
            }
        }
    }
}

/// Nobody is signed in at the provider, so silent renewal cannot be tried.
fn nobody(check: Check) -> Line {
    let fix = Fix::new("doctor_sign_in_fix").by(Action::SignIn);
    Line::could_not_tell(check, "doctor_nobody")
        .with_fix(fix)
        .with_detail(NOBODY)
}

/// The exact setting, where a code tells it.
fn fix(code: &str) -> Option<Fix> {
    let setting = |text, path| Some(Fix::of_setting(text, path));
    match code {
        "user_agent.framing_refused" => setting("doctor_framing_fix", "provider.renewal"),
        "user_agent.page_shown" => setting("doctor_page_shown_fix", "provider.renewal"),
        "user_agent.refused" => Some(Fix::new("doctor_refused_fix")),
        "user_agent.not_permitted" | "network.not_permitted" => {
            Some(Fix::new("doctor_rung_permission_fix"))
        }
        "authorization.invalid_scope" => setting("doctor_scope_unknown_fix", "provider.scope"),
        "authorization.unauthorized_client" => {
            Some(Fix::new("doctor_authorization_unauthorized_fix"))
        }
        "authorization.unsupported_response_type" => {
            setting("doctor_authorization_flow_fix", "provider.flow")
        }
        "token_endpoint.client_refused" => setting("doctor_secret_fix", "provider.client_id"),
        "token_endpoint.no_id_token" => setting("doctor_no_id_token_fix", "provider.renewal"),
        "id_token.exp" | "id_token.iat" | "id_token.nbf" => {
            setting("doctor_tolerance_fix", "session.clock_tolerance_s")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
