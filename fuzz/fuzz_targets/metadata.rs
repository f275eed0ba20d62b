//! `evertoken_fuzz_targets::metadata` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| evertoken_fuzz_targets::metadata(bytes));
