//! The end of a run: once all faults have stopped, the session must work again, or say that a sign-in is needed.

use std::time::Duration;

use evertoken::message::SessionState;

use super::dice::Dice;
use super::faults::Faults;
use super::simulation::{Simulation, Violation};
use super::world::{Person, World};

/// How long the session may take to recover after all faults have stopped, in milliseconds: the longest pause after a
/// failure is 7.5 minutes.
const RECOVERY: i64 = 10 * 60_000;
const MINUTE: Duration = Duration::from_mins(1);

/// Stops all faults and checks that the session recovers.
pub fn check(simulation: &mut Simulation, dice: &mut Dice) -> Result<(), Violation> {
    heal(simulation);
    simulation.pass(RECOVERY)?;
    if !simulation.world.watch.borrow().open_calls.is_empty() {
        return Err("calls are still open".to_owned());
    }
    // The first call may be the one that detects a revoked token.
    let first = answer(simulation, 0)?;
    let works = first == 200 || answer(simulation, 0)? == 200;
    if !works {
        let view = simulation.view();
        let state = view.as_ref().map(|view| view.state);
        let asks = [SessionState::SignInNeeded, SessionState::SignedOut];
        if !state.is_some_and(|state| asks.contains(&state)) {
            let problem = view.and_then(|view| view.problem);
            return Err(format!(
                "the session neither works nor asks for a sign-in: {state:?}, {problem:?}"
            ));
        }
        sign_in(simulation)?;
    }
    if answer(simulation, 1)? != 200 && answer(simulation, 1)? != 200 {
        return Err("the second API is still not reached".to_owned());
    }
    if dice.chance(30) {
        leave(simulation)?;
    }
    simulation.pass(1_000)?;
    // A renewal that the alarm has just started may still be running.
    if !is_clean(&simulation.world) {
        simulation.pass_until(Duration::from_secs(5), is_clean)?;
    }
    let clean = is_clean(&simulation.world);
    let watch = simulation.world.watch.borrow();
    // A journal that could not be read or written stays until the next write.
    match clean || watch.write_ever_failed || watch.read_ever_failed {
        true => Ok(()),
        false => Err("the journal speaks of something that is over".to_owned()),
    }
}

/// Whether the journal contains neither a renewal nor a sign-out.
fn is_clean(world: &World) -> bool {
    let noted = world.noted();
    noted.is_some_and(|noted| !noted.renewal && !noted.leaving)
}

fn heal(simulation: &mut Simulation) {
    let world = &simulation.world;
    world
        .timeline
        .tell(|| "nothing goes wrong from now on".to_owned());
    *world.faults.borrow_mut() = Faults::default();
    world.apis.borrow_mut().reject_all = [false; 2];
    simulation.dies_at = None;
    simulation.awake();
}

/// Makes a call to this API, and returns its status.
fn answer(simulation: &mut Simulation, target: usize) -> Result<u16, Violation> {
    let id = simulation.call(target, true, None);
    simulation.pass_until(MINUTE, move |world| {
        world.watch.borrow().calls[&id].ended.is_some()
    })?;
    let ended = simulation.world.watch.borrow().calls[&id].ended;
    ended.ok_or_else(|| "a call does not end although nothing goes wrong".to_owned())
}

fn sign_in(simulation: &mut Simulation) -> Result<(), Violation> {
    simulation.world.person.set(Person {
        user: "ada",
        completes: true,
        takes_ms: 3_000,
    });
    let id = simulation.sign_in();
    simulation.pass_until(MINUTE, move |world| {
        !world.watch.borrow().waiting.contains_key(&id)
    })?;
    if simulation.state() != Some(SessionState::SignedIn) {
        let problem = simulation.view().and_then(|view| view.problem);
        return Err(format!("a sign-in does not help: {problem:?}"));
    }
    match answer(simulation, 0)? {
        200 => Ok(()),
        status => Err(format!("after a sign-in a call is answered {status}")),
    }
}

/// Signs out, and checks that nothing is left in the store or at the provider.
fn leave(simulation: &mut Simulation) -> Result<(), Violation> {
    // If a write failed, the stored refresh token may differ from the one that is revoked.
    let known = !simulation.world.watch.borrow().write_ever_failed;
    let stored = simulation.world.stored().filter(|_| known);
    let refresh_token = stored.and_then(|stored| stored.refresh_token);
    let id = simulation.sign_out();
    simulation.pass_until(3 * MINUTE, move |world| {
        !world.watch.borrow().waiting.contains_key(&id)
    })?;
    let stored = simulation.world.stored();
    if stored.is_some_and(|stored| stored.user.is_some()) || simulation.world.remembered().is_some()
    {
        return Err("a session is stored after a sign-out".to_owned());
    }
    if refresh_token.is_some_and(|token| {
        simulation
            .world
            .provider
            .borrow()
            .accepts_refresh_token(&token)
    }) {
        return Err("the refresh token is still good after a sign-out".to_owned());
    }
    simulation.kill();
    match answer(simulation, 0)? {
        401 => Ok(()),
        status => Err(format!("after a sign-out a call is answered {status}")),
    }
}
