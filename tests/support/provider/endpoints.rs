//! The provider's endpoints, as a port.

use std::rc::Rc;

use evertoken::platform::{HttpClient, HttpRequest, HttpResponse, LocalFuture, NetworkError};
use futures_util::FutureExt;
use serde_json::{Value, json};

use super::{Fault, Parameters, Provider};

pub struct Endpoints(pub Rc<Provider>);

impl HttpClient for Endpoints {
    fn send(&self, request: HttpRequest) -> LocalFuture<Result<HttpResponse, NetworkError>> {
        let provider = Rc::clone(&self.0);
        async move {
            let path = provider.path_of(request.url.as_str());
            provider.fetched.borrow_mut().push(path.clone());
            provider.fetched_urls.borrow_mut().push(request.url.clone());
            let fault = provider.fault.borrow().clone();
            match fault {
                Some(Fault::Unreachable) => return Err(NetworkError::Unreachable),
                Some(Fault::Silent(silent)) if silent == path => return Err(NetworkError::Timeout),
                _ => {}
            }
            let (status, body) = match fault {
                Some(Fault::Path(at, status, body)) if at == path => (status, body),
                _ => provider.answer(&path, &request),
            };
            provider.pass_path(&path).await;
            let nonce = provider.manners.borrow().dpop_nonce;
            // A text stands for itself: what is not JSON has to come from somewhere.
            let (media_type, body) = match body {
                Value::String(text) => ("text/html", text),
                json => ("application/json", json.to_string()),
            };
            let answer = HttpResponse {
                status,
                media_type: media_type.to_owned(),
                body: body.into_bytes(),
                server_time: Some(provider.now()),
                dpop_nonce: nonce.map(str::to_owned),
                retry_after: provider.retry_after.get(),
            };
            let answer = provider.forgery.answer(&path, answer);
            match answer.body.len() > request.max_bytes {
                true => Err(NetworkError::TooLarge),
                false => Ok(answer),
            }
        }
        .boxed_local()
    }
}

impl Provider {
    /// What stands at this address: the metadata may put an endpoint anywhere.
    fn path_of(&self, url: &str) -> String {
        let metadata = self.metadata();
        let named = [
            ("jwks_uri", "/jwks"),
            ("pushed_authorization_request_endpoint", "/par"),
            ("revocation_endpoint", "/revoke"),
            ("token_endpoint", "/token"),
        ];
        let found = named.into_iter().find(|(name, _)| metadata[name] == url);
        let below = url.strip_prefix(&self.at("")).unwrap_or(url);
        found.map_or(below, |(_, path)| path).to_owned()
    }

    fn answer(&self, path: &str, request: &HttpRequest) -> (u16, Value) {
        let form = request.form.as_ref().map(|form| {
            let pairs = url::form_urlencoded::parse(form.0.as_bytes());
            pairs.into_owned().collect::<Parameters>()
        });
        let proof = request.dpop_proof.as_ref().map(|proof| proof.expose());
        if let Some(proof) = proof {
            let came = (path.to_owned(), proof.to_owned());
            self.proofs.borrow_mut().push(came);
        }
        match (path, form) {
            ("/.well-known/openid-configuration", None) => (200, self.metadata()),
            ("/jwks", None) => (200, self.mint.borrow().key_set.clone()),
            ("/token", Some(form)) => self.exchange(&form, proof),
            ("/par", Some(form)) => {
                let uri = format!("urn:request:{}", self.pushed.borrow().len());
                self.pushed.borrow_mut().insert(uri.clone(), form);
                (201, json!({"request_uri": uri, "expires_in": 60}))
            }
            ("/revoke", Some(form)) => {
                self.revocations.borrow_mut().push(form["token"].clone());
                (200, json!({}))
            }
            _ => (404, json!({})),
        }
    }

    fn metadata(&self) -> Value {
        let mut metadata = json!({
            "issuer": *self.issuer.borrow(),
            "authorization_endpoint": self.at("/authorize"),
            "token_endpoint": self.at("/token"),
            "jwks_uri": self.at("/jwks"),
            "revocation_endpoint": self.at("/revoke"),
            "end_session_endpoint": self.at("/logout"),
            "pushed_authorization_request_endpoint": self.at("/par"),
            "authorization_response_iss_parameter_supported": self.promises_iss.get(),
        });
        let manners = self.manners.borrow();
        for (name, value) in manners.metadata.as_object().into_iter().flatten() {
            match value {
                Value::Null => drop(metadata.as_object_mut().unwrap().remove(name)),
                value => metadata[name] = value.clone(),
            }
        }
        metadata
    }
}
