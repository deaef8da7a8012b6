//! Any bytes: what the engine releases holds nothing of its original.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| obscura_invariants::check_walk(bytes));
