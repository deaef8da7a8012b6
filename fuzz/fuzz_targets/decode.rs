//! Any bytes: the limits hold, and a frame holds the samples it claims.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| obscura_invariants::check_decode(bytes));
