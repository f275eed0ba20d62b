//! The subjects of a measurement: baselines, libraries, and Evertoken with each renewal method.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use evertoken_demo::api::{AcceptedToken, Api, ApiOptions};
use evertoken_demo::browser::{Browser, LaunchOptions};
use evertoken_demo::provider::{Provider, ProviderOptions};
use evertoken_demo::stage::{Stage, StageOptions};
use evertoken_demo::tls::Certificate;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{own_extension, web};

/// One subject, in its own browser with its own servers, signed in.
pub(crate) struct Contestant {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// Its page: a path in the extension, or a URL.
    page: String,
    place: Place,
}

/// The kind of a subject, which determines the work that it can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Plain `fetch`, with a token that stays valid and without a service worker.
    Bare,
    /// A token that stays valid; calls go through a service worker that only forwards them.
    EmptyWorker,
    /// As `EmptyWorker`, in an extension with Evertoken's permissions: with `webRequest` Chromium routes every request of
    /// the browser through one more process.
    PermittedWorker,
    /// A library in a page: it renews tokens, and there is no worker that could be stopped.
    Library,
    /// Evertoken.
    Evertoken,
}

impl Kind {
    /// Its calls go through a service worker, which can be stopped.
    pub(crate) fn has_worker(self) -> bool {
        matches!(
            self,
            Self::EmptyWorker | Self::PermittedWorker | Self::Evertoken
        )
    }
}

enum Place {
    Stage(Box<Stage>),
    Own(Box<Own>),
}

struct Own {
    // Declared first, so that the browser is dropped before its servers and its files.
    browser: Browser,
    api: Api,
    provider: Provider,
    _folders: [TempDir; 2],
}

pub(crate) const EMPTY_WORKER: &str = "empty worker";
pub(crate) const PERMITTED_WORKER: &str = "empty worker, same permissions";

/// Baselines and libraries: name, kind, page, and whether the page is a web page instead of a page of an extension.
const OTHERS: [(&str, Kind, &str, bool); 7] = [
    ("bare fetch", Kind::Bare, "bare", false),
    (EMPTY_WORKER, Kind::EmptyWorker, "bare", false),
    (PERMITTED_WORKER, Kind::PermittedWorker, "bare", false),
    ("seed: axios + auth0-js", Kind::Library, "seed", false),
    (
        "axios-auth-refresh + oidc-client-ts",
        Kind::Library,
        "oidc-client-ts",
        false,
    ),
    (
        "auth0-spa-js (web page)",
        Kind::Library,
        "auth0-spa-js",
        true,
    ),
    ("@axa-fr/oidc-client (web page)", Kind::Library, "axa", true),
];

/// Evertoken with each renewal method: name and method.
const OURS: [(&str, &str); 3] = [
    ("Evertoken, offscreen", "offscreen"),
    ("Evertoken, web_auth_flow", "web_auth_flow"),
    ("Evertoken, refresh_token", "refresh_token"),
];

impl Contestant {
    /// All subjects, ready to be measured.
    pub(crate) async fn team(web: &Path) -> Result<Vec<Self>> {
        let mut team = Vec::new();
        for (name, kind, page, on_the_web) in OTHERS {
            team.push(
                Self::other(web, name, kind, page, on_the_web)
                    .await
                    .context(name)?,
            );
        }
        for (name, rung) in OURS {
            let settings = json!({ "provider": { "renewal": [rung],
                "scope": "openid profile email offline_access" } });
            team.push(Self::evertoken(web, name, settings).await.context(name)?);
        }
        Ok(team)
    }

    /// Evertoken with these settings merged into the demo's.
    pub(crate) async fn evertoken(web: &Path, name: &'static str, settings: Value) -> Result<Self> {
        let stage = Stage::set_up(StageOptions {
            settings,
            provider: long_lived(false),
            ..StageOptions::default()
        })
        .await?;
        let script = std::fs::read_to_string(web.join("evertoken.js"))?;
        stage.add_file("popup/bench.js", &script)?;
        stage.add_file(
            "popup/bench.html",
            "<!doctype html><title>bench</title><script src=\"../pages/evertoken.js\"></script><script src=\"bench.js\"></script>",
        )?;
        let browser = &stage.browser;
        browser.open("popup/popup.html").await?;
        browser.press("Sign in").await?;
        browser.sign_in_at_provider().await?;
        browser.shows("Expires in").await?;
        let contestant = Self {
            name,
            kind: Kind::Evertoken,
            page: "popup/bench.html".to_owned(),
            place: Place::Stage(Box::new(stage)),
        };
        contestant.open().await?;
        Ok(contestant)
    }

    pub(crate) async fn other(
        web: &Path,
        name: &'static str,
        kind: Kind,
        page: &str,
        on_the_web: bool,
    ) -> Result<Self> {
        let [extension, app] = [TempDir::new()?, TempDir::new()?];
        let certificate = Certificate::generate()?;
        let provider = Provider::start(&certificate, long_lived(on_the_web)).await?;
        let accepts = match on_the_web {
            true => AcceptedToken::AccessToken,
            false => AcceptedToken::IdToken,
        };
        let options = ApiOptions {
            accepts,
            app: Some(app.path().to_owned()),
            ..ApiOptions::default()
        };
        let api = Api::start(&certificate, &provider, options).await?;
        let id = own_extension::write(web, extension.path(), kind)?;
        let config = config(&provider, &api, &id);
        for folder in [&extension, &app] {
            web::lay_out(web, folder.path(), &config)?;
        }
        if page == "axa" {
            lay_out_axa(app.path(), &provider, &api)?;
        }
        for redirect_uri in [
            "callback",
            "seed_callback",
            "oidc_callback",
            "web_message",
            "axa",
        ] {
            provider.register(config[redirect_uri].as_str().unwrap_or_default());
        }
        let launch = LaunchOptions::new(extension.path(), id, certificate.spki_hash());
        let browser = Browser::launch(&launch).await?;
        sign_in_at(&browser, &provider, &config).await?;
        let page = match on_the_web {
            true => api.url(&format!("/app/{page}.html")),
            false => format!("{page}.html"),
        };
        let contestant = Self {
            name,
            kind,
            page,
            place: Place::Own(Box::new(Own {
                browser,
                api,
                provider,
                _folders: [extension, app],
            })),
        };
        contestant.open().await?;
        Ok(contestant)
    }

    /// Opens its page again, and waits until it has tokens and, if there is a worker, is controlled by it.
    pub(crate) async fn open(&self) -> Result<()> {
        let browser = self.browser();
        match self.page.starts_with("https:") {
            true => browser.web().goto(&self.page).await?,
            false => browser.open(&self.page).await?,
        }
        let controlled = self.kind.has_worker();
        browser
            .until("the contestant's tokens", async || {
                let state =
                    "return [globalThis.bench?.state, Boolean(navigator.serviceWorker.controller)]";
                let state = browser.eval(state, json!([])).await?;
                match state[0].as_str() {
                    Some("ready") if !controlled || state[1] == true => Ok(Some(())),
                    Some(failed) if failed.starts_with("failed") => {
                        bail!("{}: {failed}", self.name)
                    }
                    other => {
                        if controlled && other == Some("ready") {
                            browser.open(&self.page).await?;
                        }
                        bail!("{}: {state}", self.name)
                    }
                }
            })
            .await
    }

    pub(crate) fn browser(&self) -> &Browser {
        match &self.place {
            Place::Stage(stage) => &stage.browser,
            Place::Own(own) => &own.browser,
        }
    }

    pub(crate) fn api(&self) -> &Api {
        match &self.place {
            Place::Stage(stage) => &stage.api,
            Place::Own(own) => &own.api,
        }
    }

    fn provider(&self) -> &Provider {
        match &self.place {
            Place::Stage(stage) => &stage.provider,
            Place::Own(own) => &own.provider,
        }
    }

    /// How many renewals the provider has seen: authorizations, and refreshes.
    pub(crate) fn renewals(&self) -> usize {
        let refreshes = self.provider().token_requests();
        let refreshes = refreshes.iter().filter(|request| request.is_refresh());
        self.provider().log().len() + refreshes.count()
    }

    pub(crate) async fn close(self) -> Result<()> {
        match self.place {
            Place::Stage(stage) => stage.close().await,
            Place::Own(own) => own.browser.close().await,
        }
    }
}

/// A provider whose tokens never expire during a run: they become invalid only by revocation.
fn long_lived(cors: bool) -> ProviderOptions {
    ProviderOptions {
        token_lifetime: std::time::Duration::from_secs(24 * 60 * 60),
        cors,
        ..ProviderOptions::default()
    }
}

fn config(provider: &Provider, api: &Api, id: &str) -> Value {
    let page = |name: &str| format!("chrome-extension://{id}/{name}.html");
    json!({
        "issuer": provider.issuer(),
        "client_id": provider.client_id(),
        "callback": page("callback"),
        "seed_callback": page("seed-callback"),
        "oidc_callback": page("oidc-callback"),
        "web_message": api.url("/app/auth0-spa-js.html"),
        "axa": api.url("/app/axa.html"),
    })
}

fn lay_out_axa(folder: &Path, provider: &Provider, api: &Api) -> Result<()> {
    let name = "OidcServiceWorker.js";
    let dist = "bench/node_modules/@axa-fr/oidc-client-service-worker/dist";
    std::fs::copy(xtask::root().join(dist).join(name), folder.join(name))?;
    let issuer = provider.issuer().trim_end_matches('/');
    let domains = json!({ "bench": {
        "oidcDomains": [issuer], "accessTokenDomains": [api.url("")], "showAccessToken": false } });
    let domains = format!("const trustedDomains = {domains};\n");
    Ok(std::fs::write(
        folder.join("OidcTrustedDomains.js"),
        domains,
    )?)
}

/// Signs "ada" in at the provider, whose cookie then answers silent authorizations.
async fn sign_in_at(browser: &Browser, provider: &Provider, config: &Value) -> Result<()> {
    let mut url = provider.issuer().to_owned() + "authorize?response_type=token%20id_token";
    for (name, value) in [
        ("client_id", &config["client_id"]),
        ("redirect_uri", &config["callback"]),
    ] {
        url += &format!("&{name}={}", value.as_str().unwrap_or_default());
    }
    browser
        .web()
        .goto(url + "&scope=openid&nonce=n&state=s")
        .await?;
    browser.press("Sign in").await?;
    browser
        .until("the provider's answer", async || {
            let url = browser.eval("return location.href", json!([])).await?;
            let url = url.as_str().unwrap_or_default();
            Ok(url.starts_with("chrome-extension:").then_some(()))
        })
        .await
}
