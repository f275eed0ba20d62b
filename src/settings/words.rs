//! Words that settings may have, or may not.

use super::setting::Word;
use crate::renewal_method::RenewalMethodId;

/// Parameters by which requests and their answers are held together: a second value would break or weaken that.
pub(super) const OF_THE_PROTOCOL: &[&str] = &[
    "client_id",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "dpop_jkt",
    "grant_type",
    "id_token_hint",
    "nonce",
    "redirect_uri",
    "refresh_token",
    "request",
    "request_uri",
    "response_mode",
    "response_type",
    "state",
];

/// Parameters of authorization requests that are set by other settings, and what no sign-in could be answered with.
pub(super) const WITH_SETTINGS_OF_THEIR_OWN: &[&str] = &[
    "audience",
    "login_hint",
    "max_age",
    "organization",
    "prompt=none",
    "scope",
    "ui_locales",
];

/// The renewal methods by their names in the settings; forms have texts of their own for them.
pub(super) const RENEWAL_METHODS: [Word; RenewalMethodId::ALL.len()] = {
    let mut words = [("", ""); RenewalMethodId::ALL.len()];
    let mut index = 0;
    while index < words.len() {
        words[index].0 = RenewalMethodId::ALL[index].name();
        index += 1;
    }
    words
};
