//! The `obscura` binary as a person runs it: exit codes, files, what is said and what never is.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail loudly and say why they skip"
)]

mod audit;
mod bad_input;
mod banners;
mod deid;
mod lab;
mod others;
mod pixels;
mod stops;
