//! What the setup check looks through: a page's browser, or a world of a test.

use std::future::Future;

use url::Url;

use super::Finding;
use super::api::Call;
use super::clock::Measured;
use super::probe::Request;
use super::probe_result::ProbeResult;
use crate::message::{PageRequest, WorkerReply};
use crate::platform::{Random, UnixTime};

/// Makes the observations of a run, each within the run's time limit, and shows what is found. It decides nothing.
pub trait Observer {
    /// The present.
    fn now(&self) -> UnixTime;
    /// Where states, nonces and verifiers of the run's requests come from.
    fn random(&self) -> &dyn Random;
    /// The extension's origin, without a slash at the end.
    fn origin(&self) -> String;
    /// The extension's redirect URI, as it is registered with the provider.
    fn redirect_uri(&self) -> String;
    /// Whether the extension may reach all of `origins`; `None` where the browser does not say.
    fn is_permitted(&self, origins: Vec<String>) -> impl Future<Output = Option<bool>>;
    /// Sends `request`, without cookies, and follows no redirect. The second is the server's time, where its answer tells.
    fn send(&self, request: Request) -> impl Future<Output = (ProbeResult, Option<Measured>)>;
    /// Asks the worker; `None` where it does not answer in time.
    fn ask(&self, request: PageRequest) -> impl Future<Output = Option<WorkerReply>>;
    /// A GET of `url` as any page of the extension makes it: the worker adds the token, and the browser follows redirects.
    fn call(&self, url: &Url) -> impl Future<Output = Call>;
    /// Shows a finding. Of two of the same check, the first counts.
    fn show(&self, finding: Finding);
}
