//! Short scenarios; each is repeated with the worker killed after each of its events.

use evertoken::message::SessionState;

use super::dice::Dice;
use super::plan::Plan;
use super::recovery;
use super::simulation::{Simulation, Violation};

/// A scenario: its setup, and the part in which the worker is killed.
#[derive(Clone, Copy)]
pub struct Scenario {
    pub name: &'static str,
    ladder: &'static str,
    /// Tokens are bound to a key.
    bound: bool,
    /// The least number of events that it must have.
    pub least_deaths: u64,
    /// A user is signed in when it begins.
    signed_in: bool,
    begins: fn(&mut Simulation),
}

const REFRESH: &str = r#""refresh_token""#;
const OFFSCREEN: &str = r#""offscreen""#;
const ALL: &str = r#""refresh_token", "offscreen", "web_auth_flow""#;

pub const SCENARIOS: [Scenario; 9] = [
    Scenario {
        name: "a sign-in, its pushed request and its proofs",
        ladder: ALL,
        bound: true,
        least_deaths: 18,
        signed_in: false,
        begins: |simulation| _ = simulation.sign_in(),
    },
    Scenario {
        name: "calls and a refresh with proofs",
        ladder: ALL,
        bound: true,
        least_deaths: 18,
        signed_in: true,
        begins: |simulation| {
            simulation.world.provider.borrow_mut().revoke_all_tokens();
            simulation.call(1, true, None);
        },
    },
    Scenario {
        name: "a sign-in and its code exchange",
        ladder: ALL,
        bound: false,
        least_deaths: 12,
        signed_in: false,
        begins: |simulation| _ = simulation.sign_in(),
    },
    Scenario {
        name: "a renewal in the iframe",
        ladder: OFFSCREEN,
        bound: false,
        least_deaths: 7,
        signed_in: true,
        begins: Simulation::renew,
    },
    Scenario {
        name: "a refresh token that is replaced",
        ladder: REFRESH,
        bound: false,
        least_deaths: 8,
        signed_in: true,
        begins: Simulation::renew,
    },
    Scenario {
        name: "a refresh token that is replaced after the worker was idle",
        ladder: ALL,
        bound: false,
        least_deaths: 12,
        signed_in: true,
        begins: |simulation| {
            simulation.kill();
            simulation.renew();
        },
    },
    Scenario {
        name: "fifty calls on a revoked token",
        ladder: ALL,
        bound: false,
        least_deaths: 150,
        signed_in: true,
        begins: |simulation| {
            simulation.world.provider.borrow_mut().revoke_all_tokens();
            for _ in 0..50 {
                simulation.call(0, true, None);
            }
        },
    },
    Scenario {
        name: "a sign-out",
        ladder: ALL,
        bound: false,
        least_deaths: 5,
        signed_in: true,
        begins: |simulation| _ = simulation.sign_out(),
    },
    Scenario {
        name: "a sign-out during a renewal",
        ladder: ALL,
        bound: false,
        least_deaths: 5,
        signed_in: true,
        begins: |simulation| {
            simulation.renew();
            simulation.sign_out();
        },
    },
];

/// The violation, and the schedule of everything that happened before it.
pub struct Failure {
    pub violation: Violation,
    pub schedule: String,
}

impl Failure {
    fn of(simulation: &Simulation, violation: Violation) -> Self {
        Self {
            violation,
            schedule: simulation.world.timeline.schedule(),
        }
    }
}

/// How long each part of a scenario runs, in milliseconds.
const STORY: i64 = 20_000;

/// Runs `scenario` once for each of its events, and kills the worker there; returns the number of these runs.
pub fn play(scenario: &Scenario, seed: u64) -> Result<u64, Failure> {
    let (whole, outcome) = run(scenario, seed, None, false);
    if let Err(violation) = outcome {
        return Err(Failure::of(&whole, violation));
    }
    let last = whole.story_events;
    for event in 0..=last {
        let (_, outcome) = run(scenario, seed, Some(event), false);
        if outcome.is_err() {
            let (told, outcome) = run(scenario, seed, Some(event), true);
            return Err(Failure::of(&told, outcome.err().unwrap_or_default()));
        }
    }
    Ok(last + 1)
}

fn run(
    scenario: &Scenario,
    seed: u64,
    dies_after: Option<u64>,
    told: bool,
) -> (Simulation, Result<(), Violation>) {
    let mut simulation = Simulation::new(seed, Plan::usual(scenario.ladder, scenario.bound), told);
    let outcome = story(&mut simulation, scenario, seed, dies_after);
    (simulation, outcome)
}

fn story(
    simulation: &mut Simulation,
    scenario: &Scenario,
    seed: u64,
    dies_after: Option<u64>,
) -> Result<(), Violation> {
    if scenario.signed_in {
        simulation.sign_in();
        simulation.pass(STORY)?;
        if simulation.state() != Some(SessionState::SignedIn) {
            return Err("the story does not begin".to_owned());
        }
    }
    let before = simulation.happened;
    simulation.dies_at = dies_after.map(|event| before + event);
    (scenario.begins)(simulation);
    simulation.pass(STORY)?;
    simulation.story_events = simulation.happened - before;
    // The next worker finishes what was begun.
    simulation.awake();
    simulation.pass(STORY)?;
    let signed_out = simulation.world.watch.borrow().signed_out;
    if signed_out
        && simulation
            .world
            .provider
            .borrow()
            .accepts_any_refresh_token()
    {
        return Err("a sign-out is not finished: a refresh token is still good".to_owned());
    }
    recovery::check(simulation, &mut Dice::new(seed))
}
