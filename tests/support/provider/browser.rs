//! The ports that show the provider's pages: silent authorizations and windows.

use std::rc::Rc;

use evertoken::platform::{
    LocalFuture, RedirectUrl, SilentCarrier, SilentRequest, UserAgent, UserAgentError,
};
use evertoken_provider_core::{AuthorizationResponse, ResponseMode};
use futures_util::FutureExt;
use url::Url;

use super::{Fault, Provider};
use crate::support::{REDIRECT_URI, WEB_MESSAGE_REDIRECT_URI};

pub struct Browser(pub Rc<Provider>);

impl UserAgent for Browser {
    fn redirect_uri(&self) -> String {
        self.0.redirect_uri.get().to_owned()
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
        match self.0.behavior.borrow().bars {
            Some((engine, error)) if engine == request.carrier => {
                async move { Err(error) }.boxed_local()
            }
            _ => self.open(request.url, Some(request.carrier)),
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

impl Browser {
    fn open(
        &self,
        url: Url,
        engine: Option<SilentCarrier>,
    ) -> LocalFuture<Result<RedirectUrl, UserAgentError>> {
        let provider = Rc::clone(&self.0);
        async move {
            provider.gate.pass().await;
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
    /// The error with which the user agent fails to carry a request; `None` if it does not fail.
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

    /// The redirect with the response to the request in `url`. The user is signed in already, or signs in.
    fn authorize(&self, url: &Url) -> String {
        self.authorizations.borrow_mut().push(url.clone());
        let login = match *self.fault.borrow() {
            Some(Fault::Authorization(code)) => Err(code),
            _ => Ok(self.login()),
        };
        let query = url.query().unwrap();
        let response = self.core().answer_at_once(query, login).unwrap();
        self.redirect(response)
    }

    fn redirect(&self, mut response: AuthorizationResponse) -> String {
        let answer = &mut response.parameters;
        let mut twice = String::new();
        match *self.fault.borrow() {
            Some(Fault::Parameter(name, value)) => {
                answer.insert(name.to_owned(), value.to_owned());
            }
            Some(Fault::NoParameter(name)) => drop(answer.remove(name)),
            Some(Fault::Twice(name)) => twice = format!("&{name}={}", answer[name]),
            Some(Fault::Misplaced) => {
                response.mode = match response.mode {
                    ResponseMode::Query => ResponseMode::Fragment,
                    ResponseMode::Fragment | ResponseMode::WebMessage => ResponseMode::Query,
                }
            }
            _ => {}
        }
        self.forgery
            .redirect(format!("{}{twice}", response.location()))
    }
}
