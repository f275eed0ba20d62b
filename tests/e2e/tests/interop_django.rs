//! With django-oauth-toolkit, behind the sign-in page of Django's administration.

use anyhow::Result;
use evertoken_e2e::interop::{InteropStage, Options};
use serde_json::{Value, json};

fn django(settings: Value) -> Options {
    Options {
        settings,
        servers: json!({"provider": "django-oauth-toolkit"}),
        ..Options::default()
    }
}

#[tokio::test]
async fn who_signs_in_at_djangos_own_page_gets_an_answer() -> Result<()> {
    let stage = InteropStage::signed_in_with(django(json!({}))).await?;
    let answer = stage.get("fetch", "signed-in").await?;
    assert_eq!(answer.status, 200, "{answer:?}");
    stage.close().await
}
