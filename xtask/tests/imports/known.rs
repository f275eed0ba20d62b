//! What is not yet as it should be. Each list is exact: what was mended leaves it.

/// The circles, by their files.
pub(crate) const CIRCLES: &[&[&str]] = &[
    &[
        "oidc/src/jose/jws.rs",
        "oidc/src/jose/key_set.rs",
        "oidc/src/jose/verifier.rs",
    ],
    &[
        "oidc/src/oidc/continuity.rs",
        "oidc/src/oidc/id_token.rs",
        "oidc/src/oidc/id_token/times.rs",
    ],
    &[
        "src/activity.rs",
        "src/error.rs",
        "src/message.rs",
        "src/platform.rs",
        "src/provider/client.rs",
        "src/provider/discovery.rs",
        "src/provider/proofs.rs",
        "src/session/exchange/mod.rs",
        "src/session/journal.rs",
        "src/session/mod.rs",
        "src/session/pacing.rs",
        "src/session/record.rs",
        "src/session/record/journal.rs",
        "src/session/record/left_behind.rs",
        "src/session/record/remembered.rs",
        "src/session/record/state.rs",
        "src/session/restore.rs",
        "src/session/single_flight.rs",
        "src/session/state.rs",
        "src/session/waiting.rs",
    ],
    &[
        "src/settings.rs",
        "src/settings/check.rs",
        "src/settings/reader.rs",
    ],
];

/// The imports that run up, from file to file.
pub(crate) const UPWARD: &[[&str; 2]] = &[
    ["src/error.rs", "src/api/call_error.rs"],
    ["src/error.rs", "src/session/mod.rs"],
    ["src/platform.rs", "src/message.rs"],
    ["src/provider/client.rs", "src/error.rs"],
    ["src/provider/discovery.rs", "src/error.rs"],
    ["src/session/mod.rs", "src/api/rules.rs"],
    ["src/settings/sources.rs", "src/message.rs"],
];
