//! The browser in front of the provider, as a port.

use std::collections::BTreeMap;
use std::rc::Rc;

use evertoken::platform::{
    LocalFuture, RedirectUrl, SilentCarrier, SilentRequest, UserAgent, UserAgentError,
};
use futures_util::FutureExt;
use url::Url;

use super::mint::Occasion;
use super::{Fault, Parameters, Provider, pass};
use crate::support::{REDIRECT_URI, WEB_MESSAGE_REDIRECT_URI};

pub struct Window(pub Rc<Provider>);

impl UserAgent for Window {
    fn redirect_uri(&self) -> String {
        REDIRECT_URI.to_owned()
    }

    fn web_message_redirect_uri(&self) -> String {
        WEB_MESSAGE_REDIRECT_URI.to_owned()
    }

    fn authorize_interactively(
        &self,
        url: Url,
    ) -> LocalFuture<Result<RedirectUrl, UserAgentError>> {
        self.open(url, None)
    }

    fn authorize_silently(
        &self,
        request: SilentRequest,
    ) -> LocalFuture<Result<RedirectUrl, UserAgentError>> {
        self.0.silent.borrow_mut().push(request.clone());
        match self.0.manners.borrow().bars {
            Some((engine, error)) if engine == request.engine => {
                async move { Err(error) }.boxed_local()
            }
            _ => self.open(request.url, Some(request.engine)),
        }
    }

    fn end_session(&self, url: Url) -> LocalFuture<Result<RedirectUrl, UserAgentError>> {
        let provider = Rc::clone(&self.0);
        async move {
            let state = url.query_pairs().find(|(name, _)| name == "state");
            let back = state.map(|(_, state)| format!("{REDIRECT_URI}?state={state}"));
            provider.logouts.borrow_mut().push(url);
            if provider.has(&Fault::Silent("/logout")) {
                std::future::pending::<()>().await;
            }
            if let Some(Fault::UserAgent(error)) = *provider.fault.borrow() {
                return Err(error);
            }
            let back = back.unwrap_or_else(|| REDIRECT_URI.to_owned());
            Ok(RedirectUrl(provider.forgery.redirect(back)))
        }
        .boxed_local()
    }
}

impl Window {
    fn open(
        &self,
        url: Url,
        engine: Option<SilentCarrier>,
    ) -> LocalFuture<Result<RedirectUrl, UserAgentError>> {
        let provider = Rc::clone(&self.0);
        async move {
            pass(&provider.gate).await;
            if let Some(error) = provider.failure(engine) {
                provider.authorizations.borrow_mut().push(url);
                return Err(error);
            }
            Ok(RedirectUrl(provider.authorize(&url)))
        }
        .boxed_local()
    }
}

impl Provider {
    /// How the user agent fails to carry a request.
    fn failure(&self, engine: Option<SilentCarrier>) -> Option<UserAgentError> {
        match *self.fault.borrow() {
            Some(Fault::UserAgent(error)) => Some(error),
            Some(Fault::Engine(failing, error)) => (engine == Some(failing)).then_some(error),
            Some(Fault::Engines(iframe, other)) => Some(match engine? {
                SilentCarrier::Offscreen => iframe,
                _ => other,
            }),
            _ => None,
        }
    }

    /// The redirect that answers the request in `url`.
    fn authorize(&self, url: &Url) -> String {
        self.authorizations.borrow_mut().push(url.clone());
        let asked = self.asked(url);
        let mut answer = BTreeMap::from([("state".to_owned(), asked["state"].clone())]);
        if self.manners.borrow().sends_iss {
            answer.insert("iss".to_owned(), self.issuer.borrow().clone());
        }
        let implicit = asked["response_type"] == "token id_token";
        let refusal = match *self.fault.borrow() {
            Some(Fault::Authorization(code)) => Some(code),
            _ => None,
        };
        if let Some(code) = refusal {
            answer.insert("error".to_owned(), code.to_owned());
        } else if implicit {
            let occasion = Occasion {
                asked: asked.clone(),
                refreshed: false,
            };
            let (access_token, id_token) = self.tokens(&occasion);
            answer.insert("access_token".to_owned(), access_token);
            answer.insert("id_token".to_owned(), id_token);
            answer.insert("token_type".to_owned(), "Bearer".to_owned());
            answer.insert(
                "expires_in".to_owned(),
                self.lifetime.get().as_secs().to_string(),
            );
        } else {
            let code = format!("code-{}", self.authorization_count());
            self.codes.borrow_mut().insert(code.clone(), asked.clone());
            answer.insert("code".to_owned(), code);
        }
        let in_fragment = implicit
            || matches!(
                asked.get("response_mode").map(String::as_str),
                Some("fragment" | "web_message")
            );
        self.redirect(answer, &asked["redirect_uri"], in_fragment)
    }

    fn redirect(&self, mut answer: Parameters, redirect_uri: &str, in_fragment: bool) -> String {
        let mut at = if in_fragment { '#' } else { '?' };
        let mut twice = String::new();
        match *self.fault.borrow() {
            Some(Fault::Parameter(name, value)) => {
                answer.insert(name.to_owned(), value.to_owned());
            }
            Some(Fault::NoParameter(name)) => drop(answer.remove(name)),
            Some(Fault::Twice(name)) => twice = format!("&{name}={}", answer[name]),
            Some(Fault::Misplaced) => at = if in_fragment { '?' } else { '#' },
            _ => {}
        }
        let answer = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(answer)
            .finish();
        let redirect = format!("{redirect_uri}{at}{answer}{twice}");
        self.forgery.redirect(redirect)
    }

    /// What a request asks for, pushed or not (RFC 9126).
    fn asked(&self, url: &Url) -> Parameters {
        let asked: Parameters = url.query_pairs().into_owned().collect();
        match asked.get("request_uri") {
            None => asked,
            Some(uri) => self.pushed.borrow_mut().remove(uri).unwrap(),
        }
    }
}
