//! The provider's endpoints, as a port.

use std::rc::Rc;

use base64ct::{Base64UrlUnpadded, Encoding};
use evertoken::platform::{HttpClient, HttpRequest, HttpResponse, LocalFuture, NetworkError};
use evertoken_provider_core::{ClientRequest, Crypto, parse_parameters};
use futures_util::FutureExt;
use serde_json::{Value, json};
use url::Url;

use super::{Fault, Provider};

pub struct Endpoints(pub Rc<Provider>);

impl HttpClient for Endpoints {
    fn send(&self, request: HttpRequest) -> LocalFuture<Result<HttpResponse, NetworkError>> {
        let provider = Rc::clone(&self.0);
        async move {
            let path = provider.path_of(&provider.moved_from(request.url.as_str()));
            provider.fetched.borrow_mut().push(path.clone());
            provider.fetched_urls.borrow_mut().push(request.url.clone());
            if let Some(location) = provider.moved_to(request.url.as_str()) {
                return redirect(&request, &location);
            }
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
            let nonce = provider.behavior.borrow().dpop_nonce;
            // A JSON string means the raw text: tests need responses that are not JSON.
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
                location: None,
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

/// What an adapter makes of a redirect.
fn redirect(request: &HttpRequest, location: &str) -> Result<HttpResponse, NetworkError> {
    match request.form {
        Some(_) => Err(NetworkError::Unreachable),
        None => Ok(HttpResponse {
            location: Url::parse(location).ok(),
            ..HttpResponse::new(0, Vec::new())
        }),
    }
}

impl Provider {
    /// Where the address redirects to.
    fn moved_to(&self, url: &str) -> Option<String> {
        let moved = self.moved.borrow();
        let found = moved.iter().find(|(from, _)| from == url);
        found.map(|(_, to)| to.clone())
    }

    /// The address that led to this one.
    fn moved_from(&self, url: &str) -> String {
        let moved = self.moved.borrow();
        let mut at = url;
        for _ in 0..moved.len() {
            match moved.iter().find(|(_, to)| to == at) {
                Some((from, _)) => at = from,
                None => break,
            }
        }
        at.to_owned()
    }

    /// The usual path of the endpoint at this URL: the metadata may put an endpoint at any URL.
    fn path_of(&self, url: &str) -> String {
        let core = self.core();
        let metadata = core.metadata();
        let named = [
            ("jwks_uri", "/jwks"),
            ("pushed_authorization_request_endpoint", "/par"),
            ("revocation_endpoint", "/revoke"),
            ("token_endpoint", "/token"),
        ];
        let found = named.into_iter().find(|(name, _)| metadata[name] == url);
        let below = url.strip_prefix(&core.url("")).unwrap_or(url);
        found.map_or(below, |(_, path)| path).to_owned()
    }

    fn answer(&self, path: &str, request: &HttpRequest) -> (u16, Value) {
        let form = request.form.as_ref().map(|form| &form.0);
        let proof = request.dpop_proof.as_ref().map(|proof| proof.expose());
        if let Some(proof) = proof {
            let came = (path.to_owned(), proof.to_owned());
            self.proofs.borrow_mut().push(came);
        }
        let Some(form) = form else {
            return match path {
                "/.well-known/openid-configuration" => (200, self.core().metadata()),
                "/jwks" => (200, self.core().crypto.key_set()),
                _ => (404, json!({})),
            };
        };
        let request = ClientRequest {
            form: parse_parameters(form),
            proofs: proof.into_iter().collect(),
            has_authorization: false,
        };
        let answer = match path {
            "/token" => return self.exchange(&request),
            "/par" => {
                let form = request.form.clone().unwrap();
                self.pushed.borrow_mut().push(form);
                self.core().push(&request).map(|body| (201, body))
            }
            "/revoke" => {
                let token = request.get("token").unwrap().to_owned();
                self.revocations.borrow_mut().push(token);
                self.core().revoke(&request).map(|_| (200, json!({})))
            }
            _ => Ok((404, json!({}))),
        };
        answer.unwrap_or_else(|code| (400, json!({ "error": code })))
    }

    fn exchange(&self, request: &ClientRequest<'_>) -> (u16, Value) {
        let form = request.form.clone().unwrap();
        self.token_requests.borrow_mut().push(form);
        match self.fault.borrow().clone() {
            Some(Fault::TokenEndpoint(status, body)) => return (status, body),
            Some(Fault::TokenRefusal(grant, status, body))
                if request.get("grant_type") == Some(grant) =>
            {
                return (status, body);
            }
            _ => {}
        }
        let mut answer = match self.core().exchange(request) {
            Ok(answer) => answer,
            Err(code) => return (400, json!({ "error": code })),
        };
        // `token_type` may be written in any case (RFC 6749 section 5.1).
        if answer["token_type"] == "Bearer" {
            answer["token_type"] = "bearer".into();
        }
        if let Some(scope) = self.behavior.borrow().granted_scope {
            answer["scope"] = scope.into();
        }
        if let Some(Fault::TokenMember(name, value)) = &*self.fault.borrow() {
            match value {
                Value::Null => drop(answer.as_object_mut().unwrap().remove(*name)),
                value => answer[*name] = value.clone(),
            }
        }
        (200, answer)
    }
}

/// The payload of a JWS, unverified.
pub fn payload(jws: &str) -> Value {
    let segment = jws.split('.').nth(1).unwrap();
    serde_json::from_slice(&Base64UrlUnpadded::decode_vec(segment).unwrap()).unwrap()
}
