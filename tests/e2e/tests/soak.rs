//! Twenty calls a second on tokens that live for five, with a provider that fails at random and a worker that ends
//! every fifteen seconds. One minute by default; `cargo xtask soak` runs ten.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use evertoken_demo::provider::{Endpoint, Fault, Outcome};
use evertoken_demo::stage::Stage;
use evertoken_e2e::{sign_in, stage, until_answered};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};

/// Between one end of the worker and the next.
const WORKER_LIVES: Duration = Duration::from_secs(15);
/// Between the beginnings of two faults.
const FAULT_EVERY: Duration = Duration::from_secs(12);
/// How long a fault lasts at least; it ends when a renewal has met it.
const FAULT_LASTS: Duration = Duration::from_secs(2);
/// What recovery may take after a fault: the longest pause that failures within it bring about, and one renewal.
const RECOVERY_MS: f64 = 7000.0;

const FAULTS: [Fault; 6] = [
    Fault::ServerError(Endpoint::Token),
    Fault::RetryAfter(Endpoint::Token, 1),
    Fault::HtmlPage(Endpoint::Token),
    Fault::Status(Endpoint::Token, 429),
    Fault::RefuseRefresh("temporarily_unavailable"),
    Fault::HoldTokens,
];

/// Calls every 50 ms until it is told to stop; what was not answered with 200 is kept, with its times.
const CALLS: &str = "
    globalThis.soak = { answered: 0, failed: [], open: 0, faults: [], ends: [] };
    const { soak } = globalThis;
    const call = async () => {
        const from = Date.now();
        soak.open += 1;
        const outcome = await fetch(args[0]).then((answer) => String(answer.status), (error) => error.name);
        soak.open -= 1;
        if (outcome === '200') soak.answered += 1;
        else soak.failed.push({ outcome, from, to: Date.now() });
    };
    soak.timer = setInterval(call, 50);";

const END: &str = "
    const { soak } = globalThis;
    clearInterval(soak.timer);
    while (soak.open > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    return soak;";

#[derive(Debug, Deserialize)]
struct Soak {
    answered: usize,
    failed: Vec<Failed>,
    /// Begin and end of each fault.
    faults: Vec<(f64, f64)>,
    /// When the worker ended.
    ends: Vec<f64>,
}

#[derive(Debug, Deserialize)]
struct Failed {
    outcome: String,
    from: f64,
    to: f64,
}

/// What the browser keeps for the extension: bytes that are stored, documents that are open, the page's own heap.
/// The timeline has a bound of its own, in entries, which are as long as what they tell.
async fn footprint(stage: &Stage) -> Result<[f64; 3]> {
    let cdp = stage.browser.web().cdp();
    cdp.send_raw("HeapProfiler.collectGarbage", json!({}))
        .await?;
    let count = "
        const contexts = await chrome.runtime.getContexts({});
        const areas = [chrome.storage.session, chrome.storage.local];
        const bytes = await Promise.all(areas.map((area) => area.getBytesInUse(null)));
        const timeline = await chrome.storage.session.getBytesInUse('evertoken.activity');
        return [bytes[0] + bytes[1] - timeline, contexts.length, performance.memory.usedJSHeapSize];";
    Ok(serde_json::from_value(
        stage.browser.eval(count, json!([])).await?,
    )?)
}

/// Notes the page's time under `name`.
async fn note(stage: &Stage, what: &str) -> Result<Value> {
    stage.browser.eval(what, json!([])).await
}

async fn fault(stage: &Stage, fault: Fault) -> Result<()> {
    note(stage, "globalThis.since = Date.now()").await?;
    let requests = stage.provider.token_requests().len();
    stage.provider.set_fault(fault);
    sleep_until(Instant::now() + FAULT_LASTS).await;
    // A fault that meets nobody is none, and one at the token endpoint is met by the next renewal.
    stage.provider.wait_for_token_requests(requests + 1).await?;
    stage.provider.clear_fault();
    note(stage, "soak.faults.push([since, Date.now()])").await?;
    Ok(())
}

async fn trouble(stage: &Stage, lasts: Duration) -> Result<()> {
    let started = Instant::now();
    let (mut next_end, mut next_fault) = (started + WORKER_LIVES, started + FAULT_EVERY);
    // Odd steps through the list: no fault follows another for a reason.
    for step in (0..).step_by(5) {
        let next = next_end.min(next_fault);
        if next >= started + lasts {
            break;
        }
        sleep_until(next).await;
        if next == next_end {
            note(stage, "soak.ends.push(Date.now())").await?;
            stage.browser.kill_worker().await?;
            next_end += WORKER_LIVES;
        } else {
            let which = FAULTS.get(step % FAULTS.len());
            fault(stage, *which.context("no such fault")?).await?;
            next_fault += FAULT_EVERY;
        }
    }
    sleep_until(started + lasts).await;
    Ok(())
}

#[tokio::test]
async fn no_call_fails_that_could_have_been_saved_and_nothing_grows() -> Result<()> {
    let seconds = std::env::var("EVERTOKEN_SOAK_S").unwrap_or_else(|_| "60".to_owned());
    let lasts = Duration::from_secs(seconds.parse().context("EVERTOKEN_SOAK_S is no number")?);
    let stage = stage(json!({"provider": {
        "renewal": ["refresh_token", "offscreen"], "scope": "openid profile email offline_access",
    }}))
    .await?;
    stage.provider.set_token_lifetime(Duration::from_secs(5));
    sign_in(&stage).await?;
    stage
        .browser
        .eval(CALLS, json!([stage.api.url("/v1/me")]))
        .await?;
    // The first round warms everything up.
    let warm = lasts / 3;
    trouble(&stage, warm).await?;
    let before = footprint(&stage).await?;
    trouble(&stage, lasts - warm).await?;
    let soak: Soak = serde_json::from_value(stage.browser.eval(END, json!([])).await?)?;
    until_answered(&stage).await?;
    let after = footprint(&stage).await?;
    let requests = stage.provider.token_requests();
    let issued = requests.iter().filter(|one| one.outcome == Outcome::Issued);
    let (issued, asked) = (issued.count(), requests.len());
    report(&soak, [issued, asked], before, after);
    ensure!(asked > issued, "no request met a fault: {requests:?}");
    for failed in &soak.failed {
        ensure!(is_excused(&soak, failed), "{failed:?} in {soak:?}");
    }
    ensure!(
        soak.answered > 10 * usize::try_from(lasts.as_secs())?,
        "{soak:?}"
    );
    ensure!(
        after[0] <= before[0] + 200.0,
        "stored: {before:?} grew to {after:?}"
    );
    ensure!(
        after[1] <= before[1],
        "contexts: {before:?} grew to {after:?}"
    );
    ensure!(
        after[2] <= before[2] * 1.5,
        "the heap: {before:?} grew to {after:?}"
    );
    stage.close().await
}

/// The provider was in trouble and the token ended, or the call's worker ended and so did the next.
fn is_excused(soak: &Soak, failed: &Failed) -> bool {
    let (from, to) = (failed.from, failed.to);
    let mut faults = soak.faults.iter();
    let in_trouble = faults.any(|(since, until)| from <= until + RECOVERY_MS && to >= *since);
    let ends = soak
        .ends
        .iter()
        .filter(|at| (from..=to).contains(*at))
        .count();
    match failed.outcome.as_str() {
        "401" => in_trouble,
        _ => ends > 1,
    }
}

#[expect(clippy::print_stdout, reason = "figures, for whoever asks for them")]
fn report(soak: &Soak, [issued, asked]: [usize; 2], before: [f64; 3], after: [f64; 3]) {
    println!(
        "{} answered, {} failed while the provider did, {} faults, {} ends of the worker; {issued} of {asked} token requests answered well; stored bytes, contexts and heap {before:?}, then {after:?}",
        soak.answered,
        soak.failed.len(),
        soak.faults.len(),
        soak.ends.len(),
    );
}
