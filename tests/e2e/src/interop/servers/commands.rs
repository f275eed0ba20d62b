//! Commands to the servers while they run; `tests/interop/README.md` describes all of them.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::Servers;

impl Servers {
    /// Makes the APIs refuse every id_token and access token issued so far.
    ///
    /// # Errors
    /// When the servers are gone, or there was no token.
    pub async fn revoke(&mut self) -> Result<()> {
        let answer = self.tell("revoke", json!({})).await?;
        ensure!(answer["revoked"] != 0, "there was nothing to revoke");
        Ok(())
    }

    /// Makes the provider delete its refresh tokens.
    ///
    /// # Errors
    /// When the servers are gone, or there was no refresh token.
    pub async fn revoke_refresh_tokens(&mut self) -> Result<()> {
        let answer = self.tell("revoke_refresh_tokens", json!({})).await?;
        ensure!(answer["revoked"] != 0, "there was nothing to revoke");
        Ok(())
    }

    /// Makes the provider delete its sessions.
    ///
    /// # Errors
    /// When the servers are gone, or there was no session.
    pub async fn end_sessions(&mut self) -> Result<()> {
        let answer = self.tell("end_sessions", json!({})).await?;
        ensure!(answer["ended"] != 0, "there was no session to end");
        Ok(())
    }

    /// Makes the next `count` token requests fail with 503, before the provider sees them.
    ///
    /// # Errors
    /// When the servers are gone.
    pub async fn fail_token_requests(&mut self, count: u32) -> Result<()> {
        let parameters = json!({ "count": count, "status": 503 });
        self.tell("fail_token_requests", parameters).await.map(drop)
    }

    /// Makes the provider process the next token request, but loses the response: before its first byte, or, with `within`,
    /// in the middle.
    ///
    /// If no byte of the response arrived, Chromium repeats the request by itself, because the connection was used before.
    ///
    /// # Errors
    /// When the servers are gone.
    pub async fn lose_token_response(&mut self, within: bool) -> Result<()> {
        let parameters = json!({ "begun": within });
        self.tell("lose_token_responses", parameters)
            .await
            .map(drop)
    }

    /// Makes token requests wait before the provider sees them.
    ///
    /// # Errors
    /// When the servers are gone.
    pub async fn hold_token_requests(&mut self) -> Result<()> {
        self.tell("hold_token_requests", json!({})).await.map(drop)
    }

    /// Lets the waiting token requests continue.
    ///
    /// # Errors
    /// When the servers are gone.
    pub async fn release_token_requests(&mut self) -> Result<()> {
        self.tell("release_token_requests", json!({}))
            .await
            .map(drop)
    }

    /// Makes the `dpop` API ask for another nonce.
    ///
    /// # Errors
    /// When the servers are gone.
    pub async fn change_api_nonce(&mut self) -> Result<()> {
        self.tell("change_api_nonce", json!({})).await.map(drop)
    }

    /// The servers' log since it was last taken, without clearing it.
    pub(in crate::interop) async fn log(&mut self) -> Result<Value> {
        self.tell("log", json!({})).await
    }

    /// The servers' log since it was last taken; clears it.
    pub(in crate::interop) async fn take_log(&mut self) -> Result<Value> {
        let log = self.log().await?;
        self.tell("clear_log", json!({})).await?;
        Ok(log)
    }
}
