//! `evertoken_fuzz_targets::key_set` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| evertoken_fuzz_targets::key_set(bytes));
