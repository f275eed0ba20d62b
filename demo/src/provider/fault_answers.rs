//! The responses of faults that replace the normal response.

use axum::http::header::{CONTENT_SECURITY_POLICY, RETRY_AFTER, X_FRAME_OPTIONS};
use axum::http::{HeaderName, StatusCode};
use axum::response::{Html, IntoResponse as _, Redirect, Response};

use super::{Endpoint, Fault, Shared, pages};

impl Shared {
    pub(super) fn fault(&self) -> Option<Fault> {
        *self.fault.borrow()
    }

    /// The response that the current fault puts in place of the normal one at `endpoint`, if it does.
    pub(super) async fn faulty_answer(&self, endpoint: Endpoint) -> Option<Response> {
        self.outlast(Fault::Hang(endpoint)).await;
        match self.fault()? {
            Fault::ServerError(at) if at == endpoint => Some(
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "The provider is out of order.",
                )
                    .into_response(),
            ),
            Fault::Status(at, status) if at == endpoint => Some(failure(status)),
            Fault::RetryAfter(at, seconds) if at == endpoint => {
                Some(([(RETRY_AFTER, seconds.to_string())], failure(503)).into_response())
            }
            Fault::Redirect(at, target) if at == endpoint => {
                Some(Redirect::temporary(target).into_response())
            }
            Fault::HtmlPage(at) if at == endpoint => Some(
                Html(pages::notice(
                    "Welcome",
                    "This network asks you to accept its terms.",
                ))
                .into_response(),
            ),
            Fault::FramingRefused if endpoint == Endpoint::Authorize => {
                Some(unframeable(X_FRAME_OPTIONS, "DENY"))
            }
            Fault::FramingRefusedByCsp if endpoint == Endpoint::Authorize => Some(unframeable(
                CONTENT_SECURITY_POLICY,
                "frame-ancestors 'none'",
            )),
            _ => None,
        }
    }

    /// Waits until this fault is cleared.
    pub(super) async fn outlast(&self, fault: Fault) {
        // An error means that the provider is gone.
        let _ = self
            .fault
            .subscribe()
            .wait_for(|now| *now != Some(fault))
            .await;
    }
}

fn failure(status: u16) -> Response {
    let status = StatusCode::from_u16(status)
        .ok()
        .filter(|status| status.is_client_error() || status.is_server_error())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let page = pages::notice("Something went wrong", "Please try again.");
    (status, Html(page)).into_response()
}

fn unframeable(header: HeaderName, value: &'static str) -> Response {
    let page = pages::notice("Sign in", "This page is not shown inside others.");
    ([(header, value)], Html(page)).into_response()
}
