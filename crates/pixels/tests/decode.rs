//! Decoding, from the image description to stored values: native cells, frame boundaries, every
//! coding, and input that is damaged or lies.

#![allow(clippy::unwrap_used, reason = "a test may fail by panic")]
#![allow(unreachable_pub, reason = "modules of one test binary")]

#[path = "decode/pictures.rs"]
mod pictures;

#[path = "decode/coded.rs"]
mod coded;
#[path = "decode/frames.rs"]
mod frames;
#[path = "decode/hostile.rs"]
mod hostile;
#[path = "decode/native.rs"]
mod native;
#[path = "decode/rle.rs"]
mod rle;
