//! One worker: an engine on the stored records, until it is killed.

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;

use evertoken::Engine;
use evertoken::platform::LocalFuture;
use evertoken::settings::{Build, Settings};
use futures_executor::{LocalPool, LocalSpawner};
use futures_util::FutureExt;
use futures_util::future::Shared;
use futures_util::task::LocalSpawnExt;

use super::ports::platform;
use super::world::{Port, World};

pub struct Worker {
    pub id: u64,
    pub port: Rc<Port>,
    engine: Rc<RefCell<Option<Rc<Engine>>>>,
    pool: LocalPool,
    ready: Shared<LocalFuture<Rc<Engine>>>,
    spawner: LocalSpawner,
}

impl Worker {
    /// Starts a worker. `restores`: the user whose session it must find in the store.
    pub fn start(
        world: &Rc<World>,
        id: u64,
        settings: &Settings,
        restores: Option<String>,
    ) -> Self {
        let pool = LocalPool::new();
        let world = Rc::clone(world);
        let port = Rc::new(Port { world, worker: id });
        let engine = Rc::<RefCell<Option<Rc<Engine>>>>::default();
        let starting = Engine::start(platform(&port, pool.spawner()), settings.clone());
        let put = Rc::clone(&engine);
        let there = Rc::clone(&port);
        let ready = async move {
            let started = Rc::new(starting.await);
            let found = started.session().view().identity.map(|found| found.sub);
            if restores.is_some() && found != restores {
                there
                    .world
                    .violated("a session that was stored is lost after a restart");
            }
            *put.borrow_mut() = Some(Rc::clone(&started));
            started
        };
        let worker = Self {
            id,
            port,
            engine,
            spawner: pool.spawner(),
            pool,
            ready: ready.boxed_local().shared(),
        };
        worker.run(|_| async {});
        worker
    }

    /// Runs `work` on the engine, as soon as it has started.
    pub fn run<F: Future<Output = ()> + 'static>(
        &self,
        work: impl FnOnce(Rc<Engine>) -> F + 'static,
    ) {
        let ready = self.ready.clone();
        let task = async move { work(ready.await).await };
        self.spawner.spawn_local(task).unwrap();
    }

    /// The engine, once it has started.
    pub fn engine(&self) -> Option<Rc<Engine>> {
        self.engine.borrow().clone()
    }

    /// Runs all tasks until none can continue.
    pub fn settle(&mut self) {
        self.pool.run_until_stalled();
    }
}

pub fn settings(json: &str) -> Settings {
    Settings::parse(json, Build::Release).unwrap()
}
