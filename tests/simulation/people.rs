//! The actions of pages, users and machines on the worker.

use std::rc::Rc;

use evertoken::error::Error;
use evertoken::message::PageRequest;
use evertoken::platform::Record;
use url::Url;

use super::apis::{ADDRESSES, Call, GivenUp};
use super::simulation::Simulation;
use super::watch::Book;
use super::world::World;

impl Simulation {
    /// A page makes a call; returns the number of the call.
    pub fn call(&mut self, target: usize, replayable: bool, gives_up_after: Option<i64>) -> u64 {
        self.numbers += 1;
        let id = self.numbers;
        let world = Rc::clone(&self.world);
        let worker = self.awake();
        let book = Book {
            started: world.timeline.awake(),
            sent: 0,
            ended: None,
        };
        world.watch.borrow_mut().calls.insert(id, book);
        world.watch.borrow_mut().open_calls.insert(id);
        world
            .timeline
            .tell(|| format!("call {id} to {}", ADDRESSES[target]));
        let given_up = GivenUp::default();
        let call = Call {
            given_up: given_up.clone(),
            id,
            port: Rc::clone(&worker.port),
            replayable,
            started: world.timeline.honest(),
            target,
            url: Url::parse(ADDRESSES[target]).unwrap(),
        };
        if let Some(delay) = gives_up_after {
            world
                .timeline
                .plan(delay, "a page gives a call up", move |_| {
                    given_up.give_up();
                    true
                });
        }
        worker.run(move |engine| async move {
            let outcome = engine.interceptor().intercept(call).await;
            let status = outcome.map_or(0, |outcome| outcome.status);
            world.timeline.tell(|| format!("call {id} ended: {status}"));
            world.watch.borrow_mut().call_ended(id, status);
        });
        id
    }

    /// The user clicks "Sign in"; returns the number of the request.
    pub fn sign_in(&mut self) -> u64 {
        let id = self.waits_for("sign-in");
        let world = Rc::clone(&self.world);
        self.awake().run(move |engine| async move {
            let outcome = engine.session().sign_in().await;
            ended(&world, id, "sign-in", outcome.as_ref().err());
        });
        id
    }

    /// The user clicks "Renew now".
    pub fn renew(&mut self) {
        let id = self.waits_for("renewal");
        let world = Rc::clone(&self.world);
        self.awake().run(move |engine| async move {
            world.watch.borrow_mut().asked = true;
            let outcome = engine.session().renew().await;
            ended(&world, id, "renewal", outcome.as_ref().err());
        });
    }

    /// The user clicks "Sign out"; returns the number of the request.
    pub fn sign_out(&mut self) -> u64 {
        let id = self.waits_for("sign-out");
        let world = Rc::clone(&self.world);
        self.awake().run(move |engine| async move {
            world.watch.borrow_mut().signs_out();
            let sign_outs = world.watch.borrow().sign_outs;
            let outcome = engine.session().sign_out().await;
            ended(&world, id, "sign-out", outcome.as_ref().err());
            let mut watch = world.watch.borrow_mut();
            if watch.sign_outs == sign_outs && watch.signed_out {
                watch.sign_out_done = outcome.is_ok();
            }
        });
        id
    }

    fn waits_for(&mut self, name: &'static str) -> u64 {
        self.numbers += 1;
        let id = self.numbers;
        let world = Rc::clone(&self.world);
        world.timeline.tell(|| format!("{name} is asked for"));
        let started = world.timeline.awake();
        self.awake();
        let mut watch = world.watch.borrow_mut();
        watch.waiting.insert(id, (name, started));
        id
    }

    /// A page opens, and shows the session.
    pub fn open_page(&mut self) {
        let world = Rc::clone(&self.world);
        world.timeline.tell(|| "a page opens".to_owned());
        self.awake().run(move |engine| async move {
            let reply = engine.answer(PageRequest::View).await;
            world.check_words(|| format!("{reply:?}"));
        });
    }

    /// Corrupts a stored record.
    pub fn corrupt(&mut self, record: Record) {
        let mut store = self.world.store.borrow_mut();
        let Some(text) = store.records.get_mut(&record) else {
            return;
        };
        match self.dice.between(0, 3) {
            0 => text.truncate(text.len() / 2),
            1 => text.clear(),
            2 => *text = "[]".to_owned(),
            _ => *text = r#"{"version":99,"state":{}}"#.to_owned(),
        }
        let key = record.key();
        self.world.timeline.tell(|| format!("{key} is corrupt"));
    }
}

fn ended(world: &World, id: u64, name: &str, error: Option<&Error>) {
    let code = error.map(|error| error.code().as_str());
    world.timeline.tell(|| format!("{name} ended: {code:?}"));
    world.watch.borrow_mut().waiting.remove(&id);
}

impl Simulation {
    /// The browser is closed and opened again: records that do not outlive it are removed.
    pub fn restart_browser(&mut self) {
        self.kill();
        self.world
            .timeline
            .tell(|| "the browser restarts".to_owned());
        let mut store = self.world.store.borrow_mut();
        store.records.retain(|record, _| record.outlives_browser());
        drop(store);
        self.world.alarm.set(None);
        // If the remembered record could not be removed, that was reported, and the journal that would still remove it is
        // gone too.
        self.world.watch.borrow_mut().sign_out_done = false;
        self.awake();
        if self.dice.chance(50) {
            self.open_page();
        }
    }
}
