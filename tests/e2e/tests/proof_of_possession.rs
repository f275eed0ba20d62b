//! DPoP and pushed requests in the real worker: the key lies in IndexedDB, the proofs are judged by the servers.

use anyhow::Result;
use evertoken::message::{PageRequest, SessionState};
use evertoken_demo::api::{AcceptedToken, ApiOptions, Scheme};
use evertoken_demo::provider::{Behavior, ProviderOptions};
use evertoken_demo::stage::{Stage, StageOptions};
use evertoken_e2e::{code, get, renew, signed_in_with, statuses, until_state};
use serde_json::{Value, json};

async fn signed_in(behavior: Behavior, provider: Value) -> Result<Stage> {
    signed_in_with(StageOptions {
        provider: ProviderOptions {
            behavior,
            ..ProviderOptions::default()
        },
        // Only access tokens can be bound; the audience makes them what the API is sent.
        api: ApiOptions {
            accepts: AcceptedToken::AccessToken,
            ..ApiOptions::default()
        },
        settings: json!({"provider": provider}),
        ..StageOptions::default()
    })
    .await
}

fn bound() -> Value {
    json!({"dpop": true, "audience": "https://api.demo/", "scope": "openid profile offline_access",
        "renewal": ["refresh_token", "offscreen"]})
}

fn binding() -> Behavior {
    Behavior {
        dpop: true,
        ..Behavior::default()
    }
}

#[tokio::test]
async fn a_bound_token_serves_survives_its_revocation_and_a_stopped_worker() -> Result<()> {
    let stage = signed_in(binding(), bound()).await?;
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    stage.api.revoke_all();
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    stage.browser.stop_workers().await?;
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    stage.browser.stop_workers().await?;
    stage.api.revoke_all();
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    let expected = [200, 401, 200, 200, 401, 200].map(Some);
    assert_eq!(statuses(&stage), expected);
    assert!(
        stage
            .api
            .log()
            .iter()
            .all(|call| call.scheme == Some(Scheme::Dpop))
    );
    assert!(stage.provider.token_requests().iter().all(|one| one.dpop));
    stage.close().await
}

#[tokio::test]
async fn nonces_that_the_servers_want_cost_one_more_request_and_are_kept() -> Result<()> {
    let behavior = Behavior {
        dpop_nonce_required: true,
        ..binding()
    };
    let stage = signed_in(behavior, bound()).await?;
    stage.api.set_dpop_nonce_required(true);
    for _ in 0..3 {
        assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    }
    assert_eq!(statuses(&stage), [401, 200, 200, 200].map(Some));
    assert_eq!(
        stage.provider.token_requests().len(),
        2,
        "the sign-in, twice for its nonce"
    );
    assert_eq!(code(&renew(&stage.browser).await?), None);
    assert_eq!(stage.provider.token_requests().len(), 3);
    stage.close().await
}

#[tokio::test]
async fn the_key_cannot_be_read_and_ends_with_the_session() -> Result<()> {
    let stage = signed_in(binding(), bound()).await?;
    let keys = "
        const open = indexedDB.open('evertoken');
        const database = await new Promise((done, failed) => {
            open.onsuccess = () => done(open.result);
            open.onerror = () => failed(open.error);
        });
        const all = database.transaction('keys').objectStore('keys').getAll();
        const found = await new Promise((done) => { all.onsuccess = () => done(all.result); });
        database.close();
        const keys = found.flatMap((one) => one instanceof CryptoKey ? [one] : Object.values(one));
        return keys.filter((one) => one instanceof CryptoKey && one.type === 'private').map((one) => one.extractable);";
    assert_eq!(stage.browser.eval(keys, json!([])).await?, json!([false]));
    stage
        .browser
        .worker_message::<Value>(PageRequest::SignOut)
        .await?;
    until_state(&stage.browser, SessionState::SignedOut).await?;
    assert_eq!(stage.browser.eval(keys, json!([])).await?, json!([]));
    stage.close().await
}

#[tokio::test]
async fn a_provider_that_wants_its_requests_pushed_gets_them_so() -> Result<()> {
    let behavior = Behavior {
        require_par: true,
        ..Behavior::default()
    };
    let provider =
        json!({"audience": "https://api.demo/", "renewal": ["offscreen", "web_auth_flow"]});
    let stage = signed_in(behavior, provider).await?;
    stage.api.revoke_all();
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    assert_eq!(stage.provider.log().len(), 2);
    assert!(stage.provider.log().iter().all(|one| one.pushed));
    stage.close().await
}
