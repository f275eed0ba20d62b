//! One check from the first line to the last.

use evertoken::doctor::authorization::{Asked, Opinion};
use evertoken::doctor::observed::Observed;
use evertoken::doctor::plan::{Plan, plan};
use evertoken::doctor::probe::{Maker, Variation, configuration};
use evertoken::doctor::{
    Check, Line, Verdict, api, authorization, clock, discovery, keys, permission, token_endpoint,
};
use evertoken::message::{PageRequest, SessionState, SessionView, WorkerReply};
use evertoken::platform::Random;
use evertoken::settings::Settings;
use evertoken_pages::clock::now;
use evertoken_pages::dom::window;
use evertoken_pages::{permission as host_permission, worker};
use evertoken_webext::{identity, runtime};
use futures_util::future::{join, join_all, join3};
use url::Url;
use wasm_bindgen_futures::spawn_local;

use super::request::{Seen, send};
use super::{board, call, given, limit, ways};

/// What rests on the provider's metadata.
const OF_METADATA: [Check; 9] = [
    Check::Keys,
    Check::Authorization,
    Check::TokenEndpoint,
    Check::Framing,
    Check::Cookies,
    Check::Offscreen,
    Check::WebAuthFlow,
    Check::RefreshGrant,
    Check::RefreshToken,
];

/// What rests on a client that the provider knows.
const OF_CLIENT: [Check; 6] = [
    Check::Framing,
    Check::Cookies,
    Check::Offscreen,
    Check::WebAuthFlow,
    Check::RefreshGrant,
    Check::RefreshToken,
];

/// Starts a check, unless one is under way.
pub(super) fn start() {
    if board::begin() {
        spawn_local(async {
            limit::begin();
            check().await;
            board::end();
        });
    }
}

async fn check() {
    let given = given::given().await;
    let redirect_uri = identity::get_redirect_url();
    let Plan {
        settings_line,
        settings,
        hosts,
        slots,
    } = plan(given.json.as_deref(), given.build, &redirect_uri);
    board::lay_out(slots, given.built_in);
    board::put(settings_line);
    let Some(settings) = settings else {
        return;
    };
    let view = match limit::in_time(worker::ask(PageRequest::View)).await {
        Some(Some(WorkerReply::View { view })) => Some(view),
        _ => None,
    };
    let granted = hosts.iter().enumerate().map(|(index, host)| async move {
        let granted = host_permission::is_granted(host.origins.clone()).await;
        board::put(permission::judge(index, host, granted));
    });
    let apis = call_apis(&settings, view.as_ref());
    let of_provider = check_provider(&settings, &redirect_uri, view.as_ref());
    join3(join_all(granted), of_provider, apis).await;
}

async fn call_apis(settings: &Settings, view: Option<&SessionView>) {
    let signed_in = view.is_some_and(|view| view.state == SessionState::SignedIn);
    let calls = settings
        .apis
        .iter()
        .enumerate()
        .map(|(index, one)| async move {
            let called = match Url::parse(&one.url) {
                Ok(url) if signed_in => Some(call::call(&url).await),
                _ => None,
            };
            board::put(api::judge(settings, index, called.as_ref()));
        });
    join_all(calls).await;
}

async fn check_provider(settings: &Settings, redirect_uri: &str, view: Option<&SessionView>) {
    let provider = &settings.provider;
    let Some(request) = configuration(&provider.issuer) else {
        return;
    };
    let Seen { observed, measured } = send(&request).await;
    let (line, metadata) = discovery::judge(provider, &observed);
    board::put(line);
    let session_offset = view.and_then(|view| view.clock_offset_ms);
    let tolerance = settings.session.clock_tolerance_s;
    board::put(clock::judge(tolerance, measured, session_offset));
    let Some((metadata, offers)) = metadata else {
        return wait_for(&OF_METADATA, Check::Discovery);
    };
    let asked = Asked {
        provider,
        metadata: &metadata,
        redirect_uri,
    };
    let (authorization, token, ()) = join3(
        check_authorization(&asked),
        check_token_endpoint(&asked),
        check_keys(&asked),
    )
    .await;
    board::put(token_endpoint::settle(token, &authorization));
    if authorization.verdict == Verdict::Failed {
        board::put(authorization);
        return wait_for(&OF_CLIENT, Check::Authorization);
    }
    ways::check(settings, view, offers, authorization).await;
}

fn wait_for(checks: &[Check], other: Check) {
    for check in checks {
        board::put(Line::waits_for(*check, other));
    }
}

async fn check_keys(asked: &Asked<'_>) {
    let request = evertoken::doctor::probe::Request {
        url: asked.metadata.jwks_uri.clone(),
        form: None,
    };
    let seen = send(&request).await;
    board::put(keys::judge(asked.provider, asked.metadata, &seen.observed));
}

async fn check_authorization(asked: &Asked<'_>) -> Line {
    let ours = ask(asked, Variation::Ours).await;
    match authorization::judge(asked, &ours) {
        Opinion::Line(line) => line,
        Opinion::Compare(page) => {
            let (other_redirect_uri, other_client) = join(
                ask(asked, Variation::OtherRedirectUri),
                ask(asked, Variation::OtherClient),
            )
            .await;
            authorization::compare(asked, &page, &other_redirect_uri, &other_client)
        }
    }
}

async fn ask(asked: &Asked<'_>, variation: Variation) -> Observed {
    let request = maker(asked).authorization(asked.metadata, variation);
    send(&request).await.observed
}

async fn check_token_endpoint(asked: &Asked<'_>) -> Line {
    let seen = match maker(asked).token(asked.metadata) {
        Some(request) => Some(send(&request).await.observed),
        None => None,
    };
    let origin = runtime::get_url("");
    let origin = origin.trim_end_matches('/');
    token_endpoint::judge(asked.provider, asked.metadata, origin, seen.as_ref())
}

fn maker<'a>(asked: &Asked<'a>) -> Maker<'a> {
    Maker {
        provider: asked.provider,
        redirect_uri: asked.redirect_uri,
        random: &BrowserRandom,
        now: now(),
    }
}

/// The browser's randomness.
struct BrowserRandom;

impl Random for BrowserRandom {
    fn fill(&self, buffer: &mut [u8]) {
        let crypto = window().crypto();
        // It fails only for more than 64 KiB.
        _ = crypto.and_then(|crypto| crypto.get_random_values_with_u8_array(buffer));
    }
}
