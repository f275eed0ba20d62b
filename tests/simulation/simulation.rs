//! One run: the worker and its environment advance event by event, and the invariants are checked after each.

use std::rc::Rc;
use std::time::Duration;

use evertoken::message::{ActivityEvent, PageRequest, SessionState, SessionView, WorkerReply};
use evertoken::problem::{Problem, ProblemCode};
use evertoken::settings::Settings;
use futures_util::FutureExt;

use super::dice::Dice;
use super::plan::Plan;
use super::worker::{self, Worker};
use super::world::World;

/// A description of the violated invariant.
pub type Violation = String;

/// Time limits in milliseconds of awake time. A call may wait for many calls to a slow API and for a renewal, but not for
/// the user.
const CALL_LIMIT: i64 = 4 * 60_000;
const RENEWAL_LIMIT: i64 = 27_000;
const SIGN_OUT_LIMIT: i64 = 140_000;
const SIGN_IN_LIMIT: i64 = 12 * 60_000;

pub struct Simulation {
    /// Random numbers for the actions of users and machines; the world has its own.
    pub dice: Dice,
    pub world: Rc<World>,
    pub worker: Option<Worker>,
    /// How many events have happened.
    pub happened: u64,
    /// The worker is killed after this many events.
    pub dies_at: Option<u64>,
    settings: Settings,
    workers: u64,
    renewing_since: Option<i64>,
    /// The journal contains an interrupted renewal, which the worker must report.
    expects_interruption: bool,
    pub numbers: u64,
    /// The number of events in the part of a scenario in which the worker may be killed.
    pub story_events: u64,
}

impl Simulation {
    pub fn new(seed: u64, plan: Plan, told: bool) -> Self {
        let settings = worker::settings(&plan.settings);
        let world = World::new(seed, plan, told);
        world.timeline.tell(|| world.plan.settings.clone());
        world.timeline.tell(|| format!("{:?}", world.plan.behavior));
        Self {
            dice: Dice::new(seed ^ 0x5EED),
            world,
            worker: None,
            happened: 0,
            dies_at: None,
            settings,
            workers: 0,
            renewing_since: None,
            expects_interruption: false,
            numbers: 0,
            story_events: 0,
        }
    }

    /// The worker; starts one if none is running.
    pub fn awake(&mut self) -> &Worker {
        if self.worker.is_none() {
            self.workers += 1;
            let id = self.workers;
            self.world.set_alive(Some(id));
            let restores = self.before_start(id);
            self.world.timeline.tell(|| format!("worker {id} starts"));
            self.worker = Some(Worker::start(&self.world, id, &self.settings, restores));
        }
        self.worker.as_ref().unwrap()
    }

    /// Prepares the checks for a new worker; returns the user whose session it must find in the store.
    fn before_start(&mut self, id: u64) -> Option<String> {
        self.renewing_since = None;
        let haunted = self.world.store.borrow().is_haunted(Some(id));
        let readable = self.world.faults.borrow().reads == 0;
        let noted = self.world.noted();
        let stored = match self.world.stored() {
            Some(stored) => stored.user,
            None => self.world.remembered(),
        };
        // A sign-out in the journal counts as done, unless the journal cannot be read.
        let leaving = readable && noted.as_ref().is_some_and(|noted| noted.leaving);
        let stored = stored.filter(|_| !leaving);
        self.expects_interruption =
            readable && !haunted && noted.as_ref().is_some_and(|noted| noted.renewal);
        let lost = noted.is_none() || !readable;
        let mut watch = self.world.watch.borrow_mut();
        watch.goes_on_from(&noted.filter(|_| readable).unwrap_or_default());
        if stored.is_some() && watch.signed_out && !haunted {
            let undone = std::mem::take(&mut watch.sign_out_done) && !lost;
            watch.signed_out = false;
            drop(watch);
            if undone {
                self.world
                    .violated("who had signed out is signed in after a restart");
            }
        }
        stored.filter(|_| readable && !haunted)
    }

    /// Kills the worker at once; only some of its pending writes take effect.
    pub fn kill(&mut self) {
        let Some(worker) = self.worker.take() else {
            return;
        };
        let id = worker.id;
        self.world.timeline.tell(|| format!("worker {id} dies"));
        let queued = self.world.store.borrow().queued(id);
        let kept = self.world.dice.borrow_mut().between(0, queued);
        self.world.store.borrow_mut().keep(id, kept);
        self.world.set_alive(None);
        drop(worker);
        self.world.watch.borrow_mut().worker_died();
    }

    /// Advances the time by this many milliseconds.
    pub fn pass(&mut self, milliseconds: i64) -> Result<(), Violation> {
        let until = self.world.timeline.now() + milliseconds;
        self.step()?;
        loop {
            let alarm = self.world.alarm.get();
            let rings = alarm.map(|at| self.world.timeline.when(at));
            let next = self.world.timeline.next();
            match (rings, next) {
                (Some(at), next) if at <= until && next.is_none_or(|next| at <= next) => {
                    self.world.timeline.move_to(at);
                    self.ring();
                }
                (_, Some(at)) if at <= until => self.happen(),
                _ => break,
            }
            self.step()?;
        }
        self.world.timeline.move_to(until);
        Ok(())
    }

    fn happen(&mut self) {
        let Some((name, deed)) = self.world.timeline.take() else {
            return;
        };
        if deed(&self.world) {
            self.happened += 1;
            let happened = self.happened;
            self.world.timeline.tell(|| format!("#{happened} {name}"));
        }
    }

    fn ring(&mut self) {
        self.world.alarm.set(None);
        self.world.timeline.tell(|| "the alarm rings".to_owned());
        self.awake()
            .run(|engine| async move { engine.alarm_rang().await });
    }

    /// Runs the worker until no task can continue, and checks the invariants.
    pub fn step(&mut self) -> Result<(), Violation> {
        if let Some(worker) = &mut self.worker {
            worker.settle();
        }
        self.check();
        if self.dies_at == Some(self.happened) {
            self.dies_at = None;
            self.kill();
        }
        match self.world.watch.borrow_mut().violation.take() {
            None => Ok(()),
            Some(violation) => Err(violation),
        }
    }

    fn check(&mut self) {
        self.check_patience();
        let Some(worker) = &self.worker else { return };
        let (id, engine) = (worker.id, worker.engine());
        let Some(engine) = engine else { return };
        self.check_activity(&engine);
        self.check_renewal(engine.session().renewal_in_flight().is_some());
        self.check_owed(id);
        self.world.watch.borrow_mut().asked = false;
    }

    /// Checks that calls, sign-ins, sign-outs and renewals end within their limits.
    fn check_patience(&self) {
        let awake = self.world.timeline.awake();
        let watch = self.world.watch.borrow();
        let oldest = watch.open_calls.first().map(|id| watch.calls[id].started);
        let call = oldest.is_some_and(|started| awake - started > CALL_LIMIT);
        let limit = |name: &str| match name {
            "sign-in" => SIGN_IN_LIMIT,
            "sign-out" => SIGN_OUT_LIMIT,
            _ => RENEWAL_LIMIT,
        };
        let mut waiting = watch.waiting.values();
        let other = waiting.find(|(name, started)| awake - started > limit(name));
        let other = other.map(|(name, _)| *name);
        drop(watch);
        match (call, other) {
            (true, _) => self.world.violated("a call does not end"),
            (_, Some(name)) => self.world.violated(format!("a {name} does not end")),
            _ => {}
        }
    }

    fn check_activity(&mut self, engine: &Rc<evertoken::Engine>) {
        let after = self.world.watch.borrow().activity_seen;
        let asked = PageRequest::Activity { after };
        let Some(WorkerReply::Activity(entries)) = engine.answer(asked).now_or_never() else {
            return;
        };
        let interrupted = entries.iter().any(|entry| match &entry.event {
            ActivityEvent::Renewed { problem, .. } => is_interruption(problem.as_ref()),
            _ => false,
        });
        if std::mem::take(&mut self.expects_interruption) && !interrupted {
            self.world
                .violated("a renewal was interrupted, and nobody is told");
        }
        let worker = self.workers;
        for entry in entries {
            self.world.watch.borrow_mut().activity_seen = entry.id;
            self.world.timeline.tell(|| format!("{:?}", entry.event));
            self.world.check_words(|| format!("{:?}", entry.event));
            let mut watch = self.world.watch.borrow_mut();
            match &entry.event {
                ActivityEvent::Renewed { problem, .. } if is_interruption(problem.as_ref()) => {}
                ActivityEvent::Renewed { problem, .. } => {
                    watch.renewal_ended(worker, problem.as_ref(), entry.at);
                }
                ActivityEvent::SignedIn { problem: None } => watch.signed_in(),
                _ => {}
            }
        }
    }

    fn check_renewal(&mut self, renewing: bool) {
        let (wall, awake) = (self.world.timeline.wall(), self.world.timeline.awake());
        match (renewing, self.renewing_since) {
            (true, None) => {
                self.renewing_since = Some(awake);
                let mut watch = self.world.watch.borrow_mut();
                let wrong = match watch.asked {
                    true => None,
                    false => watch.renewal_begins(wall, awake),
                };
                drop(watch);
                self.world.timeline.tell(|| "a renewal begins".to_owned());
                if let Some(wrong) = wrong {
                    self.world.violated(wrong);
                }
            }
            (true, Some(since)) if awake - since > RENEWAL_LIMIT => {
                self.world.violated("a renewal does not end");
            }
            (false, _) => {
                self.renewing_since = None;
                self.world.watch.borrow_mut().authorizations = 0;
            }
            _ => {}
        }
    }

    /// Checks that a new refresh token is stored before the other tokens of its response are used, and that pauses are in
    /// the journal.
    fn check_owed(&self, worker: u64) {
        if self.world.store.borrow().is_busy(worker) {
            return;
        }
        let pause = self.world.watch.borrow_mut().owed_pause.take();
        if let Some((_, until)) = pause.filter(|(of, _)| *of == worker) {
            let noted = self.world.noted().and_then(|noted| noted.not_before);
            if noted.is_none_or(|noted| noted < until) {
                self.world
                    .violated("a pause is not noted for the next worker");
            }
        }
        let owed = self.world.watch.borrow_mut().owed.take();
        let Some((_, owed)) = owed.filter(|(of, _)| *of == worker) else {
            return;
        };
        let stored = self.world.stored().and_then(|stored| stored.refresh_token);
        if stored.as_deref() != Some(owed.as_str()) {
            self.world
                .violated(format!("{owed} came, and {stored:?} is stored"));
        }
    }

    pub fn view(&mut self) -> Option<SessionView> {
        let engine = self.awake().engine()?;
        Some(engine.session().view())
    }

    pub fn state(&mut self) -> Option<SessionState> {
        self.view().map(|view| view.state)
    }

    /// Advances the time until `done` is true, at most for `limit`; returns whether it became true.
    pub fn pass_until(
        &mut self,
        limit: Duration,
        done: impl Fn(&World) -> bool,
    ) -> Result<bool, Violation> {
        let until = self.world.timeline.now() + i64::try_from(limit.as_millis()).unwrap();
        loop {
            self.step()?;
            if done(&self.world) {
                return Ok(true);
            }
            let now = self.world.timeline.now();
            if now >= until {
                return Ok(false);
            }
            let rings = self.world.alarm.get();
            let rings = rings.map(|at| self.world.timeline.when(at));
            let next = self.world.timeline.next().into_iter().chain(rings).min();
            self.pass(next.unwrap_or(until).min(until) - now)?;
        }
    }
}

fn is_interruption(problem: Option<&Problem>) -> bool {
    problem.is_some_and(|problem| problem.code == ProblemCode::SessionInterrupted)
}
