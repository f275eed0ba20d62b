//! A page's example, brought to life.

use std::collections::BTreeMap;

use evertoken::message::SessionState;
use evertoken::platform::{SilentCarrier, UserAgentError};
use evertoken::settings::{Build, RenewalMethodId, Settings};
use jsonwebtoken::Algorithm;
use serde_json::Value;
use url::Url;

use crate::support::{Call, ProviderBehavior, REDIRECT_URI, Signing, World};

/// The one example of settings on `page`.
pub(crate) fn example(page: &str) -> Value {
    let mut blocks = page.split("```json\n").skip(1);
    let block = blocks.next().expect("the page has an example");
    assert!(blocks.next().is_none(), "the page has one example");
    let (json, _) = block.split_once("```").expect("the example ends");
    serde_json::from_str(json).expect("the example is JSON")
}

/// Somebody who did what a page says.
pub(crate) struct Guide {
    pub(crate) world: World,
    pub(crate) settings: Settings,
    behavior: fn(&mut ProviderBehavior),
}

impl Guide {
    /// `settings` as a release build takes them, and a provider with these behavior.
    pub(crate) fn follow(settings: &Value, behavior: fn(&mut ProviderBehavior)) -> Self {
        let json = settings.to_string();
        let settings = Settings::parse(&json, Build::Release).expect("the example is accepted");
        let world = World::with_settings(&json);
        world.provider.change(behavior);
        // What all of them sign with unless told otherwise.
        *world.provider.signing.borrow_mut() = Signing::of(Algorithm::RS256);
        Self {
            world,
            settings,
            behavior,
        }
    }

    pub(crate) fn sign_in(&self) {
        self.world
            .run(self.world.engine.session().sign_in())
            .expect("sign-in works");
        assert_eq!(self.world.view().state, SessionState::SignedIn);
    }

    /// The code of the error that a sign-in ends with.
    pub(crate) fn sign_in_error(&self) -> &'static str {
        let outcome = self.world.run(self.world.engine.session().sign_in());
        outcome.expect_err("sign-in is refused").code().as_str()
    }

    /// A call to the example's API; what it bore.
    pub(crate) fn call(&self) -> String {
        let url = format!("{}me", self.settings.apis[0].url);
        let answer = self.world.call(Call::get_url(&self.world.api, &url));
        assert_eq!(answer.status, 200);
        let token = self.world.api.tokens().pop().flatten();
        token.expect("the call bore a token")
    }

    /// Signs in, calls, renews by each way of the example's ladder, and calls again.
    pub(crate) fn sign_in_and_renew_by_every_way(&self) {
        self.sign_in();
        self.call();
        for method in self.settings.provider.renewal.clone() {
            self.renew_by(method);
        }
    }

    /// The API refuses the token that it was sent: the renewal goes by `method`, since what stands before it fails.
    pub(crate) fn renew_by(&self, method: RenewalMethodId) {
        let provider = &self.world.provider;
        provider.change(self.behavior);
        let ladder = &self.settings.provider.renewal;
        for before in ladder.iter().take_while(|before| **before != method) {
            match before {
                RenewalMethodId::RefreshToken => provider.revoke_refresh_tokens(),
                RenewalMethodId::Offscreen => provider.change(|behavior| {
                    let refused = UserAgentError::FramingRefused;
                    behavior.bars = Some((SilentCarrier::Offscreen, refused));
                }),
                _ => unreachable!("{before:?} stands before another method in no example"),
            }
        }
        let stale = self.call();
        self.world.api.revoke_all();
        assert_ne!(self.call(), stale, "{method:?}");
        let renewal = self.world.view().last_renewal;
        assert_eq!(renewal.map(|renewal| renewal.method), Some(method));
        assert_eq!(self.world.view().state, SessionState::SignedIn);
    }

    pub(crate) fn sign_out(&self) {
        self.world
            .run(self.world.engine.session().sign_out())
            .expect("sign-out works");
        assert_eq!(self.world.view().state, SessionState::SignedOut);
        assert_eq!(self.world.problem(), None);
    }

    /// What every authorization request said, in order.
    pub(crate) fn authorizations(&self) -> Vec<Request> {
        let requests = self.world.provider.authorizations.borrow();
        requests.iter().map(Request::new).collect()
    }

    /// What the one sign-out request said.
    pub(crate) fn logout(&self) -> Request {
        let logouts = self.world.provider.logouts.borrow();
        assert_eq!(logouts.len(), 1);
        Request::new(&logouts[0])
    }

    /// The id_token that the session has.
    pub(crate) fn last_id_token(&self) -> String {
        let issued = self.world.provider.issued.borrow();
        let id_token = issued.iter().rfind(|token| token.contains('.'));
        id_token.expect("an id_token was issued").clone()
    }

    /// Every request for a token, by its grant, without a scope and without a secret.
    pub(crate) fn grants(&self) -> Vec<String> {
        let requests = self.world.provider.token_requests.borrow();
        let mut grants = Vec::new();
        for form in requests.iter() {
            assert_eq!(form["client_id"], self.settings.provider.client_id);
            assert_eq!(form.get("client_secret"), None);
            assert_eq!(form.get("scope"), None);
            grants.push(form["grant_type"].clone());
        }
        grants
    }
}

/// A request that went through the browser.
pub(crate) struct Request {
    /// Where it went, without the query.
    pub(crate) at: String,
    parameters: BTreeMap<String, String>,
}

impl Request {
    fn new(url: &Url) -> Self {
        let mut at = url.clone();
        at.set_query(None);
        Self {
            at: at.into(),
            parameters: url.query_pairs().into_owned().collect(),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    /// It says all of this; an empty value means that the parameter is not there.
    pub(crate) fn assert_says(&self, expected: &[(&str, &str)]) {
        for (name, value) in expected {
            let value = Some(*value).filter(|value| !value.is_empty());
            assert_eq!(self.get(name), value, "{name}");
        }
    }

    /// The code flow as every example asks for it.
    pub(crate) fn assert_asks_for_a_code(&self) {
        self.assert_says(&[
            ("response_type", "code"),
            ("code_challenge_method", "S256"),
            ("redirect_uri", REDIRECT_URI),
        ]);
    }
}
