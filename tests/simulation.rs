//! The engine in a world in which everything can go wrong at any moment, and in which nothing happens by chance:
//! one thread, a virtual clock, and a seed that makes a run happen again. `docs/simulation.md` tells more.

#![allow(
    clippy::unwrap_used,
    reason = "a world that is not as the simulation built it fails its test"
)]
#![allow(
    unreachable_pub,
    reason = "the modules are compiled into this test binary"
)]

#[path = "simulation/apis.rs"]
mod apis;
#[path = "simulation/checks.rs"]
mod checks;
#[path = "simulation/dice.rs"]
mod dice;
#[path = "simulation/faults.rs"]
mod faults;
#[path = "simulation/network.rs"]
mod network;
#[path = "simulation/people.rs"]
mod people;
#[path = "simulation/plan.rs"]
mod plan;
#[path = "simulation/ports.rs"]
mod ports;
#[path = "simulation/provider.rs"]
mod provider;
#[path = "simulation/recovery.rs"]
mod recovery;
#[path = "simulation/scenarios.rs"]
mod scenarios;
#[path = "simulation/script.rs"]
mod script;
#[path = "simulation/simulation.rs"]
mod simulation;
#[path = "simulation/store.rs"]
mod store;
#[path = "simulation/stored.rs"]
mod stored;
#[path = "simulation/timeline.rs"]
mod timeline;
#[path = "simulation/watch.rs"]
mod watch;
#[path = "simulation/worker.rs"]
mod worker;
#[path = "simulation/world.rs"]
mod world;

use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use scenarios::SCENARIOS;

/// How many seeds are run where nobody says it.
const SEEDS: u64 = 2500;
/// Runs share nothing, so they may run beside each other.
const THREADS: u64 = 2;

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap())
}

#[test]
fn no_run_of_chance_violates_an_invariant() {
    if let Some(seed) = number("EVERTOKEN_SIMULATION_SEED") {
        return run_seed(seed);
    }
    let seeds = number("EVERTOKEN_SIMULATION_SEEDS").unwrap_or(SEEDS);
    // Whoever finds something first ends the search of all.
    let searching = Arc::new(AtomicBool::new(true));
    let threads = (0..THREADS).map(|first| {
        let searching = Arc::clone(&searching);
        thread::spawn(move || {
            let mut numbers = (first..seeds).step_by(2);
            let found = numbers.find(|seed| {
                searching.load(Ordering::Relaxed)
                    && catch_unwind(AssertUnwindSafe(|| run_seed(*seed))).is_err()
            });
            searching.fetch_and(found.is_none(), Ordering::Relaxed);
            found
        })
    });
    let threads: Vec<_> = threads.collect();
    let found: Vec<u64> = threads
        .into_iter()
        .filter_map(|thread| thread.join().unwrap())
        .collect();
    assert_eq!(found, [0; 0], "these seeds violate an invariant: see above");
}

/// Runs `seed`; when that violates an invariant, once more with every event written down: it is the same run.
fn run_seed(seed: u64) {
    let run = |told| {
        catch_unwind(AssertUnwindSafe(|| {
            let (simulation, outcome) = script::run(seed, told);
            (outcome.err(), simulation.world.timeline.schedule())
        }))
    };
    let again = match run(false) {
        Ok((None, _)) => return,
        _ => run(true),
    };
    let replay = format!("Once more: cargo xtask simulate --seed {seed}");
    match again {
        Ok((Some(violation), schedule)) => {
            panic!("{schedule}\n\nVIOLATED by seed {seed}: {violation}\n{replay}")
        }
        Ok((None, _)) => panic!("seed {seed} is not the same run again\n{replay}"),
        Err(_) => panic!("seed {seed} makes the engine panic\n{replay}"),
    }
}

#[test]
fn the_worker_may_die_at_every_single_event() {
    for scenario in &SCENARIOS {
        for seed in 0..3 {
            let name = scenario.name;
            let deaths = scenarios::play(scenario, seed).unwrap_or_else(|failure| {
                let (schedule, violation) = (failure.schedule, failure.violation);
                panic!("{schedule}\n\nVIOLATED by {name}, seed {seed}: {violation}")
            });
            // A story in which nothing happens shows nothing.
            assert!(deaths >= scenario.least_deaths, "{name}: {deaths}");
        }
    }
}

#[test]
fn a_seed_is_the_same_run_every_time() {
    for seed in 0..20 {
        let [first, second] = [(), ()].map(|()| {
            let (simulation, _) = script::run(seed, true);
            simulation.world.timeline.schedule()
        });
        assert!(first.lines().count() > 20, "seed {seed}");
        assert_eq!(first, second, "seed {seed}");
    }
}
