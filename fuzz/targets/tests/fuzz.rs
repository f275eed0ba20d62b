//! Runs every target with mutations of its seeds, on all cores, for `EVERTOKEN_FUZZ_SECONDS` in total.
//!
//! The same seed gives the same input, in the same order. A failure prints the seed, and the smallest input that fails.

#![expect(
    clippy::print_stdout,
    reason = "the number of executions is the result"
)]
#![expect(
    clippy::expect_used,
    reason = "a test that is not as it should be fails"
)]

#[path = "fuzz/budget.rs"]
mod budget;
#[path = "fuzz/mutation.rs"]
mod mutation;

use evertoken_fuzz_targets::{TARGETS, Target};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use budget::{Budget, first_seed};
use mutation::Bytes;

/// How many inputs are made from one seed.
const BATCH: u32 = 256;

fn fuzz(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name);
    let target = target.expect("a target of this name");
    let seeds = (target.seeds)();
    seeds.iter().for_each(|seed| (target.run)(seed));
    let mutations = mutation::of(seeds, target.words);
    let budget = Budget::start(TARGETS.len());
    let mut executions = 0;
    let mut seed = first_seed();
    while executions == 0 || !budget.is_spent() {
        run_batch(target, &mutations, seed);
        executions += u64::from(BATCH);
        seed = seed.wrapping_add(1);
    }
    println!("fuzz: {name}: {executions} executions");
}

fn run_batch(target: &Target, mutations: &impl Strategy<Value = Bytes>, seed: u64) {
    let config = Config {
        cases: BATCH,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, random(seed));
    let ran = runner.run(mutations, |Bytes(bytes)| {
        (target.run)(&bytes);
        Ok(())
    });
    match ran {
        Ok(()) => {}
        Err(TestError::Fail(reason, input)) => panic!(
            "{reason}\n  smallest input: {input:?}\n  again: EVERTOKEN_FUZZ_SEED={seed} cargo test -p evertoken-fuzz-targets --test fuzz {}",
            target.name
        ),
        Err(error) => panic!("{error}"),
    }
}

fn random(seed: u64) -> TestRng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

macro_rules! targets {
    ($($name:ident)+) => {
        $(#[test] fn $name() { fuzz(stringify!($name)); })+

        #[test]
        fn no_target_is_left_out() {
            assert_eq!(TARGETS.map(|target| target.name), [$(stringify!($name)),+]);
        }
    };
}

targets! { authorization_response challenge id_token jws key_set metadata token_response }
