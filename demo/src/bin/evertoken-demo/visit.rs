//! The demo with a display: the user operates the browser, and the requests that the servers receive are printed.

use std::io::stdin;
use std::thread;
use std::time::Duration;

use anyhow::Result;
use evertoken_demo::stage::Stage;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::sleep;

use crate::timeline::Timeline;

const LOOK: Duration = Duration::from_millis(250);

pub(crate) async fn accompany(stage: &Stage) -> Result<()> {
    stage.browser.open("popup/popup.html").await?;
    stage.browser.fill("URL", &stage.api.url("/v1/me")).await?;
    println!(
        "Sign in and press Send; wait until the token has expired, and press Send again: still 200."
    );
    println!(
        "Enter in this terminal revokes every token at the API. Close the browser to end the demo.\n"
    );
    let mut timeline = Timeline::start(stage);
    let mut enter = enter_key();
    // No event says that the browser was closed, so it is polled.
    while stage
        .browser
        .web()
        .windows()
        .await
        .is_ok_and(|windows| !windows.is_empty())
    {
        while enter.try_recv().is_ok() {
            stage.api.revoke_all();
            println!("          The API has revoked every token.");
        }
        timeline.print_servers();
        sleep(LOOK).await;
    }
    timeline.print_servers();
    Ok(())
}

/// Sends an item for every press of Enter. Reading standard input with the async runtime would keep the demo from ending.
fn enter_key() -> UnboundedReceiver<()> {
    let (sender, receiver) = unbounded_channel();
    thread::spawn(move || {
        for _ in stdin().lines().map_while(Result::ok) {
            if sender.send(()).is_err() {
                break;
            }
        }
    });
    receiver
}
