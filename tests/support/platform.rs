//! The small ports: clock, store, randomness, spawner, pages.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use evertoken::jose::key_set::{Curve, PublicKey};
use evertoken::message::{ActivityEntry, Broadcast, SessionView};
use evertoken::native::NativeVerifier;
use evertoken::platform::{
    Alarm, Clock, LocalFuture, Pages, Platform, ProofKey, ProofKeyError, Random, Record,
    SessionStore, Spawner, StoreError, UnixTime,
};
use futures_channel::oneshot;
use futures_executor::LocalSpawner;
use futures_util::FutureExt;
use futures_util::task::LocalSpawnExt;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::Value;

use super::gate::Gate;
use super::provider::Provider;

/// A clock that changes only when a test moves it.
pub struct ManualClock {
    started: i64,
    now: Cell<i64>,
    sleepers: RefCell<Vec<(i64, oneshot::Sender<()>)>>,
}

impl Default for ManualClock {
    fn default() -> Self {
        Self {
            started: 1_800_000_000_000,
            now: Cell::new(1_800_000_000_000),
            sleepers: RefCell::default(),
        }
    }
}

impl ManualClock {
    /// The time that it showed at the start.
    pub fn started(&self) -> UnixTime {
        UnixTime(self.started)
    }

    /// Sets the clock back, as a user or a time server does. Timers are not affected.
    pub fn set_back(&self, duration: Duration) {
        let back = i64::try_from(duration.as_millis()).unwrap();
        self.now.set(self.now.get() - back);
    }

    pub fn advance(&self, duration: Duration) {
        self.now
            .set(self.now.get() + i64::try_from(duration.as_millis()).unwrap());
        let (due, later) = self
            .sleepers
            .take()
            .into_iter()
            .partition(|(at, _)| *at <= self.now.get());
        self.sleepers.replace(later);
        let due: Vec<(i64, oneshot::Sender<()>)> = due;
        for (_, wake) in due {
            wake.send(()).ok();
        }
    }
}

impl Clock for ManualClock {
    fn now(&self) -> UnixTime {
        UnixTime(self.now.get())
    }

    fn sleep(&self, duration: Duration) -> LocalFuture<()> {
        let (wake, woken) = oneshot::channel();
        let at = self.now().plus(duration).0;
        self.sleepers.borrow_mut().push((at, wake));
        woken.map(drop).boxed_local()
    }
}

/// A store in memory. A test can make it refuse writes, or hold them back.
#[derive(Default)]
pub struct MemoryStore {
    records: RefCell<BTreeMap<Record, String>>,
    pub full: Cell<bool>,
    /// The most bytes of all records together.
    pub quota: Cell<Option<usize>>,
    pub writes: Cell<u32>,
    /// Every read fails.
    pub unreadable: Cell<bool>,
    /// Holds writes back while it is closed.
    pub gate: Gate,
}

impl MemoryStore {
    pub fn record(&self) -> Option<String> {
        self.text(Record::Session)
    }

    pub fn text(&self, record: Record) -> Option<String> {
        self.records.borrow().get(&record).cloned()
    }

    pub fn put(&self, text: &str) {
        self.put_record(Record::Session, text);
    }

    pub fn put_record(&self, record: Record, text: &str) {
        self.records.borrow_mut().insert(record, text.to_owned());
    }

    /// Removes the records that do not outlive the browser.
    pub fn close_browser(&self) {
        let mut records = self.records.borrow_mut();
        records.retain(|record, _| record.outlives_browser());
    }
}

/// A stored text as the port returns it: the activity as a text, other records as an object if they are one.
fn value_of(record: Record, text: String) -> Value {
    match record {
        Record::Activity => Value::String(text),
        _ => serde_json::from_str(&text).unwrap_or(Value::String(text)),
    }
}

/// The text of a stored value.
fn text_of(value: Value) -> String {
    match value {
        Value::String(text) => text,
        value => value.to_string(),
    }
}

/// The store as a port of one engine. The state is shared, so that it outlives the engine.
pub struct SharedStore {
    store: Rc<MemoryStore>,
    /// The store is closed to this engine: another engine replaced it.
    pub closed: Cell<bool>,
}

impl SharedStore {
    pub fn new(store: &Rc<MemoryStore>) -> Rc<Self> {
        Rc::new(Self {
            store: Rc::clone(store),
            closed: Cell::new(false),
        })
    }
}

impl SessionStore for SharedStore {
    fn read(&self, record: Record) -> LocalFuture<Result<Option<Value>, StoreError>> {
        let found = match self.store.unreadable.get() || self.closed.get() {
            true => Err(StoreError::Read),
            false => Ok(self.store.text(record).map(|text| value_of(record, text))),
        };
        async move { found }.boxed_local()
    }

    fn write(&self, record: Record, value: Value) -> LocalFuture<Result<(), StoreError>> {
        let store = Rc::clone(&self.store);
        let closed = self.closed.get();
        async move {
            if closed {
                return Err(StoreError::Write);
            }
            store.writes.set(store.writes.get() + 1);
            store.gate.pass().await;
            if store.full.get() {
                return Err(StoreError::Write);
            }
            let text = text_of(value);
            let mut records = store.records.borrow_mut();
            let others = records.iter().filter(|(its, _)| **its != record);
            let bytes = text.len() + others.map(|(_, text)| text.len()).sum::<usize>();
            if store.quota.get().is_some_and(|quota| bytes > quota) {
                return Err(StoreError::Write);
            }
            records.insert(record, text);
            Ok(())
        }
        .boxed_local()
    }

    fn remove(&self, record: Record) -> LocalFuture<Result<(), StoreError>> {
        let store = Rc::clone(&self.store);
        let closed = self.closed.get();
        async move {
            if closed {
                return Err(StoreError::Write);
            }
            store.records.borrow_mut().remove(&record);
            Ok(())
        }
        .boxed_local()
    }
}

/// A counter in place of randomness: its values differ from each other, and no test needs more.
#[derive(Default)]
struct Counter(Cell<u8>);

impl Random for Counter {
    fn fill(&self, buffer: &mut [u8]) {
        self.0.set(self.0.get().wrapping_add(1));
        buffer.fill(self.0.get());
    }
}

struct PoolSpawner(LocalSpawner);

impl Spawner for PoolSpawner {
    fn spawn(&self, task: LocalFuture<()>) {
        self.0.spawn_local(task).unwrap();
    }
}

/// Pages that record what they are sent.
#[derive(Default)]
pub struct OpenPages {
    /// The views that were announced.
    pub heard: RefCell<Vec<SessionView>>,
    /// The entries of the activity that were announced, by message.
    pub happened: RefCell<Vec<Vec<ActivityEntry>>>,
    /// Sign-in prompts shown and withdrawn, in order.
    pub calls: RefCell<Vec<&'static str>>,
    /// How often the setup check was opened.
    pub setups: Cell<u32>,
}

/// The pages as a port.
struct SharedPages(Rc<OpenPages>);

impl Pages for SharedPages {
    fn announce(&self, news: Broadcast) {
        match news {
            Broadcast::ViewChanged(view) => self.0.heard.borrow_mut().push(view),
            Broadcast::Happened(entries) => self.0.happened.borrow_mut().push(entries),
        }
    }

    fn call_user(&self) {
        self.0.calls.borrow_mut().push("called");
    }

    fn call_off(&self) {
        self.0.calls.borrow_mut().push("off");
    }

    fn open_setup(&self) {
        self.0.setups.set(self.0.setups.get() + 1);
    }
}

/// An alarm that only records the time it is set to.
#[derive(Default)]
pub struct SetAlarm(pub Cell<Option<UnixTime>>);

impl Alarm for SetAlarm {
    fn set(&self, at: Option<UnixTime>) {
        self.0.set(at);
    }
}

/// A proof key that makes real signatures, which can be verified with the public key.
#[derive(Default)]
pub struct MemoryProofKey {
    /// How many keys were created.
    pub made: Cell<u32>,
    there: Cell<bool>,
    /// The key cannot be used.
    pub broken: Cell<bool>,
}

/// A P-256 key for proofs, different from the provider's.
const PROOF_KEY: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgPwc1/AJR7X4rVqFRMt2l2izdFyZl0Z958EnltkLlMx2hRANCAATwKYZckxTh4P7LOvvlioD8GkG7F7ZitP9k6EGE3RigYLWUix+oY4pQi4x7Yc3Gu5Q8N2jjB0sgfGb+C2ZTE839";
const PROOF_X: &str = "8CmGXJMU4eD-yzr75YqA_BpBuxe2YrT_ZOhBhN0YoGA";
const PROOF_Y: &str = "tZSLH6hjilCLjHthzca7lDw3aOMHSyB8Zv4LZlMTzf0";

/// The key as a port.
struct SharedProofKey(Rc<MemoryProofKey>);

impl ProofKey for SharedProofKey {
    fn public_key(&self) -> LocalFuture<Result<PublicKey, ProofKeyError>> {
        let key = Rc::clone(&self.0);
        async move {
            if key.broken.get() {
                return Err(ProofKeyError);
            }
            if !key.there.replace(true) {
                key.made.set(key.made.get() + 1);
            }
            Ok(PublicKey::Ec {
                curve: Curve::P256,
                x: PROOF_X.to_owned(),
                y: PROOF_Y.to_owned(),
            })
        }
        .boxed_local()
    }

    fn sign(&self, signing_input: Vec<u8>) -> LocalFuture<Result<Vec<u8>, ProofKeyError>> {
        let key = EncodingKey::from_ec_der(&Base64::decode_vec(PROOF_KEY).unwrap());
        let signature = jsonwebtoken::crypto::sign(&signing_input, &key, Algorithm::ES256).unwrap();
        async move { Ok(Base64UrlUnpadded::decode_vec(&signature).unwrap()) }.boxed_local()
    }

    fn forget(&self) -> LocalFuture<Result<(), ProofKeyError>> {
        let key = Rc::clone(&self.0);
        async move {
            key.there.set(false);
            Ok(())
        }
        .boxed_local()
    }
}

pub(super) fn spawner(spawner: LocalSpawner) -> Rc<dyn Spawner> {
    Rc::new(PoolSpawner(spawner))
}

pub(super) fn platform(
    clock: &Rc<ManualClock>,
    provider: &Rc<Provider>,
    store: &Rc<SharedStore>,
    alarm: &Rc<SetAlarm>,
    proof_key: &Rc<MemoryProofKey>,
    pages: &Rc<OpenPages>,
    spawner: LocalSpawner,
) -> Platform {
    Platform {
        alarm: Rc::<SetAlarm>::clone(alarm),
        clock: Rc::<ManualClock>::clone(clock),
        http: Rc::new(super::provider::Endpoints(Rc::clone(provider))),
        pages: Rc::new(SharedPages(Rc::clone(pages))),
        proof_key: Rc::new(SharedProofKey(Rc::clone(proof_key))),
        random: Rc::new(Counter::default()),
        spawner: self::spawner(spawner),
        store: Rc::<SharedStore>::clone(store),
        user_agent: Rc::new(super::provider::Browser(Rc::clone(provider))),
        verifier: Rc::new(NativeVerifier),
    }
}
