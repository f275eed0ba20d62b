//! The provider's endpoints: `data:` URLs, a closed port, and answers that a script gives in place of `fetch`.
//!
//! What needs a server is left to the browser tests: cookies, cache, redirects, certificates, and
//! time limits on a real connection.

mod answer;
mod failure;
mod limits;
mod redirect;
mod request;

use std::time::Duration;

use evertoken::platform::{HttpClient, HttpRequest, HttpResponse, NetworkError};
use evertoken_background::platform::http::FetchClient;
use url::Url;

use crate::js::run;

const PROVIDER: &str = "https://provider.test/";

fn get(url: &str) -> HttpRequest {
    HttpRequest {
        url: Url::parse(url).unwrap(),
        form: None,
        max_bytes: 1000,
        timeout: Duration::from_secs(10),
        dpop_proof: None,
    }
}

async fn send(request: HttpRequest) -> Result<HttpResponse, NetworkError> {
    FetchClient.send(request).await
}

/// `answer`, a function of the `Request`, stands in for the provider; all other requests go out.
fn provider_answers(answer: &str) {
    run(&format!(
        r#"
        globalThis.realFetch ??= fetch;
        globalThis.answer = {answer};
        globalThis.fetch = (request) =>
            request.url?.startsWith("{PROVIDER}") ? answer(request) : realFetch(request);
        "#
    ));
}
