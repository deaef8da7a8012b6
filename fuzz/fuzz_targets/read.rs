//! Any bytes: the reader never panics, and what is written of what it read is read again, unchanged.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| obscura_invariants::check_read(bytes));
