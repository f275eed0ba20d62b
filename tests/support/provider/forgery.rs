//! Forged responses of the provider, layer by layer, beyond the named faults.

use std::cell::RefCell;
use std::rc::Rc;

use evertoken::platform::HttpResponse;
use serde_json::Value;

use super::Provider;

type Change<T> = RefCell<Option<Rc<dyn Fn(T) -> T>>>;
type Resign = RefCell<Option<Rc<dyn Fn(&[u8], Vec<u8>) -> Vec<u8>>>>;

/// By default nothing is forged. Each layer is built from the one below it: a forged claim gets a valid signature.
#[derive(Default)]
pub(super) struct Forgery {
    answer: Change<(String, HttpResponse)>,
    claims: Change<Value>,
    header: Change<Value>,
    id_token: Change<String>,
    payload: Change<Vec<u8>>,
    redirect: Change<String>,
    signature: Resign,
}

impl Forgery {
    pub(super) fn answer(&self, path: &str, answer: HttpResponse) -> HttpResponse {
        apply(&self.answer, (path.to_owned(), answer)).1
    }

    pub(super) fn claims(&self, claims: Value) -> Value {
        apply(&self.claims, claims)
    }

    pub(super) fn header(&self, header: Value) -> Value {
        apply(&self.header, header)
    }

    pub(super) fn id_token(&self, id_token: String) -> String {
        apply(&self.id_token, id_token)
    }

    pub(super) fn payload(&self, payload: Vec<u8>) -> Vec<u8> {
        apply(&self.payload, payload)
    }

    pub(super) fn redirect(&self, redirect: String) -> String {
        apply(&self.redirect, redirect)
    }

    pub(super) fn signature(&self, input: &[u8], signature: Vec<u8>) -> Vec<u8> {
        let forge = self.signature.borrow().clone();
        match forge {
            Some(forge) => forge(input, signature),
            None => signature,
        }
    }
}

fn apply<T>(change: &Change<T>, honest: T) -> T {
    let forge = change.borrow().clone();
    match forge {
        Some(forge) => forge(honest),
        None => honest,
    }
}

impl Provider {
    /// Changes the responses of this path with `forge`.
    pub fn forge_answer(&self, at: &'static str, forge: impl Fn(&mut HttpResponse) + 'static) {
        put(&self.forgery.answer, move |(path, mut answer)| {
            if path == at {
                forge(&mut answer);
            }
            (path, answer)
        });
    }

    /// Changes the claims of id_tokens with `forge`, before they are signed.
    pub fn forge_claims(&self, forge: impl Fn(&mut Value) + 'static) {
        put(&self.forgery.claims, move |mut claims| {
            forge(&mut claims);
            claims
        });
    }

    /// Sets a claim of id_tokens to this value; `null` is sent as `null`.
    pub fn forge_claim(&self, name: &'static str, value: Value) {
        self.forge_claims(move |claims| claims[name] = value.clone());
    }

    /// Removes this claim from id_tokens.
    pub fn forge_without(&self, name: &'static str) {
        self.forge_claims(move |claims| drop(claims.as_object_mut().unwrap().remove(name)));
    }

    /// Changes the header of id_tokens with `forge`, before they are signed.
    pub fn forge_header(&self, forge: impl Fn(&mut Value) + 'static) {
        put(&self.forgery.header, move |mut header| {
            forge(&mut header);
            header
        });
    }

    /// Changes the payload bytes of id_tokens with `forge`, before they are signed.
    pub fn forge_payload(&self, forge: impl Fn(Vec<u8>) -> Vec<u8> + 'static) {
        put(&self.forgery.payload, forge);
    }

    /// Replaces the signature of id_tokens by what `forge` returns for the signed bytes and the valid signature.
    pub fn forge_signature(&self, forge: impl Fn(&[u8], Vec<u8>) -> Vec<u8> + 'static) {
        *self.forgery.signature.borrow_mut() = Some(Rc::new(forge));
    }

    /// Changes whole id_tokens with `forge`, after they were signed.
    pub fn forge_id_token(&self, forge: impl Fn(String) -> String + 'static) {
        put(&self.forgery.id_token, forge);
    }

    /// Changes the redirect URLs of authorization responses with `forge`.
    pub fn forge_redirect(&self, forge: impl Fn(String) -> String + 'static) {
        put(&self.forgery.redirect, forge);
    }
}

fn put<T>(change: &Change<T>, forge: impl Fn(T) -> T + 'static) {
    *change.borrow_mut() = Some(Rc::new(forge));
}
