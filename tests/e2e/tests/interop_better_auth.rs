//! With better-auth and its OAuth provider plugin: id_tokens by EdDSA, which name nobody.

use anyhow::Result;
use evertoken_e2e::interop::{InteropStage, Options};
use serde_json::{Value, json};

fn better_auth(settings: Value) -> Options {
    Options {
        api: "jose",
        settings,
        servers: json!({"provider": "better-auth"}),
        ..Options::default()
    }
}

#[tokio::test]
async fn who_signs_in_gets_an_answer_from_an_api_that_takes_eddsa() -> Result<()> {
    let stage = InteropStage::signed_in_with(better_auth(json!({}))).await?;
    let answer = stage.get("fetch", "signed-in").await?;
    assert_eq!(answer.status, 200, "{answer:?}");
    stage.close().await
}
