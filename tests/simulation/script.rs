//! A random run: a sequence of actions of pages, users, machines and networks.

use evertoken::platform::Record;

use super::dice::Dice;
use super::faults::{Fate, Faults};
use super::plan::Plan;
use super::recovery;
use super::simulation::{Simulation, Violation};
use super::world::Person;

/// Runs this seed from beginning to end. `told`: records the schedule.
pub fn run(seed: u64, told: bool) -> (Simulation, Result<(), Violation>) {
    let mut dice = Dice::new(seed);
    let plan = Plan::random(&mut dice);
    let mut simulation = Simulation::new(dice.next(), plan, told);
    let outcome = play(&mut simulation, &mut dice);
    (simulation, outcome)
}

fn play(simulation: &mut Simulation, dice: &mut Dice) -> Result<(), Violation> {
    if dice.chance(90) {
        simulation.sign_in();
        simulation.pass(dice.between(0, 10_000))?;
    }
    for _ in 0..dice.between(4, 30) {
        act(simulation, dice)?;
        let pause = match dice.between(0, 9) {
            0..4 => dice.between(0, 50),
            4..7 => dice.between(50, 5_000),
            7..9 => dice.between(5_000, 120_000),
            _ => dice.between(120_000, 4_000_000),
        };
        simulation.pass(pause)?;
    }
    recovery::check(simulation, dice)
}

fn act(simulation: &mut Simulation, dice: &mut Dice) -> Result<(), Violation> {
    match dice.between(0, 99) {
        0..30 => calls(simulation, dice),
        30..38 => simulation.kill(),
        38..46 => simulation.dies_at = Some(simulation.happened + dice.next() % 40),
        46..54 => revoke(simulation, dice),
        54..62 => {
            draw_person(simulation, dice);
            simulation.sign_in();
        }
        62..66 => _ = simulation.sign_out(),
        66..71 => simulation.renew(),
        71..76 => move_clock(simulation, dice),
        76..79 => visit_provider(simulation, dice),
        79..95 => draw_faults(simulation, dice),
        95..97 => {
            simulation.kill();
            simulation.corrupt(dice.pick(&[Record::Journal, Record::Remembered, Record::Session]));
        }
        97 => simulation.restart_browser(),
        98 => simulation.open_page(),
        // Nothing happens until the next event is due.
        _ => simulation.pass(dice.between(60_000, 7_200_000))?,
    }
    Ok(())
}

fn calls(simulation: &mut Simulation, dice: &mut Dice) {
    let count = match dice.between(0, 19) {
        0 => dice.between(60, 90),
        1..8 => dice.between(2, 8),
        _ => 1,
    };
    let target = match dice.chance(90) {
        true => usize::from(dice.chance(35)),
        false => dice.pick(&[2, 3, 4, 5]),
    };
    for _ in 0..count {
        let gives_up = dice.chance(10).then(|| dice.between(0, 3_000));
        simulation.call(target, dice.chance(85), gives_up);
    }
}

fn revoke(simulation: &mut Simulation, dice: &mut Dice) {
    let world = &simulation.world;
    let mut provider = world.provider.borrow_mut();
    if dice.chance(80) {
        world
            .timeline
            .tell(|| "tokens are revoked at the APIs".to_owned());
        provider.revoke_all_tokens();
    }
    if dice.chance(20) {
        world
            .timeline
            .tell(|| "refresh tokens are revoked".to_owned());
        provider.revoke_refresh_tokens();
    }
    if dice.chance(10) {
        let api = usize::from(dice.chance(50));
        let mut apis = world.apis.borrow_mut();
        apis.reject_all[api] = !apis.reject_all[api];
        apis.terse = dice.chance(30);
        world
            .timeline
            .tell(|| format!("rejects all: {:?}", apis.reject_all));
    }
}

fn draw_person(simulation: &Simulation, dice: &mut Dice) {
    let person = Person {
        user: if dice.chance(80) { "ada" } else { "bob" },
        completes: dice.chance(85),
        takes_ms: dice.pick(&[100, 3_000, 60_000, 600_000]),
    };
    simulation.world.person.set(person);
}

fn visit_provider(simulation: &Simulation, dice: &mut Dice) {
    let user = dice.pick(&[None, None, Some("ada"), Some("bob")]);
    let world = &simulation.world;
    world
        .timeline
        .tell(|| format!("signed in at the provider: {user:?}"));
    world.provider.borrow_mut().set_session(user);
}

fn move_clock(simulation: &Simulation, dice: &mut Dice) {
    let world = &simulation.world;
    let by = dice.pick(&[5_000, 60_000, 1_000_000, 10_000_000]);
    // If the provider sends no `Date`, a wrong clock cannot be corrected.
    if !world.plan.tells_time || dice.chance(50) {
        world
            .timeline
            .tell(|| format!("the machine sleeps for {by} ms"));
        world.timeline.sleep(by);
    } else {
        let by = if dice.chance(50) { by } else { -by };
        world
            .timeline
            .tell(|| format!("the clock is set by {by} ms"));
        world.timeline.set_clock(by);
    }
}

fn draw_faults(simulation: &Simulation, dice: &mut Dice) {
    let mut faults = Faults::default();
    let often = |dice: &mut Dice| dice.pick(&[20, 50, 100]);
    match dice.between(0, 9) {
        0 => faults.offline = true,
        1 | 2 => faults.provider = often(dice),
        3 => {
            faults.provider = 100;
            faults.outage = Some(dice.pick(&[
                Fate::AnswerLost,
                Fate::Hangs,
                Fate::Status(503, Some(90)),
                Fate::Status(429, Some(150)),
                Fate::Page(200),
                Fate::Page(403),
            ]));
        }
        4 => faults.pages = often(dice),
        5 => faults.api = often(dice),
        6 => faults.writes = often(dice),
        7 => {
            faults.reads = often(dice);
            faults.proof_key = often(dice);
        }
        8 => {
            faults.provider = 20;
            faults.pages = 20;
            faults.api = 10;
            faults.writes = 10;
        }
        _ => {}
    }
    simulation
        .world
        .timeline
        .tell(|| format!("from now on {faults:?}"));
    *simulation.world.faults.borrow_mut() = faults;
}
