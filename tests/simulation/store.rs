//! Storage as a port: operations keep their order, and each write takes effect completely or not at all.

use std::collections::BTreeMap;
use std::rc::Rc;

use evertoken::platform::{LocalFuture, Record, SessionStore, StoreError};

use serde_json::Value;

use super::stored::last_of_activity;
use super::world::{Port, World};

#[derive(Default)]
pub struct Store {
    pub records: BTreeMap<Record, String>,
    /// When the last queued operation takes effect.
    busy_until: i64,
    /// The number of operations that have not yet taken effect, by worker.
    queued: BTreeMap<u64, i64>,
    /// The number of operations whose result has not reached the worker, by worker.
    unseen: BTreeMap<u64, i64>,
}

impl Store {
    /// Whether the worker waits for an operation.
    pub fn is_busy(&self, worker: u64) -> bool {
        self.unseen.get(&worker).is_some_and(|count| *count > 0)
    }

    /// Whether operations of killed workers have yet to take effect.
    pub fn is_haunted(&self, alive: Option<u64>) -> bool {
        let mut queued = self.queued.iter();
        queued.any(|(worker, count)| Some(*worker) != alive && *count > 0)
    }

    pub fn queued(&self, worker: u64) -> i64 {
        self.queued.get(&worker).copied().unwrap_or(0)
    }

    /// The worker was killed: only the first `count` of its operations will take effect.
    pub fn keep(&mut self, worker: u64, count: i64) {
        self.queued.insert(worker, count);
    }
}

impl SessionStore for Port {
    fn read(&self, record: Record) -> LocalFuture<Result<Option<Value>, StoreError>> {
        let fails = self.world.fails(|faults| faults.reads);
        self.operate("store reads", move |world| {
            let found = world.store.borrow().records.get(&record).cloned();
            if fails && counts(record) {
                world.watch.borrow_mut().read_failed();
            }
            let found = found.filter(|_| !fails);
            if record == Record::Activity {
                let last = found.as_deref().map_or(0, last_of_activity);
                world.watch.borrow_mut().activity_seen = last;
            }
            match fails {
                true => Err(StoreError::Read),
                false => Ok(found.map(|text| value_of(record, text))),
            }
        })
    }

    fn write(&self, record: Record, value: Value) -> LocalFuture<Result<(), StoreError>> {
        let value = match value {
            Value::String(text) => text,
            value => value.to_string(),
        };
        let fails = self.world.fails(|faults| faults.writes);
        let worker = self.worker;
        if record == Record::Session {
            self.world.note_arrivals(&value);
        }
        self.operate("store writes", move |world| {
            if fails {
                world
                    .timeline
                    .tell(|| format!("no room for {}", record.key()));
                if counts(record) {
                    world.watch.borrow_mut().write_failed(worker);
                }
                return Err(StoreError::Write);
            }
            world
                .timeline
                .tell(|| format!("{} = {}", record.key(), short(&value)));
            let before = world.store.borrow_mut().records.insert(record, value);
            world.check_written(record, before.as_deref());
            Ok(())
        })
    }

    fn remove(&self, record: Record) -> LocalFuture<Result<(), StoreError>> {
        let fails = self.world.fails(|faults| faults.writes);
        let worker = self.worker;
        self.operate("store removes", move |world| {
            if fails {
                world.timeline.tell(|| format!("{} stays", record.key()));
                world.watch.borrow_mut().write_failed(worker);
                return Err(StoreError::Write);
            }
            world
                .timeline
                .tell(|| format!("{} is removed", record.key()));
            world.store.borrow_mut().records.remove(&record);
            Ok(())
        })
    }
}

impl Port {
    /// Runs an operation. It takes effect at one instant, and its result reaches the worker at a later one: the worker may
    /// be killed in between.
    fn operate<T: 'static>(
        &self,
        name: &'static str,
        operation: impl FnOnce(&Rc<World>) -> Result<T, StoreError> + 'static,
    ) -> LocalFuture<Result<T, StoreError>> {
        let (reply, answer) = self.reply();
        let (world, worker) = (&self.world, self.worker);
        let delay = {
            let (mut store, mut dice) = (world.store.borrow_mut(), world.dice.borrow_mut());
            let now = world.timeline.now();
            store.busy_until = store.busy_until.max(now) + dice.between(0, 3);
            *store.queued.entry(worker).or_default() += 1;
            *store.unseen.entry(worker).or_default() += 1;
            store.busy_until - now
        };
        world.timeline.plan(delay, name, move |world| {
            {
                let mut store = world.store.borrow_mut();
                let left = store.queued.entry(worker).or_default();
                if *left == 0 {
                    return false;
                }
                *left -= 1;
            }
            let outcome = operation(world);
            world.timeline.plan(1, "the store answers", move |world| {
                *world.store.borrow_mut().unseen.entry(worker).or_default() -= 1;
                reply.send(world, outcome)
            });
            true
        });
        answer
    }
}

/// A stored text as the port returns it: the activity as a text, other records as an object if they are one.
fn value_of(record: Record, text: String) -> Value {
    match record {
        Record::Activity => Value::String(text),
        _ => serde_json::from_str(&text).unwrap_or(Value::String(text)),
    }
}

/// Whether the invariants depend on this record: the session does not need the other records.
fn counts(record: Record) -> bool {
    !matches!(record, Record::Activity | Record::Proven)
}

/// A record as the schedule shows it, with shortened id_tokens.
fn short(record: &str) -> String {
    let mut parts = record.split("eyJhbGci");
    let mut short = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_, rest) = part.split_once('"').unwrap_or((part, ""));
        short.push_str("...\"");
        short.push_str(rest);
    }
    short
}
