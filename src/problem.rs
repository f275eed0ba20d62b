//! A problem as a page may show it, and the stable codes by which the texts and support find it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What helps. Every error has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recovery {
    /// The user signs in.
    SignIn,
    /// The same again later; the session is kept.
    RetryLater,
    /// The settings, here or at the provider, are wrong.
    FixSettings,
    /// The provider's answer is wrong in a way that no setting explains.
    Report,
}

/// An error as a page may show it: a stable code, a sentence, one action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable; for support and tests.
    pub code: ProblemCode,
    /// In English; pages find the words in the browser's language by the code.
    pub sentence: String,
    /// What the sentence speaks of, where one code has several: a status, a settings key's path.
    pub detail: Option<String>,
    /// What helps.
    pub recovery: Recovery,
}

macro_rules! problem_codes {
    ($($variant:ident = $code:literal,)+) => {
        /// A stable code of the form `area.reason`. Records, messages and the keys of the texts hold it as that string, so
        /// a code is never changed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "&'static str")]
        pub enum ProblemCode {
            $(#[doc = concat!("`", $code, "`")] $variant,)+
            /// A code that this version does not know: another version of the extension wrote the record or the message that
            /// holds it. The sentence beside it still tells the problem; there is no text for it.
            Unknown,
        }

        impl ProblemCode {
            /// Every code that has words of its own: all but [`Self::Unknown`].
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The code as records, messages and support have it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                    Self::Unknown => "unknown",
                }
            }
        }
    };
}

problem_codes! {
    ApiNotPermitted = "api.not_permitted",
    ApiUnreachable = "api.unreachable",
    AuthorizationAccessDenied = "authorization.access_denied",
    AuthorizationAccountSelectionRequired = "authorization.account_selection_required",
    AuthorizationAuthenticationExpired = "authorization.authentication_expired",
    AuthorizationConsentRequired = "authorization.consent_required",
    AuthorizationInteractionRequired = "authorization.interaction_required",
    AuthorizationInvalidRequest = "authorization.invalid_request",
    AuthorizationInvalidScope = "authorization.invalid_scope",
    AuthorizationLoginRequired = "authorization.login_required",
    AuthorizationMfaRequired = "authorization.mfa_required",
    AuthorizationServerError = "authorization.server_error",
    AuthorizationTemporarilyUnavailable = "authorization.temporarily_unavailable",
    AuthorizationUnauthorized = "authorization.unauthorized",
    AuthorizationUnauthorizedClient = "authorization.unauthorized_client",
    AuthorizationUnknown = "authorization.unknown",
    AuthorizationUnmetAuthenticationRequirements = "authorization.unmet_authentication_requirements",
    AuthorizationUnsupportedResponseType = "authorization.unsupported_response_type",
    IdTokenAcr = "id_token.acr",
    IdTokenAlg = "id_token.alg",
    IdTokenAtHash = "id_token.at_hash",
    IdTokenAud = "id_token.aud",
    IdTokenAuthTime = "id_token.auth_time",
    IdTokenAzp = "id_token.azp",
    IdTokenClaims = "id_token.claims",
    IdTokenCrit = "id_token.crit",
    IdTokenExp = "id_token.exp",
    IdTokenHeader = "id_token.header",
    IdTokenIat = "id_token.iat",
    IdTokenIss = "id_token.iss",
    IdTokenKey = "id_token.key",
    IdTokenMaxAge = "id_token.max_age",
    IdTokenNbf = "id_token.nbf",
    IdTokenNonce = "id_token.nonce",
    IdTokenOrganization = "id_token.organization",
    IdTokenSegments = "id_token.segments",
    IdTokenSignature = "id_token.signature",
    IdTokenSub = "id_token.sub",
    IdTokenTooLarge = "id_token.too_large",
    IdTokenTyp = "id_token.typ",
    KeySetAmbiguous = "key_set.ambiguous",
    KeySetMalformed = "key_set.malformed",
    KeySetUnknownKey = "key_set.unknown_key",
    MessageUnknown = "message.unknown",
    MetadataAlgorithm = "metadata.algorithm",
    MetadataDpop = "metadata.dpop",
    MetadataEndpoint = "metadata.endpoint",
    MetadataIssuerMismatch = "metadata.issuer_mismatch",
    MetadataMalformed = "metadata.malformed",
    MetadataNotFound = "metadata.not_found",
    MetadataPkce = "metadata.pkce",
    MetadataUnavailable = "metadata.unavailable",
    NetworkCancelled = "network.cancelled",
    NetworkNotPermitted = "network.not_permitted",
    NetworkOffline = "network.offline",
    NetworkRedirected = "network.redirected",
    NetworkTimeout = "network.timeout",
    NetworkTooLarge = "network.too_large",
    NetworkUnreachable = "network.unreachable",
    ProofKeyUnusable = "proof_key.unusable",
    PushedRequestMalformed = "pushed_request.malformed",
    PushedRequestRefused = "pushed_request.refused",
    PushedRequestUnavailable = "pushed_request.unavailable",
    ResponseDuplicateParameter = "response.duplicate_parameter",
    ResponseExpired = "response.expired",
    ResponseIncomplete = "response.incomplete",
    ResponseIssuerMismatch = "response.issuer_mismatch",
    ResponseIssuerMissing = "response.issuer_missing",
    ResponseMisplaced = "response.misplaced",
    ResponseStateMismatch = "response.state_mismatch",
    ResponseTokenType = "response.token_type",
    SessionInterrupted = "session.interrupted",
    SessionNoEndSession = "session.no_end_session",
    SessionNoMethod = "session.no_engine",
    SessionNoRefreshToken = "session.no_refresh_token",
    SessionNotRevoked = "session.not_revoked",
    SessionNothingNew = "session.nothing_new",
    SessionSignedOut = "session.signed_out",
    SessionSuperseded = "session.superseded",
    SettingsRefused = "settings.refused",
    StoreCorrupt = "store.corrupt",
    StoreRead = "store.read",
    StoreWrite = "store.write",
    TokenEndpointClientRefused = "token_endpoint.client_refused",
    TokenEndpointInteractionRequired = "token_endpoint.interaction_required",
    TokenEndpointInvalidGrant = "token_endpoint.invalid_grant",
    TokenEndpointMalformed = "token_endpoint.malformed",
    TokenEndpointNoAccessToken = "token_endpoint.no_access_token",
    TokenEndpointNoIdToken = "token_endpoint.no_id_token",
    TokenEndpointProofRefused = "token_endpoint.proof_refused",
    TokenEndpointRefreshTokenRefused = "token_endpoint.refresh_token_refused",
    TokenEndpointRefused = "token_endpoint.refused",
    TokenEndpointTokenType = "token_endpoint.token_type",
    TokenEndpointTurnedAway = "token_endpoint.turned_away",
    TokenEndpointUnavailable = "token_endpoint.unavailable",
    UserAgentClosed = "user_agent.closed",
    UserAgentFramingRefused = "user_agent.framing_refused",
    UserAgentInteractionRequired = "user_agent.interaction_required",
    UserAgentLoadFailed = "user_agent.load_failed",
    UserAgentNameNotResolved = "user_agent.name_not_resolved",
    UserAgentNotPermitted = "user_agent.not_permitted",
    UserAgentOffline = "user_agent.offline",
    UserAgentPageShown = "user_agent.page_shown",
    UserAgentRefused = "user_agent.refused",
    UserAgentServerError = "user_agent.server_error",
    UserAgentTimeout = "user_agent.timeout",
    UserAgentUnavailable = "user_agent.unavailable",
    WorkerSilent = "worker.silent",
}

impl ProblemCode {
    /// What the problem is about: the part before the dot.
    #[must_use]
    pub fn area(self) -> &'static str {
        let code = self.as_str();
        code.split_once('.').map_or(code, |(area, _)| area)
    }

    /// The key of the sentence in the texts.
    #[must_use]
    pub fn text_key(self) -> String {
        ["error_", &self.as_str().replace('.', "_")].concat()
    }

    /// A host permission that the user can give is missing.
    #[must_use]
    pub fn is_not_permitted(self) -> bool {
        matches!(
            self,
            Self::ApiNotPermitted | Self::NetworkNotPermitted | Self::UserAgentNotPermitted
        )
    }
}

// By way of its string: a derive would hold every code once more for each form in which it may come, and weigh a tenth of the popup.
impl From<String> for ProblemCode {
    fn from(code: String) -> Self {
        let mut all = Self::ALL.iter().copied();
        all.find(|known| known.as_str() == code)
            .unwrap_or(Self::Unknown)
    }
}

impl From<ProblemCode> for &'static str {
    fn from(code: ProblemCode) -> Self {
        code.as_str()
    }
}

impl fmt::Display for ProblemCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl AsRef<str> for ProblemCode {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<str> for ProblemCode {
    fn eq(&self, code: &str) -> bool {
        self.as_str() == code
    }
}

impl PartialEq<&str> for ProblemCode {
    fn eq(&self, code: &&str) -> bool {
        self.as_str() == *code
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_code_is_written_as_its_string_and_read_back() {
        for code in ProblemCode::ALL {
            let written = serde_json::to_string(code).unwrap();
            assert_eq!(written, format!("\"{code}\""));
            assert_eq!(
                serde_json::from_str::<ProblemCode>(&written).unwrap(),
                *code
            );
        }
    }

    #[test]
    fn every_code_is_its_own_area_and_reason() {
        let is_word = |word: &str| {
            let letter = |letter: char| letter.is_ascii_lowercase() || letter == '_';
            !word.is_empty() && word.chars().all(letter)
        };
        for code in ProblemCode::ALL {
            let (area, reason) = code.as_str().split_once('.').unwrap();
            assert!(is_word(area) && is_word(reason), "{code}");
            assert_eq!(code.area(), area);
            assert_eq!(code.text_key(), format!("error_{area}_{reason}"));
        }
        let keys: BTreeSet<_> = ProblemCode::ALL.iter().map(|it| it.text_key()).collect();
        assert_eq!(keys.len(), ProblemCode::ALL.len());
    }

    #[test]
    fn a_code_of_another_version_is_unknown() {
        let code: ProblemCode = serde_json::from_str("\"news.from_tomorrow\"").unwrap();
        assert_eq!(code, ProblemCode::Unknown);
        assert_eq!(code, "unknown");
        assert_eq!(serde_json::to_string(&code).unwrap(), "\"unknown\"");
    }

    #[test]
    fn a_missing_permission_is_told_by_its_reason() {
        for code in ProblemCode::ALL {
            let by_reason = code.as_str().ends_with(".not_permitted");
            assert_eq!(code.is_not_permitted(), by_reason, "{code}");
        }
    }
}
