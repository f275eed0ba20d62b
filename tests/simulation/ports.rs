//! The small ports: clock, randomness, spawner, alarm, pages, the key of proofs, signatures.

use std::rc::Rc;
use std::time::Duration;

use evertoken::jose::jws::JwsAlgorithm;
use evertoken::jose::key_set::{Curve, PublicKey};
use evertoken::message::Broadcast;
use evertoken::platform::{
    Alarm, Clock, JwsVerifier, LocalFuture, Pages, Platform, ProofKey, ProofKeyError, Random,
    SignatureError, Spawner, UnixTime,
};
use futures_executor::LocalSpawner;
use futures_util::task::LocalSpawnExt;

use super::provider::SIGNATURE;
use super::world::Port;

/// All ports of one worker.
pub fn platform(port: &Rc<Port>, spawner: LocalSpawner) -> Platform {
    let port = || Rc::clone(port);
    Platform {
        alarm: port(),
        clock: port(),
        http: port(),
        pages: port(),
        proof_key: port(),
        random: port(),
        spawner: Rc::new(Pool(spawner)),
        store: port(),
        user_agent: port(),
        verifier: port(),
    }
}

struct Pool(LocalSpawner);

impl Spawner for Pool {
    fn spawn(&self, task: LocalFuture<()>) {
        self.0.spawn_local(task).unwrap();
    }
}

impl Clock for Port {
    fn now(&self) -> UnixTime {
        self.world.timeline.wall()
    }

    fn sleep(&self, duration: Duration) -> LocalFuture<()> {
        let (reply, answer) = self.reply();
        let delay = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4);
        self.world
            .timeline
            .plan(delay, "a timer ends", move |world| reply.send(world, ()));
        answer
    }
}

impl Random for Port {
    fn fill(&self, buffer: &mut [u8]) {
        self.world.dice.borrow_mut().fill(buffer);
    }
}

impl Alarm for Port {
    fn set(&self, at: Option<UnixTime>) {
        if self.world.is_alive(self.worker) {
            self.world.alarm.set(at);
        }
    }
}

impl Pages for Port {
    fn announce(&self, news: Broadcast) {
        self.world.check_words(|| format!("{news:?}"));
    }

    fn call_user(&self) {}

    fn call_off(&self) {}

    fn open_setup(&self) {}
}

const PROOF_X: &str = "8CmGXJMU4eD-yzr75YqA_BpBuxe2YrT_ZOhBhN0YoGA";
const PROOF_Y: &str = "tZSLH6hjilCLjHthzca7lDw3aOMHSyB8Zv4LZlMTzf0";

impl ProofKey for Port {
    fn public_key(&self) -> LocalFuture<Result<PublicKey, ProofKeyError>> {
        self.soon(Ok(PublicKey::Ec {
            curve: Curve::P256,
            x: PROOF_X.to_owned(),
            y: PROOF_Y.to_owned(),
        }))
    }

    fn sign(&self, _: Vec<u8>) -> LocalFuture<Result<Vec<u8>, ProofKeyError>> {
        self.soon(Ok(vec![7; 64]))
    }

    fn forget(&self) -> LocalFuture<Result<(), ProofKeyError>> {
        self.soon(Ok(()))
    }
}

impl Port {
    fn soon<T: 'static>(
        &self,
        outcome: Result<T, ProofKeyError>,
    ) -> LocalFuture<Result<T, ProofKeyError>> {
        let fails = self.world.fails(|faults| faults.proof_key);
        let (reply, answer) = self.reply();
        self.world
            .timeline
            .plan(1, "the proof key answers", move |world| {
                let outcome = if fails { Err(ProofKeyError) } else { outcome };
                reply.send(world, outcome)
            });
        answer
    }
}

impl JwsVerifier for Port {
    fn verify(
        &self,
        _: JwsAlgorithm,
        _: PublicKey,
        _: Vec<u8>,
        signature: Vec<u8>,
    ) -> LocalFuture<Result<(), SignatureError>> {
        let good = signature == SIGNATURE;
        let (reply, answer) = self.reply();
        self.world
            .timeline
            .plan(1, "the signature is verified", move |world| {
                reply.send(world, good.then_some(()).ok_or(SignatureError::Mismatch))
            });
        answer
    }
}
