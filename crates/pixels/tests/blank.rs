//! Blanking: what a rectangle covers is gone, everything else is what it was, in every coding.

#![allow(clippy::unwrap_used, reason = "a test may fail by panic")]
#![allow(unreachable_pub, dead_code, reason = "modules of one test binary")]

#[path = "decode/pictures.rs"]
mod pictures;

#[path = "blank/coded.rs"]
mod coded;
#[path = "blank/fill.rs"]
mod fill;
#[path = "blank/fragments.rs"]
mod fragments;
#[path = "blank/native.rs"]
mod native;
#[path = "blank/overlay.rs"]
mod overlay;
