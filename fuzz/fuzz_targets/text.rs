//! Any text: cleaning only takes away, and comes to rest.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| obscura_invariants::check_text(bytes));
