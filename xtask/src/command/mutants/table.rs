//! The bugs that are planted: mistakes that a developer might make.

/// A description of the bug, and the edits that plant it.
pub(super) type Mutant = (&'static str, &'static [Edit]);

/// A text that occurs exactly once in `src`, and its replacement.
pub(super) type Edit = (&'static str, &'static str);

pub(super) const MUTANTS: &[Mutant] = &[
    (
        "single flight: nobody joins the renewal that is in flight",
        &[(
            "if let Some(outcome) = self.in_flight() {",
            "if let Some(outcome) = self.in_flight().filter(|_| false) {",
        )],
    ),
    (
        // Two edits, because either check alone rejects an older epoch: the work is stopped, and its result is refused.
        "epoch: the result of a renewal is taken after a sign-out",
        &[
            ("self.epoch.get() == epoch {", "self.epoch.get() >= epoch {"),
            ("current.abort.abort();", "drop(current);"),
        ],
    ),
    (
        "rotation: what came with a new refresh token is judged before it is stored",
        &[
            (
                "let answer = answer?;\n    if",
                "let answer = answer?;
                let judged = exchange.process_refresh(&answer, &original, id_token).await;
                if",
            ),
            (
                "= exchange.process_refresh(&answer, &original, id_token).await;\n    let",
                "= judged;\n    let",
            ),
        ],
    ),
    (
        "rotation: a refresh token is dropped for any failure",
        &[(
            "if granted.as_ref().is_err_and(is_dead) {",
            "let lacks = Error::from(token_endpoint::TokenEndpointError::NoIdToken);
            if granted.as_ref().is_err_and(|error| is_dead(error) || *error != lacks) {",
        )],
    ),
    (
        "resend: a call is sent a third time",
        &[(
            "drop(sending.slot);\n        Ok(sending.answer)",
            "if sending.answer.status() == 401 {
                return Ok(self.send(call, route, None).await?.answer);
            }
            drop(sending.slot);
            Ok(sending.answer)",
        )],
    ),
    (
        "stale: that an API refused a token is forgotten",
        &[(
            "rejections.add_stale(need.api, path);",
            "rejections.remove(need.api, path);",
        )],
    ),
    (
        "pauses: a renewal that failed is tried again at once",
        &[("retry_at.max(Some(now.plus(pause)))", "retry_at")],
    ),
    (
        "pauses: Retry-After is not honoured",
        &[(
            "retry_at.max(Some(now.plus(pause)))",
            "retry_at.and(None).max(Some(now.plus(pause)))",
        )],
    ),
    (
        "pauses: the alarm knows nothing of them",
        &[(
            "journal.pauses_until();",
            "journal.pauses_until().and(None);",
        )],
    ),
    (
        "sign-out: the record stays in the store, and the next worker is not told",
        &[
            (
                "store.remove(Record::Session).await.and(remembered)",
                "remembered",
            ),
            (
                "journal.sign_out = Some(SignOutInProgress {",
                "drop(SignOutInProgress {",
            ),
        ],
    ),
    (
        "sign-out: the refresh token is not revoked",
        &[(
            "outcome = exchange.revoke(refresh_token).await;",
            "drop(exchange.revoke(refresh_token));",
        )],
    ),
    (
        "users: a renewal may bring another user's tokens",
        &[(
            "subject: subject.as_deref(),",
            "subject: subject.as_deref().filter(|_| false),",
        )],
    ),
    (
        "allow-list: only the path is compared",
        &[("rule.origin == origin &&", "rule.origin.is_tuple() &&")],
    ),
    (
        "window: one more call is on its way than should be",
        &[("WIDTH: usize = 64;", "WIDTH: usize = 65;")],
    ),
    (
        "journal clean-up: a renewal that has ended stays noted",
        &[("journal.renewal = None;", "drop(journal.renewal);")],
    ),
    (
        "journal: what the last worker was in the middle of is not told",
        &[(
            "if let Some(attempt) = renewal {",
            "if let Some(attempt) = renewal.filter(|_| false) {",
        )],
    ),
    (
        "journal: a sign-out is noted only after the records were removed",
        &[("\n        journal.write().await.ok();\n", "\n")],
    ),
    (
        "journal: a pause is forgotten with the worker",
        &[(
            "pub(super) not_before: Option<UnixTime>,",
            "#[serde(skip)]\n    pub(super) not_before: Option<UnixTime>,",
        )],
    ),
    (
        "journal: a refresh token that got no answer is used again at once",
        &[(
            "|token| journal.doubts(token))",
            "|token| !journal.doubts(token) && false)",
        )],
    ),
];
