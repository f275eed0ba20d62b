//! `evertoken_fuzz_targets::authorization_response` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| evertoken_fuzz_targets::authorization_response(bytes));
