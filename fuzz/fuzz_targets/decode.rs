//! Any bytes: the limits hold, a frame holds the samples it claims, and blanking a rectangle leaves
//! everything outside of it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    obscura_invariants::check_decode(bytes);
    obscura_invariants::check_blank(bytes);
});
