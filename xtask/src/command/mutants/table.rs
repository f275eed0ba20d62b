//! The bugs that are planted. Each stands for one that somebody might write.

/// A bug.
pub(crate) struct Mutant {
    /// What is wrong with the engine that has it.
    pub(crate) name: &'static str,
    pub(crate) edits: &'static [Edit],
}

/// One change of one file.
pub(crate) struct Edit {
    pub(crate) file: &'static str,
    /// Stands there exactly once.
    pub(crate) text: &'static str,
    pub(crate) replacement: &'static str,
}

const INTERCEPTOR: &str = "src/api/interceptor.rs";
const PACING: &str = "src/session/pacing.rs";
const REFRESH: &str = "src/session/renewal_methods/refresh_token.rs";
const RENEWER: &str = "src/session/renewer.rs";
const SESSION: &str = "src/session/mod.rs";
const SIGN_OUT: &str = "src/session/sign_out.rs";
const SINGLE_FLIGHT: &str = "src/session/single_flight.rs";
const TOKEN_STORE: &str = "src/session/token_store.rs";

pub(crate) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "single flight: nobody joins the renewal that is in flight",
        edits: &[Edit {
            file: SINGLE_FLIGHT,
            text: "if let Some(outcome) = self.in_flight() {",
            replacement: "if let Some(outcome) = self.in_flight().filter(|_| false) {",
        }],
    },
    Mutant {
        // Either of the two is enough to keep an older epoch out: the work is stopped, and its result is refused.
        name: "epoch: the result of a renewal is taken after a sign-out",
        edits: &[
            Edit {
                file: TOKEN_STORE,
                text: "if self.epoch.get() == epoch {",
                replacement: "if self.epoch.get() >= epoch {",
            },
            Edit {
                file: SINGLE_FLIGHT,
                text: "current.abort.abort();",
                replacement: "drop(current);",
            },
        ],
    },
    Mutant {
        name: "rotation: what came with a new refresh token is judged before it is stored",
        edits: &[
            Edit {
                file: REFRESH,
                text: "    let answer = answer?;\n",
                replacement: "    let answer = answer?;
    let judged = exchange.judge_refresh(&answer, &original, id_token).await;\n",
            },
            Edit {
                file: REFRESH,
                text: "let granted = exchange.judge_refresh(&answer, &original, id_token).await;",
                replacement: "let granted = judged;",
            },
        ],
    },
    Mutant {
        name: "rotation: a refresh token is dropped for any failure",
        edits: &[Edit {
            file: REFRESH,
            text: "granted.as_ref().err() == Some(&TokenEndpointError::RefreshTokenRefused.into())",
            replacement: "granted.as_ref().err() != Some(&TokenEndpointError::NoIdToken.into()) && granted.is_err()",
        }],
    },
    Mutant {
        name: "resend: a call is sent a third time",
        edits: &[Edit {
            file: INTERCEPTOR,
            text: "        drop(sending.slot);
        Ok(sending.answer)",
            replacement: "        if sending.answer.status() == 401 {
            return Ok(self.send(call, rule, None).await?.answer);
        }
        drop(sending.slot);
        Ok(sending.answer)",
        }],
    },
    Mutant {
        name: "stale: that an API refused a token is forgotten",
        edits: &[Edit {
            file: TOKEN_STORE,
            text: "self.reject(api, generation, Rejection::Stale);",
            replacement: "drop((api, generation, Rejection::Stale));",
        }],
    },
    Mutant {
        name: "pauses: a renewal that failed is tried again at once",
        edits: &[Edit {
            file: PACING,
            text: "self.not_before = retry_at.max(Some(now.plus(pause)));",
            replacement: "self.not_before = retry_at;",
        }],
    },
    Mutant {
        name: "pauses: Retry-After is not honoured",
        edits: &[Edit {
            file: PACING,
            text: "self.not_before = retry_at.max(Some(now.plus(pause)));",
            replacement: "self.not_before = retry_at.and(None).max(Some(now.plus(pause)));",
        }],
    },
    Mutant {
        name: "pauses: the alarm knows nothing of them",
        edits: &[Edit {
            file: "src/session/schedule.rs",
            text: "let pause = self.journal.pauses_until();",
            replacement: "let pause = self.journal.pauses_until().and(None);",
        }],
    },
    Mutant {
        name: "sign-out: the record stays in the store, and the next worker is not told",
        edits: &[
            Edit {
                file: TOKEN_STORE,
                text: "store.remove(Record::Session).await.and(remembered)",
                replacement: "remembered",
            },
            Edit {
                file: SIGN_OUT,
                text: "journal.sign_out = Some(SignOutInProgress {",
                replacement: "drop(SignOutInProgress {",
            },
        ],
    },
    Mutant {
        name: "sign-out: the refresh token is not revoked",
        edits: &[Edit {
            file: SIGN_OUT,
            text: "outcome = exchange.revoke(refresh_token).await;",
            replacement: "drop(exchange.revoke(refresh_token));",
        }],
    },
    Mutant {
        name: "users: a renewal may bring another user's tokens",
        edits: &[Edit {
            file: "src/session/exchange/authorization.rs",
            text: "subject: subject.as_deref(),",
            replacement: "subject: subject.as_deref().filter(|_| false),",
        }],
    },
    Mutant {
        name: "allow-list: only the path is compared",
        edits: &[Edit {
            file: "src/api/rules.rs",
            text: "rule.origin == origin && path_covers",
            replacement: "rule.origin.is_tuple() && path_covers",
        }],
    },
    Mutant {
        name: "window: one more call is on its way than should be",
        edits: &[Edit {
            file: "src/api/window.rs",
            text: "pub(crate) const WIDTH: usize = 64;",
            replacement: "pub(crate) const WIDTH: usize = 65;",
        }],
    },
    Mutant {
        name: "journal clean-up: a renewal that has ended stays noted",
        edits: &[Edit {
            file: RENEWER,
            text: "journal.renewal = None;",
            replacement: "drop(journal.renewal);",
        }],
    },
    Mutant {
        name: "journal: what the last worker was in the middle of is not told",
        edits: &[Edit {
            file: SESSION,
            text: "if let Some(attempt) = renewal {",
            replacement: "if let Some(attempt) = renewal.filter(|_| false) {",
        }],
    },
    Mutant {
        name: "journal: a sign-out is noted only after the records were removed",
        edits: &[Edit {
            file: SIGN_OUT,
            text: "        journal.write().await.ok();\n",
            replacement: "",
        }],
    },
    Mutant {
        name: "journal: a pause is forgotten with the worker",
        edits: &[Edit {
            file: PACING,
            text: "    pub(super) not_before: Option<UnixTime>,",
            replacement: "    #[serde(skip)]\n    pub(super) not_before: Option<UnixTime>,",
        }],
    },
    Mutant {
        name: "journal: a refresh token that got no answer is used again at once",
        edits: &[Edit {
            file: REFRESH,
            text: "held.is_some_and(|token| journal.doubts(token))",
            replacement: "held.is_some_and(|token| !journal.doubts(token) && false)",
        }],
    },
];
