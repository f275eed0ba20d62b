//! What pages and the worker say to each other.
//!
//! Pages ask with a [`PageRequest`] by `runtime.sendMessage` and get one [`WorkerReply`]; the worker
//! sends a [`Broadcast`] of changes to every open page. serde describes each of them once, here; the adapters carry them as
//! plain JavaScript objects. No type here can hold a token, a code, a verifier or a nonce (invariant 1): identity is claims
//! meant for display, URLs bear no query.

use serde::{Deserialize, Serialize};

use crate::problem::{Problem, ProblemCode, Recovery};
use crate::renewal_method::RenewalMethodId;
use crate::settings::sources::SettingsSources;
use evertoken_oidc::time::UnixTime;

pub use evertoken_oidc::oidc::identity::Identity;

/// A page's request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageRequest {
    /// The session as it stands: answered by [`WorkerReply::View`].
    View,
    /// Start an interactive sign-in, or join the one under way. Answered when it ends.
    SignIn,
    /// Start an interactive sign-in in which the user chooses an account (`prompt=select_account`), or join the one under
    /// way. Answered when it ends.
    UseAnotherAccount,
    /// End the session. Answered when the tokens are gone.
    SignOut,
    /// Renew now, or join the renewal under way. Answered when it ends.
    Renew,
    /// The settings, by where they come from: answered by [`WorkerReply::Settings`].
    Settings,
    /// The URLs of the APIs that calls get a token for: answered by [`WorkerReply::Apis`].
    Apis,
    /// The user saved other settings: take them up. Answered by [`WorkerReply::View`] of the session under them.
    Configure,
    /// Renew by this method alone, or try what it would do where no user is signed in. Answered by
    /// [`WorkerReply::Tried`] when that has ended.
    TryRenewal {
        /// The method to try.
        method: RenewalMethodId,
    },
    /// What happened after the entry with this id (0: from the oldest kept). What happens later comes by
    /// [`Broadcast::Happened`].
    Activity {
        /// The newest entry that the page knows.
        after: u64,
    },
    /// What the worker did for the call that bore this [mark](CallReport::mark): answered by [`WorkerReply::Report`].
    /// A call's report is there before its answer reaches the page.
    Report {
        /// The mark.
        mark: String,
    },
}

/// The worker's answer to one [`PageRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkerReply {
    /// The session after the request was carried out. A sign-in or renewal that failed shows in
    /// [`SessionView::problem`].
    View(SessionView),
    /// What happened, oldest first.
    Activity(Vec<ActivityEntry>),
    /// What was done for a call. `None` where no call with this mark has ended here: it is under way, or was not
    /// intercepted.
    Report(Option<CallReport>),
    /// The settings, by where they come from.
    Settings(SettingsSources),
    /// The URLs of the APIs in the settings that count, as they are written there; also while those settings are refused.
    Apis(Vec<String>),
    /// A renewal method was tried.
    Tried {
        /// How long it took.
        milliseconds: u32,
        /// Why it brought nothing; `None` when it worked.
        problem: Option<Problem>,
    },
    /// Why the worker does not carry the request out.
    Refused(Problem),
}

/// What the worker sends to every open page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(
        clippy::large_enum_variant,
        reason = "one at a time, and views are the most frequent"
    )
)]
pub enum Broadcast {
    /// The session as it is now that it changed.
    ViewChanged(SessionView),
    /// What happened, oldest first. All of a tenth of a second comes at once, the newest of it where that is much: a
    /// page that misses entries before the first asks for them with [`PageRequest::Activity`].
    Happened(Vec<ActivityEntry>),
}

/// Where the session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// There are no settings yet, or they are refused; `problem` says why.
    NotConfigured,
    /// Nobody is signed in.
    SignedOut,
    /// Signed in; calls are answered.
    SignedIn,
    /// Only the user can go on; `problem` says why.
    SignInNeeded,
}

/// The session as a page may show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionView {
    /// Where the session stands.
    pub state: SessionState,
    /// The provider, as the settings name it.
    pub issuer: Option<String>,
    /// Who is signed in, or was before sign-in was needed.
    pub identity: Option<Identity>,
    /// When the token that ends first expires.
    pub expires_at: Option<UnixTime>,
    /// When that token was received.
    pub obtained_at: Option<UnixTime>,
    /// When the next renewal is due by itself.
    pub next_renewal_at: Option<UnixTime>,
    /// No renewal is started before, since the last ones failed.
    pub paused_until: Option<UnixTime>,
    /// The session holds a refresh token.
    pub refreshable: bool,
    /// A sign-in window is open.
    pub signing_in: bool,
    /// A renewal is under way.
    pub renewing: bool,
    /// The last renewal that worked.
    pub last_renewal: Option<LastRenewal>,
    /// The scope that the provider granted, where it is another than was asked for.
    pub scope: Option<String>,
    /// Milliseconds by which the provider's clock is ahead of this machine's; `None` where they agree.
    pub clock_offset_ms: Option<i64>,
    /// How many calls wait for the user to sign in.
    pub waiting: u32,
    /// An API asks for another sign-in, of its own kind (RFC 9470): the next one will be of that kind.
    pub step_up: bool,
    /// What went wrong last and is not mended yet.
    pub problem: Option<Problem>,
}

/// A renewal that worked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRenewal {
    /// When it ended.
    pub at: UnixTime,
    /// The method that worked.
    #[serde(alias = "engine")]
    pub method: RenewalMethodId,
    /// How long it took.
    pub milliseconds: u32,
}

/// What the worker did for one API call, from its interception to the headers of the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallReport {
    /// Its number: calls are counted from 1 as long as the browser runs.
    pub call: u64,
    /// The page's own mark: what follows [`CALL_MARK`] in the fragment of the URL that the page fetched. `None` where
    /// the page set none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// The method.
    pub method: String,
    /// The URL without query and fragment.
    pub url: String,
    /// The status handed to the page; `None` when the call failed or the caller gave it up.
    pub status: Option<u16>,
    /// The address that the answer came from, where redirects led there, without query and fragment: a page for signing in,
    /// perhaps, in place of a 401.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirected_to: Option<String>,
    /// A renewal gave it a new token, its own renewal or a shared one.
    pub renewed: bool,
    /// It was sent twice.
    pub resent: bool,
    /// The scope that the API wants, where it answered `insufficient_scope` (RFC 6750 section 3.1).
    pub wanted_scope: Option<String>,
    /// Milliseconds from interception to the headers of the answer.
    pub milliseconds: u32,
    /// How that time was spent.
    pub timing: Timing,
    /// Why no answer came; `None` where one did, and where the caller gave the call up.
    pub problem: Option<Problem>,
}

/// How a page marks a call, so that it finds the [report](CallReport) of it: `fetch(url + "#evertoken-call=" + mark)`.
/// A fragment is never sent to a server.
pub const CALL_MARK: &str = "evertoken-call=";

/// How the time of a call was spent: milliseconds since its interception.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// When it was first sent: after a place in the dispatch window, and a renewal where one was due.
    pub sent_ms: u32,
    /// When its first sending was answered with 401.
    pub refused_ms: Option<u32>,
    /// When it was sent again: after the renewal.
    pub resent_ms: Option<u32>,
}

/// A renewal method that brought no new token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedMethod {
    /// The method.
    pub method: RenewalMethodId,
    /// It was not tried: it cannot work now.
    pub skipped: bool,
    /// Why it failed, or was skipped.
    pub problem: Problem,
}

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityEntry {
    /// Counts up from 1 as long as the browser runs.
    pub id: u64,
    /// When it happened; for what takes time, when it ended.
    pub at: UnixTime,
    /// What happened.
    pub event: ActivityEvent,
}

/// What can happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityEvent {
    /// The API answered the first sending of a call with 401.
    Unauthorized {
        /// The call.
        call: u64,
    },
    /// A call is sent again, with a token that differs from the first.
    Resent {
        /// The call.
        call: u64,
    },
    /// A call ended.
    Called(CallReport),
    /// A renewal ended.
    Renewed {
        /// The method that worked, or else the last that was tried; `None` when none could be.
        method: Option<RenewalMethodId>,
        /// The methods that brought nothing.
        failed: Vec<FailedMethod>,
        /// How long it took.
        milliseconds: u32,
        /// Why it failed; `None` when it worked.
        problem: Option<Problem>,
    },
    /// An interactive sign-in ended.
    SignedIn {
        /// Why it failed; `None` when it worked.
        problem: Option<Problem>,
    },
    /// The session was ended by the user.
    SignedOut,
    /// The provider was told that the session ended.
    LeftProvider {
        /// Why that failed; `None` when it worked. The session here has ended all the same.
        problem: Option<Problem>,
    },
}

impl ActivityEvent {
    /// The number of the call that this is about; `None` for what is no part of a call.
    #[must_use]
    pub fn call(&self) -> Option<u64> {
        match self {
            Self::Unauthorized { call }
            | Self::Resent { call }
            | Self::Called(CallReport { call, .. }) => Some(*call),
            Self::Renewed { .. }
            | Self::SignedIn { .. }
            | Self::SignedOut
            | Self::LeftProvider { .. } => None,
        }
    }

    /// Adds the number of calls of earlier workers to the number of its call.
    pub(crate) fn count_after(&mut self, others: u64) {
        if let Self::Unauthorized { call }
        | Self::Resent { call }
        | Self::Called(CallReport { call, .. }) = self
        {
            *call += others;
        }
    }
}

impl WorkerReply {
    /// The answer to what the worker cannot understand.
    #[must_use]
    pub fn unknown() -> Self {
        Self::Refused(Problem {
            code: ProblemCode::MessageUnknown,
            sentence: "the worker does not know this request".to_owned(),
            detail: None,
            recovery: Recovery::Report,
        })
    }
}

impl SessionView {
    /// The view while there are no settings that could be used.
    #[must_use]
    pub fn not_configured(problem: Option<Problem>) -> Self {
        Self {
            state: SessionState::NotConfigured,
            issuer: None,
            identity: None,
            expires_at: None,
            obtained_at: None,
            next_renewal_at: None,
            paused_until: None,
            refreshable: false,
            signing_in: false,
            renewing: false,
            last_renewal: None,
            scope: None,
            clock_offset_ms: None,
            waiting: 0,
            step_up: false,
            problem,
        }
    }
}
